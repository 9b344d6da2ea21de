"""The other forms of a list hold what the list holds, whatever an editor types."""

import csv
import datetime
import io
import json
import random
from pathlib import Path

import icalendar
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree
from wagtail.models import PageViewRestriction

from portal.models import ContentMunicipality, ContentPage, ContentSender
from portal.selection.forms.records import plain
from tests import factories
from tests.factories import NOON

ATOM = {"a": "http://www.w3.org/2005/Atom"}
DAY = datetime.timedelta(days=1)


def body(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def read_csv(answer) -> list[dict]:
    return list(csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig"), newline="")))


def read_feed(answer):
    return etree.fromstring(body(answer))


def read_events(answer) -> list:
    return icalendar.Calendar.from_ical(body(answer)).walk("VEVENT")


@pytest.fixture
def meeting(tree):
    """A meeting that is always to come."""
    return factories.make_event(
        tree,
        title="Dag van de griffier",
        themes=[tree.raad],
        starts_at=datetime.datetime(2126, 7, 2, 11, tzinfo=datetime.UTC),
        ends_at=datetime.datetime(2126, 7, 2, 15, 30, tzinfo=datetime.UTC),
        location="Raadzaal; Markt 1, Zeist",
    )


LISTS = [
    "/",
    "/recent/",
    "/kennisbank/",
    "/instrumenten/",
    "/inspiratie/",
    "/actueel/",
    "/agenda/",
    "/zoeken/",
    "/aan-de-slag-met/de-raad/",
    "/aan-de-slag-met/participatie/uitdaagrecht/",
]
TYPES = {
    "feed.atom": "application/atom+xml; charset=utf-8",
    "lijst.csv": "text/csv; charset=utf-8; header=present",
    "lijst.json": "application/json",
}


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("address", LISTS)
def test_every_list_has_every_form(client, tree, address, form):
    answer = client.get(f"{address}{form}")

    assert body(answer)
    assert answer["Content-Type"] == TYPES[form]
    assert answer.has_header("Content-Disposition") is (form == "lijst.csv")
    assert answer.has_header("Access-Control-Allow-Origin") is (form == "lijst.json")


@pytest.mark.parametrize(
    "address",
    [
        "/over/feed.atom",
        "/bestaat-niet/feed.atom",
        "/aan-de-slag-met/feed.json",
        "/kennisbank/agenda.ics",
        "/over/agenda.ics",
        "/recent/feed.atom?pagina=2",
        "/recent/feed.atom?pagina=x",
        "/recent/lijst.csv/",
        "/beheer/agenda.ics",
    ],
)
def test_what_is_no_list_has_no_other_form(client, tree, address):
    assert client.get(address).status_code in (404, 302)


def test_an_item_has_no_feed_and_only_a_meeting_has_a_calendar(client, tree, meeting):
    news = factories.make_news(tree)

    assert client.get(f"{news.url}feed.atom").status_code == 404
    assert client.get("/aan-de-slag-met/feed.atom").status_code == 404
    assert client.get(f"{news.url}agenda.ics").status_code == 404
    assert len(read_events(client.get(f"{meeting.url}agenda.ics"))) == 1


def test_what_is_not_for_everyone_is_in_no_form(client, tree, meeting):
    draft = factories.make_news(tree, title="Concept", live=False)
    private = factories.make_news(tree, title="Besloten")
    for page in (private, meeting, tree.knowledge):
        PageViewRestriction.objects.create(page=page, restriction_type="login")

    for form in TYPES:
        text = body(client.get(f"/recent/{form}")).decode()
        assert draft.title not in text
        assert private.title not in text
        assert meeting.title not in text
    assert client.get("/kennisbank/feed.atom").status_code == 404
    assert client.get(f"{meeting.url}agenda.ics").status_code == 404
    assert read_events(client.get("/agenda/agenda.ics")) == []


def test_a_feed_says_what_an_item_is_and_where_it_stands(client, tree):
    sender = factories.make_organisation()
    item = factories.make_publication(
        tree,
        title="Raad & <daad>",
        themes=[tree.raad, tree.participatie],
        topics=[tree.topic],
        roles=[factories.make_role()],
        show_in_recent=True,
        is_example=True,
        added_at=NOON,
        last_published_at=NOON + DAY,
    )
    ContentSender.objects.create(page=item, organisation=sender)

    feed = read_feed(client.get("/recent/feed.atom?thema=de-raad"))

    def one(path):
        return feed.xpath(path, namespaces=ATOM)

    assert one("string(a:entry/a:title)") == "Raad & <daad>"
    assert one("string(a:entry/a:id)") == f"urn:uuid:{item.translation_key}"
    assert one("string(a:entry/a:published)") == "2026-03-02T12:00:00Z"
    assert one("string(a:entry/a:updated)") == one("string(a:updated)") == "2026-03-03T12:00:00Z"
    assert one("string(a:entry/a:author/a:name)") == sender.name
    assert one("string(a:entry/a:link/@href)") == f"http://localhost:8000{item.url}"
    assert one("a:entry/a:category/@term") == [
        "publicatie",
        "de-raad",
        "participatie",
        "uitdaagrecht",
        "griffier",
        "voorbeeld",
    ]
    assert one("string(a:title)") == "Berichten over De Raad – Lokale Democratie"
    assert one("string(a:link[@rel='self']/@href)") == "http://localhost:8000/recent/feed.atom?thema=de-raad"
    assert one("string(a:link[@rel='alternate']/@href)") == "http://localhost:8000/recent/?thema=de-raad"


def test_a_feed_goes_on_on_the_next_page_and_its_name_stays(client, tree):
    for _ in range(35):
        factories.make_news(tree)

    first, second = (
        read_feed(client.get("/recent/feed.atom")),
        read_feed(client.get("/recent/feed.atom?pagina=2")),
    )

    def links(feed):
        return {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}

    assert len(first.findall("a:entry", ATOM)) == 25
    assert len(second.findall("a:entry", ATOM)) == 10
    assert links(first)["next"] == links(second)["self"] == "http://localhost:8000/recent/feed.atom?pagina=2"
    assert links(second)["previous"] == links(first)["self"] == "http://localhost:8000/recent/feed.atom"
    tree.recent.title = "Anders"
    tree.recent.save()
    assert read_feed(client.get("/recent/feed.atom")).find("a:id", ATOM).text == first.find("a:id", ATOM).text


@pytest.mark.parametrize("title", ["=1+1", "+31", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_never_computes_a_cell(client, tree, title):
    factories.make_news(tree, title=title, summary=title)

    row = read_csv(client.get("/recent/lijst.csv"))[0]

    assert row["titel"] == row["samenvatting"]
    assert row["titel"][0] not in "=+-@\t\r"


def test_a_spreadsheet_has_a_column_for_everything(client, tree):
    zeist = factories.make_municipality()
    item = factories.make_experience(
        tree,
        title='Een "goed" stuk, met komma',
        summary="Regel één.\r\nRegel twee.",
        themes=[tree.participatie, tree.raad],
        topics=[tree.topic],
        roles=[factories.make_role()],
        published_on=datetime.date(2018, 5, 16),
        is_example=True,
    )
    ContentMunicipality.objects.create(page=item, municipality=zeist)
    ContentSender.objects.create(page=item, organisation=factories.make_organisation())

    answer = client.get("/inspiratie/lijst.csv?gemeente=zeist")

    assert answer["Content-Disposition"] == 'attachment; filename="inspiratie.csv"'
    assert read_csv(answer) == [
        {
            "titel": 'Een "goed" stuk, met komma',
            "soort": "Praktijkvoorbeeld",
            "datum": "2018-05-16",
            "thema's": "De Raad; Participatie",
            "onderwerpen": "Uitdaagrecht",
            "voor wie": "griffier",
            "gemeenten": "Zeist",
            "afzenders": "Vereniging van Voorbeelden",
            "samenvatting": "Regel één. Regel twee.",
            "adres": f"http://localhost:8000{item.url}",
            "voorbeeld": "ja",
        }
    ]


def _fits(value, schema, root) -> bool:
    """Whether a value is as the schema says: the few words of JSON Schema that ours uses."""
    if "$ref" in schema:
        return _fits(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "boolean": bool,
        "null": type(None),
    }
    wanted = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not isinstance(value, tuple(kinds[kind] for kind in wanted)):
        return False
    if isinstance(value, dict):
        known = schema["properties"]
        return set(schema["required"]) <= set(value) <= set(known) and all(
            _fits(value[key], known[key], root) for key in value
        )
    if isinstance(value, list):
        return all(_fits(one, schema["items"], root) for one in value)
    return True


def test_the_data_are_as_their_schema_says(client, tree, meeting):
    factories.make_news(tree, themes=[tree.raad], roles=[factories.make_role()])
    schema = json.loads((Path(settings.BASE_DIR) / "static/schema/lijst.schema.json").read_text())

    data = json.loads(body(client.get("/recent/lijst.json?sorteer=titel")))

    assert _fits(data, schema, schema)
    assert data["aantal"] == len(data["items"]) == 2
    assert data["adres"] == "http://localhost:8000/recent/?sorteer=titel"
    assert data["items"][0]["themas"] == [{"naam": "De Raad", "waarde": "de-raad"}]


def test_a_meeting_keeps_its_name_time_and_place_in_a_calendar(client, tree, meeting):
    event = read_events(client.get("/agenda/agenda.ics"))[0]

    assert str(event["SUMMARY"]) == "Dag van de griffier"
    assert str(event["UID"]) == str(meeting.translation_key)
    assert str(event["LOCATION"]) == "Raadzaal; Markt 1, Zeist"
    assert str(event["STATUS"]) == "CONFIRMED"
    assert event["SEQUENCE"] == 0
    assert event["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert event.decoded("DTSTART") == meeting.starts_at
    assert event.decoded("DTEND") == meeting.ends_at
    assert event["URL"] == f"http://localhost:8000{meeting.url}"


def test_a_cancelled_meeting_of_whole_days_ends_the_day_after(client, tree, meeting):
    meeting.all_day, meeting.status, meeting.is_example = True, "afgelast", True
    meeting.ends_at += DAY
    meeting.save()

    event = read_events(client.get(f"{meeting.url}agenda.ics"))[0]

    assert event.decoded("DTSTART") == datetime.date(2126, 7, 2)
    assert event.decoded("DTEND") == datetime.date(2126, 7, 4)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert str(event["STATUS"]) == "CANCELLED"
    assert event["SEQUENCE"] == 1
    assert str(event["SUMMARY"]) == "Voorbeeld: Dag van de griffier"


def test_a_calendar_holds_what_comes_and_what_was_lately(client, tree, meeting, time_machine):
    time_machine.move_to(NOON)
    for days in (-91, -89, 1):
        factories.make_event(tree, title=f"{days}", starts_at=NOON + days * DAY, ends_at=NOON + days * DAY)

    for address in ("/agenda/agenda.ics", "/agenda/agenda.ics?periode=voorbij", "/zoeken/agenda.ics"):
        assert [str(event["SUMMARY"]) for event in read_events(client.get(address))] == [
            "-89",
            "1",
            meeting.title,
        ]
    assert [str(e["SUMMARY"]) for e in read_events(client.get("/agenda/agenda.ics?thema=de-raad"))] == [
        meeting.title
    ]
    theme = client.get("/aan-de-slag-met/de-raad/agenda.ics")
    assert [str(event["SUMMARY"]) for event in read_events(theme)] == [meeting.title]


@pytest.mark.parametrize("form", ["feed.atom", "lijst.csv", "lijst.json", "agenda.ics"])
def test_a_form_costs_the_same_for_few_and_for_many_items(client, tree, form):
    role = factories.make_role()
    soon = datetime.datetime(2126, 1, 1, tzinfo=datetime.UTC)

    def queries():
        body(client.get(f"/recent/{form}"))
        with CaptureQueriesContext(connection) as captured:
            body(client.get(f"/recent/{form}"))
        return len(captured)

    def fill(count):
        for _ in range(count):
            item = factories.make_event(tree, themes=[tree.raad], roles=[role], starts_at=soon, ends_at=soon)
            ContentSender.objects.create(page=item, organisation=sender)

    sender = factories.make_organisation()
    fill(2)
    few = queries()
    fill(30)

    assert queries() == few <= 15


def test_a_long_list_is_read_in_chunks_and_keeps_its_order(client, tree, monkeypatch):
    monkeypatch.setattr("portal.selection.forms.records.CHUNK", 2)
    for number in (3, 1, 5, 2, 4):
        factories.make_news(tree, title=f"Nieuws {number}")

    rows = read_csv(client.get("/actueel/lijst.csv?sorteer=titel"))

    assert [row["titel"] for row in rows] == [f"Nieuws {number}" for number in (1, 2, 3, 4, 5)]


def _random_titles(count):
    chance = random.Random(5545)
    alphabet = (
        [chr(n) for n in range(0x20, 0x7F)]
        + list("\r\n\t\x00\x07\x0b\x1b\x7f\x85\u2028\u2029\ufeff\ufffe\u200b\u202eéĳ€“’…🏛🗳𐍈")
        + [
            "]]>",
            "&amp;",
            "<b>",
            "\\n",
            "\\N",
            "\\,",
            "\r\nBEGIN:VEVENT\r\n",
            "END:VCALENDAR",
            '""',
            "=1+1",
            ";",
        ]
    )
    return ["".join(chance.choices(alphabet, k=chance.randint(1, 60))) for _ in range(count)]


def test_a_thousand_titles_come_back_from_every_form_as_they_were(client, tree):
    first = factories.make_event(
        tree,
        starts_at=datetime.datetime(2126, 1, 1, tzinfo=datetime.UTC),
        ends_at=datetime.datetime(2126, 1, 2, tzinfo=datetime.UTC),
    )
    seen_in = {"csv": [], "json": [], "atom": [], "ics": []}
    sent = []
    for _ in range(19):
        factories.make_event(tree, starts_at=first.starts_at, ends_at=first.ends_at)
    pages = list(ContentPage.objects.order_by("-added_at", "-pk"))

    for start in range(0, 1000, len(pages)):
        part = _random_titles(1000)[start : start + len(pages)]
        for page, title in zip(pages, part, strict=True):
            page.title = title.replace("\x00", "")  # no database holds it
        ContentPage.objects.bulk_update(pages, ["title"])
        sent += [plain(page.title) for page in pages]
        seen_in["csv"] += [row["titel"] for row in read_csv(client.get("/recent/lijst.csv"))]
        seen_in["json"] += [i["titel"] for i in json.loads(body(client.get("/recent/lijst.json")))["items"]]
        feed = read_feed(client.get("/recent/feed.atom"))
        seen_in["atom"] += [
            entry.findtext("a:title", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)
        ]
        calendar = body(client.get("/recent/agenda.ics"))
        by_uid = {
            str(event["UID"]): str(event["SUMMARY"])
            for event in icalendar.Calendar.from_ical(calendar).walk("VEVENT")
        }
        seen_in["ics"] += [by_uid[str(page.translation_key)] for page in pages]
        assert b"\n" not in calendar.replace(b"\r\n", b"")
        assert max(len(line) for line in calendar.split(b"\r\n")) <= 75

    assert len(sent) == 1000
    assert seen_in["json"] == sent
    assert seen_in["atom"] == sent
    assert seen_in["ics"] == sent
    assert seen_in["csv"] == [f"'{title}" if title[:1] in ("=", "+", "-", "@") else title for title in sent]


def test_a_plain_text_has_no_control_character_and_keeps_the_rest():
    assert plain("a\x00b\r\nc\td\ud800e\ufffef") == "ab c def"
    assert plain("é 🏛 \u202e  x") == "é 🏛 \u202e  x"
