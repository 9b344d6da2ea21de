"""Meetings in order of time, in memory for a generation: an agenda changes with the clock, but not with each reader."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from news.models import EventPage
from portal.selection.shelf import LINKED_KEYS, Shelf, get_shelf


class Timetable(Shelf):
    """Every meeting that readers may see; which of them lie ahead is asked of the clock each time."""

    order: tuple[str, str]
    is_past: bool

    def read(self) -> tuple[list[int], Iterator[tuple]]:
        """The meetings from the database, and how they are filed from the shelf of everything."""
        meetings = EventPage.objects.for_readers().order_by(*self.order)
        pks, self.ends, of_year = [], [], defaultdict(list)
        for pk, starts, ends in meetings.values_list("pk", "starts_at", "ends_at"):
            pks.append(pk)
            self.ends.append(ends)
            of_year[timezone.localtime(starts).year].append(pk)
        return pks, self._labels(pks, of_year)

    @staticmethod
    def _labels(pks: list[int], of_year: dict[int, list[int]]) -> Iterator[tuple]:
        """The year is that of the meeting."""
        everything = get_shelf()
        own = everything.items(pks)
        for year, held in of_year.items():
            yield "jaar", year, held
        for key in ("soort", *LINKED_KEYS):
            for value, having in everything.sets[key].items():
                yield key, value, everything.newest(own & having, 0, len(pks))

    def base(self, name: str, items: QuerySet) -> int:
        now = timezone.now()
        return self.set_of(place for place, end in enumerate(self.ends) if (end < now) is self.is_past)


class Coming(Timetable):
    """The first to start on top."""

    order = ("starts_at", "pk")
    is_past = False


class Past(Timetable):
    """The last one on top."""

    order = ("-starts_at", "-pk")
    is_past = True
