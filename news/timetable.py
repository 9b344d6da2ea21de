"""Meetings in order of time, in memory for a generation: an agenda changes with the clock, but not with each reader."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from news.models import EventPage
from portal.selection.shelf import LINKED_KEYS, Shelf, get_shelf


class Timetable(Shelf):
    """Every meeting that readers may see; which of them lie ahead is asked of the clock each time."""

    order: tuple[str, str]
    is_past: bool

    def rows(self) -> Iterator[tuple]:
        self.ends = []
        meetings = EventPage.objects.for_readers().order_by(*self.order)
        for pk, kind, title, starts, ends in meetings.values_list(
            "pk", "kind", "title_key", "starts_at", "ends_at"
        ):
            self.ends.append(ends)
            yield pk, kind, timezone.localtime(starts).year, title

    def labels(self) -> Iterator[tuple]:
        """From the shelf of everything, so that the database is not asked again."""
        everything = get_shelf()
        own = everything.items(self.pks)
        for key in LINKED_KEYS:
            for value, having in everything.sets[key].items():
                for pk in everything.newest(own & having, 0, len(self.pks)):
                    yield key, pk, value

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
