"""What the worker does for the copies: time that passes, changes left half-way, warm copies, old folders."""

import datetime
import os
import time

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal import chrome, generation
from portal.cache import jobs, warming
from portal.cache.moments import has_passed, is_night_over, raise_when_passed
from portal.cache.warming import Warmer
from portal.work.jobs import work_once
from tests.factories import make_event, make_news

NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("ended", "changes"),
    [
        (NOON - 2 * MINUTE, False),
        (NOON - MINUTE, True),
        (NOON - MINUTE / 2, True),
        (NOON, False),
        (NOON + MINUTE, False),
        (NOON - MINUTE / 2 - datetime.timedelta(days=90), True),
    ],
)
def test_a_meeting_that_ends_or_leaves_the_calendars_changes_what_readers_see(tree, ended, changes):
    make_event(tree, starts_at=ended - MINUTE, ends_at=ended)

    assert has_passed(NOON - MINUTE, NOON) is changes


def test_a_meeting_that_nobody_can_see_changes_nothing(tree):
    make_event(tree, starts_at=NOON - MINUTE, ends_at=NOON - MINUTE / 2, live=False)

    assert not has_passed(NOON - MINUTE, NOON)


@pytest.mark.parametrize(
    ("since", "now", "is_over"),
    [
        ((2, 20, 0), (3, 2, 0), False),
        ((2, 20, 0), (3, 2, 45), True),
        ((3, 2, 45), (3, 20, 0), False),
        ((1, 2, 45), (3, 1, 0), True),
    ],
)
def test_everything_is_made_anew_once_a_night(since, now, is_over):
    def moment(day, hour, minute):  # in March, Amsterdam is an hour ahead
        return datetime.datetime(2026, 3, day, hour, minute, tzinfo=datetime.UTC)

    assert is_night_over(moment(*since), moment(*now)) is is_over


def test_the_worker_raises_the_generation_when_a_meeting_has_ended(tree):
    make_event(tree, starts_at=timezone.now(), ends_at=timezone.now() + MINUTE)
    generation.raise_now()
    before = generation.current()
    assert raise_when_passed() is False

    with time_machine.travel(timezone.now() + 2 * MINUTE):
        raised = raise_when_passed()

    assert raised is True
    assert generation.current() > before


@pytest.mark.django_db(transaction=True)
def test_a_change_whose_process_died_before_it_was_told_is_told_by_the_worker(tree, monkeypatch):
    def die(pages):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(generation, "raise_now", die)
        with pytest.raises(SystemExit):
            make_news(tree)
    before = generation.current()
    assert generation.recover() is False
    note = next(os.scandir(generation._path.parent / "generation.pending"))
    os.utime(note, (time.time() - 120,) * 2)

    assert generation.recover() is True

    assert generation.current() > before
    assert generation.recover() is False


@pytest.mark.django_db(transaction=True)
def test_a_draft_of_a_published_page_costs_no_copy_and_its_publication_does(tree):
    page = make_news(tree)
    page.save_revision().publish()
    page.refresh_from_db()
    before = generation.current()
    page.title = "Nog niet af"

    page.save_revision()
    draft = generation.current()
    page.get_latest_revision().publish()

    assert draft == before
    assert generation.current() > before


@pytest.fixture
def warmer(layer):
    return Warmer(layer)


def test_warming_makes_a_copy_of_every_page_of_the_sitemap(warmer, read, rendered, tree):
    news = make_news(tree)
    generation.raise_now()
    warmer.begin()

    made, failed = warmer.work()

    assert failed == 0
    assert made == len(rendered)
    rendered.clear()
    for address in (
        "/",
        "/over/",
        "/zoeken/",
        "/aan-de-slag-met/participatie/uitdaagrecht/",
        news.url,
        "/sitemap.xml",
    ):
        assert read(address).code == 200
    assert rendered == []


def test_after_a_publication_home_themes_lists_and_the_page_itself_come_first(tree):
    page = make_news(tree)
    tree.over.show_in_menus = tree.recent.show_in_menus = True
    tree.over.save()
    tree.recent.save()
    generation.raise_now()
    chrome.forget()
    page.save_revision().publish()

    first = warming.first_addresses()

    assert first[0] == "/"
    assert {"/aan-de-slag-met/de-raad/", "/aan-de-slag-met/participatie/", "/recent/", page.url} <= set(first)


def test_warming_stops_at_a_new_generation_and_begins_again(warmer, rendered):
    warmer.begin()
    assert warmer.begin() is False
    generation.raise_now()

    assert warmer.work() == (0, 0)
    assert warmer.begin() is True
    assert warmer.work()[0] > 5


def test_sweeping_takes_what_is_no_public_page_any_more(warmer, read, store, tree, layer):
    news = make_news(tree)
    for address in (news.url, "/over/", "/recent/feed.atom"):
        read(address)
    news.delete()
    chrome.forget()
    generation.raise_now()

    warmer.sweep()

    assert set(store.lasting_keys()) == {"/over/", "/recent/feed.atom"}
    layer.pulse.is_down = True
    assert read(news.url).code == 503


def test_earlier_generations_are_removed_and_the_current_one_stays(store, read):
    read("/over/")
    old = generation.current()
    generation.raise_now()
    read("/over/")

    store.remove_old(keep_seconds=-1)

    assert not (store.root / str(old)).exists()
    assert (store.root / "fresh" / "over" / "index.html").exists()
    assert (store.root / "last" / "over" / "index.html").exists()


def test_fresh_is_closed_by_a_change_and_points_to_the_new_copies_after_it(store, read):
    read("/over/")
    assert os.readlink(store.root / "fresh") == str(generation.current())

    generation.raise_now()
    assert not os.path.lexists(store.root / "fresh")
    read("/over/")

    assert os.readlink(store.root / "fresh") == str(generation.current())


def test_a_copy_that_was_begun_before_a_change_is_never_fresh(store, layer, read):
    number = generation.current()
    generation.raise_now()

    layer.render("/over/", number)

    assert not os.path.lexists(store.root / "fresh")


def test_another_release_starts_with_nothing_and_the_earlier_one_writes_no_more(store, read, layer):
    read("/over/")
    before = generation.current()
    newer = type(store)(store.root, "release-2")

    newer.begin_release()

    assert generation.current() > before
    assert store.write("/over/", layer.memory.get("/over/")) is False
    newer.begin_release()
    assert newer.read_last("/over/") is not None


def test_the_command_warms_and_says_so_plainly(tree, settings, monkeypatch, capsys, warmer):
    settings.PAGE_CACHE = True
    monkeypatch.setattr("portal.management.commands.warm.Warmer", lambda: warmer)

    call_command("warm")

    assert "copies are ready" in capsys.readouterr().out


def test_the_command_says_why_it_does_nothing(settings):
    settings.PAGE_CACHE = False

    with pytest.raises(CommandError, match="PAGE_CACHE=0"):
        call_command("warm")


def test_the_worker_warms_for_its_own_machine(settings, tree, warmer, monkeypatch, rendered):
    settings.PAGE_CACHE = True
    monkeypatch.setattr("portal.cache.jobs._warmer", lambda: warmer)

    work_once({})

    assert "/" in rendered


def test_a_file_of_another_release_among_the_copies_stops_nothing(store, read):
    read("/")
    (store.root / "last" / "documenten").mkdir(parents=True)
    (store.root / "last" / "documenten" / "A.RTF.head").write_text("{}")

    store.remove_stale()

    assert "/" in store.lasting_keys()


def test_last_good_copies_of_more_than_a_day_are_removed(store, read):
    now = timezone.now().timestamp()
    with time_machine.travel(now - 25 * 3600, tick=False):
        read("/over/")
    with time_machine.travel(now - 23 * 3600, tick=False):
        read("/recent/")
    with time_machine.travel(now, tick=False):
        jobs.remove_stale()
        of_this_generation = store.lasting_keys()
        generation.raise_now()

        jobs.remove_stale()

    assert set(of_this_generation) == {"/over/", "/recent/"}  # as it is now, however long nothing changed
    assert store.lasting_keys() == ["/recent/"]
    assert not (store.root / "last" / "over" / "index.html").exists()
