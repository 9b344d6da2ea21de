"""How a meeting shows its day, its hours and its state."""

from datetime import UTC, datetime

import pytest

from portal.templatetags.meetings import clock, event_numeral
from tests.factories import make_event


def at(day: int, hour: int, month: int = 12) -> datetime:
    """A moment in the winter of 2090; in Amsterdam it is an hour later."""
    return datetime(2090, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts", "ends", "numeral"),
    [
        (at(3, 9), at(3, 11), "3"),
        (at(3, 9), at(5, 11), "3–5"),
        (at(30, 9, month=11), at(2, 11), "30"),
        (at(3, 22), at(3, 23), "3–4"),
    ],
)
def test_the_numeral_of_a_meeting_is_its_day_or_its_days_within_a_month(tree, starts, ends, numeral):
    event = make_event(tree, starts_at=starts, ends_at=ends)

    assert event_numeral(event) == numeral


@pytest.mark.parametrize(
    ("starts", "ends", "hours"),
    [
        (at(3, 9), at(3, 11), [8, 11, 14, 17, 20]),
        (at(3, 19), at(3, 21), [12, 15, 18, 21, 24]),
        (at(3, 6), at(3, 16), [6, 9, 12, 15, 18]),
        (at(3, 6), at(3, 21), None),
        (at(3, 9), at(4, 11), None),
    ],
)
def test_the_clock_opens_at_the_hour_from_which_twelve_hold_the_meeting(tree, starts, ends, hours):
    face = clock(make_event(tree, starts_at=starts, ends_at=ends))

    assert (face and [hour["text"] for hour in face["hours"]]) == hours


def test_the_clock_takes_a_spoke_of_seats_for_every_half_hour(tree):
    face = clock(make_event(tree, starts_at=at(3, 9), ends_at=at(3, 11)))

    assert sum(seat.is_taken for seat in face["seats"]) == 4 * 3


def test_a_full_meeting_can_still_be_asked_about(client, tree):
    event = make_event(
        tree, starts_at=at(3, 9), ends_at=at(3, 11), status="vol", signup_email="wachtlijst@example.org"
    )

    markup = client.get(event.url).content.decode()

    assert 'href="mailto:wachtlijst@example.org"' in markup
    assert "Meld je aan" not in markup


@pytest.mark.parametrize(("year", "is_shown"), [(2020, True), (2090, False)])
def test_a_report_stands_on_the_page_only_once_the_meeting_is_over(client, tree, year, is_shown):
    event = make_event(
        tree,
        starts_at=at(3, 9).replace(year=year),
        ends_at=at(3, 11).replace(year=year),
        report=[("text", "<p>Er kwamen tien mensen.</p>")],
    )

    markup = client.get(event.url).content.decode()

    assert ("Er kwamen tien mensen." in markup) is is_shown
    assert ('href="#verslag"' in markup) is is_shown
