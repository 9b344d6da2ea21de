"""The shortest way to a copy gives what the layer gives, and only to plain questions."""

import pytest

from portal.cache import express
from portal.cache.express import Express
from tests.cache.conftest import Reader
from tests.factories import make_news


@pytest.fixture
def passed(layer):
    """The questions that came to the layer itself."""
    return []


@pytest.fixture
def ask(layer, passed, monkeypatch):
    monkeypatch.setattr(express.notes, "add", lambda *arguments: None)

    def through(environ, start_response):
        passed.append(environ["PATH_INFO"])
        return layer(environ, start_response)

    return Reader(Express(layer, through))


@pytest.mark.parametrize("accepted", ["", "gzip", "gzip, deflate, br", "br;q=0, gzip"])
@pytest.mark.parametrize("path", ["/", "/over/", "/recent/?soort=nieuws", "/recent/feed.atom"])
def test_the_second_answer_takes_the_short_way_and_is_the_same(ask, layer, passed, path, accepted):
    ask(path, Accept_Encoding=accepted)
    short = ask(path, Accept_Encoding=accepted)
    whole = Reader(layer)(path, Accept_Encoding=accepted)

    assert len(passed) == 1
    assert (short.code, short.headers, short.raw) == (whole.code, whole.headers, whole.raw)


@pytest.mark.parametrize(
    "more",
    [
        {"Cookie": "sessionid=x"},
        {"If_None_Match": '"x"'},
        {"If_Modified_Since": "Thu, 26 Nov 2026 00:00:00 GMT"},
        {"Authorization": "Basic eDp5"},
        {"CONTENT_LENGTH": "3"},
        {"Transfer_Encoding": "chunked"},
        {"SCRIPT_NAME": "/elders"},
        {"method": "HEAD"},
        {"method": "POST"},
        {"HOST": "elders.example.nl"},
        {"Accept_Encoding": "x" * 900},
    ],
)
def test_every_other_question_is_for_the_layer(ask, passed, more):
    more = {"HTTP_HOST" if name == "HOST" else name: value for name, value in more.items()}
    ask("/over/")
    ask("/over/")
    for _ in range(2):
        ask("/over/", **more)

    assert len(passed) == 3


def test_a_publication_is_seen_at_once(ask, tree, django_capture_on_commit_callbacks):
    page = make_news(tree, title="Eerst")
    ask(page.url)
    ask(page.url)
    page.title = "Daarna"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()

    assert "Daarna" in ask(page.url).text


def test_a_page_that_is_gone_is_gone(ask, tree, django_capture_on_commit_callbacks):
    page = make_news(tree)
    ask(page.url)
    ask(page.url)
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()

    assert ask(page.url).code == 404


def test_a_copy_says_its_age_while_the_database_is_away(ask, layer):
    ask("/over/")
    before = ask("/over/")
    layer.pulse.is_down = True
    meanwhile = ask("/over/")

    assert "age" not in before.headers
    assert int(meanwhile.headers["age"]) >= 1


def test_what_somebody_invents_fills_nothing(ask, layer, monkeypatch):
    ask("/over/")
    for number in range(50):
        ask(f"/over/?x={number}")
    known = len(ask.app._meant)
    monkeypatch.setattr(express, "MOST", 3)
    for number in range(2, 20):
        ask("/over/", Accept_Encoding=f"gzip, x-{number}")

    assert known == 1
    assert len(ask.app._meant) <= 3


def test_a_page_over_another_scheme_is_for_the_layer(layer, passed, ask):
    layer.door.scheme_header = ("HTTP_X_FORWARDED_PROTO", "https")
    read = Reader(Express(layer, ask.app.app))
    read("/over/", X_Forwarded_Proto="http")
    read("/over/", X_Forwarded_Proto="http")
    read("/over/", X_Forwarded_Proto="https")
    read("/over/", X_Forwarded_Proto="https")

    assert len(passed) == 3


def test_copies_of_other_machines_are_looked_for(ask, layer, passed, monkeypatch):
    followed = []
    monkeypatch.setattr("portal.cache.express.shared.follow", lambda: followed.append(True))
    layer.has_others = True
    ask("/over/")
    before = len(followed)
    ask("/over/")

    assert len(passed) == 1
    assert len(followed) == before + 1
