"""The 404 page: what the address may have meant, at a price that an attacker cannot raise."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.lost import suggestions
from portal.lost.addresses import is_probe, words_in
from portal.lost.suggestions import Budget
from tests.factories import make_article


@pytest.fixture(autouse=True)
def full_budget(monkeypatch):
    monkeypatch.setattr(suggestions, "searches", Budget(per_second=0, burst=100))


def queries_of(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 404
    return len(queries)


def test_the_words_of_the_address_are_searched(client, tree):
    make_article(tree, title="Vragen over het uitdaagrecht", slug="vragen")

    answer = client.get("/2017/blog/uitdaagrecht.html")

    assert answer.status_code == 404
    assert "Misschien zocht je dit" in answer.content.decode()
    assert "Vragen over het uitdaagrecht" in answer.content.decode()
    assert 'value="uitdaagrecht blog"' in answer.content.decode()


def test_a_few_of_the_words_are_enough(client, tree):
    make_article(tree, title="Burgerbegroting en uitdaagrecht", slug="vragen")

    answer = client.get("/nieuws/uitdaagrecht-burgerbegroting-den-haag-pilot")

    assert "Burgerbegroting en uitdaagrecht" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/thema/participatie/", "/aan-de-slag-met/participatie/"),
        ("/oud/uitdaagrecht.html", "/aan-de-slag-met/participatie/uitdaagrecht/"),
    ],
)
def test_a_theme_or_topic_that_the_address_names_comes_first(client, tree, address, named):
    make_article(tree, title="Themadag over participatie en uitdaagrecht")

    markup = client.get(address).content.decode()

    assert f'class="named__link" href="{named}"' in markup
    assert markup.index("named__link") < markup.index("row__link")


def test_common_words_suggest_nothing(client, tree):
    make_article(tree, title="Wat hier bestaat en niet")

    assert "Misschien zocht je dit" not in client.get("/bestaat-niet/").content.decode()


def test_drafts_are_not_suggested(client, tree):
    make_article(tree, title="Geheim uitdaagrecht", slug="geheim", live=False)

    assert "Geheim" not in client.get("/uitdaagrecht").content.decode()


def test_nothing_found_is_said_by_saying_nothing(client, tree):
    answer = client.get("/volstrekt/onbekend")

    assert "Misschien zocht je dit" not in answer.content.decode()
    assert "Participatie" in answer.content.decode()


def test_a_404_costs_the_same_queries_for_one_item_and_for_forty(client, tree):
    make_article(tree, title="Uitdaagrecht")
    few = queries_of(client, "/oud/uitdaagrecht")
    for number in range(40):
        make_article(tree, title=f"Uitdaagrecht {number}")

    assert queries_of(client, "/oud/uitdaagrecht") == few


@pytest.mark.parametrize(
    "address",
    [
        *(
            "/wp-login.php",
            "/.env",
            "/.git/config",
            "/a/b/backup.zip",
            "/cgi-bin/luci",
            "/phpmyadmin/index.php",
        ),
        *(
            "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
            "/api/v1/users",
            "/admin",
            "/kennisbank/x.json",
        ),
        *("/" + "a" * 300, "/static/weg.css", "/media/x/y/weg.png"),
    ],
)
def test_what_only_machines_ask_for_costs_no_query(client, tree, address):
    assert queries_of(client, address) == 0


@pytest.mark.parametrize(
    "address", ["/sites/default/files/rapport.pdf", "/node/12", "/kennisbank/de-wp-lezing.html"]
)
def test_what_a_reader_may_ask_for_is_no_probe(address):
    assert not is_probe(address)


def test_only_so_many_searches_are_done_each_second(client, tree, monkeypatch):
    make_article(tree, title="Uitdaagrecht")
    monkeypatch.setattr(suggestions, "searches", Budget(per_second=0, burst=2))

    shown = ["Misschien zocht je dit" in client.get("/oud/uitdaagrecht").content.decode() for _ in range(4)]

    assert shown == [True, True, False, False]


def test_a_budget_fills_up_again_with_time():
    now = [0.0]
    budget = Budget(per_second=2, burst=2, clock=lambda: now[0])
    taken = [budget.take() for _ in range(3)]

    now[0] = 0.5

    assert [*taken, budget.take(), budget.take()] == [True, True, False, True, False]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "/kennisbank/aan-de-slag-met-samenspel/de-tango-van-wethouder",
            ["tango", "wethouder", "samenspel", "kennisbank"],
        ),
        ("/node/123", []),
        ("/a-b-c/12/34", []),
        ("/één-twee-drie-vier-vijf-zes-zeven-acht-negen", ["twee", "drie", "vier", "vijf", "zes", "zeven"]),
        ("/" + "x" * 80, []),
    ],
)
def test_the_words_of_an_address_are_few_and_telling(address, words):
    assert words_in(address) == words
