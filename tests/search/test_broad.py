"""A search for a word on very many pages: not all of them are scored, and none is lost or shown twice."""

import pytest
from django.db import connection

from portal.models import ContentPage
from portal.search import match
from portal.search.engine import engine_of
from portal.selection.words import search_items
from tests.factories import NOON, make_article

FOUND = 30


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What is asked of the index from here on."""
    engine, asked = engine_of("default"), []
    rows = engine.rows
    monkeypatch.setattr(engine, "rows", lambda sql, params: asked.append(sql) or rows(sql, params))
    return asked


@pytest.fixture
def pages(tree, monkeypatch):
    module = type(engine_of("default")).__module__
    monkeypatch.setattr(f"{module}.BROAD", 5)
    monkeypatch.setattr(f"{module}.SPARE", 2, raising=False)
    monkeypatch.setattr(match, "WINDOW", 6)
    for number in range(FOUND):
        title = f"Dijkberaad {number}" if number % 3 == 0 else f"Verhaal {number}"
        make_article(
            tree, title=title, summary="Over een dijkberaad in het duinwater.", published_on=NOON.date()
        )
    make_article(tree, title="Dijkberaad van morgen", live=False)
    return tree


def found(start: int, stop: int, words="dijkberaad", **filters) -> list[int]:
    items = ContentPage.objects.for_readers().filter(**filters)
    return search_items(ContentPage.objects.for_readers(), words).ranked(items, start, stop)


def titles(keys: list[int]) -> list[str]:
    pages = ContentPage.objects.in_bulk(keys)
    return [pages[pk].title for pk in keys]


def test_what_has_the_word_in_its_title_goes_first(pages):
    # PostgreSQL scores two words by how near they stand to each other too.
    questions = (
        ["dijkberaad"] if connection.vendor == "postgresql" else ["dijkberaad", "dijkberaad duinwater"]
    )

    for words in questions:
        assert all(title.startswith("Dijkberaad") for title in titles(found(0, 10, words)))
        assert not any(title.startswith("Dijkberaad") for title in titles(found(10, FOUND, words)))


def test_every_match_stands_on_one_page_of_the_list(pages):
    whole = found(0, FOUND + 5)

    assert len(set(whole)) == len(whole) == FOUND
    assert [pk for start in range(0, FOUND, 4) for pk in found(start, start + 4)] == whole


def test_so_it_does_where_a_filter_leaves_a_part(pages):
    wanted = {"title__contains": "1"}
    whole = found(0, FOUND, **wanted)

    assert sorted(whole) == sorted(ContentPage.objects.live().filter(**wanted).values_list("pk", flat=True))
    assert len(whole) > 5
    assert [pk for start in range(0, len(whole), 2) for pk in found(start, start + 2, **wanted)] == whole


def test_who_asks_again_asks_the_database_for_texts_alone(pages, asked):
    for words in ("dijkberaad", "4"):  # on every page, and on few
        first = found(0, 6, words)
        asked.clear()
        assert found(0, 6, words) == first != []
        assert len(asked) == 1


def test_a_first_search_asks_as_much_for_many_matches_as_for_few(pages, asked):
    found(0, 6, "4")
    of_few = len(asked)
    asked.clear()
    found(0, 6)

    assert len(asked) == of_few


@pytest.mark.parametrize("unasked", [1, 7], ids=["texts", "keys"])
def test_the_best_are_the_same_when_too_little_came_along(pages, monkeypatch, unasked):
    """What is not asked for stands first, so that the texts that came with it, or even the keys, are not enough."""
    monkeypatch.setattr(f"{type(engine_of('default')).__module__}.SPARE_TEXTS", 0, raising=False)
    whole = found(0, FOUND)

    assert found(0, 6, pk__in=whole[unasked:]) == whole[unasked : unasked + 6]
