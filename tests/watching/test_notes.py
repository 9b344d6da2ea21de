"""What is noted of answers is told a moment later, and costs no reader anything."""

import json
import logging
import os
import threading
import time

import pytest

from portal.watching import requests, tally
from portal.watching.logs import JsonFormatter
from portal.watching.requests import Notes

ASKED = {"REQUEST_METHOD": "GET"}


@pytest.fixture
def notes(monkeypatch):
    monkeypatch.setattr(tally, "web", tally.Tally("web"))
    monkeypatch.setattr(requests, "BETWEEN", 0.01)
    notes = Notes()
    yield notes
    notes._teller = None


def add(notes, number=""):
    notes.add(ASKED, "200", "hit", "portal/home_page", "/", 0.0004, number or None)


def comes_true(is_so, seconds=10.0) -> bool:
    until = time.monotonic() + seconds
    while not is_so() and time.monotonic() < until:
        time.sleep(0.01)
    return is_so()


def test_notes_are_told_by_themselves_in_order_and_each_has_a_number(notes, log_lines):
    for number in range(30):
        add(notes, f"number-{number:03}")
    add(notes)
    add(notes)
    assert comes_true(lambda: len(log_lines()) == 32)

    lines = log_lines()
    assert [line["id"] for line in lines[:30]] == [f"number-{number:03}" for number in range(30)]
    assert len({line["id"] for line in lines}) == 32
    assert lines[0] | {"at": "", "id": ""} == {
        **{"at": "", "id": "", "level": "info", "logger": "portal.requests", "message": "request"},
        **{"method": "GET", "template": "portal/home_page", "route": "", "status": 200, "ms": 0.4},
        **{"cache": "hit", "page": "/"},
    }
    assert tally.web.counts["requests", ("portal/home_page", "200", "hit")] == 32


def test_answers_that_differ_are_told_together_each_in_its_own_place(notes, log_lines):
    kinds = ["portal/home_page", "portal/theme_page", "portal/home_page"]
    for kind, seconds in zip(kinds, (0.0004, 0.3, 7.0), strict=True):
        notes.add(ASKED, "200", "hit", kind, "/", seconds)
    notes.tell()

    assert [(line["template"], line["ms"]) for line in log_lines()] == list(
        zip(kinds, (0.4, 300.0, 7000.0), strict=True)
    )
    home, theme = (tally.web.times["requests", (kind,)] for kind in kinds[:2])
    assert (home[0], home[10], home[11]) == (1, 1, 7.0004)
    assert (theme[6], sum(theme[:-1]), theme[-1]) == (1, 1, 0.3)


def test_nobody_waits_for_a_log_that_is_stuck(notes, monkeypatch):
    go = threading.Event()
    stuck = logging.Handler()
    stuck.emit = lambda record: go.wait(20)
    monkeypatch.setattr(requests.logger, "handlers", [stuck])
    monkeypatch.setattr(requests.logger, "level", logging.INFO)
    monkeypatch.setattr(requests.logger, "propagate", False)
    add(notes)
    assert comes_true(lambda: notes._telling.locked())

    began = time.monotonic()
    for _ in range(requests.MOST + 100):
        add(notes)
    waited = time.monotonic() - began
    kept = len(notes._waiting)
    go.set()

    assert waited < 10  # the log was stuck for twenty
    assert kept == requests.MOST
    assert comes_true(lambda: not notes._waiting and not notes._telling.locked())


def test_a_failure_does_not_end_the_telling(notes, monkeypatch, log_lines):
    with monkeypatch.context() as broken:
        broken.setattr(tally.web, "add", lambda *arguments: 1 / 0)
        add(notes)
        assert comes_true(lambda: "missing" in str(log_lines()))
    add(notes)

    assert comes_true(lambda: tally.web.counts == {("requests", ("portal/home_page", "200", "hit")): 1})


def test_nothing_is_logged_where_nobody_listens_but_it_is_counted(notes, monkeypatch, log_lines):
    monkeypatch.setattr(requests.logger, "level", logging.WARNING)
    add(notes)
    notes.tell()

    assert log_lines() == []
    assert tally.web.counts == {("requests", ("portal/home_page", "200", "hit")): 1}


def test_a_line_with_odd_signs_is_still_json(notes):
    record = logging.LogRecord("portal.requests", logging.INFO, "", 0, "x", None, None)
    odd = ('GE"T', 'beheer/<int:"pk">/', '/a"b/', "200", "none", "other")
    (record.as_json,) = requests._lines([(0.0, "n" * 8, 1.5, odd)])

    line = json.loads(JsonFormatter().format(record))
    assert (line["method"], line["page"], line["ms"]) == ("?", '/a"b/', 1500.0)
    assert line["at"] == "1970-01-01T00:00:00.000Z"


@pytest.mark.filterwarnings("ignore:This process")  # that it has threads: which is what this is about
def test_a_new_process_tells_its_own_notes_and_no_others(monkeypatch, tmp_path):
    monkeypatch.setattr(tally, "web", tally.Tally("web"))
    monkeypatch.setattr(requests, "BETWEEN", 0.3)
    monkeypatch.setattr(requests.logger, "level", logging.INFO)
    notes = Notes()
    with (tmp_path / "log").open("a") as stream:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(JsonFormatter())
        monkeypatch.setattr(requests.logger, "handlers", [handler])
        add(notes, "of-parent")
        child = os.fork()
        if child == 0:
            add(notes, "of-child-")
            time.sleep(1.5)
            os._exit(0)
        os.waitpid(child, 0)
        notes.tell()

    lines = map(json.loads, (tmp_path / "log").read_text().splitlines())
    assert sorted(line["id"] for line in lines) == ["of-child-", "of-parent"]
