"""A list from memory holds, counts and orders what the database would."""

import datetime

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from news.models import EventPage
from news.timetable import Coming, Past
from portal.models import ContentPage
from portal.search.engine import engine_of
from portal.selection import Selection
from portal.selection import shelf as shelves
from portal.selection.shelf import get_shelf
from tests import factories
from tests.selection.test_facet_counts import QUERIES, crowd

__all__ = ["crowd"]


def _select(query, items, **options):
    request = RequestFactory().get("/zoeken/", query)
    return Selection.from_request(request, items, shows_facets=True, **options)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(choice=QUERIES, words=st.sampled_from(["", "raad"]), order=st.sampled_from(["nieuw", "titel"]))
def test_memory_and_database_say_the_same(crowd, choice, words, order):
    query = {**choice, "q": words, "sorteer": order}
    items = ContentPage.objects.for_readers()

    kept, asked = _select(query, items, kept_as="all"), _select(query, items)

    assert kept.facet_counts == asked.facet_counts
    assert kept.total == asked.total
    assert [card.pk for card in kept.page] == [card.pk for card in asked.page]


def test_every_slice_of_the_shelf_is_that_of_the_plain_order(crowd):
    shelf = get_shelf()
    kinds = ["instrument", "nieuws"]
    plain = list(
        ContentPage.objects.filter(kind__in=kinds).order_by("-added_at", "-pk").values_list("pk", flat=True)
    )
    items = shelf.having("soort", kinds)

    assert items.bit_count() == len(plain)
    for start in range(len(plain) + 2):
        assert shelf.newest(items, start, start + 7) == plain[start : start + 7]


def test_sets_that_follow_each_other_are_cut_as_one_list(crowd):
    shelf = get_shelf()
    parts = [shelf.having("soort", [kind]) for kind in ("instrument", "column", "nieuws")]
    whole = [pk for items in parts for pk in shelf.newest(items, 0, items.bit_count())]

    assert len(whole) == sum(items.bit_count() for items in parts) > 8
    for start in range(len(whole) + 2):
        assert shelf.in_turn(parts, start, start + 5) == whole[start : start + 5]


def test_a_set_is_looked_for_once_and_no_more_are_remembered_than_fit(crowd, monkeypatch):
    monkeypatch.setattr(shelves, "MOST_RECALLED", 3)
    shelf, asked = get_shelf(), []

    def find(names):
        asked.append(names)
        return [int(name) for name in names]

    assert shelf.recall(["1", "2"], find) == shelf.recall(["1", "2"], find) == [1, 2]
    assert shelf.recall(["2", "3"], find) == [2, 3]
    assert asked == [["1", "2"], ["3"]]
    for number in range(20):
        shelf.recall([str(number)], find)
        assert len(shelf.recalled) <= 4


def test_a_search_that_goes_on_does_not_ask_again_what_holds_the_words(crowd, monkeypatch):
    engine, items, asked = engine_of("default"), ContentPage.objects.for_readers(), []
    rows = engine.rows
    monkeypatch.setattr(engine, "rows", lambda sql, params: asked.append(sql) or rows(sql, params))

    first = _select({"q": "raad"}, items, kept_as="all").total
    once = len(asked)
    narrowed = _select({"q": "raad", "soort": "nieuws"}, items, kept_as="all").total

    assert first > narrowed > 0
    assert len(asked) == once > 0


def test_what_is_private_or_not_live_is_in_no_list(client, tree):
    seen = factories.make_news(tree, title="Voor iedereen")
    factories.make_news(tree, title="Nog een concept", live=False)
    behind = factories.make_article(tree, title="Achter een wachtwoord")
    client.get("/zoeken/")
    behind.get_parent().view_restrictions.create(restriction_type="password", password="x")

    selection = _select({}, ContentPage.objects.for_readers(), kept_as="all")

    assert [card.pk for card in selection.page] == [seen.pk]
    assert selection.total == 1


@pytest.mark.parametrize("address", ["/zoeken/", "/recent/", "/aan-de-slag-met/de-raad/", "/actueel/"])
def test_a_list_shows_a_change_at_once(client, tree, address):
    factories.make_news(tree, title="Eerder bericht", themes=[tree.raad])
    client.get(address)

    factories.make_news(tree, title="Nieuw bericht", themes=[tree.raad])

    assert "Nieuw bericht" in client.get(address).content.decode()


@pytest.mark.parametrize("is_past", [True, False])
def test_an_agenda_in_memory_says_what_the_database_says(tree, is_past, time_machine):
    time_machine.move_to(factories.NOON, tick=False)
    for days in (-400, -40, -2, -1, 0, 0, 3, 30, 330):
        starts = factories.NOON + datetime.timedelta(days=days, hours=-1)
        ends = starts + datetime.timedelta(hours=2)
        themes = [tree.raad] if days % 2 else []
        factories.make_event(tree, title=f"Bijeenkomst {days}", starts_at=starts, ends_at=ends, themes=themes)
    events = EventPage.objects.for_readers()
    events = events.past() if is_past else events.upcoming()
    options = {"order": events.query.order_by, "date_field": "starts_at"}

    for query in ({}, {"thema": "de-raad"}, {"jaar": "2026"}, {"q": "bijeenkomst", "sorteer": "titel"}):
        kept = _select(query, events, kept_as="agenda", kept_on=Past if is_past else Coming, **options)
        asked = _select(query, events, **options)

        assert kept.shelf.pks
        assert kept.facet_counts == asked.facet_counts
        assert kept.total == asked.total
        assert [card.pk for card in kept.page] == [card.pk for card in asked.page]
