"""What the search log tells editors: what is looked for, what is not found, and what nobody opens."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from portal.search.models import SearchQuery

PERIODS = (7, 30, 90)
MOST_LINES = 50
OFTEN = 3  # searches from which "nobody opened a result" says something


@dataclass(frozen=True)
class Line:
    """One search as the report shows it."""

    words: str
    searches: int
    hits: int
    opened: int


@dataclass(frozen=True)
class Bar:
    """One day of the chart, in the units of its viewBox."""

    day: datetime.date
    searches: int
    x: int
    y: int
    height: int


CHART_HEIGHT = 100
BAR_WIDTH = 10


def _since(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def _lines(days: int):
    """Searches by their words; a note of an opened result is no search of its own."""
    asked = Q(clicked_rank=None)
    return (
        SearchQuery.objects.filter(asked_at__gte=_since(days))
        .order_by()
        .values("query")
        .annotate(
            searches=Count("pk", filter=asked),
            opened=Count("clicked_rank"),
            fewest=Min("hits", filter=asked & Q(selection="")),
            most=Max("hits"),
        )
        .filter(searches__gt=0)
        .order_by("-searches", "query")
    )


def _read(lines) -> list[Line]:
    return [Line(row["query"], row["searches"], row["most"], row["opened"]) for row in lines[:MOST_LINES]]


def most_asked(days: int) -> list[Line]:
    """What is looked for most."""
    return _read(_lines(days))


def not_found(days: int) -> list[Line]:
    """What found nothing in the whole site."""
    return _read(_lines(days).filter(fewest=0))


def never_opened(days: int) -> list[Line]:
    """What was found often and never led anyone to a page."""
    return _read(_lines(days).filter(searches__gte=OFTEN, most__gt=0, opened=0))


def chart(days: int) -> list[Bar]:
    """How many searches there were on each day, today last."""
    counts = dict(
        SearchQuery.objects.filter(asked_at__gte=_since(days), clicked_rank=None)
        .order_by()
        .annotate(day=TruncDate("asked_at"))
        .values("day")
        .annotate(searches=Count("pk"))
        .values_list("day", "searches")
    )
    today = timezone.localdate()
    most = max(counts.values(), default=0) or 1
    bars = []
    for place in range(days):
        day = today - datetime.timedelta(days=days - 1 - place)
        searches = counts.get(day, 0)
        height = round(CHART_HEIGHT * searches / most)
        bars.append(Bar(day, searches, place * BAR_WIDTH, CHART_HEIGHT - height, height))
    return bars
