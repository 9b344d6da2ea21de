"""An item as every form of output tells it: plain values, read in chunks with a constant number of queries."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from wagtail.models import Site

from portal.models import ContentPage, Kind
from portal.selection.queries import through
from portal.selection.vocabulary import get_vocabulary

CHUNK = 500
FIELDS = (
    "pk",
    "translation_key",
    "title",
    "kind",
    "published_on",
    "added_at",
    "last_published_at",
    "summary",
    "url_path",
    "is_example",
)
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


def absolute(url: str) -> str:
    """The address with the host of the portal."""
    return urljoin(f"{settings.SITE_URL}/", url)


def changed_at(item) -> datetime:
    """When an item (a page, or a row of one) was last published; for one that was loaded, when it was added."""
    return max(filter(None, [item.last_published_at, item.added_at]))


def addresses() -> Callable[[str], str]:
    """From the `url_path` of a page to its absolute address, without a query per page."""
    root = next((site.root_path for site in Site.get_site_root_paths()), "/")

    def address(url_path: str) -> str:
        return absolute(reverse("wagtail_serve", args=[url_path.removeprefix(root)]))

    return address


def _named_links(key: str, keys: list[int]) -> dict[int, list[Named]]:
    """People or organisations of each item, in the editor's order."""
    model, item, value = through(key)
    target = value.removesuffix("_id")
    rows = model.objects.filter(**{f"{item}__in": keys}).order_by("sort_order", "pk")
    named: dict[int, list[Named]] = {}
    for pk, name, slug in rows.values_list(item, f"{target}__name", f"{target}__slug"):
        named.setdefault(pk, []).append(Named(plain(name), slug))
    return named


def _chosen_links(key: str, keys: list[int]) -> dict[int, list[Named]]:
    """What each item is filed under, of what readers may see: in the order of the site, or the editor's for places."""
    model, item, value = through(key)
    known = get_vocabulary().by_id.get(key, {})
    place = {number: place for place, number in enumerate(known)}
    rows = model.objects.filter(**{f"{item}__in": keys})
    if key == "gemeente":
        pairs = list(rows.order_by("sort_order", "pk").values_list(item, value))
    else:
        pairs = sorted(rows.order_by().values_list(item, value), key=lambda pair: place.get(pair[1], 0))
    filed: dict[int, list[Named]] = {}
    for pk, number in pairs:
        if choice := known.get(number):
            filed.setdefault(pk, []).append(Named(plain(choice.label), choice.value))
    return filed


def _read_chunk(keys: list[int], address: Callable[[str], str]) -> dict[int, Record]:
    """The items of `keys`, in seven queries."""
    filed = {key: _chosen_links(key, keys) for key in ("thema", "onderwerp", "rol", "gemeente")}
    filed |= {key: _named_links(key, keys) for key in ("auteur", "afzender")}
    labels = dict(Kind.choices)
    records = {}
    for row in ContentPage.objects.filter(pk__in=keys).values_list(*FIELDS, named=True):
        groups = [filed[key].get(row.pk, []) for key in filed]
        records[row.pk] = Record(
            str(row.translation_key),
            plain(row.title),
            Named(labels.get(row.kind, row.kind), row.kind),
            row.published_on,
            row.added_at,
            changed_at(row),
            *groups,
            plain(row.summary),
            address(row.url_path),
            row.is_example,
        )
    return records


def read_records(keys: list[int]) -> Iterator[Record]:
    """The items of `keys` in that order, in chunks. Keys are read first, so that a change meanwhile moves nothing."""
    address = addresses()
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        found = _read_chunk(part, address)
        yield from (found[pk] for pk in part if pk in found)


def keys_of(items: QuerySet) -> list[int]:
    """The primary keys in the order of the queryset."""
    return list(items.values_list("pk", flat=True))
