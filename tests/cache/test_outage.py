"""When a page cannot be made: the last good copy for a day, else a branded 503; nothing bad ever replaces a copy."""

import logging
import shutil
import time

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from portal import chrome, generation
from portal.cache.answers import Plain
from tests.factories import make_news

HOUR = 3600


@pytest.fixture
def no_database(layer, monkeypatch):
    """Call it to take the database away from pages."""

    def take_away():
        from wagtail.models import Site

        def refuse(*args, **kwargs):
            raise OperationalError("weg")

        monkeypatch.setattr(Site, "find_for_request", refuse)
        layer.pulse.is_down = True

    return take_away


def change_something():
    chrome.forget()
    generation.raise_now()


@pytest.mark.parametrize("address", ["/", "/recent/feed.atom", "/recent/?q=raad", "/sitemap.xml"])
def test_what_was_ever_read_is_answered_without_a_database(read, no_database, tree, address):
    make_news(tree, title="Voor de raad")
    before = read(address)
    no_database()
    current = read(address)
    change_something()

    older = read(address)

    assert (current.code, older.code) == (200, 200)
    assert current.body == older.body == before.body
    assert int(current.headers["age"]) >= 1
    assert int(older.headers["age"]) >= 1


def test_a_page_without_a_list_is_answered_whatever_is_asked_of_it(read, no_database):
    before = read("/over/")
    no_database()
    current = read("/over/?q=woord")
    change_something()

    older = read("/over/?q=ander")

    assert current.body == older.body == before.body
    assert int(older.headers["age"]) >= 1
    assert read("/recent/?q=ander").code == 503


def test_what_one_process_has_read_another_answers(read, layer, no_database, tree):
    make_news(tree, title="Voor de raad")
    before = read("/recent/?q=raad")
    layer.memory.drop("/recent/?q=raad")
    change_something()
    no_database()

    assert read("/recent/?q=raad").body == before.body


def test_what_was_never_read_is_a_branded_503_that_says_when_to_come_back(read, no_database, layer):
    no_database()

    for address in ("/", "/zoeken/?q=nieuw", "/beheer/", "/bestaat-niet/", "/gezondheid/klaar/"):
        answer = read(address)
        assert answer.code == 503
        assert 30 <= int(answer.headers["retry-after"]) <= 120
        assert answer.headers["cache-control"] == "no-store"
        assert "We zijn zo terug" in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert read("/gezondheid/live/").code == 200
    assert layer.store.lasting_keys() == []


def test_a_page_that_fails_before_anyone_knows_the_database_is_gone_is_answered_too(read, no_database, layer):
    before = read("/")
    change_something()
    no_database()
    layer.pulse.is_down = False

    assert read("/").body == before.body
    assert read("/over/").code == 503


@pytest.mark.parametrize("code", [400, 403, 404, 429, 500, 503])
def test_a_failure_never_replaces_a_good_copy(layer, read, monkeypatch, code):
    headers = [("Cache-Control", "no-store")]

    def app(environ, start_response):
        """Django, which a reader reaches where a copy cannot be made."""
        start_response(f"{code} Fout", headers)
        return [b"fout"]

    before = read("/over/")
    change_something()
    with monkeypatch.context() as broken:
        broken.setattr(layer, "_run", lambda environ: Plain(f"{code} Fout", headers, b"fout"))
        broken.setattr(layer, "app", app)
        during = read("/over/")
    change_something()

    after = read("/over/")

    assert during.code == (200 if code >= 500 else code)
    assert after.body == before.body
    assert after.headers["etag"] == before.headers["etag"] or code in (403, 404)


def test_an_error_of_our_own_shows_the_older_page(layer, read, monkeypatch):
    before = read("/over/")
    change_something()

    def fall(environ):
        raise RuntimeError("kapot")

    monkeypatch.setattr(layer, "_run", fall)

    assert read("/over/").body == before.body


def test_a_copy_of_yesterday_is_too_old(read, no_database):
    now = timezone.now().timestamp()
    with time_machine.travel(now, tick=False):
        read("/over/")
        change_something()
        no_database()
    with time_machine.travel(now + 23 * HOUR, tick=False):
        young = read("/over/")
    with time_machine.travel(now + 25 * HOUR, tick=False):
        old = read("/over/")

    assert (young.code, young.headers["age"]) == (200, str(23 * HOUR))
    assert old.code == 503


def test_a_page_that_was_taken_offline_does_not_come_back_when_the_database_goes(read, no_database, tree):
    item = make_news(tree)
    assert read(item.url).code == 200
    item.unpublish()
    change_something()
    assert read(item.url).code == 404

    no_database()

    assert read(item.url).code == 503


def test_when_too_many_renders_hang_nobody_waits_for_another(read, layer, rendered):
    before = read("/over/")
    change_something()
    layer.crew.slow_ones, layer.is_embedded = 1, False

    assert read("/over/").body == before.body
    assert read("/kennisbank/").code == 503
    assert rendered == ["/over/"]


def _delete(root):
    shutil.rmtree(root)


def _file_in_its_place(root):
    shutil.rmtree(root)
    root.write_text("geen map")


@pytest.mark.parametrize("break_it", [_delete, _file_in_its_place])
def test_without_its_folder_the_portal_goes_on_and_is_still_fresh(read, store, tree, break_it):
    read("/over/")
    break_it(store.root)
    tree.over.title = "Over ons allen"
    tree.over.save()
    change_something()

    first, second = read("/over/"), read("/over/")

    assert "Over ons allen" in first.text
    assert second.body == first.body


def test_a_store_that_was_deleted_is_filled_again(read, store):
    read("/over/")
    shutil.rmtree(store.root)
    change_something()

    read("/over/")

    assert store.lasting_keys() == ["/over/"]


def test_a_full_disk_is_told_once_a_minute_and_costs_no_reader_an_answer(read, store, monkeypatch, caplog):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)

    with caplog.at_level(logging.ERROR, "portal.cache.store"):
        answers = [read(address) for address in ("/", "/over/", "/recent/", "/kennisbank/", "/agenda/")]

    assert [answer.code for answer in answers] == [200] * 5
    assert len([record for record in caplog.records if record.name == "portal.cache.store"]) == 1
    assert store.lasting_keys() == []


def test_half_a_file_is_no_copy(read, store, layer, rendered):
    whole = read("/over/")
    for path in (store.root / "last" / "over").glob("index.html*"):
        if path.suffix in (".gz", ".br"):
            path.write_bytes(path.read_bytes()[:100])
    layer.memory.drop("/over/")

    assert read("/over/").body == whole.body
    assert rendered == ["/over/", "/over/"]


def test_without_a_generation_nothing_is_kept(read, rendered, layer):
    generation._path.unlink()
    time.sleep(2 * generation.TAKEN_FOR_GRANTED)

    assert read("/over/").code == read("/over/").code == 200

    assert rendered == ["/over/", "/over/"]
    assert len(layer.memory) == 0
