"""What a reader sees of meetings that are over, outside the agenda."""

import datetime
import re

import pytest
import time_machine

from portal.templatetags.meetings import event_day, event_flag
from tests.factories import NOON, make_event, make_news

NOW = NOON
DAY = datetime.timedelta(days=1)


@pytest.fixture
def meetings(tree):
    """Four meetings of a theme, in the order in which they were added: long over, far, near, just over."""
    days = {"Lang voorbij": -3000, "Ver": 300, "Dichtbij": 3, "Net voorbij": -3}
    return {
        title: make_event(
            tree,
            title=title,
            themes=[tree.raad],
            starts_at=NOW + number * DAY,
            ends_at=NOW + number * DAY + datetime.timedelta(hours=2),
        )
        for title, number in days.items()
    }


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_theme_shows_the_next_meetings_and_then_those_that_were_last(client, tree, meetings):
    [(_, shown)] = client.get(tree.raad.url).context["groups"]

    assert [item.title for item in shown] == ["Dichtbij", "Ver", "Net voorbij"]


@pytest.mark.parametrize(
    ("titles", "address"),
    [
        (["Net voorbij", "Ver"], "/agenda/?thema=de-raad"),
        (["Net voorbij"], "/agenda/?thema=de-raad&amp;periode=voorbij"),
    ],
)
def test_all_meetings_of_a_theme_stand_in_the_agenda(client, tree, meetings, titles, address):
    for title, event in meetings.items():
        if title not in titles:
            event.unpublish()

    markup = client.get(tree.raad.url).content.decode()

    assert f'href="{address}">Agenda van De Raad' in markup


@pytest.mark.parametrize("path", ["/recent/", "/zoeken/?q=voorbij", "/aan-de-slag-met/de-raad/"])
def test_a_card_says_that_a_meeting_is_over_and_of_which_year(client, tree, meetings, path):
    markup = client.get(path).content.decode()

    assert markup.count(">Geweest<") == len(re.findall(r'data-month="\w{3} ’\d\d"', markup)) > 0


def test_the_agenda_of_what_is_over_does_not_say_it_on_every_card(client, tree, meetings):
    assert ">Geweest<" not in client.get("/agenda/?periode=voorbij").content.decode()


def test_a_related_meeting_says_that_it_is_over(client, tree, meetings):
    item = make_news(tree, themes=[tree.raad])

    assert client.get(item.url).content.decode().count("Bijeenkomst, geweest<") == 2


@pytest.mark.parametrize(
    ("status", "days", "flag"),
    [
        ("gepland", 3, ""),
        ("gepland", -3, "geweest"),
        ("vol", 3, "vol"),
        ("vol", -3, "geweest"),
        ("afgelast", -3, "afgelast"),
    ],
)
def test_a_meeting_that_is_over_is_no_longer_full_but_may_have_been_called_off(tree, status, days, flag):
    event = make_event(tree, status=status, starts_at=NOW + days * DAY, ends_at=NOW + days * DAY)

    assert event_flag(event.contentpage_ptr) == flag


def test_the_square_of_a_meeting_knows_its_year_from_its_card(tree, meetings):
    assert event_day(meetings["Lang voorbij"].contentpage_ptr).month_and_year == "dec ’17"
