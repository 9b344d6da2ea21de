"""A search for a word on very many pages: not all of them are scored, and none is lost or shown twice."""

import pytest

from portal.models import ContentPage
from portal.search import match
from portal.search.engine import engine_of
from portal.selection.words import search_items
from tests.factories import make_article

FOUND = 30


@pytest.fixture
def pages(tree, monkeypatch):
    monkeypatch.setattr(f"{type(engine_of('default')).__module__}.BROAD", 10)
    monkeypatch.setattr(match, "WINDOW", 6)
    for number in range(FOUND):
        title = "Dijkberaad" if number in (3, 17) else f"Verhaal {number}"
        make_article(tree, title=title, summary="Over een dijkberaad.")
    make_article(tree, title="Dijkberaad van morgen", live=False)
    return tree


def found(start: int, stop: int, **filters) -> list[int]:
    items = ContentPage.objects.for_readers().filter(**filters)
    return search_items(ContentPage.objects.for_readers(), "dijkberaad").ranked(items, start, stop)


def test_what_has_the_word_in_its_title_goes_first(pages):
    titles = ContentPage.objects.in_bulk(found(0, 2))

    assert {page.title for page in titles.values()} == {"Dijkberaad"}


def test_every_match_stands_on_one_page_of_the_list(pages):
    whole = found(0, FOUND + 5)
    parts = [pk for start in range(0, FOUND, 4) for pk in found(start, start + 4)]

    assert len(whole) == FOUND
    assert parts == whole
    assert sorted(parts) == sorted(set(parts))


def test_a_filter_leaves_only_its_own(pages):
    wanted = list(ContentPage.objects.filter(title__startswith="Verhaal 1").values_list("pk", flat=True))

    assert sorted(found(0, FOUND, pk__in=wanted)) == sorted(wanted)
