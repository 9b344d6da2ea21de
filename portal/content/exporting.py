"""Writing the site as a folder of content, which `load_content` reads without loss; all of it or nothing."""

import csv
import os
import shutil
import tempfile
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.utils.text import slugify
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from portal.content.block_writing import BlockWriter
from portal.content.folder import REDIRECT_COLUMNS, TEMPORARY, UPLOADS
from portal.content.names import Names, is_taken, leads_somewhere, problem_of_old
from portal.content.page_writing import current_state, is_scheduled
from portal.content.present import Present, read_present
from portal.content.references import References
from portal.content.schema import name_field, page_types, snippet_models, type_name
from portal.content.upload_reading import problem_of_file
from portal.content.upload_writing import corner_of
from portal.content.value_writing import ValueWriter, links_of
from portal.content.yaml_writing import Bare, InLine, write_yaml
from portal.models import PortalSettings

CHUNK = 200
LAST_KEYS = ("redirect_from",)


class CannotExport(Exception):
    """Nothing was written; the text says why in one sentence."""


@dataclass
class Export:
    """What was written, by type, and what a reader of the folder should know."""

    written: Counter = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)


def export_content(root: Path, *, replaces: bool = False) -> Export:
    """Write the whole site to the folder `root`. Raises CannotExport, with the disk as it was."""
    root = Path(root).resolve()
    _check_target(root, replaces)
    try:
        with _folder_beside(root) as folder:
            with _one_moment():
                export = _Exporter(folder, read_present()).export()
            _put_in_place(folder, root)
    except OSError as error:
        raise CannotExport(f"{root} cannot be written: {error.strerror or error}.") from error
    return export


def _check_target(root: Path, replaces: bool):
    if not root.parent.is_dir():
        raise CannotExport(f"There is no folder {root.parent} to make {root.name} in.")
    if not root.exists():
        return
    if not root.is_dir():
        raise CannotExport(f"{root} is a file: name a folder.")
    known = {"pages", "site.md", "redirects.csv", *UPLOADS, *snippet_models()}
    present = {entry.name for entry in root.iterdir()}
    if present and not replaces:
        raise CannotExport(
            f"{root} is not empty: name another folder, or use --replace to write over an earlier export."
        )
    if present - known:
        odd = ", ".join(sorted(present - known)[:3])
        raise CannotExport(f"{root} holds {odd}, which is not of an export: name another folder.")


@contextmanager
def _folder_beside(root: Path):
    """A folder on the same disk, gone afterwards unless it was put in place."""
    folder = Path(tempfile.mkdtemp(prefix=f".{root.name}-", dir=root.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _one_moment():
    """Everything is read as it was at one moment, whatever editors do meanwhile."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _put_in_place(folder: Path, root: Path):
    """The new folder under the name that was asked for; what stood there goes last."""
    umask = os.umask(0)
    os.umask(umask)
    folder.chmod(0o777 & ~umask)
    if root.exists() and any(root.iterdir()):
        old = Path(tempfile.mkdtemp(prefix=f".{root.name}-old-", dir=root.parent))
        root.rename(old)
        try:
            folder.rename(root)
        except OSError:
            old.rename(root)
            raise
        shutil.rmtree(old, ignore_errors=True)
    else:
        folder.rename(root)


class _Exporter:
    """Writes one folder; only names and addresses are kept in memory, rows pass by in chunks."""

    def __init__(self, folder: Path, present: Present):
        if present.home is None:
            raise CannotExport("There is no home page yet: there is nothing to export.")
        self.folder, self.present = folder, present
        self.result = Export()
        self.made: set[Path] = set()

    def export(self) -> Export:
        self._leave_out_unknown_pages()
        for kind in UPLOADS:
            self._write_uploads(kind)
        self.names: Names = self.present.names()
        self.references = References.of(self.present)
        self.writer = ValueWriter(self.references, BlockWriter(self.names, self.references))
        self._write_settings()
        for name, model in snippet_models().items():
            self._write_snippets(name, model)
        self.orders, self.parents = self._read_order()
        self.redirects = self._read_redirects()
        self.closed = self._read_closed()
        for model in page_types().values():
            self._write_pages(model)
        return self.result

    def _remark(self, file: str):
        return lambda text: self.result.remarks.append(f"{file}: {text}")

    def _write(self, file: str, text: str):
        path = self.folder / file
        if path.parent not in self.made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.made.add(path.parent)
        path.write_text(text, encoding="utf-8")

    def _write_file(self, file: str, values: dict, body: str = ""):
        self._write(file, f"---\n{write_yaml(values)}---\n{body}")

    def _leave_out_unknown_pages(self):
        """A page of a type that no file can name is left out, and what lies below it."""
        known = set(page_types().values())
        kept: dict[str, tuple[int, type]] = {}
        for address, (pk, model) in sorted(self.present.pages.items()):
            parent = address.rstrip("/").rpartition("/")[0] + "/"
            if model in known and (address == "/" or parent in kept):
                kept[address] = (pk, model)
            else:
                self.result.remarks.append(f"left out the page {address}: its type has no name in a file")
        self.present.pages = kept

    def _write_uploads(self, kind: str):
        rows = getattr(self.present, kind)
        for name, row in list(rows.items()):
            file = f"{kind}/{name}{Path(row.file.name).suffix.lower()}"
            problem = self._copy(row.file, kind, file)
            if problem:
                self.result.remarks.append(f"left out {file}: {problem}")
                del rows[name]
                continue
            self._write_file(f"{kind}/{name}.md", describe(kind, row))
            self.result.written[kind.removesuffix("s")] += 1

    def _copy(self, stored, kind: str, file: str) -> str:
        """Copy a stored file; why it cannot be part of a folder, or ""."""
        self._write(file, "")
        path = self.folder / file
        try:
            with stored.storage.open(stored.name) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
        except FileNotFoundError:
            path.unlink()
            return "the file itself is gone"
        problem = problem_of_file(kind, path)
        if problem:
            path.unlink()
        return problem

    def _write_settings(self):
        row = PortalSettings.objects.filter(site=self.present.site).first()
        if row:
            self._write_file("site.md", self.writer.values(row, self._remark("site.md")))

    def _write_snippets(self, folder: str, model: type):
        field, taken = name_field(model), set()
        for row in model.objects.order_by(field).iterator(chunk_size=CHUNK):
            name = stem = (
                getattr(row, field) if field == "slug" else slugify(getattr(row, field))[:80] or "naam"
            )
            while name in taken:
                name = f"{stem}-{len(taken)}"
            taken.add(name)
            file = f"{folder}/{name}.md"
            remark = self._remark(file)
            self._write_file(file, self.writer.values(row, remark), self.writer.body_of(row, remark))
            self.result.written[type_name(model)] += 1

    def _read_order(self) -> tuple[dict[int, int], set[str]]:
        """The place among its siblings of each page that does not follow from its name; and who has children."""
        known = {pk: address for address, (pk, _) in self.present.pages.items()}
        families: dict[str, list[tuple[str, int]]] = defaultdict(list)
        pages = Page.objects.filter(path__startswith=self.present.home.path).order_by("path")
        for pk in pages.values_list("pk", flat=True).iterator(chunk_size=CHUNK):
            if pk in known and known[pk] != "/":
                parent, _, slug = known[pk].rstrip("/").rpartition("/")
                families[parent + "/"].append((slug, pk))
        orders = {}
        for family in families.values():
            if family != sorted(family, key=lambda child: child[0]):
                orders.update({pk: place for place, (_, pk) in enumerate(family, start=1)})
        return orders, set(families)

    def _read_redirects(self) -> dict[int, list[str]]:
        """The old addresses of each page; those that lead elsewhere are written to redirects.csv."""
        of_page: dict[int, list[str]] = defaultdict(list)
        elsewhere = []
        rows = {row.old_path: row for row in Redirect.objects.order_by("site_id", "pk")}
        for old, row in sorted(rows.items()):
            new = (
                self.references.page.get(row.redirect_page_id, "")
                if row.redirect_page_id
                else row.redirect_link
            )
            written = old.replace(" ", "%20")
            problem = problem_of_old(written)
            if is_taken(old, self.names.pages):
                problem = "a page stands at that address"
            elif not leads_somewhere(new, self.names.pages):
                problem = f"it leads nowhere ({new})"
            if problem:
                self.result.remarks.append(f"left out the redirect of {old}: {problem}")
                continue
            self.result.written["redirect"] += 1
            if row.redirect_page_id and row.is_permanent:
                of_page[row.redirect_page_id].append(written)
            else:
                elsewhere.append((written, new, "" if row.is_permanent else TEMPORARY))
        if elsewhere:
            self._write_csv(elsewhere)
        return of_page

    def _write_csv(self, rows: list[tuple[str, str, str]]):
        is_short = all(not temporary for _, _, temporary in rows)
        with (self.folder / "redirects.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(REDIRECT_COLUMNS[:2] if is_short else REDIRECT_COLUMNS)
            writer.writerows(row[:2] if is_short else row for row in rows)

    def _read_closed(self) -> set[int]:
        """The pages that not everyone may read; whoever loads them elsewhere finds them closed."""
        closed = set()
        for pk, kind in PageViewRestriction.objects.values_list("page_id", "restriction_type"):
            closed.add(pk)
            if kind != PageViewRestriction.LOGIN and pk in self.references.page:
                self.result.remarks.append(
                    f"{self.references.page[pk]}: closed in another way than by a login; the file says private: login"
                )
        return closed

    def _write_pages(self, model: type):
        wanted = [pk for pk, kind in self.present.pages.values() if kind is model]
        for start in range(0, len(wanted), CHUNK):
            rows = model.objects.filter(pk__in=wanted[start : start + CHUNK])
            for row in rows.prefetch_related(*links_of(model)):
                self._write_page(row)
                self.result.written[type_name(model)] += 1

    def _write_page(self, row: Page):
        address = self.references.page[row.pk]
        file = self._file_of(address)
        remark = self._remark(file)
        page = current_state(row)
        is_live = row.live or is_scheduled(row)
        values = self.writer.values(page, remark, address)
        extra = {
            "order": Bare(self.orders[row.pk]) if row.pk in self.orders else None,
            "live": None if is_live else False,
            "private": "login" if row.pk in self.closed else None,
            "redirect_from": InLine(self.redirects.get(row.pk, [])) or None,
        }
        title = {"title": values.pop("title", None)}
        last = {name: extra.pop(name) for name in LAST_KEYS}
        merged = {"type": type_name(type(row)), **title, **extra, **values, **last}
        merged = {name: value for name, value in merged.items() if value is not None}
        self._write_file(file, merged, self.writer.body_of(page, remark))

    def _file_of(self, address: str) -> str:
        """A page with children is a folder with index.md; so is one whose own name is index."""
        is_folder = address in self.parents or address.endswith("/index/") or address == "/"
        return f"pages{address}index.md" if is_folder else f"pages{address.rstrip('/')}.md"


def describe(kind: str, row) -> dict:
    """The description of an image or a document."""
    values = {"title": row.title}
    if kind == "images":
        point = corner_of(row)
        values |= {"alt": row.description, "credit": row.credit}
        values |= {"focal_point": {name: Bare(number) for name, number in point.items()}} if point else {}
    return {name: value for name, value in values.items() if value}
