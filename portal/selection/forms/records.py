"""An item as every form of output tells it: plain values, read in chunks with a constant number of queries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from portal.models import ContentAuthor, ContentMunicipality, ContentPage, ContentSender
from portal.selection.vocabulary import Choice, get_vocabulary

CHUNK = 500
_LINE_BREAKS = re.compile(r"\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# Control characters, lone halves of a pair, the byte order mark, and code points that XML cannot hold.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")


def plain(text: str) -> str:
    """The text as it stands, on one line and without control characters: safe in XML, CSV and a calendar."""
    return _FORBIDDEN.sub("", _LINE_BREAKS.sub(" ", text).replace("\t", " "))


def paragraphs(text: str) -> str:
    """The same, but a line break stays one."""
    return _FORBIDDEN.sub("", _LINE_BREAKS.sub("\n", text).replace("\t", " "))


@dataclass(frozen=True)
class Named:
    """The name of something an item is filed under, and how an address writes it."""

    name: str
    slug: str


@dataclass(frozen=True)
class Record:
    """What is said of one item outside its own page."""

    key: str
    title: str
    kind: Named
    published_on: date | None
    added_at: datetime
    changed_at: datetime
    themes: list[Named]
    topics: list[Named]
    roles: list[Named]
    municipalities: list[Named]
    authors: list[Named]
    senders: list[Named]
    summary: str
    url: str
    is_example: bool


def with_filing(items: QuerySet) -> QuerySet:
    """The items with all they are filed under: seven queries for any number of them."""
    return items.defer("body").prefetch_related(
        "themes",
        "topics",
        "roles",
        Prefetch(
            "municipality_links",
            ContentMunicipality.objects.select_related("municipality").defer("municipality__path"),
        ),
        Prefetch("author_links", ContentAuthor.objects.select_related("person")),
        Prefetch("sender_links", ContentSender.objects.select_related("organisation")),
    )


def absolute(url: str) -> str:
    """The address with the host of the portal."""
    return urljoin(f"{settings.SITE_URL}/", url)


def changed_at(item) -> datetime:
    """When the item was last published; for one that was loaded, when it was added."""
    return max(filter(None, [item.last_published_at, item.added_at]))


def _named(choices: list[Choice]) -> list[Named]:
    return [Named(plain(choice.label), choice.value) for choice in choices]


def _subjects(key: str, pages) -> list[Named]:
    """Only themes and topics that readers may see, in the order of the site."""
    wanted = {page.pk for page in pages}
    return _named([c for number, c in get_vocabulary().by_id.get(key, {}).items() if number in wanted])


def _linked(rows) -> list[Named]:
    return [Named(plain(row.name), row.slug) for row in rows]


def record(item: ContentPage, request) -> Record:
    """One item of `with_filing()` as plain values, without a query."""
    return Record(
        key=str(item.translation_key),
        title=plain(item.title),
        kind=Named(item.kind_label, item.kind),
        published_on=item.published_on,
        added_at=item.added_at,
        changed_at=changed_at(item),
        themes=_subjects("thema", item.themes.all()),
        topics=_subjects("onderwerp", item.topics.all()),
        roles=_linked(item.roles.all()),
        municipalities=_linked(link.municipality for link in item.municipality_links.all()),
        authors=_linked(link.person for link in item.author_links.all()),
        senders=_linked(link.organisation for link in item.sender_links.all()),
        summary=plain(item.summary),
        url=absolute(item.get_url(request) or ""),
        is_example=item.is_example,
    )


def read_records(items: QuerySet, request) -> Iterator[Record]:
    """Every item in the order of the queryset. The order is read first, so that a change meanwhile moves nothing."""
    keys = list(items.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        found = {item.pk: item for item in with_filing(ContentPage.objects.filter(pk__in=part))}
        for pk in part:
            if pk in found:
                yield record(found[pk], request)
