"""A list as data: CSV for a spreadsheet, JSON for a program. Both are sent while they are read."""

import csv
import json
from collections.abc import Iterator

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone

from portal.selection.forms.records import Named, Record, absolute, keys_of, plain, read_records
from portal.selection.selection import Selection

COLUMNS = (
    "titel",
    "soort",
    "datum",
    "thema's",
    "onderwerpen",
    "voor wie",
    "gemeenten",
    "afzenders",
    "samenvatting",
    "adres",
    "voorbeeld",
)
#: With one of these in front a spreadsheet computes what a writer only wrote.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SCHEMA = "schema/lijst.schema.json"


class _Line:
    """Where csv.writer writes: it hands back the line."""

    def write(self, line: str) -> str:
        return line


def cell(text: str) -> str:
    """The text as a spreadsheet may read it: never as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _names(named: list[Named]) -> str:
    return "; ".join(one.name for one in named)


def _row(item: Record) -> list[str]:
    values = [
        item.title,
        item.kind.name,
        item.published_on.isoformat() if item.published_on else "",
        _names(item.themes),
        _names(item.topics),
        _names(item.roles),
        _names(item.municipalities),
        _names(item.senders),
        item.summary,
        item.url,
        "ja" if item.is_example else "nee",
    ]
    return [cell(value) for value in values]


def csv_lines(selection: Selection) -> Iterator[str]:
    """The lines of RFC 4180, with the mark by which a spreadsheet knows that it is UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for item in read_records(keys_of(selection.ordered_items)):
        yield writer.writerow(_row(item))


def csv_response(selection: Selection) -> StreamingHttpResponse:
    """The list as a file to download."""
    response = StreamingHttpResponse(
        csv_lines(selection), content_type="text/csv; charset=utf-8; header=present"
    )
    name = "-".join(part for part in selection.action.split("/") if part) or "lijst"
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _pairs(named: list[Named]) -> list[dict]:
    return [{"naam": one.name, "waarde": one.slug} for one in named]


def json_item(item: Record) -> dict:
    """One item as docs/export.md and the schema describe it."""
    return {
        "id": f"urn:uuid:{item.key}",
        "titel": item.title,
        "soort": {"naam": item.kind.name, "waarde": item.kind.slug},
        "datum": item.published_on.isoformat() if item.published_on else None,
        "toegevoegd": timezone.localtime(item.added_at).isoformat(timespec="seconds"),
        "gewijzigd": timezone.localtime(item.changed_at).isoformat(timespec="seconds"),
        "themas": _pairs(item.themes),
        "onderwerpen": _pairs(item.topics),
        "rollen": _pairs(item.roles),
        "gemeenten": _pairs(item.municipalities),
        "auteurs": _pairs(item.authors),
        "afzenders": _pairs(item.senders),
        "samenvatting": item.summary,
        "adres": item.url,
        "voorbeeld": item.is_example,
    }


def json_parts(selection: Selection) -> Iterator[str]:
    """One JSON object, in pieces: what the list is, then item by item."""
    keys = keys_of(selection.ordered_items)
    head = {
        "$schema": absolute(f"{settings.STATIC_URL}{SCHEMA}"),
        "naam": plain(selection.heading),
        "adres": absolute(selection.url_of(selection.filters.change())),
        "aantal": len(keys),
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "items": ['
    joint = "\n"
    for item in read_records(keys):
        yield joint + json.dumps(json_item(item), ensure_ascii=False)
        joint = ",\n"
    yield "\n]}\n"


def json_response(selection: Selection) -> StreamingHttpResponse:
    """The list for programs on any site."""
    response = StreamingHttpResponse(json_parts(selection), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response
