"""Days and times of a meeting in Dutch words, in the time of Amsterdam."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def day_line(starts_at: datetime, ends_at: datetime) -> str:
    """The day or days: "3 december 2025", "3 en 4 december 2025", "30 november tot en met 2 december 2025"."""
    first, last = timezone.localtime(starts_at).date(), timezone.localtime(ends_at).date()
    if first == last:
        return date_format(first, "j F Y")
    if (first.year, first.month) == (last.year, last.month):
        joint = "en" if (last - first).days == 1 else "tot en met"
        return f"{first.day} {joint} {date_format(last, 'j F Y')}"
    form = "j F" if first.year == last.year else "j F Y"
    return f"{date_format(first, form)} tot en met {date_format(last, 'j F Y')}"


def moment_line(starts_at: datetime, ends_at: datetime, *, all_day: bool = False) -> str:
    """Day and time: "woensdag 3 december 2025, 13.00–16.30 uur"; more days: from moment to moment."""
    first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
    one_day = first.date() == last.date()
    if all_day:
        return (
            f"{date_format(first, 'l')} {day_line(starts_at, ends_at)}"
            if one_day
            else day_line(starts_at, ends_at)
        )
    if one_day:
        times = f"{date_format(first, 'H.i')}–{date_format(last, 'H.i')} uur"
        return f"{date_format(first, 'l j F Y')}, {times}"
    return f"{date_format(first, 'l j F Y, H.i')} uur tot {date_format(last, 'l j F Y, H.i')} uur"
