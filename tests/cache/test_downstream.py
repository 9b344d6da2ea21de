"""A CDN is told by the worker what changed, never by an editor's request, whatever state the CDN is in."""

import json
import logging
import socketserver
import threading
from types import SimpleNamespace

import pytest

from portal import chrome, generation, spool
from portal.cache import downstream
from portal.cache.warming import Warmer
from portal.work.jobs import work_once
from tests.cache.servers import free_port
from tests.factories import make_news


class Cdn(socketserver.ThreadingTCPServer):
    """Notes what it is asked. `moods` are the statuses of its answers, or "drop" or "silence"; the last one goes on."""

    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Visit)
        self.asked, self.moods, self.is_over = [], ["200 OK"], threading.Event()
        self.body, self.look = b"", lambda: None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def dropped(self):
        """The addresses it was asked to drop."""
        return [question.line.split()[1] for question in self.asked]


class Visit(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline().decode().strip()
        headers = {}
        while pair := self.rfile.readline().decode().strip():
            name, _, value = pair.partition(": ")
            headers[name.lower()] = value
        body = self.rfile.read(int(headers.get("content-length", 0)))
        cdn = self.server
        cdn.asked.append(SimpleNamespace(line=line, headers=headers, body=body, seen=cdn.look()))
        mood = cdn.moods.pop(0) if len(cdn.moods) > 1 else cdn.moods[0]
        if mood == "silence":
            cdn.is_over.wait()
        elif mood != "drop":
            self.wfile.write(
                f"HTTP/1.1 {mood}\r\nContent-Length: {len(cdn.body)}\r\n\r\n".encode() + cdn.body
            )


@pytest.fixture
def cdn(settings, monkeypatch):
    monkeypatch.setattr(downstream, "_silent_until", 0.0)
    with Cdn() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.CDN_PURGE_URL = server.url
        yield server
        server.is_over.set()
        server.shutdown()


@pytest.fixture
def worker(layer, settings, monkeypatch):
    """Call it for a round of the worker, in which it warms everything that changed."""
    settings.PAGE_CACHE = True
    warmer = Warmer(layer)
    monkeypatch.setattr("portal.cache.jobs._warmer", lambda: warmer)
    monkeypatch.setattr("portal.cache.jobs.A_WHILE", float("inf"))

    def run():
        monkeypatch.setattr(downstream, "_silent_until", 0.0)
        work_once({})

    return run


def waiting() -> list[str]:
    """The addresses that the CDN has yet to be asked for."""
    with spool.taken(downstream.NOTES) as notes:
        paths = [note["path"] for note in notes]
        for note in notes:
            spool.leave(downstream.NOTES, note)
    return paths


def change_something():
    chrome.forget()
    generation.raise_now()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mood", ["200 OK", "silence", "drop"])
def test_publishing_asks_a_cdn_nothing_and_the_worker_asks_once_the_page_can_be_read(
    tree, cdn, worker, store, mood
):
    page = make_news(tree)
    worker()
    cdn.asked.clear()
    cdn.moods = [mood]
    page.title = "Nieuwe kop"
    page.save_revision().publish()
    asked_by_editor = [*cdn.asked]
    cdn.moods, cdn.look = ["200 OK"], lambda: store.read(page.url, generation.current()).body("").decode()

    worker()

    assert asked_by_editor == []
    assert {page.url, "/", "/recent/", "/actueel/"} <= set(cdn.dropped)
    assert all("Nieuwe kop" in question.seen for question in cdn.asked)
    assert "/over/" not in cdn.dropped  # it is as it was
    assert waiting() == []


def test_the_question_is_purge_with_the_name_of_the_portal(cdn):
    downstream.tell("/recent/?periode=voorbij&pagina=2")

    assert downstream.purge() == 1

    (question,) = cdn.asked
    assert question.line == "PURGE /recent/?periode=voorbij&pagina=2 HTTP/1.1"
    assert question.headers["host"] == "localhost:8000"


def _change_slug(page, tree):
    page.slug = "ander-adres"
    page.save_revision().publish()


def _unpublish(page, tree):
    page.unpublish()


def _delete(page, tree):
    page.delete()


def _move(page, tree):
    type(tree.news).objects.get().move(tree.over, pos="last-child")


@pytest.mark.parametrize("is_asked_for", [False, True], ids=["sleeping", "read by someone first"])
@pytest.mark.parametrize("change", [_change_slug, _unpublish, _delete, _move])
def test_the_address_that_a_page_had_is_dropped(tree, cdn, worker, read, change, is_asked_for):
    page = make_news(tree)
    address = page.url
    worker()
    assert read(address).code == 200
    cdn.asked.clear()

    change(page, tree)
    change_something()
    if is_asked_for:
        assert read(address).code in (301, 404)
    worker()

    assert address in cdn.dropped


def test_an_invented_address_is_never_told(cdn, worker, read, layer):
    worker()
    cdn.asked.clear()

    for address in ("/bestaat-niet/", "/over/?q=woord", "/recent/?q=raad"):
        read(address)
    worker()

    assert cdn.asked == []


@pytest.mark.parametrize("mood", ["silence", "drop", "500 Error", "405 Not Allowed", "onzin"])
def test_one_answer_that_fails_holds_up_no_other_and_is_asked_for_again(cdn, mood, monkeypatch, caplog):
    cdn.moods = [mood, "200 OK"]
    monkeypatch.setattr(downstream, "PATIENCE", 1 if mood == "silence" else 10)
    for path in ("/a/", "/b/", "/c/"):
        downstream.tell(path)

    with caplog.at_level(logging.ERROR, "portal.cache.downstream"):
        first = downstream.purge()
    at_once = downstream.purge()
    monkeypatch.setattr(downstream, "_silent_until", 0.0)
    later = downstream.purge()

    assert (first, at_once, later) == (2, 0, 1)
    assert cdn.dropped == ["/a/", "/b/", "/c/", "/a/"]
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("The CDN did not drop /a/, and is asked again in a minute: ")


def test_what_the_cdn_did_not_have_is_dropped(cdn):
    cdn.moods = ["404 Not Found"]
    downstream.tell("/a/")

    assert downstream.purge() == 1
    assert waiting() == []


@pytest.mark.parametrize("mood", ["silence", "drop"])
def test_a_cdn_that_stays_away_costs_a_round_of_the_worker_two_questions(cdn, mood, monkeypatch):
    cdn.moods = [mood]
    monkeypatch.setattr(downstream, "PATIENCE", 0.2)
    for number in range(50):
        downstream.tell(f"/{number}/")

    assert downstream.purge() == 0

    assert len(cdn.asked) == 2
    assert waiting() == [*(f"/{number}/" for number in range(2, 50)), "/0/", "/1/"]


def test_a_cdn_that_is_gone_is_told_when_it_is_back(cdn, settings, monkeypatch):
    settings.CDN_PURGE_URL = f"http://127.0.0.1:{free_port()}"
    downstream.tell("/a/")
    assert downstream.purge() == 0
    settings.CDN_PURGE_URL = cdn.url
    monkeypatch.setattr(downstream, "_silent_until", 0.0)

    assert downstream.purge() == 1
    assert cdn.dropped == ["/a/"]


@pytest.fixture
def cloudflare(cdn, settings, monkeypatch):
    settings.CDN_PURGE_URL, settings.CLOUDFLARE_ZONE, settings.CLOUDFLARE_TOKEN = "", "zone", "geheim"
    monkeypatch.setattr(downstream, "CLOUDFLARE", f"{cdn.url}/zones/{{}}/purge_cache")
    cdn.body = b'{"success": true}'
    return cdn


def test_cloudflare_is_asked_for_thirty_addresses_at_once(cloudflare):
    for number in range(40):
        downstream.tell(f"/{number}/")

    assert downstream.purge() == 40

    first, second = cloudflare.asked
    assert first.line == "POST /zones/zone/purge_cache HTTP/1.1"
    assert first.headers["authorization"] == "Bearer geheim"
    assert json.loads(first.body)["files"][:2] == ["http://localhost:8000/0/", "http://localhost:8000/1/"]
    assert (len(json.loads(first.body)["files"]), len(json.loads(second.body)["files"])) == (30, 10)


@pytest.mark.parametrize("body", [b'{"success": false, "errors": ["geen recht"]}', b"geen json", b"[]"])
def test_what_cloudflare_refuses_is_asked_again(cloudflare, body):
    cloudflare.body = body
    downstream.tell("/a/")

    assert downstream.purge() == 0
    assert waiting() == ["/a/"]


def test_without_a_cdn_nothing_is_noted(read):
    read("/over/")

    assert waiting() == []
