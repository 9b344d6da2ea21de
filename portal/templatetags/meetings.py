"""What templates say of a meeting: its days, its state, and the chamber as its clock.

A card knows a meeting by its line ("3 december 2025 · Utrecht · vol"), its page by its moments.
"""

import math
import re
from dataclasses import dataclass

from django import template
from django.utils import timezone

from portal.selection.meetings import get_meetings
from portal.text import MONTHS

register = template.Library()

#: When the clock of a meeting may begin: the first that holds the meeting.
CLOCK_OPENS = (8, 12, 6, 0)
EVENT_STATES = ("vol", "verplaatst", "afgelast")
SHORT_MONTHS = {month: "mrt" if month == "maart" else month[:3] for month in MONTHS}
DAY = re.compile(
    rf"^(\d{{1,2}})(?: (?:en|tot en met) \d{{1,2}})? ({'|'.join(MONTHS)})(?: (\d{{4}}))?.*?(\d{{4}})?(?: · |$)"
)


@register.filter
def is_over(item) -> bool:
    """Whether an item is a meeting that has ended."""
    if item.kind != "bijeenkomst":
        return False
    # A card and the meeting itself know when it ends; what an editor chose in a text does not.
    ends_at = vars(item).get("ends_at") or get_meetings().ends_at(item.pk)
    return ends_at is not None and ends_at < timezone.now()


@dataclass(frozen=True)
class Day:
    """What the square of an event shows."""

    number: str
    month: str
    year: str

    @property
    def month_and_year(self) -> str:
        """Short enough for the square: "jun ’18"."""
        return f"{self.month} ’{self.year[2:]}"


@register.filter
def event_day(item) -> Day | None:
    """The day of an event, from its own moment or from its card line; None for anything else."""
    if starts_at := getattr(item, "starts_at", None):
        first = timezone.localtime(starts_at)
        return Day(str(first.day), SHORT_MONTHS[MONTHS[first.month - 1]], str(first.year))
    if item.kind == "bijeenkomst" and (found := DAY.match(item.card_line)):
        return Day(found[1], SHORT_MONTHS[found[2]], found[3] or found[4] or "")
    return None


@register.filter
def event_numeral(event) -> str:
    """The day or days of an event as its page shows them: "16", "4–6"; only the first where months differ."""
    first, last = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    is_in_one_month = (first.year, first.month) == (last.year, last.month)
    return f"{first.day}–{last.day}" if is_in_one_month and first.day != last.day else str(first.day)


@register.filter
def event_days(item) -> str:
    """The day or days of an event as a card says them; "" for anything else."""
    return item.card_line.partition(" · ")[0] if item.kind == "bijeenkomst" else ""


@register.filter
def first_day(item) -> str:
    """The first day of an event in the one form of a date, "4 juni 2018"; "" for anything else."""
    found = DAY.match(item.card_line) if item.kind == "bijeenkomst" else None
    return f"{found[1]} {found[2]} {found[3] or found[4] or ''}".strip() if found else ""


@register.filter
def own_line(item) -> str:
    """What a card says beside kind, date and state: an event's place, or the line of its kind."""
    if item.kind != "bijeenkomst":
        return item.card_line
    return item.card_line.partition(" · ")[2].removesuffix(event_state(item)).removesuffix(" · ")


@register.filter
def event_state(item) -> str:
    """What is not as planned with an event, as its card line ends: "vol", "verplaatst", "afgelast"; else ""."""
    last = item.card_line.rpartition(" · ")[2] if item.kind == "bijeenkomst" else ""
    return last if last in EVENT_STATES else ""


@register.filter
def event_flag(item) -> str:
    """The state of an event for its card: that it is over says more than that it was full, but not that it was off."""
    state = event_state(item)
    return "geweest" if state != "afgelast" and is_over(item) else state


@register.filter
def is_off(item) -> bool:
    """Whether an event was called off, from its own status or its card line."""
    status = getattr(item, "status", None)
    return (event_state(item) if status is None else status) == "afgelast"


@dataclass(frozen=True)
class Seat:
    """One seat of the clock."""

    x: float
    y: float
    r: float
    is_taken: bool


@register.simple_tag
def clock(event) -> dict | None:
    """The chamber as a clock of twelve hours: every spoke of seats is half an hour, the taken ones are the meeting.

    It opens at eight, or at noon for an evening; None where it says nothing: all day, more days, or more hours.
    """
    starts, ends = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    first, last = starts.hour + starts.minute / 60, ends.hour + ends.minute / 60
    opens = next((hour for hour in CLOCK_OPENS if hour <= first and last <= hour + 12), None)
    if event.all_day or starts.date() != ends.date() or opens is None:
        return None
    seats = []
    for half_hour in range(24):
        angle = math.pi - math.pi * (half_hour + 0.5) / 24
        begins = opens + half_hour / 2
        taken = begins + 0.5 > first and begins < last
        for distance, radius in ((160, 9), (136, 7.6), (113, 6.3)):
            x, y = 240 + distance * math.cos(angle), 196 - distance * math.sin(angle)
            seats.append(Seat(round(x, 1), round(y, 1), radius, taken))
    hours = []
    for hour in range(opens, opens + 13, 3):
        angle = math.pi - math.pi * (hour - opens) / 12
        x, y = 240 + 190 * math.cos(angle), min(202 - 183 * math.sin(angle), 193)
        hours.append({"x": round(x), "y": round(y), "text": hour})
    return {"seats": seats, "hours": hours}
