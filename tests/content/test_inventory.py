"""Importing the list of items of an old site: right pages and redirects, or nothing and a reason for each row."""

import csv
import datetime
import io
import json
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from knowledgebase.models import ArticlePage, InstrumentPage, PublicationPage
from news.models import EventPage, NewsPage
from portal.content.inventory import Options, import_inventory
from portal.content.mistakes import ContentMistakes
from portal.content.tidy import title_key
from portal.models import ContentPage, StandardPage
from tests.factories import make_publication
from themes.models import ThemePage

REAL = Path(__file__).parent / "inventory.json"
DEMO = Path(__file__).parents[2] / "portal/content/demo/pages"
HOST = "https://www.oudesite.nl"


@pytest.fixture
def site(tree):
    """The portal with its four themes."""
    for name, slug in (("Samenspel", "samenspel"), ("'checks & balances'", "checks-balances")):
        tree.themes.add_child(
            instance=ThemePage(title=f"Aan de slag met {name}", slug=slug, name=name, introduction="Over.")
        )
    return tree


@pytest.fixture
def load(tmp_path, site):
    """Import these rows, as JSON or as the text of a file."""

    def load(rows, name="lijst.json", *, is_trial=False, **options):
        path = tmp_path / name
        if isinstance(rows, bytes):
            path.write_bytes(rows)
        else:
            path.write_text(rows if isinstance(rows, str) else json.dumps(rows), encoding="utf-8")
        options.setdefault("is_live", True)
        return import_inventory(path, Options(**options), is_trial=is_trial)

    return load


def row(**cells):
    return {
        "title": "Een titel",
        "type": "publicatie",
        "theme": "De Raad",
        "about": "Waar het over gaat.",
        **cells,
    }


def refused(load, rows, **options) -> list[tuple[int, str]]:
    """Row and reason of everything that is wrong; asserts that nothing was written."""
    before = Page.objects.count(), Redirect.objects.count()
    with pytest.raises(ContentMistakes) as caught:
        load(rows, **options)

    assert (Page.objects.count(), Redirect.objects.count()) == before
    return [(mistake.line, mistake.reason) for mistake in caught.value.mistakes]


def everything() -> list:
    pages = list(
        Page.objects.order_by("path").values("path", "title", "slug", "live", "latest_revision_created_at")
    )
    items = list(ContentPage.objects.order_by("path").values("kind", "published_on", "added_at", "summary"))
    return [pages, items, list(Redirect.objects.order_by("pk").values())]


# The real list.


@pytest.fixture(scope="module")
def demo_items() -> dict[str, dict]:
    """The demo's own pages by the key of their title: written by hand from the same list."""
    found = {}
    for path in DEMO.rglob("*.md"):
        keys = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
        found[title_key(keys["title"]), path.stem.startswith("de-")] = keys
        found.setdefault(title_key(keys["title"]), keys)
    return found


def test_the_real_list_becomes_what_the_demo_made_of_it_by_hand(site, demo_items):
    report = import_inventory(REAL, Options(is_live=True))

    for line in report.rows:
        keys = demo_items[title_key(line.title)]
        page = Page.objects.get(url_path=f"{site.home.url_path.rstrip('/')}{line.address}").specific
        if keys["type"] == "standard":
            assert isinstance(page, StandardPage)
            continue
        assert type(page).__name__.removesuffix("Page").lower() == keys["type"], line.title
        assert page.published_on == keys.get("published_on"), line.title
        themes = {theme.slug for theme in page.themes.all()}
        assert themes <= set(keys.get("themes", [])), (
            line.title
        )  # the demo files some more widely than the list
        leads_here = set(Redirect.objects.filter(redirect_page=page).values_list("old_path", flat=True))
        assert leads_here == set(keys.get("redirect_from", [])), line.title
        if keys.get("form") != "rapport":  # that Raadswerk is Maatwerk is one, is said in its summary only
            assert getattr(page, "form", "") == keys.get("form", ""), line.title
    assert Redirect.objects.count() == 15
    assert not ContentPage.objects.filter(show_in_recent=True).exists()


def test_the_real_list_warns_of_the_two_tangos_and_the_two_challenges(site):
    report = import_inventory(REAL, Options())

    alike = {line.number for line in report.rows if any("nearly the same" in note for note in line.notes)}
    assert alike == {30, 42, 46, 47}


def test_importing_twice_changes_nothing(site):
    import_inventory(REAL, Options(is_live=True))
    before = everything()

    report = import_inventory(REAL, Options(is_live=True))

    assert everything() == before
    assert {line.state for line in report.rows} == {"there"}
    assert report.outcome.is_quiet


def test_an_imported_item_is_complete_to_wagtail(site, client):
    import_inventory(REAL, Options(is_live=True))

    page = PublicationPage.objects.get(slug="boekje-open-over-geld")
    assert page.latest_revision_id is not None
    assert page.live_revision_id == page.latest_revision_id
    assert page.first_published_at == page.added_at
    assert Page.find_problems() == ([], [], [], [], [])
    assert page.pk in [found.pk for found in ContentPage.objects.search("Boekje")]
    assert client.get("/boekje-open-over-geld")["Location"] == page.url
    assert "Boekje Open Over Geld" in client.get(page.url).content.decode()


def test_without_publish_items_are_drafts_that_keep_their_date_when_published(load):
    load([row(date="2018-02-06", url=f"{HOST}/stuk")], is_live=False)
    page = PublicationPage.objects.get()
    assert not page.live

    page.get_latest_revision_as_object().save_revision().publish()
    page.refresh_from_db()

    assert page.live
    assert page.added_at.date() == datetime.date(2018, 2, 6)


def test_an_old_address_of_a_draft_is_a_404_until_it_is_published(load, client):
    load([row(url=f"{HOST}/stuk")], is_live=False)
    assert client.get("/stuk").status_code == 404

    PublicationPage.objects.get().save_revision().publish()

    assert client.get("/stuk")["Location"] == "/kennisbank/een-titel/"


def test_a_trial_writes_nothing_and_says_the_same(load):
    before = everything()
    trial = load([row(url=f"{HOST}/stuk")], is_trial=True)

    assert everything() == before
    real = load([row(url=f"{HOST}/stuk")])
    assert trial.rows == real.rows
    assert trial.outcome == real.outcome


def test_items_stand_in_the_stream_only_when_asked(load):
    load([row(title="Stil"), row(title="Nieuws", type="nieuws")])
    load([row(title="Luid")], show_in_recent=True)

    assert list(ContentPage.objects.filter(show_in_recent=True).values_list("title", flat=True)) == ["Luid"]


# What is in a row.


@pytest.mark.parametrize(
    ("word", "model", "kind", "form"),
    [
        ("publicatie", PublicationPage, "publicatie", ""),
        ("rapport", PublicationPage, "publicatie", "rapport"),
        ("Handreiking", PublicationPage, "publicatie", "handreiking"),
        ("essay", PublicationPage, "publicatie", "essay"),
        (" factsheet ", PublicationPage, "publicatie", "factsheet"),
        *[("boek", PublicationPage, "publicatie", "boek"), ("INSTRUMENT", InstrumentPage, "instrument", "")],
        *[("opleiding", InstrumentPage, "instrument", ""), ("nieuws", NewsPage, "nieuws", "")],
        *[("interview", NewsPage, "interview", ""), ("verslag", NewsPage, "verslag", "")],
        *[("evenement", EventPage, "bijeenkomst", ""), ("programma", ArticlePage, "verdieping", "")],
    ],
)  # fmt: skip
def test_a_type_becomes_the_kind_of_the_table(load, word, model, kind, form):
    load([row(type=word, date="2018-05-18")])

    page = ContentPage.objects.get().specific
    assert (type(page), page.kind, getattr(page, "form", "")) == (model, kind, form)


@pytest.mark.parametrize("word", ["over-pagina", "Over pagina"])
def test_a_page_about_the_site_becomes_a_standard_page(load, word):
    load([row(type=word, title="Over het platform")])

    page = StandardPage.objects.get(title="Over het platform")
    assert (page.url, page.introduction) == ("/over-het-platform/", "Waar het over gaat.")


@pytest.mark.parametrize(
    ("cell", "slugs"),
    [
        *[("De Raad", ["de-raad"]), ("de raad", ["de-raad"]), ("de-raad", ["de-raad"]), ("Raad", ["de-raad"])],
        *[("Aan de slag met De Raad", ["de-raad"]), ("AAN DE SLAG MET PARTICIPATIE", ["participatie"])],
        *[("checks & balances", ["checks-balances"]), ("'Checks & Balances'", ["checks-balances"])],
        *[("checks &amp; balances", ["checks-balances"]), ("Checks en balances", ["checks-balances"])],
        *[("‘checks\u00a0&\u00a0balances’", ["checks-balances"]), ("checks-balances", ["checks-balances"])],
        *[("De Raad; Samenspel", ["de-raad", "samenspel"]), ("De Raad, Samenspel", ["de-raad", "samenspel"])],
        *[(["De Raad", "Samenspel"], ["de-raad", "samenspel"]), ("De Raad|De Raad", ["de-raad"])],
        *[(None, []), ("", []), ("  ", []), ([], []), ("Uitdaagrecht", ["participatie"])],
    ],
)  # fmt: skip
def test_a_theme_is_known_however_it_is_written(load, cell, slugs):
    load([row(theme=cell)])

    assert sorted(theme.slug for theme in ContentPage.objects.get().specific.themes.all()) == slugs


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        *[("2018-02-06", (2018, 2, 6)), ("6-2-2018", (2018, 2, 6)), ("06/02/2018", (2018, 2, 6))],
        *[("6 februari 2018", (2018, 2, 6)), ("Dinsdag 6 Feb. 2018", (2018, 2, 6))],
        *[("2018-02-06T00:00:00", (2018, 2, 6)), ("1 mei 1999", (1999, 5, 1))],
        *[("2018-02-06T23:30:00Z", (2018, 2, 7)), ("2018-02-06 10:15", (2018, 2, 6)), (" 2018-02-06 ", (2018, 2, 6))],
    ],
)  # fmt: skip
def test_a_date_is_read_in_the_ways_people_write_it(load, cell, date):
    load([row(date=cell)])

    assert ContentPage.objects.get().published_on == datetime.date(*date)


@pytest.mark.parametrize(
    "cell",
    [
        "2018-02-30",
        "31-4-2018",
        "2018",
        "februari 2018",
        "13/13/2018",
        "43137",
        "1799-01-01",
        "9999-12-31",
        "gisteren",
        "٢٠١٨-٠١-٠١",
    ],
)
def test_a_date_that_is_none_is_refused_with_its_row(load, cell):
    mistakes = refused(load, [row(title="Goed"), row(date=cell)])

    assert [number for number, _ in mistakes] == [2]
    assert cell.split()[0] in mistakes[0][1]


def test_an_item_without_a_date_stands_with_the_oldest(load):
    load(
        [
            row(title="Oud", date="2017-01-10"),
            row(title="Nieuw", date="2018-09-03"),
            row(title="Onbekend", date=None),
        ]
    )

    page = PublicationPage.objects.get(title="Onbekend")
    assert page.published_on is None
    assert page.added_at.date() == datetime.date(2017, 1, 10)


def test_a_meeting_is_a_whole_day_and_without_a_date_a_draft(load):
    report = load(
        [row(title="Dag", type="evenement", date="2018-09-03"), row(title="Ooit", type="evenement", date="")]
    )

    day, once = EventPage.objects.get(title="Dag"), EventPage.objects.get(title="Ooit")
    assert (day.all_day, day.when, day.live) == (True, "maandag 3 september 2018", True)
    assert not once.live
    assert once.published_on is None
    assert "stays a draft" in " ".join(report.rows[1].notes)


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("Een\u00a0titel  met\u200b\tspaties\ufeff ", "Een titel met spaties"),
        ('“Samen helpt"', "‘Samen helpt’"),
        ('Het "nieuwe" samenspel', "Het ‘nieuwe’ samenspel"),
        ("«Raad» en „daad”", "‘Raad’ en ‘daad’"),
        ("D´RAN Festival", "D'RAN Festival"),
        ("Serious game: 'Blik op Bestuur'", "Serious game: 'Blik op Bestuur'"),
        ("‘Open’ raad's \u2018kamer'", "‘Open’ raad's ‘kamer’"),
        ("Samen &amp; leren", "Samen & leren"),
        ("cafe\u0301", "café"),
    ],
)
def test_a_title_is_made_tidy(load, raw, tidy):
    load([row(title=raw)])

    assert ContentPage.objects.get().title == tidy


@pytest.mark.parametrize(
    "other",
    [
        "De tango van wethouder",
        "TANGO VAN WETHOUDER",
        "‘Tango’ van  wethouder",
        "Tángo van wethouder!",
        "Tango van wethouder: een boek",
    ],
)
def test_nearly_equal_titles_are_warned_of_and_both_imported(load, other):
    report = load([row(title="Tango van wethouder"), row(title=other, date="2018-01-01")])

    assert ContentPage.objects.count() == 2
    assert any("nearly the same title as row 2" in note for note in report.rows[0].notes)
    assert any("nearly the same title as row 1" in note for note in report.rows[1].notes)


def test_a_title_that_the_site_nearly_has_is_warned_of(load, site):
    make_publication(site, title="De tango van wethouder", slug="tango")

    report = load([row(title="Tango van wethouder", type="nieuws")])

    assert "the site has a page of nearly this title: /kennisbank/tango/" in report.rows[0].notes


def test_two_rows_that_say_the_same_are_one_item(load):
    report = load([row(), row()])

    assert ContentPage.objects.count() == 1
    assert (report.rows[1].state, report.rows[1].notes[-1]) == (
        "same",
        "row 1 says the same; this one is left out",
    )


def test_items_of_one_title_and_different_dates_stay_apart_and_are_found_again(load):
    rows = [row(title="Nieuwsbrief", date="2018-01-01"), row(title="Nieuwsbrief", date="2018-02-01")]
    load(rows)
    before = everything()

    load(list(reversed(rows)))

    assert everything() == before
    assert set(ContentPage.objects.values_list("slug", flat=True)) == {"nieuwsbrief", "nieuwsbrief-2"}


def test_what_an_editor_changed_stays_unless_an_update_is_asked(load):
    load([row(url=f"{HOST}/stuk")])
    page = PublicationPage.objects.get()
    page.title, page.summary = "Een betere titel", "Beter gezegd."
    page.save_revision().publish()

    load([row(url=f"{HOST}/stuk")])
    assert PublicationPage.objects.get().summary == "Beter gezegd."

    load([row(url=f"{HOST}/stuk")], updates=True, is_live=False)
    page = PublicationPage.objects.get()
    assert (page.title, page.summary, page.live) == ("Een titel", "Waar het over gaat.", True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": "brochure"}, "there is no type 'brochure'; the types are publicatie"),
        ({"type": ""}, "type is empty"),
        ({"title": " \u200b "}, "title is empty"),
        ({"title": "x" * 256}, "title is longer than 255 characters"),
        ({"title": ["a"]}, "title must be a text"),
        ({"title": True}, "title must be a text"),
        ({"about": {"a": 1}}, "about must be a text"),
        ({"theme": "De Kroon"}, "there is no theme 'De Kroon'; the themes are"),
        ({"theme": "De Raad, De Kroon"}, "there is no theme 'De Kroon'"),
    ],
)
def test_a_wrong_row_is_refused_with_its_number_and_nothing_is_imported(load, change, reason):
    mistakes = refused(load, [row(title="Goed"), row(**change)])

    assert [number for number, _ in mistakes] == [2]
    assert reason in mistakes[0][1]


def test_every_wrong_row_is_named_at_once(load):
    mistakes = refused(load, [row(type="x", date="y"), row(), "geen rij", row(title="Z", theme="z")])

    assert sorted({number for number, _ in mistakes}) == [1, 3, 4]
    assert len(mistakes) == 4


# Old addresses.


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://anders.nl/stuk", "it lies on another host, anders.nl"),
        (f"{HOST}/actueel?page=6", "it is a list"),
        (f"{HOST}/inspiratie", "it is a list"),
        (f"{HOST}/aan-de-slag-met/de-raad", "it is a list"),
        (f"{HOST}/kennisbank/de-raad", "it is a list"),
        (f"{HOST}/", "it is a list"),
        (HOST, "it is a list"),
        (f"{HOST}/over", "it is the address of a page of this site"),
        (f"{HOST}/zoeken", "it is a list"),
        (f"{HOST}/{'a' * 300}", "it is too long to keep"),
        ("javascript:alert(1)", "it is not an address"),
        ("https://[kapot/", "it is not an address"),
        ("geen adres", "it is not an address"),
    ],
)
def test_an_address_that_cannot_redirect_is_named_and_the_item_imported(load, url, reason):
    report = load([row(title="A", url=f"{HOST}/a"), row(title="B", url=f"{HOST}/b"), row(url=url)])

    assert ContentPage.objects.count() == 3
    assert f"no redirect from {url}: {reason}" in report.rows[2].notes
    assert set(Redirect.objects.values_list("old_path", flat=True)) == {"/a", "/b"}


def test_an_address_that_rows_share_redirects_to_none_of_them(load):
    report = load(
        [
            row(title="A", url=f"{HOST}/x"),
            row(title="B", url="http://oudesite.nl/X/"),
            row(title="C", url=f"{HOST}/y"),
        ]
    )

    assert "2 rows share it" in report.rows[0].notes[0]
    assert list(Redirect.objects.values_list("old_path", flat=True)) == ["/y"]


@pytest.mark.parametrize(
    "url",
    [
        "http://oudesite.nl/Oud/Stuk/",
        "www.oudesite.nl/oud/stuk",
        "/oud/stuk",
        f"{HOST}/oud/stuk?utm_source=x",
        f"{HOST}:443/oud/stuk",
    ],
)
def test_every_way_to_write_an_old_address_redirects(load, client, url):
    load([row(title="A", url=f"{HOST}/a"), row(title="B", url=f"{HOST}/b"), row(url=url)])

    assert client.get("/oud/stuk")["Location"] == "/kennisbank/een-titel/"


def test_the_host_of_the_old_site_can_be_named(load):
    load(
        [row(title="A", url="https://een.nl/a"), row(title="B", url="https://twee.nl/b")],
        hosts=["www.twee.nl"],
    )

    assert list(Redirect.objects.values_list("old_path", flat=True)) == ["/b"]


# The file.


def as_csv(rows, delimiter=",") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_csv_is_read_with_any_delimiter_and_mark(load, delimiter, mark):
    rows = [
        row(title="Een; twee, drie", date="2018-02-06", url=f"{HOST}/stuk"),
        row(title="Twee\nregels", date="", url=""),
    ]

    load(mark + as_csv(rows, delimiter), "lijst.csv")

    assert set(ContentPage.objects.values_list("title", flat=True)) == {"Een; twee, drie", "Twee regels"}


def test_columns_may_be_named_in_dutch_and_unknown_ones_are_reported(load):
    report = load("Titel;Soort;Thema's;Datum;Rang\nEen;nieuws;De Raad;6-2-2018;3\n;;;;\n", "lijst.csv")

    assert ContentPage.objects.get().title == "Een"
    assert "columns that are not read: rang" in report.notes


@pytest.mark.parametrize("wrap", [lambda rows: {"items": rows}, lambda rows: {"meta": 1, "data": rows}, list])
def test_json_may_be_a_list_or_hold_one(load, wrap):
    load(wrap([row()]))

    assert ContentPage.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[{\n", "this is not valid JSON"),
        ("[" * 100_000, "this is not valid JSON"),
        ('{"a": [], "b": []}', "the JSON must be a list"),
        ("[]", "there are no rows"),
        ("", "the first row must name the columns"),
        ("naam;datum\nEen;2018\n", "the first row must name the columns"),
        ('titel;soort\n"open', "this is not valid CSV"),
        ("<!doctype html><html>", "the first row must name the columns"),
        (b"titel;soort\nCaf\xe9;nieuws\n", "the file is not UTF-8"),
    ],
)
def test_a_broken_file_is_refused_with_a_reason(load, content, reason):
    mistakes = refused(load, content, name="lijst.txt")

    assert reason in mistakes[0][1]


def test_a_row_with_too_many_cells_is_refused(load):
    assert refused(load, "titel;soort\nEen;nieuws;te veel\n") == [
        (2, "this row has 3 cells, and there are 2 columns")
    ]


def test_a_file_that_is_missing_or_too_large_is_refused(load, monkeypatch, tmp_path, site):
    with pytest.raises(ContentMistakes):
        import_inventory(tmp_path / "weg.json", Options())
    monkeypatch.setattr("portal.content.inventory_rows.LARGEST", 10)

    assert "larger than" in refused(load, [row()])[0][1]


def test_a_site_without_lists_is_told_to_set_them_up(load, site):
    site.knowledge.delete()

    assert "run setup_site first" in refused(load, [row()])[0][1]


# The command.


def test_the_command_reports_each_row(site, tmp_path, capsys):
    path = tmp_path / "lijst.json"
    path.write_text(json.dumps([row(url=f"{HOST}/stuk"), row(title="Twee", url=f"{HOST}/?page=2")]))

    call_command("import_inventory", str(path), "--dry-run", "--publish")
    said = capsys.readouterr().out

    assert "row 1: new" in said
    assert "<- /stuk" in said
    assert f"no redirect from {HOST}/?page=2: it is a list" in said
    assert "2 rows: 2 new, 0 there already" in said
    assert "nothing was changed" in said
    assert not ContentPage.objects.exists()


def test_the_command_stops_with_every_wrong_row(site, tmp_path, capsys):
    path = tmp_path / "lijst.json"
    path.write_text(json.dumps([row(), row(date="2018-02-30")]))

    with pytest.raises(CommandError, match="1 wrong; nothing was imported"):
        call_command("import_inventory", str(path))

    assert "lijst.json, row 2: " in capsys.readouterr().err
