"""Dates and moments as content files write them, in the time of Amsterdam."""

import datetime
import re

from django.utils import timezone

from portal.text import MONTHS

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
COUNTED = re.compile(r"today([+-]\d{1,4})?(?:[ T](\d{1,2}:\d{2}))?")
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:\d{2})?)?")
FIRST_YEAR, LAST_YEAR = 1900, 2200
DUTCH_DAY = re.compile(r"(?:[a-z]{2,9} )?(\d{1,2})(?:[-/.]| )(\d{1,2}|[a-z]{3,9})\.?(?:[-/.]| )(\d{4})")


def read_date(text: str) -> datetime.date:
    """`2026-03-02` or `today-3`. Raises ValueError with a plain reason."""
    counted = COUNTED.fullmatch(text)
    if counted and not counted[2]:
        return _counted_day(counted)
    if not (DAY.fullmatch(text) and text.isascii()):
        raise ValueError(f"{text!r} is not a date: write it as 2026-03-02")
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a day that exists") from error
    _check_year(day.year, text)
    return day


def read_written_date(text: str) -> datetime.date:
    """A day as lists of an old site write it: 2018-02-06, also with a time, 6-2-2018 or 6 februari 2018.

    Raises ValueError with a plain reason. A moment with an offset is the day it was in Amsterdam.
    """
    text = " ".join(text.lower().split())
    match = MOMENT.fullmatch(text.upper()) if text.isascii() else None
    if match and match[2] and match[3]:
        zone = timezone.get_default_timezone()
        day = read_moment(text.upper()).astimezone(zone).date()
    elif match:
        day = read_date(match[1])
    else:
        written = DUTCH_DAY.fullmatch(text) if text.isascii() else None
        month = _month_number(written[2]) if written else 0
        if not month:
            raise ValueError(f"{text!r} is not a date: write it as 2026-03-02")
        try:
            day = datetime.date(int(written[3]), month, int(written[1]))
        except ValueError as error:
            raise ValueError(f"{text!r} is not a day that exists") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{text!r} is not between the years {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _month_number(text: str) -> int:
    """1 to 12 for a number or a Dutch name, in full or its first three letters (mrt too); else 0."""
    if text.isdigit():
        return int(text) if 1 <= int(text) <= 12 else 0
    names = [*MONTHS, *(name[:3] for name in MONTHS), "mrt", "sept"]
    numbers = [*range(1, 13), *range(1, 13), 3, 9]
    return dict(zip(names, numbers, strict=True)).get(text, 0)


def read_moment(text: str) -> datetime.datetime:
    """`2026-03-02T13:30` (Amsterdam), the same with an offset, or `today+14 13:30`. Raises ValueError with a reason."""
    counted = COUNTED.fullmatch(text)
    if counted and counted[2]:
        day, clock, offset = _counted_day(counted).isoformat(), counted[2].zfill(5), ""
    else:
        match = MOMENT.fullmatch(text) if text.isascii() else None
        if not match or not match[2]:
            raise ValueError(f"{text!r} is not a moment: write it as 2026-03-02T13:30")
        day, clock, offset = match[1], match[2], match[3] or ""
    try:
        moment = datetime.datetime.fromisoformat(f"{day}T{clock}{offset}")
    except ValueError as error:
        raise ValueError(f"{text!r} is not a moment that exists") from error
    _check_year(moment.year, text)
    return moment if offset else localise(moment, text)


def _check_year(year: int, text: str):
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{text!r} is not between the years {FIRST_YEAR} and {LAST_YEAR}")


def localise(moment: datetime.datetime, text: str = "") -> datetime.datetime:
    """This clock time in Amsterdam; ValueError when the clock never shows it, or shows it twice."""
    zone = timezone.get_default_timezone()
    local = moment.replace(tzinfo=zone)
    if local.astimezone(datetime.UTC).astimezone(zone).replace(tzinfo=None) != moment:
        raise ValueError(f"{text or moment} does not exist: the clock is put forward over it")
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise ValueError(f"{text or moment} exists twice: the clock is put back over it, so add the offset")
    return local


def write_moment(moment: datetime.datetime) -> str:
    """The shortest text that `read_moment` reads as this moment."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    plain = local.replace(tzinfo=None, fold=0)
    text = plain.isoformat(timespec="auto" if plain.second or plain.microsecond else "minutes")
    try:
        localise(plain)
    except ValueError:
        return text + local.strftime("%:z")
    return text


def _counted_day(counted: re.Match) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=int(counted[1] or 0))
