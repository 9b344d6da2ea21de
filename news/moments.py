"""Days and times of a meeting in Dutch words, in the time of Amsterdam.

Always in the language of the site: what a card says is written when an editor saves, whose own language may be another.
"""

from datetime import datetime

from django.utils import timezone

from portal.text import MONTHS

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


def _date(moment, form: str) -> str:
    """A date in Django's letters for day (j), weekday (l), month (F) and year (Y), with a space between them."""
    parts = {
        "l": DAYS[moment.weekday()],
        "j": str(moment.day),
        "F": MONTHS[moment.month - 1],
        "Y": str(moment.year),
    }
    return " ".join(parts[letter] for letter in form.split())


def _clock(moment: datetime) -> str:
    """The time as Dutch writes it: "9.00", "13.30"."""
    return f"{moment.hour}.{moment.minute:02}"


def month_line(moment: datetime) -> str:
    """The month: "december 2025"."""
    return _date(timezone.localtime(moment), "F Y")


def day_line(starts_at: datetime, ends_at: datetime) -> str:
    """The day or days: "3 december 2025", "3 en 4 december 2025", "30 november tot en met 2 december 2025"."""
    first, last = timezone.localtime(starts_at).date(), timezone.localtime(ends_at).date()
    if first == last:
        return _date(first, "j F Y")
    if (first.year, first.month) == (last.year, last.month):
        joint = "en" if (last - first).days == 1 else "tot en met"
        return f"{first.day} {joint} {_date(last, 'j F Y')}"
    form = "j F" if first.year == last.year else "j F Y"
    return f"{_date(first, form)} tot en met {_date(last, 'j F Y')}"


def moment_line(starts_at: datetime, ends_at: datetime, *, all_day: bool = False) -> str:
    """Day and time: "woensdag 3 december 2025, 13.00–16.30 uur"; more days: from moment to moment."""
    first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
    one_day = first.date() == last.date()
    if all_day:
        days = day_line(starts_at, ends_at)
        return f"{_date(first, 'l')} {days}" if one_day else days
    if one_day:
        times = _clock(first) if first == last else f"{_clock(first)}–{_clock(last)}"
        return f"{_date(first, 'l j F Y')}, {times} uur"
    form = "l j F" if first.year == last.year else "l j F Y"
    return f"{_date(first, form)}, {_clock(first)} uur, tot {_date(last, 'l j F Y')}, {_clock(last)} uur"
