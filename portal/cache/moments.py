"""What readers see changes by itself when a meeting ends, and each night."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from portal import generation
from portal.models.cards import event_model
from portal.selection.forms.calendar import KEPT_DAYS

NIGHT = (3, 30)  # local time at which everything is made anew, whatever happened


def last_raised() -> datetime:
    """The moment at which the current generation began."""
    return datetime.fromtimestamp(generation.current() / 1e9, UTC)


def has_passed(since: datetime, now: datetime) -> bool:
    """Whether a meeting ended, or left the calendars that are followed, between two moments."""
    ended = event_model().objects.live()
    return any(
        ended.filter(ends_at__gte=since - delay, ends_at__lt=now - delay).exists()
        for delay in (timedelta(), timedelta(days=KEPT_DAYS))
    )


def is_night_over(since: datetime, now: datetime) -> bool:
    """Whether the night's renewal falls between two moments."""
    local = timezone.localtime(now)
    night = local.replace(hour=NIGHT[0], minute=NIGHT[1], second=0, microsecond=0)
    if night > local:
        night -= timedelta(days=1)
    return since < night


def raise_when_passed() -> bool:
    """Start a new generation when time alone has changed what readers see."""
    since, now = last_raised(), timezone.now()
    if is_night_over(since, now):
        generation.raise_now()
    elif has_passed(since, now):
        generation.raise_now(pages=())
    else:
        return False
    return True
