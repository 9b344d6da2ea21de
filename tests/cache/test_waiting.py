"""Who waits for whom: one render for all, bounded threads, and a database that is asked before anyone waits for it."""

import threading
import time
import zlib

import pytest

from portal import generation
from portal.cache.answers import GuardedInput, Plain
from portal.cache.crew import Crew, Task
from portal.cache.layer import PageCache
from portal.cache.pulse import Pulse, ask_database
from portal.cache.store import Store
from tests.cache.conftest import Heart, Reader


class SlowDjango:
    """An application that answers when it is let."""

    def __init__(self):
        self.calls = 0
        self.gate = threading.Event()

    def __call__(self, environ, start_response):
        self.calls += 1
        self.gate.wait(20)
        from portal.cache.marking import IN_MEMORY, KEEP

        environ[KEEP] = IN_MEMORY
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [b"pagina"]


@pytest.fixture
def slow(tmp_path):
    django = SlowDjango()
    generation.raise_now()
    heart = Heart()
    layer = PageCache(
        django,
        crew=Crew(2, "test"),
        desk=Crew(2, "test"),
        pulse=heart,
        store=Store(tmp_path / "pages"),
        is_embedded=False,
        wait=0.3,
    )
    yield layer, django, Reader(layer)
    django.gate.set()


def in_threads(count, work):
    results = []
    threads = [threading.Thread(target=lambda: results.append(work())) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, results


def test_everyone_who_asks_for_one_page_waits_for_one_render(slow, monkeypatch):
    layer, django, read = slow
    layer.wait = 20
    threads, results = in_threads(10, lambda: read("/over/"))
    while django.calls == 0:
        time.sleep(0.01)

    django.gate.set()
    for thread in threads:
        thread.join()

    assert [answer.body for answer in results] == [b"pagina"] * 10
    assert django.calls == 1


def test_a_render_that_takes_too_long_is_a_503_now_and_a_copy_later(slow, monkeypatch):
    monkeypatch.setattr("portal.cache.layer.SUSPICIOUS", 0.1)
    layer, django, read = slow

    during = read("/over/")
    django.gate.set()
    while layer.memory.get("/over/") is None:
        time.sleep(0.01)

    assert during.code == 503
    assert read("/over/").body == b"pagina"
    assert django.calls == 1


def test_without_a_database_server_a_page_that_was_never_made_is_worth_a_longer_wait(slow, monkeypatch):
    monkeypatch.setattr("portal.cache.layer.SUSPICIOUS", 0.05)
    layer, django, read = slow
    layer.wait, layer.is_embedded = 0.05, True
    threading.Timer(0.5, django.gate.set).start()

    assert read("/over/").body == b"pagina"


def test_a_render_of_before_a_change_is_not_awaited_after_it(slow, monkeypatch):
    layer, django, read = slow
    layer.wait = 20
    first, _ = in_threads(1, lambda: read("/over/"))
    while django.calls < 1:
        time.sleep(0.01)
    generation.raise_now()
    second, _ = in_threads(1, lambda: read("/over/"))
    while django.calls < 2:
        time.sleep(0.01)

    django.gate.set()
    for thread in first + second:
        thread.join()

    until = time.monotonic() + 10  # on a busy machine an answer may be given up before its copy is there
    while not (kept := layer.memory.get("/over/")) or kept.generation != generation.current():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_no_more_renders_hang_than_there_are_threads(slow, monkeypatch):
    monkeypatch.setattr("portal.cache.layer.SUSPICIOUS", 0.05)
    layer, django, read = slow
    layer.wait = 0.05
    answers = [read(address) for address in ("/over/", "/kennisbank/", "/agenda/", "/recent/", "/actueel/")]

    assert [answer.code for answer in answers] == [503] * 5
    assert django.calls <= 2


def test_an_editor_is_not_kept_waiting_for_a_database_that_is_gone(slow, monkeypatch):
    monkeypatch.setattr("portal.cache.layer.SUSPICIOUS", 0.05)
    layer, _, read = slow
    layer.pulse.check = lambda patience: True

    assert read("/beheer/").code == 503
    assert read("/beheer/", method="POST").code == 503


def test_a_request_that_was_given_up_can_be_read_no_more():
    import io

    stream = GuardedInput(io.BytesIO(b"inhoud"))
    assert stream.read(2) == b"in"
    stream.is_closed = True

    for method in (stream.read, stream.readline, stream.readlines):
        with pytest.raises(OSError, match="given up"):
            method()


def test_a_reader_is_told_to_come_back_when_a_search_takes_too_long(slow, monkeypatch):
    _, django, read = slow
    monkeypatch.setattr("portal.cache.layer.LONGEST_READ", 0)

    answer = read("/zoeken/?q=raad")

    assert (answer.code, answer.headers["retry-after"]) == (503, "60")
    assert django.calls == 1


def test_two_processes_render_a_page_of_the_sitemap_once(tmp_path, monkeypatch):
    from portal.cache import marking

    generation.raise_now()
    django = SlowDjango()
    monkeypatch.setattr(marking, "IN_MEMORY", marking.ON_DISK)
    layers = [
        PageCache(
            django,
            crew=Crew(2, "a"),
            desk=Crew(1, "b"),
            pulse=Heart(),
            store=Store(tmp_path / "pages"),
            is_embedded=False,
            wait=20,
        )
        for _ in range(2)
    ]
    readers = [Reader(layer) for layer in layers]
    first, one = in_threads(1, lambda: readers[0]("/over/"))
    while django.calls == 0:
        time.sleep(0.01)
    second, other = in_threads(1, lambda: readers[1]("/over/"))

    django.gate.set()
    for thread in first + second:
        thread.join()

    assert one[0].body == other[0].body
    assert one[0].headers == other[0].headers
    assert django.calls == 1


def test_the_pulse_stays_down_until_the_database_answers():
    answers = iter([False, False, True])
    pulse = Pulse(ask=lambda: next(answers))

    assert pulse.check(5) is True
    while pulse.is_down:
        time.sleep(0.05)

    assert next(answers, "asked") == "asked"


@pytest.mark.django_db
def test_a_database_that_is_there_answers():
    assert ask_database() is True


def test_a_question_that_cannot_be_asked_holds_nobody_up():
    def broken():
        raise KeyError("geen instelling")

    pulse = Pulse(ask=broken)

    assert pulse.check(5) is False
    assert pulse.check(5) is False


def test_a_database_that_says_nothing_is_down_until_it_speaks():
    speak = threading.Event()
    pulse = Pulse(ask=lambda: speak.wait(20))

    assert pulse.check(0.05) is True
    speak.set()
    while pulse.is_down:
        time.sleep(0.05)

    assert pulse.check(5) is False


def test_a_crew_has_no_more_threads_than_its_size():
    crew, gate, names = Crew(3, "test"), threading.Event(), set()

    def work():
        names.add(threading.current_thread().ident)
        gate.wait(20)

    tasks = [crew.submit(Task(work)) for _ in range(9)]
    while len(names) < 3:
        time.sleep(0.01)
    gate.set()

    assert all(task.wait(20) for task in tasks)
    assert len(names) == 3


def test_an_error_in_a_render_is_kept_from_the_thread():
    crew = Crew(1, "test")
    failed = crew.submit(Task(lambda: 1 / 0))
    assert failed.wait(20)

    after = crew.submit(Task(lambda: "goed"))

    assert after.wait(20)
    assert isinstance(failed.error, ZeroDivisionError)
    assert after.result == "goed"


def test_a_plain_answer_to_head_has_no_body():
    sent = []

    body = Plain("404 Not Found", [], b"weg").send({"REQUEST_METHOD": "HEAD"}, lambda *a: sent.append(a))

    assert body == []
    assert sent[0][0] == "404 Not Found"


def test_making_a_copy_never_waits_for_writing_it(tmp_path):
    """All names share 1024 files: of this address and this generation the two numbers are the same."""
    store, key, number = Store(tmp_path / "pages"), "/", 1795662894729596590
    assert (zlib.crc32(f"{key} {number}".encode()) - zlib.crc32(key.encode())) % 1024 == 0

    with (
        store.only_one("render", f"{key} {number}", 0) as may_render,
        store.only_one("write", key, 0) as may_write,
        store.only_one("write", key, 0) as may_write_too,
    ):
        assert (may_render, may_write, may_write_too) == (True, True, False)
