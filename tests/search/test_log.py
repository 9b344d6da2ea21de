"""What is kept of a search, and what editors read of it."""

import datetime
import json
import re

import pytest
import time_machine
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from portal import spool
from portal.accounts.people import CHIEF_EDITOR, WRITER, make_user, set_up_groups
from portal.search import log, report
from portal.search.models import SearchQuery
from tests.factories import make_article

PERSON = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11) Firefox/140"}
NOON = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.UTC)


def look_for(client, words, **more):
    return client.get("/zoeken/", {"q": words, **more}, **PERSON)


def test_a_search_becomes_a_row_that_says_nothing_of_who_asked(client, tree):
    make_article(tree, title="Burgerberaad")

    look_for(client, "Burgerberaad", thema="de-raad")
    log.keep_searches()

    row = SearchQuery.objects.get()
    assert (row.query, row.hits, row.selection, row.clicked_rank) == (
        "burgerberaad",
        1,
        "?thema=de-raad",
        None,
    )
    assert {field.name for field in SearchQuery._meta.fields} == {
        "id", "query", "hits", "selection", "clicked_rank", "asked_at",
    }  # fmt: skip


@pytest.mark.parametrize("words", ["jan@voorbeeld.nl", "123456782", "06 12 34 56 78", "x" * 101, ""])
def test_what_may_be_personal_or_is_no_search_is_not_kept(client, tree, words):
    look_for(client, words)

    assert log.keep_searches() == 0


def test_years_are_no_personal_data(client, tree):
    look_for(client, "raadsperiode 2022-2026")

    assert log.keep_searches() == 1


def test_robots_later_pages_and_other_orders_are_no_searches(client, tree):
    client.get("/zoeken/", {"q": "raad"}, HTTP_USER_AGENT="Googlebot/2.1")
    look_for(client, "raad", sorteer="titel")

    assert log.keep_searches() == 0


def test_a_setting_switches_the_log_off(client, tree, settings):
    settings.SEARCH_LOG = False
    make_article(tree, title="Raad")

    answer = look_for(client, "raad")

    assert log.keep_searches() == 0
    assert "data-opened" not in answer.content.decode()


def test_opening_a_result_is_told_by_a_signed_text_and_kept_with_its_place(client, tree):
    make_article(tree, title="Burgerberaad")
    token = re.search(r'data-opened="([^"]+)"', look_for(client, "burgerberaad").content.decode())[1]

    answer = client.post("/zoeken/geopend/", {"t": token}, **PERSON)
    log.keep_searches()

    assert answer.status_code == 204
    assert not answer.cookies
    assert SearchQuery.objects.get(clicked_rank=1).query == "burgerberaad"


@pytest.mark.parametrize("token", ["", "x", "1.2.raad", "1.2.raad.AAAA", "\0", "é" * 500])
def test_a_text_that_we_did_not_sign_is_refused(client, tree, token):
    assert client.post("/zoeken/geopend/", {"t": token}, **PERSON).status_code == 404
    assert client.get("/zoeken/geopend/").status_code == 405
    assert log.keep_searches() == 0


def test_everyone_gets_the_same_page_of_a_search(client, tree):
    make_article(tree, title="Burgerberaad")

    assert look_for(client, "burgerberaad").content == look_for(client, "burgerberaad").content


def test_rows_are_forgotten_after_ninety_days(db):
    with time_machine.travel(NOON, tick=False):
        SearchQuery.objects.create(query="oud", hits=1, asked_at=NOON - datetime.timedelta(days=91))
        SearchQuery.objects.create(query="nieuw", hits=1, asked_at=NOON - datetime.timedelta(days=89))

        log.keep_searches()

    assert [row.query for row in SearchQuery.objects.all()] == ["nieuw"]


def test_notes_are_kept_once_and_come_back_when_keeping_them_fails(db):
    spool.leave("proef", {"a": 1})
    with pytest.raises(RuntimeError), spool.taken("proef") as notes:
        raise RuntimeError
    spool.leave("proef", {"a": 2})

    with spool.taken("proef") as notes:
        first = notes
    with spool.taken("proef") as notes:
        second = notes
    with spool.taken("proef") as notes:
        third = notes

    assert (first, second, third) == ([{"a": 1}], [{"a": 2}], [])


def test_a_broken_note_is_passed_over_and_a_full_file_takes_no_more(settings, monkeypatch):
    spool.leave("proef", {"a": 1})
    path = settings.DATA_DIR / "spool" / "proef.jsonl"
    with path.open("ab") as handle:
        handle.write(b'{"half\n\xff\n[1]\n')
    monkeypatch.setattr(spool, "LARGEST_FILE", 10)
    spool.leave("proef", {"a": 2})

    with spool.taken("proef") as notes:
        assert notes == [{"a": 1}]


def test_a_folder_that_cannot_be_written_costs_no_reader_an_answer(client, tree, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "file"
    settings.DATA_DIR.write_text("not a folder")

    assert look_for(client, "raad").status_code == 200


def searched(words, *, times=1, hits=3, opened=0, days=1):
    at = timezone.now() - datetime.timedelta(days=days)
    SearchQuery.objects.bulk_create(
        [SearchQuery(query=words, hits=hits, asked_at=at) for _ in range(times)]
        + [SearchQuery(query=words, hits=hits, clicked_rank=2, asked_at=at) for _ in range(opened)]
    )


def test_the_report_tells_what_is_asked_not_found_and_not_opened(db):
    searched("burgerberaad", times=5, opened=2)
    searched("begroting", times=4)
    searched("vrijstaat", times=2, hits=0)
    searched("lang geleden", times=9, days=40)

    assert [(line.words, line.searches, line.opened) for line in report.most_asked(30)] == [
        ("burgerberaad", 5, 2),
        ("begroting", 4, 0),
        ("vrijstaat", 2, 0),
    ]
    assert [line.words for line in report.not_found(30)] == ["vrijstaat"]
    assert [line.words for line in report.never_opened(30)] == ["begroting"]


def test_the_chart_has_a_bar_for_every_day_and_the_busiest_is_full(db):
    searched("raad", times=4, days=2)
    searched("raad", times=2, days=0, opened=5)

    bars = report.chart(7)

    assert [bar.searches for bar in bars] == [0, 0, 0, 0, 4, 0, 2]
    assert [bar.height for bar in bars][-3:] == [100, 0, 50]


@pytest.fixture
def as_group(client, tree):
    def log_in(group):
        set_up_groups(tree.home)
        user = make_user("iemand", "een-heel-lang-wachtwoord", group=group)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in


def test_a_chief_editor_goes_from_a_search_to_a_synonym_and_a_recommendation(as_group):
    client = as_group(CHIEF_EDITOR)
    searched("vrijstaat <b>", times=2, hits=0)

    page = client.get(reverse("search_report")).content.decode()
    synonym = client.get(re.search(r'href="([^"]*synonym[^"]*)"', page)[1].replace("&amp;", "&"))
    choose = client.post(reverse("search_recommend"), {"q": "vrijstaat"})

    assert "vrijstaat &lt;b&gt;" in page
    assert 'value="vrijstaat &lt;b&gt;"' in synonym.content.decode()
    assert client.get(choose["Location"]).status_code == 200


def test_a_writer_does_not_see_the_report(as_group):
    client = as_group(WRITER)

    assert client.get(reverse("search_report")).status_code in (302, 403)
    assert client.post(reverse("search_recommend"), {"q": "raad"}).status_code in (302, 403)


def test_recommending_is_no_change_by_reading(as_group):
    assert as_group(CHIEF_EDITOR).get(reverse("search_recommend"), {"q": "raad"}).status_code == 405


def test_the_report_opens_with_odd_periods(client, tree):
    client.force_login(
        User.objects.create_superuser("beheer", "b@example.org", "x"),
        backend="django.contrib.auth.backends.ModelBackend",
    )

    for days in ("7", "90", "0", "-1", "x", "\0", "9" * 50):
        assert client.get(reverse("search_report"), {"dagen": days}).status_code in (200, 400)


def test_notes_are_single_lines(settings):
    spool.leave("proef", {"q": "een\ntwee\u2028drie"})

    lines = (settings.DATA_DIR / "spool" / "proef.jsonl").read_bytes().splitlines()

    assert len(lines) == 1
    assert json.loads(lines[0]) == {"q": "een\ntwee\u2028drie"}
