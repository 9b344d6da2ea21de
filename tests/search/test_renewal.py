"""What search keeps of all items is brought up to date after a change, and is what reading it anew would give."""

import pytest
from django.db import connection

from portal import generation
from portal.models import ContentPage
from portal.search.engine import engine_of
from portal.search.suggestions import Titles, get_titles
from portal.selection.meetings import Meetings, get_meetings
from portal.selection.shelf import Shelf, get_shelf
from tests.conftest import make_tree
from tests.factories import make_article
from tests.selection.conftest import select
from tests.selection.test_renewal import BY_HAND, Editors, contents


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_what_editors_do_all_that_is_kept_is_what_reading_gives(transactional_db, seed, monkeypatch):
    editors = Editors(make_tree(), seed)
    for _ in range(8):
        editors.deed_add()
    kept = (get_shelf, get_titles, get_meetings)
    for get in kept:
        get()
    read, done = Titles.read, []
    monkeypatch.setattr(Titles, "read", lambda: done.append("titles") or read())

    for _ in range(20):
        editors.act(unlike=BY_HAND)
        if editors.dice.random() < 0.7:  # sometimes several come together
            assert contents(get_shelf()) == contents(Shelf.read()), editors.done
            assert get_titles().rows == read().rows
            assert get_meetings().moments == Meetings().moments
            found = select("?q=samenvatting", kept_as="all")
            live = set(ContentPage.objects.live().values_list("pk", flat=True))
            assert {card.pk for card in found.page} == live if len(live) <= 20 else found.total == len(live)

    assert done == []


def test_the_keys_of_entries_are_read_once_and_then_those_of_what_changed(
    transactional_db, client, monkeypatch
):
    if connection.vendor != "sqlite":
        return  # PostgreSQL's index is asked by the keys of items
    tree = make_tree()
    first, second = make_article(tree, title="Raad en een"), make_article(tree, title="Raad en twee")
    engine, asked = engine_of("default"), []
    rows = engine.rows
    monkeypatch.setattr(engine, "rows", lambda sql, params: asked.append((sql, params)) or rows(sql, params))

    def titles():
        asked.clear()
        return [card.title for card in select("?q=raad", path="/zoeken/", kept_as="all").page]

    def keys_asked():
        return [params for sql, params in asked if sql.startswith("SELECT -1")]

    assert set(titles()) == {"Raad en een", "Raad en twee"}
    first.title = "Raad en drie"
    first.save_revision().publish()
    assert set(titles()) == {"Raad en drie", "Raad en twee"}
    assert [f'["{first.pk}"]' in params for params in keys_asked()] == [True]
    assert set(titles()) == {"Raad en drie", "Raad en twee"}
    assert keys_asked() == []

    second.delete()
    third = make_article(tree, title="Raad en vier")
    assert set(titles()) == {"Raad en drie", "Raad en vier"}
    generation.raise_now()
    titles()
    assert len(keys_asked()) == 1
    assert f'["{third.pk}"]' not in keys_asked()[0]  # but all of them
