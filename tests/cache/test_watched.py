"""Each answer gives one line in the log and one more in the counts, and neither knows the reader."""

import json

import pytest

from portal import generation
from portal.cache.express import Express
from portal.watching import tally
from portal.watching.requests import Watched, notes
from tests.cache.conftest import Reader
from tests.factories import make_news


@pytest.fixture
def counts(monkeypatch):
    """A tally that has not counted yet, for this test."""
    own = tally.Tally("web")
    monkeypatch.setattr(tally, "web", own)
    return own


@pytest.fixture
def ask(layer, counts, log_lines):
    """Ask through the whole stack; the line that this left."""
    read = Reader(Express(layer, Watched(layer)))

    def ask(address, **headers):
        ask.answer = read(address, **headers)
        notes.tell()
        return [line for line in log_lines() if line["logger"] == "portal.requests"][-1]

    return ask


def test_a_page_is_a_miss_then_a_hit_and_stale_when_it_cannot_be_made(ask, layer, tree):
    found = [ask("/over/"), ask("/over/")]
    layer.pulse.is_down = True
    generation.raise_now()
    found.append(ask("/over/"))

    assert [(line["cache"], line["status"], line["template"]) for line in found] == [
        ("miss", 200, "portal/standard_page"),
        ("hit", 200, "portal/standard_page"),
        ("stale", 200, "portal/standard_page"),
    ]
    assert {line["page"] for line in found} == {"/over/"}
    assert all(line["ms"] >= 0 for line in found)


def test_a_copy_from_the_disk_still_knows_its_template(ask, layer):
    ask("/over/")
    layer.memory.drop("/over/")

    assert ask("/over/")["template"] == "portal/standard_page"


@pytest.mark.parametrize(
    ("address", "template", "status"),
    [
        ("/zoeken/?q=schulden+van+jan", "search", 200),
        ("/recent/feed.atom", "output", 200),
        ("/gezondheid/live/", "live", 200),
        ("/beheer/", "beheer", 302),
        ("/jan@gemeente.nl/", "other", 404),
        ("/beheer/password_reset/confirm/MQ/geheim/", "beheer", 200),
    ],
)
def test_a_line_names_what_answered_and_not_what_was_asked(ask, log_lines, address, template, status):
    line = ask(address, HTTP_X_FORWARDED_FOR="192.0.2.7", HTTP_USER_AGENT="Mozilla/5.0")

    assert (line["template"], line["status"]) == (template, status)
    seen = json.dumps(log_lines())
    for secret in ("schulden", "jan", "geheim", "192.0.2.7", "127.0.0.1", "Mozilla"):
        assert secret not in seen


def test_every_line_of_a_request_carries_its_number_and_no_answer_does(ask, settings, log_lines):
    settings.PROXY_COUNT = 1
    number = "0123456789abcdef"

    line = ask("/over/", HTTP_X_REQUEST_ID=number)

    assert line["id"] == number
    assert number not in json.dumps(ask.answer.headers) + ask.answer.text


def test_the_counts_of_several_processes_are_summed_and_outlive_them(ask, counts, settings):
    ask("/over/")
    ask("/over/")
    counts.write()
    other = tally.Tally("web")
    other.add("requests", ("portal/standard_page", "200", "hit"), [0.003], ("portal/standard_page",))
    other.write()

    both = tally.read()[0]
    alive = tally.alive("web")
    other._hold.close()
    third = tally.Tally("web")
    third.add("requests", ("portal/standard_page", "200", "hit"), [0.003], ("portal/standard_page",))
    third.write()

    assert both["requests", ("portal/standard_page", "200", "hit")] == 2
    assert tally.read()[0]["requests", ("portal/standard_page", "200", "hit")] == 3
    assert alive == 2
    assert len(list(tally.folder().glob("*.json"))) == 2


def test_a_process_is_seen_before_it_has_answered_anyone(layer, counts):
    Watched(layer)

    assert tally.alive("web") == 1


def test_a_full_disk_costs_no_answer_and_the_counts_come_later(counts, monkeypatch, tmp_path):
    counts.add("requests", ("live", "200", "none"), [0.003], ("live",))
    with monkeypatch.context() as full:
        full.setattr("pathlib.Path.write_text", lambda *arguments: (_ for _ in ()).throw(OSError(28, "full")))
        counts.write()
    before = tally.read()[0]
    counts.write()

    assert before == {}
    assert tally.read()[0] == {("requests", ("live", "200", "none")): 1}


def test_the_counts_do_not_grow_with_what_is_asked_for(ask, counts, tree):
    make_news(tree)
    ask("/niet-hier/")
    before = len(counts.counts)

    for number in range(30):
        ask(f"/niet-hier/{number}/")
        ask(f"/recent/?q=woord{number}")

    assert len(counts.counts) == before + 1


def test_metrics_are_at_no_public_address(ask):
    assert {
        ask(address)["status"] for address in ("/metrics", "/metrics/", "/_metrics", "/tally/web-0.json")
    } == {404}
