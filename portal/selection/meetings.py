"""When every meeting is, in memory for a generation: cards and themes tell what is to come from what is over."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from portal.chrome import get_chrome
from portal.kept import Kept
from portal.models.cards import event_model
from portal.selection.shelf import get_shelf, read_moment


def _moments(text: str) -> tuple[datetime, datetime]:
    starts, _, ends = text.partition("|")
    return read_moment(starts), read_moment(ends)


class Meetings:
    """Begin and end of every meeting that readers may see, and where their list is; the clock is asked each time."""

    def __init__(self, before: "Meetings | None" = None):
        shelf, agenda = get_shelf(), event_model().allowed_parent_page_models()[0]
        self.made_from = shelf.meetings
        if before and before.made_from is self.made_from:  # no meeting changed, came or went
            self.moments, self.in_order = before.moments, before.in_order
        else:
            moments = self.moments = {pk: _moments(text) for pk, text in shelf.meetings.items()}
            #: Every meeting, the first to start on top.
            self.in_order = sorted(moments, key=lambda pk: (moments[pk][0], pk))
        type_id = ContentType.objects.get_for_model(agenda).pk
        self.address = next((room.url for room in get_chrome().rooms if room.type_id == type_id), "")
        #: The period of the agenda that holds what is over.
        self.over_period = agenda.past

    def ends_at(self, pk: int | None) -> datetime | None:
        """When an item ends, if it is a meeting that readers may see."""
        return self.moments.get(pk, (None, None))[1]

    def in_turn(self, pks: Iterable[int]) -> tuple[list[int], list[int]]:
        """Of these items the meetings to come, the first on top, and those that are over, the last one on top."""
        now, wanted, coming, over = timezone.now(), set(pks), [], []
        for pk in filter(wanted.__contains__, self.in_order):
            (over if self.moments[pk][1] < now else coming).append(pk)
        return coming, over[::-1]

    def are_coming(self, pks: Iterable[int]) -> bool:
        """Whether any of these items is a meeting that has not ended."""
        now = timezone.now()
        return any(pk in self.moments and self.moments[pk][1] >= now for pk in pks)


#: The meetings of this generation.
get_meetings = Kept(Meetings, lambda before, changed: Meetings(before)).get
