"""The list of items of an old site, read from JSON or CSV with suspicion: rows of tidy text and what is odd."""

import csv
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

from portal.content.folder import decode
from portal.content.mistakes import ContentMistakes, Mistake, Wrong
from portal.content.tidy import tidy_line

COLUMNS = ("title", "type", "theme", "date", "url", "about")
REQUIRED = ("title", "type")
#: What people call the columns, among them the names in our own lijst.csv.
DUTCH_COLUMNS = {
    "titel": "title", "soort": "type", "thema": "theme", "thema's": "theme", "themas": "theme", "datum": "date",
    "adres": "url", "link": "url", "omschrijving": "about", "samenvatting": "about",
}  # fmt: skip
DELIMITERS = ";,\t"
LARGEST = 20 * 1024 * 1024


@dataclass
class Row:
    """One item: its number as a person counts (the row of a spreadsheet, the place in a JSON list) and its cells."""

    number: int
    cells: dict[str, str]


@dataclass
class Sheet:
    """The rows of a file; `unknown` names the columns that are not read."""

    name: str
    rows: list[Row] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def add_mistake(self, reason: str, number: int = 0):
        self.mistakes.append(Mistake(self.name, number, reason))


def read_sheet(path: Path) -> Sheet:
    """The rows of a .json or .csv file. Raises ContentMistakes when the file itself cannot be read."""
    sheet = Sheet(path.name)
    try:
        if not path.is_file():
            raise Wrong("there is no such file", 0)
        if path.stat().st_size > LARGEST:
            raise Wrong(f"the file is larger than {LARGEST // 2**20} MB: split it", 0)
        text = decode(path.read_bytes())
        records = _json_records(text) if text.lstrip()[:1] in ("[", "{") else _csv_records(text)
        _fill(sheet, records)
        if not sheet.rows and not sheet.mistakes:
            raise Wrong("there are no rows in this file", 0)
    except OSError as error:
        sheet.add_mistake(f"the file cannot be read: {error.strerror}")
    except Wrong as error:
        reason = f"{error.reason} (line {error.line} of the file)" if error.line else error.reason
        sheet.add_mistake(reason)
        raise ContentMistakes(sheet.mistakes) from error
    if not sheet.rows and sheet.mistakes:
        raise ContentMistakes(sheet.mistakes)
    return sheet


def _json_records(text: str) -> list[tuple[int, object]]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise Wrong(f"this is not valid JSON: {error.msg}", error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise Wrong(
            "this is not valid JSON: too many lists inside one another, or too long a number", 1
        ) from error
    if isinstance(value, dict):
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        if len(lists) != 1:
            raise Wrong("the JSON must be a list of items, or an object that holds one such list", 0)
        value = lists[0]
    return list(enumerate(value, start=1))


def _csv_records(text: str) -> list[tuple[int, object]]:
    if text.startswith("sep="):
        text = text.partition("\n")[2]
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=lambda mark: sum(_column(name) in COLUMNS for name in first.split(mark)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, object]] = []
    try:
        names = next(reader, [])
        for number, cells in enumerate(reader, start=2):
            if any(cell.strip() for cell in cells):
                records.append((number, _record(names, cells)))
    except csv.Error as error:
        raise Wrong(f"this is not valid CSV: {error}", reader.line_num) from error
    if not {"title", "type"} <= {_column(name) for name in names}:
        raise Wrong(f"the first row must name the columns: {', '.join(COLUMNS)}", 1)
    return records


def _record(names: list[str], cells: list[str]) -> object:
    """The cells by their column; a text when there are more cells than columns."""
    if len([cell for cell in cells[len(names) :] if cell.strip()]):
        return f"this row has {len(cells)} cells, and there are {len(names)} columns"
    return dict(zip(names, cells, strict=False))


def _column(name: str) -> str:
    plain = tidy_line(str(name)).strip("‘’'").lower()
    return DUTCH_COLUMNS.get(plain.replace("’", "'"), plain)


def _fill(sheet: Sheet, records: list[tuple[int, object]]):
    for number, record in records:
        if not isinstance(record, dict):
            sheet.add_mistake(
                record if isinstance(record, str) else "this is not an item with columns", number
            )
            continue
        cells, before = dict.fromkeys(COLUMNS, ""), len(sheet.mistakes)
        for name, value in record.items():
            column = _column(name)
            if column not in COLUMNS:
                if column and column not in sheet.unknown:
                    sheet.unknown.append(column)
                continue
            try:
                cells[column] = _text(value, column)
            except Wrong as error:
                sheet.add_mistake(error.reason, number)
        if len(sheet.mistakes) == before:
            sheet.rows.append(Row(number, cells))


def _text(value: object, column: str) -> str:
    """A cell as tidy text; several themes stay apart. Raises Wrong for what is no text."""
    if value is None:
        return ""
    if isinstance(value, list) and column == "theme" and all(isinstance(part, str) for part in value):
        return "; ".join(filter(None, (tidy_line(part) for part in value)))
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise Wrong(f"{column} must be a text", 0)
    text = str(value).replace("\n", "; ") if column == "theme" else str(value)
    return text.strip() if column == "url" else tidy_line(text)
