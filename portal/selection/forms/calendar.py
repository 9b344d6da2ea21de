"""The meetings of a list, or one meeting, as a calendar (RFC 5545)."""

from datetime import UTC, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, vText

from portal.chrome import get_chrome
from portal.models.cards import event_model
from portal.selection.forms.records import absolute, changed_at, paragraphs, plain
from portal.selection.selection import Selection

MEDIA_TYPE = "text/calendar; charset=utf-8"
KEPT_DAYS = 90  # how long a calendar that is followed keeps what is past
MOST_EVENTS = 1000
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# The rules of the European Union since 1996; a rule is read by every calendar, a list of moments is not.
TIMEZONE = """BEGIN:VTIMEZONE\r
TZID:Europe/Amsterdam\r
BEGIN:DAYLIGHT\r
TZNAME:CEST\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
DTSTART:19960331T020000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
TZNAME:CET\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
DTSTART:19961027T030000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
END:STANDARD\r
END:VTIMEZONE\r
"""


class Text(vText):
    """Text that comes back as it was; the library itself makes a line break of a backslash before a capital N."""

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


def events_of(selection: Selection) -> QuerySet:
    """The meetings of a selection that are to come or ended less than ninety days ago, the first on top."""
    since = timezone.now() - timedelta(days=KEPT_DAYS)
    model = event_model()
    if issubclass(selection.base_items.model, model):
        selection = selection.over(model.objects.for_readers())
    events = model.objects.filter(pk__in=selection.items.values("pk"), ends_at__gte=since)
    return events.defer("body", "report").order_by("starts_at", "pk")[:MOST_EVENTS]


def _address(url: str) -> str:
    """An address that cannot end its line."""
    return quote(plain(url), safe=":/?#[]@!$&'()*+,;=%~-._")


def _description(event, url: str) -> str:
    lines = [
        event.status_note and f"Let op: {event.status_note}",
        event.summary,
        event.organiser and f"Organisatie: {event.organiser}",
        event.online_url and f"Online: {event.online_url}",
        event.signup_url and f"Aanmelden: {event.signup_url}",
        event.signup_email and f"Aanmelden: {event.signup_email}",
        f"Meer: {url}",
    ]
    return paragraphs("\n\n".join(line for line in lines if line))


def _add_times(entry: Event, event):
    first, last = timezone.localtime(event.starts_at, AMSTERDAM), timezone.localtime(event.ends_at, AMSTERDAM)
    if event.all_day:
        entry.add("dtstart", first.date())
        entry.add("dtend", last.date() + timedelta(days=1))  # a calendar counts to the day after the last
    else:
        entry.add("dtstart", first)
        if last > first:
            entry.add("dtend", last)


def calendar_entry(event, request) -> Event:
    """One meeting; its UID and address stay, whatever else changes."""
    url = absolute(event.get_url(request) or "")
    title = plain(event.title)
    entry = Event()
    entry.add("uid", str(event.translation_key))
    entry.add("dtstamp", changed_at(event).astimezone(UTC))
    entry.add("last-modified", changed_at(event).astimezone(UTC))
    entry.add("sequence", event.sequence)
    entry.add("summary", Text(f"Voorbeeld: {title}" if event.is_example else title))
    _add_times(entry, event)
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    entry.add("url", _address(url))
    entry.add("description", Text(_description(event, url)))
    where = plain(event.location) or (_address(event.online_url) if event.online_url else "")
    if where:
        entry.add("location", Text(where))
    if event.is_example:
        entry.add("categories", ["Voorbeeld"])
    return entry


def calendar_response(name: str, events, request) -> HttpResponse:
    """The meetings as a calendar called `name`."""
    identity = get_chrome().settings
    site = plain(identity.name) if identity else "Lokale Democratie"
    calendar = Calendar()
    calendar.add("prodid", Text(f"-//{site}//Agenda//NL"))
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    title = Text(f"{plain(name)} – {site}")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    calendar.add_component(Timezone.from_ical(TIMEZONE))
    for event in events:
        calendar.add_component(calendar_entry(event, request))
    return HttpResponse(calendar.to_ical(), content_type=MEDIA_TYPE)
