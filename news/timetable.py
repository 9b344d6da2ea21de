"""Meetings in order of time, in memory for a generation: an agenda changes with the clock, but not with each reader."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Self

from django.db.models import QuerySet
from django.utils import timezone

from portal.selection.inventory import LINKED_KEYS
from portal.selection.meetings import get_meetings
from portal.selection.shelf import Shelf, get_shelf


class Timetable(Shelf):
    """Every meeting that readers may see; which of them lie ahead is asked of the clock each time."""

    is_past: bool

    #: What the shelf of everything knew of meetings when this was made, and when each ends.
    made_from: dict
    ends: list[datetime]

    @classmethod
    def read(cls) -> Self:
        """From the shelf of everything: which there are, when, and how they are filed."""
        everything, meetings = get_shelf(), get_meetings()
        # One that is there for either of the two alone came or went just now, and will be told.
        pks, moments = [pk for pk in meetings.in_order if pk in everything.meetings], meetings.moments
        if cls.is_past:
            pks.reverse()
        of_year = defaultdict(list)
        for pk in pks:
            of_year[timezone.localtime(moments[pk][0]).year].append(pk)
        timetable = cls(pks)
        timetable.file(cls._labels(everything, pks, of_year))
        timetable.made_from, timetable.ends = everything.meetings, [moments[pk][1] for pk in pks]
        return timetable

    def renewed(self, changed: set[int]) -> Self | None:
        """The same as long as no meeting changed; what searches found is not taken along."""
        if get_shelf().meetings is not self.made_from:
            return None
        timetable = type(self)(self.pks, self.sets, self.places)
        timetable.made_from, timetable.ends = self.made_from, self.ends
        return timetable

    @staticmethod
    def _labels(everything: Shelf, pks: list[int], of_year: dict[int, list[int]]) -> Iterator[tuple]:
        """The year is that of the meeting."""
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

    is_past = False


class Past(Timetable):
    """The last one on top."""

    is_past = True
