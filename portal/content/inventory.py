"""An inventory, the list of items of an old site, turned into pages: every row checked before one is written."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from portal.content.filing import Filing
from portal.content.inventory_rows import Row, Sheet, read_sheet
from portal.content.mistakes import ContentMistakes, Wrong
from portal.content.moments import localise, read_written_date
from portal.content.old_addresses import OldAddresses, own_hosts
from portal.content.old_kinds import OLD_KINDS, OldKind, form_of, old_kind
from portal.content.places import Places
from portal.content.plan import PagePlan, Plan, RedirectPlan
from portal.content.present import read_present
from portal.content.schema import page_types
from portal.content.tidy import title_key
from portal.content.writing import Outcome, Progress, write_plan
from portal.models import ContentPage

NEW, THERE, SAME = "new", "there", "same"
#: The beginning of a title, up to its colon, that is long enough to compare.
TELLING_WORDS = 3
MOST_ALIKE = 5


@dataclass
class Options:
    """What the operator asked for."""

    is_live: bool = False
    show_in_recent: bool = False
    updates: bool = False
    hosts: list[str] = field(default_factory=list)


@dataclass
class RowReport:
    """What becomes of one row: `state` is new, there (the site has it) or same (an earlier row says the same)."""

    number: int
    title: str
    state: str = NEW
    kind: str = ""
    address: str = ""
    redirect: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass
class Report:
    """All rows, and what is to be known of the file as a whole."""

    rows: list[RowReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)


def import_inventory(
    path: Path, options: Options, user=None, *, is_trial: bool = False, progress: Progress | None = None
) -> Report:
    """Import every row of the file, or nothing. Raises ContentMistakes; its lines are row numbers."""
    present = read_present()
    reader = _InventoryReader(read_sheet(Path(path)), options, Places(present))
    plan = reader.read()
    if reader.sheet.mistakes:
        raise ContentMistakes(reader.sheet.mistakes)
    reader.report.outcome = write_plan(plan, present, user, is_trial=is_trial, progress=progress)
    return reader.report


@dataclass
class _Item:
    """A row whose cells are understood."""

    row: Row
    report: RowReport
    kind: OldKind
    model: type
    date: datetime.date | None

    @property
    def title(self) -> str:
        return self.row.cells["title"]

    @property
    def identity(self) -> tuple:
        return self.model, self.kind.kind, title_key(self.title)


class _InventoryReader:
    def __init__(self, sheet: Sheet, options: Options, places: Places):
        self.sheet, self.options, self.places = sheet, options, places
        self.plan, self.report, self.filing = Plan(is_bulk=True), Report(), Filing()
        urls = [row.cells["url"] for row in sheet.rows if row.cells["url"]]
        hosts = own_hosts(urls, options.hosts)
        pages = {address: model for address, (_, model) in places.present.pages.items()}
        self.old = OldAddresses(urls, hosts, pages, places.redirects)
        if sheet.unknown:
            self.report.notes.append(f"columns that are not read: {', '.join(sheet.unknown)}")
        if hosts:
            self.report.notes.append(f"addresses of the old site are those on: {', '.join(sorted(hosts))}")

    def read(self) -> Plan:
        items = [item for row in self.sheet.rows if (item := self._understand(row))]
        dates = [item.date for item in items if item.date]
        self.undated = min(dates) if dates else timezone.localdate()
        if any(item.date is None for item in items):
            self.report.notes.append(f"items without a date stand in lists as if they were of {self.undated}")
        titles = defaultdict(int)
        for item in items:
            titles[item.identity] += 1
        self._compare_titles(items)
        seen: dict[tuple, int] = {}
        for item in items:
            whole = (*item.identity, item.date, self.old.path_of(item.row.cells["url"]))
            first = seen.setdefault(whole, item.row.number)
            if first != item.row.number:
                item.report.state = SAME
                item.report.notes.append(f"row {first} says the same; this one is left out")
                continue
            try:
                self._place(item, is_alone=titles[item.identity] == 1)
            except Wrong as error:
                self.sheet.add_mistake(error.reason, item.row.number)
        return self.plan

    def _understand(self, row: Row) -> _Item | None:
        cells, wrong = row.cells, len(self.sheet.mistakes)
        report = RowReport(row.number, cells["title"])
        if not cells["title"]:
            self.sheet.add_mistake("title is empty", row.number)
        elif len(cells["title"]) > 255:
            self.sheet.add_mistake("title is longer than 255 characters", row.number)
        kind = old_kind(cells["type"])
        if kind is None:
            known = ", ".join(OLD_KINDS)
            reason = (
                f"there is no type {cells['type']!r}; the types are {known}"
                if cells["type"]
                else "type is empty"
            )
            self.sheet.add_mistake(reason, row.number)
        date = None
        try:
            date = read_written_date(cells["date"]) if cells["date"] else None
        except ValueError as error:
            self.sheet.add_mistake(str(error), row.number)
        if len(self.sheet.mistakes) > wrong or kind is None:
            return None
        self.report.rows.append(report)
        report.kind = cells["type"]
        return _Item(row, report, kind, page_types()[kind.type_name], date)

    def _compare_titles(self, items: list[_Item]):
        """Warn where two rows, or a row and a page of the site, have nearly the same title."""
        numbers: dict[str, list[_Item]] = defaultdict(list)
        for item in items:
            for key in _telling_keys(item.title):
                numbers[key].append(item)
        for item in items:
            alike = {other.row.number: other for key in _telling_keys(item.title) for other in numbers[key]}
            alike.pop(item.row.number)
            for number, other in sorted(alike.items())[:MOST_ALIKE]:
                item.report.notes.append(f"nearly the same title as row {number}: {other.title}")

    def _place(self, item: _Item, *, is_alone: bool):
        cells, report = item.row.cells, item.report
        old_path = self.old.path_of(cells["url"])
        address = self.places.known(
            item.model, item.kind.kind, item.title, item.date, old_path, is_alone=is_alone
        )
        report.state = THERE if address else NEW
        if not address:
            for there in self.places.by_key.get(title_key(item.title), ()):
                report.notes.append(f"the site has a page of nearly this title: {there}")
            address = self.places.new(item.model, item.title, f"item-{item.row.number}")
        report.address = address
        values = self._values(item)
        if report.state == NEW or self.options.updates:
            page = PagePlan(
                address, self.sheet.name, item.model, values, defaultdict(lambda: item.row.number)
            )
            page.was_published = True
            page.is_live = self._goes_live(item) or address in self.places.live
            self.plan.pages[address] = page
        self._redirect(item, address)

    def _goes_live(self, item: _Item) -> bool:
        if item.kind.type_name == "event" and not item.date:
            item.report.notes.append(
                "a meeting without a date stays a draft: fill in when it was, then publish"
            )
            return False
        return self.options.is_live

    def _values(self, item: _Item) -> dict[str, object]:
        cells, notes = item.row.cells, item.report.notes
        values: dict[str, object] = {"title": item.title}
        about = cells["about"]
        if not issubclass(item.model, ContentPage):
            if cells["theme"] or item.date:
                notes.append("a page of this type has no theme and no date; they are not kept")
            return {**values, "introduction": about}
        if not about:
            notes.append("about is empty; the title stands in its place")
        filed = self.filing.read(cells["theme"], item.row.number) if cells["theme"] else None
        if filed is None and item.model.needs_theme:
            notes.append("no theme; an editor is asked for one when the page is saved")
        noon = _at(item.date or self.undated, 12)
        values |= {
            "summary": about or item.title,
            "published_on": item.date,
            "added_at": min(noon, timezone.now()),
            "show_in_recent": self.options.show_in_recent,
            "themes": filed.themes if filed else [],
            "topics": filed.topics if filed else [],
            "roles": filed.roles if filed else [],
        }
        if item.kind.type_name == "news":
            values["kind"] = str(item.kind.kind)
        elif item.kind.type_name == "publication":
            values["form"] = form_of(item.kind, item.title)
        elif item.kind.type_name == "event":
            day = item.date or self.undated
            values |= {"starts_at": _at(day, 0), "ends_at": _at(day, 23, 59), "all_day": True}
        return values

    def _redirect(self, item: _Item, address: str):
        url = item.row.cells["url"]
        if not url:
            return
        reason = self.old.refusal(url)
        if reason:
            item.report.notes.append(f"no redirect from {url}: {reason}")
            return
        old = self.old.path_of(url)
        item.report.redirect = old
        self.plan.redirects.append(RedirectPlan(old, address, self.sheet.name, item.row.number))


def _at(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    return localise(datetime.datetime.combine(day, datetime.time(hour, minute)))


def _telling_keys(title: str) -> set[str]:
    """What to compare of a title: all of it, and what stands before a colon or after "Essay" if that is long enough."""
    whole, head = title_key(title), title_key(title.partition(":")[0])
    parts = [head, *(part.partition(" ")[2] for part in (whole, head) if part.partition(" ")[0] in OLD_KINDS)]
    return {whole, *(part for part in parts if len(part.split()) >= TELLING_WORDS)}
