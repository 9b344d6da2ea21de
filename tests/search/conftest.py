"""Search as a reader meets it: with the synonyms that a new site starts with."""

import pytest

from portal import chrome
from portal.models import ContentPage
from portal.search.models import Synonym
from portal.search.seed import seed_synonyms
from portal.selection.words import search_items


@pytest.fixture(autouse=True)
def starting_synonyms(request):
    """They come with a migration, and go when a test flushes the database."""
    if "tree" in request.fixturenames or "db" in request.fixturenames:
        request.getfixturevalue("db")
        seed_synonyms(Synonym)
        chrome.forget()


@pytest.fixture
def titles_for(db):
    """The titles that a search finds, the best first."""

    def search(words: str, **filters) -> list[str]:
        items = ContentPage.objects.for_readers().filter(**filters)
        order = search_items(ContentPage.objects.for_readers(), words).ranked(items, 0, 20)
        found = items.in_bulk(order)
        return [found[pk].title for pk in order]

    return search
