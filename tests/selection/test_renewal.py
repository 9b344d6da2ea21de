"""A shelf that is brought up to date after a change is the one that would be read anew."""

import dataclasses
import datetime
import random
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from news.models import EventPage
from news.timetable import Coming
from portal import chrome, generation
from portal.models import ContentPage, PortalSettings
from portal.search.names import get_names
from portal.selection import alphabet, inventory
from portal.selection.alphabet import Alphabet
from portal.selection.places import Rearranged, put_in_order
from portal.selection.shelf import Shelf, get_shelf
from portal.selection.vocabulary import get_vocabulary, read_vocabulary
from portal.text import fold
from tests import factories
from tests.conftest import make_tree


def contents(shelf: Shelf) -> dict:
    return {name: getattr(shelf, name) for name in ("pks", "places", "sets", "meetings", "published")}


#: Deeds of no editor, which nobody is told of.
BY_HAND = ("deed_move_in_time", "deed_put_back_the_clock")


class Editors:
    """Changes of items, one random deed at a time; each says which items it changed."""

    def __init__(self, tree, seed: int):
        self.tree, self.dice = tree, random.Random(seed)
        self.roles = [factories.make_role(slug) for slug in ("griffier", "raadslid", "burger")]
        self.place = factories.make_municipality()
        self.done: list[tuple[str, int]] = []

    def some(self):
        return self.dice.choice(list(ContentPage.objects.order_by("pk"))).specific

    def moment(self):
        """Often the same one, so that the key decides."""
        return factories.NOON + datetime.timedelta(hours=self.dice.randrange(6))

    def deed_add(self):
        make = factories.MAKERS[self.dice.choice(sorted(factories.MAKERS))]
        live = self.dice.random() < 0.8
        published = {"last_published_at": self.moment()} if live else {}
        return make(self.tree, added_at=self.moment(), live=live, **published)

    def deed_file_elsewhere(self):
        page = self.some()
        page.themes = self.dice.sample([self.tree.raad, self.tree.participatie], self.dice.randrange(3))
        page.roles = self.dice.sample(self.roles, self.dice.randrange(4))
        page.published_on = self.dice.choice([None, datetime.date(2019, 5, 4), datetime.date(2024, 2, 29)])
        page.municipality_links = [
            page.municipality_links.model(municipality=self.place) for _ in range(self.dice.randrange(2))
        ]
        page.save_revision().publish()
        return page

    def deed_unpublish(self):
        page = self.some()
        page.unpublish()
        return page

    def deed_publish(self):
        page = self.some()
        page.save_revision().publish()
        return page

    def deed_rename(self):
        page = self.some()
        page.title = self.dice.choice(["Álles", "Burgers", "zo", "Álles van ons"])
        page.save_revision().publish()
        return page

    def deed_delete(self):
        page = self.some()
        gone = page.pk
        page.delete()
        page.pk = gone
        return page

    def deed_move_in_time(self):
        page = self.some()
        ContentPage.objects.filter(pk=page.pk).update(added_at=self.moment())
        return page

    def deed_put_back_the_clock(self):
        page = self.some()
        ContentPage.objects.filter(pk=page.pk).update(last_published_at=self.moment())
        return page

    def act(self, unlike: tuple[str, ...] = ()) -> int:
        deeds = [name for name in dir(self) if name.startswith("deed_")]
        name = self.dice.choice([name for name in deeds if name not in unlike])
        if ContentPage.objects.count() < 4:
            name = "deed_add"
        pk = getattr(self, name)().pk
        self.done.append((name, pk))
        return pk


@pytest.mark.parametrize("seed", range(5))
def test_after_any_deeds_it_is_what_reading_gives(tree, seed):
    editors = Editors(tree, seed)
    for _ in range(10):
        editors.deed_add()
    shelf, titles = Shelf.read(), Alphabet.read()

    for _ in range(25):
        changed = {editors.act() for _ in range(editors.dice.choice([1, 1, 2, 4]))}
        before, known = shelf, contents(shelf)
        shelf, titles = shelf.renewed(changed), titles.renewed(changed)
        chrome.forget()
        assert contents(shelf) == contents(Shelf.read())
        assert contents(before) == known  # readers who still hold it see what they saw
        assert titles.rows == Alphabet.read().rows


def test_an_order_that_is_not_the_one_that_was_thought_takes_reading_all(tree):
    shelf = Shelf.read()
    factories.make_news(tree, added_at=factories.NOON)  # of which nobody told
    later = factories.make_news(tree, added_at=factories.NOON + datetime.timedelta(days=1))

    assert shelf.renewed({later.pk}) is None


def test_items_that_change_places_are_not_put_right_by_halves(tree):
    """Two transactions move an item each; between the two tellings the one that is told stands beside the other."""
    hours = [factories.NOON + datetime.timedelta(hours=hour) for hour in range(5)]
    last, a, y, b, first = (factories.make_news(tree, added_at=hour) for hour in hours)
    shelf = Shelf.read()
    assert shelf.pks == [first.pk, b.pk, y.pk, a.pk, last.pk]
    for item, hour in ((a, 1.8), (b, 1.5)):
        moment = factories.NOON + datetime.timedelta(hours=hour)
        ContentPage.objects.filter(pk=item.pk).update(added_at=moment)

    assert shelf.renewed({a.pk}) is None
    assert shelf.renewed({a.pk, b.pk}).pks == Shelf.read().pks == [first.pk, y.pk, a.pk, b.pk, last.pk]


def test_a_meeting_that_came_since_the_shelf_was_read_waits_for_its_telling(published):
    tree, _ = published
    shelf, meetings = get_shelf(), EventPage.objects.filter(pk=tree.event.pk)
    meetings.update(live=False)
    generation.raise_now()
    get_shelf()
    meetings.update(live=True)  # and not told yet

    assert get_shelf(Coming).pks == []
    meetings.update(live=False)
    generation.raise_now([tree.event.pk])
    assert get_shelf(Coming).pks == []
    assert shelf.pks != get_shelf().pks


def test_very_many_changes_take_reading_all(tree):
    shelf = Shelf.read()
    pks = {factories.make_news(tree).pk for _ in range(inventory.MOST + 1)}

    assert shelf.renewed(pks) is None
    assert contents(shelf.renewed(set())) == contents(shelf)


def test_items_are_put_between_their_neighbours_also_when_those_are_new():
    found = {9: (8, 5), 4: (5, 3), 8: (None, 9), 1: (3, None)}
    assert put_in_order([5, 3], found) == [8, 9, 5, 4, 3, 1]
    assert put_in_order([], {2: (None, 1), 1: (2, None)}) == [2, 1]
    assert put_in_order([5, 3], {9: (None, 7)}) is None  # no such item
    assert put_in_order([5, 3], {9: (8, 8), 8: (9, 9)}) is None
    assert put_in_order([5, 3], {9: (5, None)}) is None  # 3 is not where it was
    assert put_in_order([5, 3], {9: (3, 5)}) is None


def test_sets_follow_what_closes_and_opens():
    everyone = 0b11011
    assert Rearranged(closed=[0, 3], opened=[])(everyone) == 0b101
    assert Rearranged(closed=[], opened=[0, 6])(everyone) == 0b110110
    assert Rearranged(closed=[4], opened=[2])(everyone) == 0b10011


@pytest.fixture
def published(transactional_db, monkeypatch):
    """A portal in which changes are told, and a list of what was read of all items."""
    tree, read, done = make_tree(), inventory.read_all, []
    tree.item = factories.make_article(tree, themes=[tree.raad], roles=[factories.make_role()])
    tree.event = factories.make_event(tree)
    monkeypatch.setattr(inventory, "read_all", lambda: done.append("all") or read())
    get_shelf(), get_shelf(Coming)
    done.clear()
    return tree, done


def _theme_goes(tree):
    tree.participatie.delete()


#: What only items change by, and the clock.
ITEM_DEEDS = {
    "an item is published": lambda tree: tree.item.save_revision().publish(),
    "an item comes": lambda tree: factories.make_news(tree),
    "an item is withdrawn": lambda tree: tree.item.unpublish(),
    "an item goes": lambda tree: tree.item.delete(),
    "an address changes": lambda tree: (setattr(tree.item, "slug", "anders"), tree.item.save()),
    "a meeting ends": lambda tree: generation.raise_now(pages=()),
}
#: What leaves items filed as they were.
DEEDS = ITEM_DEEDS | {
    "a theme is published": lambda tree: tree.raad.save_revision().publish(),
    "a name changes": lambda tree: tree.item.roles.first().save(),
    "the settings change": lambda tree: PortalSettings.objects.create(site=tree.site, name="Anders"),
    "a list is renamed": lambda tree: (setattr(tree.news, "title", "Anders"), tree.news.save()),
    "home gets another address": lambda tree: (setattr(tree.home, "slug", "thuis"), tree.home.save()),
}
BROAD_DEEDS = {
    "a theme goes": _theme_goes,
    "a name goes": lambda tree: tree.item.roles.first().delete(),
    "a page moves": lambda tree: tree.item.move(tree.news, pos="last-child"),
    "a part closes": lambda tree: PageViewRestriction.objects.create(
        page=tree.knowledge, restriction_type="login"
    ),
    "nobody says what changed": lambda tree: generation.raise_now(),
}


@pytest.mark.parametrize("deed", [*DEEDS, *BROAD_DEEDS])
def test_what_changed_a_few_items_reads_those_and_what_may_change_any_reads_all(published, deed):
    tree, read = published

    {**DEEDS, **BROAD_DEEDS}[deed](tree)
    shelf, agenda = get_shelf(), get_shelf(Coming)

    assert read == ([] if deed in DEEDS else ["all"])
    assert contents(shelf) == contents(Shelf.read())
    assert agenda.pks == Coming.read().pks
    assert agenda.sets == Coming.read().sets


@pytest.mark.parametrize("deed", [*DEEDS, *BROAD_DEEDS])
def test_the_frame_and_the_names_are_read_again_where_more_than_items_changed(published, deed):
    tree, _ = published
    frame, words, names = chrome.get_chrome(), get_vocabulary(), get_names()

    {**DEEDS, **BROAD_DEEDS}[deed](tree)
    now, is_kept = chrome.get_chrome(), deed in ITEM_DEEDS

    assert now.generation > frame.generation
    assert (now.reading is frame.reading) == (get_vocabulary() is words) == (get_names() is names) == is_kept
    read = chrome.read_chrome()
    assert now.settings.name == read.settings.name
    assert now == dataclasses.replace(
        read, generation=now.generation, reading=now.reading, settings=now.settings
    )
    assert get_vocabulary() == read_vocabulary()


def test_what_was_committed_with_a_name_is_read_with_it(published):
    tree, _ = published
    frame = chrome.get_chrome()

    with transaction.atomic():
        tree.item.save_revision().publish()
        tree.item.roles.first().save()
        tree.event.save_revision().publish()

    assert chrome.get_chrome().reading is not frame.reading


def test_a_frame_that_was_read_long_ago_is_read_again_though_only_items_changed(published, monkeypatch):
    tree, _ = published
    clock = SimpleNamespace(now=0)
    monkeypatch.setattr(chrome, "time", SimpleNamespace(monotonic=lambda: clock.now))
    chrome.forget()
    first = chrome.get_chrome().reading

    clock.now = chrome.LONGEST_LIFE - 1
    tree.item.save_revision().publish()
    assert chrome.get_chrome().reading is first

    clock.now = chrome.LONGEST_LIFE
    assert chrome.get_chrome().reading is not first


def test_a_timetable_is_made_again_when_a_meeting_changed_and_forgets_searches_each_time(published):
    tree, _ = published
    agenda = get_shelf(Coming)
    agenda.recalled["raad"] = 1

    tree.item.save_revision().publish()
    kept = get_shelf(Coming)
    assert kept.sets is agenda.sets
    assert kept.recalled == {}

    tree.event.themes = [tree.raad]
    tree.event.save_revision().publish()
    assert get_shelf(Coming).sets["thema"] == {tree.raad.pk: 1}


def test_a_change_costs_a_shelf_one_query(published):
    tree, _ = published
    for deed in (tree.item.save_revision().publish, tree.item.unpublish):
        deed()
        chrome.get_chrome()
        with CaptureQueriesContext(connection) as queries:
            get_shelf()

        assert len(queries) == 1


def test_a_new_title_is_put_in_order_and_the_others_are_not_read_again(published, monkeypatch):
    tree, _ = published
    assert get_shelf().by_title == [0, 1]
    read, titles = [], alphabet._titles
    monkeypatch.setattr(alphabet, "_titles", lambda items: read.append(titles(items)) or read[-1])

    tree.event.title = "Zo gaat het"
    tree.event.save_revision().publish()

    assert get_shelf().by_title == [1, 0]
    assert read == [[(fold("Zo gaat het"), tree.event.pk)]]
    tree.event.unpublish()
    assert get_shelf().by_title == [0]
    assert read[1:] == [[]]


def test_after_ten_minutes_all_is_read_again(published, monkeypatch):
    tree, read = published
    monkeypatch.setattr(chrome, "LONGEST_LIFE", 0)

    tree.item.save_revision().publish()
    get_shelf()

    assert "all" in read
