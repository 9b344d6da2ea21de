"""A list as an Atom feed (RFC 4287): what was added last on top, twenty-five at a time."""

import uuid
from datetime import UTC, datetime
from io import StringIO

from django.conf import settings
from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpResponse
from django.utils.xmlutils import SimplerXMLGenerator

from portal.chrome import get_chrome
from portal.selection.forms.records import Record, absolute, plain, read_records
from portal.selection.selection import Selection

ENTRIES = 25
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
#: The search page has no page in the tree whose key could name its feeds.
SEARCH_KEY = uuid.UUID("5f0c5c0e-6f0a-5a52-9d3b-7d8f0c6b1a11")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Writer:
    """An XML document, element by element."""

    def __init__(self):
        self.text = StringIO()
        self.xml = SimplerXMLGenerator(self.text, "utf-8", short_empty_elements=True)
        self.xml.startDocument()

    def open(self, name: str, **attributes: str):
        self.xml.startElement(name, attributes)

    def close(self, name: str):
        self.xml.endElement(name)

    def add(self, name: str, text: str = "", **attributes: str):
        """One element; a colon in an attribute's name is written as two underscores."""
        self.open(name, **{key.replace("__", ":"): value for key, value in attributes.items()})
        if text:
            self.xml.characters(text)
        self.close(name)


def feed_key(selection: Selection) -> str:
    """The lasting name of this feed: of the list's page and the filters, whatever the host or the title becomes."""
    space = getattr(selection.owner, "translation_key", SEARCH_KEY)
    return uuid.uuid5(space, f"feed.atom{selection.filters.change(sorteer='').query}").urn


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(writer: Writer, item: Record):
    writer.open("entry")
    writer.add("id", uuid.UUID(item.key).urn)
    writer.add("title", item.title, type="text")
    writer.add("link", rel="alternate", type="text/html", href=item.url)
    writer.add("published", _moment(item.added_at))
    writer.add("updated", _moment(item.changed_at))
    for name in [person.name for person in item.authors] or [sender.name for sender in item.senders]:
        writer.open("author")
        writer.add("name", name)
        writer.close("author")
    schemes = {"soort": [item.kind], "thema": item.themes, "onderwerp": item.topics, "rol": item.roles}
    for key, names in schemes.items():
        for named in names:
            writer.add("category", term=named.slug, scheme=absolute(f"/zoeken/#{key}"), label=named.name)
    if item.is_example:
        writer.add("category", term="voorbeeld", scheme=absolute("/zoeken/#voorbeeld"), label="Voorbeeld")
    writer.add("summary", item.summary, type="text")
    writer.close("entry")


def _head(writer: Writer, selection: Selection, updated: datetime, pages):
    identity = get_chrome().settings
    site = plain(identity.name) if identity else settings.WAGTAIL_SITE_NAME
    plain_title = plain(selection.owner.title) if selection.owner else selection.heading
    title = plain_title if selection.filters.is_plain else plain(selection.heading)
    url = absolute(selection.address("atom"))
    joint = "&" if "?" in url else "?"
    addresses = {
        number: f"{url}{joint}pagina={number}" if number > 1 else url for number in pages.paginator.page_range
    }
    writer.add("id", feed_key(selection))
    writer.add("title", f"{title} – {site}", type="text")
    writer.add("updated", _moment(updated))
    writer.open("author")
    writer.add("name", plain(identity.publisher) or site if identity else site)
    writer.close("author")
    writer.add("link", rel="self", type="application/atom+xml", href=addresses[pages.number])
    list_filters = selection.filters.change(sorteer="", periode="")
    writer.add("link", rel="alternate", type="text/html", href=absolute(selection.url_of(list_filters)))
    if pages.has_other_pages():
        writer.add("link", rel="first", type="application/atom+xml", href=url)
    if pages.has_previous():
        writer.add("link", rel="previous", type="application/atom+xml", href=addresses[pages.number - 1])
    if pages.has_next():
        writer.add("link", rel="next", type="application/atom+xml", href=addresses[pages.number + 1])


def atom_response(selection: Selection) -> HttpResponse:
    """The feed of a selection; a page number past the last raises Http404."""
    try:
        pages = Paginator(selection.newest_keys, ENTRIES).page(selection.filters.pagina)
    except EmptyPage as error:
        raise Http404("Deze pagina van de lijst bestaat niet.") from error
    items = list(read_records(list(pages.object_list)))
    updated = max([item.changed_at for item in items], default=None)
    updated = updated or getattr(selection.owner, "last_published_at", None) or LONG_AGO
    writer = Writer()
    writer.open("feed", xmlns="http://www.w3.org/2005/Atom", **{"xml:lang": "nl"})
    _head(writer, selection, updated, pages)
    for item in items:
        _entry(writer, item)
    writer.close("feed")
    return HttpResponse(writer.text.getvalue(), content_type=MEDIA_TYPE)
