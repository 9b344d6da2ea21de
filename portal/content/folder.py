"""Reading a content folder with suspicion: no symbolic links, no giants, only UTF-8, and only what belongs there."""

import csv
import io
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from portal.content.markup import is_control
from portal.content.mistakes import Mistake, Wrong
from portal.content.schema import snippet_models

MAX_TEXT = 1024 * 1024
SLUG = re.compile(r"[A-Za-z0-9_-]+")
REDIRECT_COLUMNS = ["old", "new", "temporary"]
TEMPORARY = "yes"
LONGEST_UPLOAD = 100
UPLOADS = ("images", "documents")


@dataclass
class TextFile:
    """A file of text: where it lies in the folder, and what it says."""

    name: str
    text: str

    @property
    def stem(self) -> str:
        return Path(self.name).stem


@dataclass(frozen=True)
class RedirectRow:
    """A line of redirects.csv."""

    line: int
    old: str
    new: str
    is_permanent: bool = True


@dataclass
class Upload:
    """An image or a document with the file that describes it."""

    name: str
    path: Path
    label: str
    description: TextFile | None = None


@dataclass
class Folder:
    """What the folder holds, by kind; `mistakes` collects everything that is wrong with the files themselves."""

    site: TextFile | None = None
    redirects: TextFile | None = None
    snippets: dict[str, list[TextFile]] = field(
        default_factory=lambda: {name: [] for name in snippet_models()}
    )
    uploads: dict[str, dict[str, Upload]] = field(default_factory=lambda: {name: {} for name in UPLOADS})
    pages: dict[str, TextFile] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, file: str, reason: str, line: int = 1):
        self.mistakes.append(Mistake(file, line, reason))


def read_folder(root: Path) -> Folder:
    """Everything in the folder; what is wrong is in `mistakes`, nothing is raised but OSError for the folder itself."""
    folder = Folder()
    for path in _walk(root, root, folder):
        parts = path.relative_to(root).parts
        label = "/".join(parts)
        if label == "site.md":
            folder.site = _read_text(path, label, folder)
        elif label == "redirects.csv":
            folder.redirects = _read_text(path, label, folder)
        elif parts[0] in folder.snippets and len(parts) == 2 and path.suffix == ".md":
            _add_snippet(path, label, parts[0], folder)
        elif parts[0] in UPLOADS and len(parts) == 2:
            _add_upload(path, label, parts[0], folder)
        elif parts[0] == "pages" and len(parts) > 1 and path.suffix == ".md":
            _add_page(path, label, parts[1:], folder)
        else:
            folder.add(label, "this file has no place in a content folder")
    _pair_uploads(folder)
    return folder


def _walk(root: Path, current: Path, folder: Folder):
    try:
        entries = sorted(os.scandir(current), key=lambda entry: entry.name)
    except OSError as error:
        folder.add(current.relative_to(root).as_posix(), f"the folder cannot be read: {error.strerror}")
        return
    for entry in entries:
        path = Path(entry.path)
        label = path.relative_to(root).as_posix()
        if entry.is_symlink():
            folder.add(label, "a symbolic link: copy the file itself into the folder")
        elif entry.is_dir():
            yield from _walk(root, path, folder)
        elif not entry.is_file():
            folder.add(label, "this is not an ordinary file")
        elif not entry.name.startswith("."):
            yield path


def _read_text(path: Path, label: str, folder: Folder) -> TextFile | None:
    try:
        size = path.stat().st_size
        if size > MAX_TEXT:
            folder.add(label, f"the file is {size / 2**20:.1f} MB; a text file may be at most 1 MB")
            return None
        text = decode(path.read_bytes())
    except OSError as error:
        folder.add(label, f"the file cannot be read: {error.strerror}")
        return None
    except Wrong as error:
        folder.add(label, error.reason, error.line)
        return None
    for number, line_text in enumerate(text.split("\n"), start=1):
        odd = next((c for c in line_text if is_control(c)), None)
        if odd is not None:
            folder.add(label, f"a control character (U+{ord(odd):04X}) stands here", number)
            return None
    return TextFile(label, text)


def decode(raw: bytes) -> str:
    """The text of a file, with plain line ends and without a byte order mark. Raises Wrong with the line."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Wrong("the file is not UTF-8: save it again with that encoding", line) from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _is_name(name: str, label: str, folder: Folder) -> bool:
    if SLUG.fullmatch(name):
        return True
    folder.add(label, f"{name!r} cannot be part of an address: use a-z, 0-9 and hyphens")
    return False


def _add_snippet(path: Path, label: str, kind: str, folder: Folder):
    text = _read_text(path, label, folder)
    if _is_name(path.stem, label, folder) and text:
        folder.snippets[kind].append(text)


def _add_page(path: Path, label: str, parts: tuple[str, ...], folder: Folder):
    names = [*parts[:-1], path.stem]
    if [name for name in names if not _is_name(name, label, folder)]:
        return
    if names[-1] == "index":
        names.pop()
    address = "/" + "".join(f"{name}/" for name in names)
    text = _read_text(path, label, folder)
    if address in folder.pages:
        folder.add(label, f"the address {address} is already that of {folder.pages[address].name}")
    elif text:
        folder.pages[address] = text


def _add_upload(path: Path, label: str, kind: str, folder: Folder):
    name = path.stem
    if not _is_name(name, label, folder):
        return
    if len(name) > LONGEST_UPLOAD:
        folder.add(label, f"the name is longer than {LONGEST_UPLOAD} characters")
        return
    uploads = folder.uploads[kind]
    if path.suffix == ".md":
        text = _read_text(path, label, folder)
        upload = uploads.setdefault(name, Upload(name, path, label))
        upload.description = text or TextFile(label, "")
        return
    present = uploads.get(name)
    if present and present.path.suffix != ".md":
        folder.add(label, f"there is already a file of that name: {present.label}")
        return
    upload = uploads.setdefault(name, Upload(name, path, label))
    upload.path, upload.label = path, label


def _pair_uploads(folder: Folder):
    for uploads in folder.uploads.values():
        for upload in list(uploads.values()):
            if upload.path.suffix == ".md":
                folder.add(upload.label, "there is no file of that name beside this description")
            elif upload.description is None:
                wanted = Path(upload.label).with_suffix(".md").as_posix()
                folder.add(upload.label, f"its description {wanted} is missing")


def read_redirect_rows(file: TextFile) -> tuple[list[RedirectRow], list[Mistake]]:
    """The rows of redirects.csv, and what is wrong with the file."""
    reader = csv.reader(io.StringIO(file.text), strict=True)
    rows, mistakes = [], []
    try:
        heading = next(reader, None)
        if heading not in (REDIRECT_COLUMNS[:2], REDIRECT_COLUMNS):
            return [], [Mistake(file.name, 1, f"the first line must be: {','.join(REDIRECT_COLUMNS)}")]
        for row in reader:
            line, cells = reader.line_num, [cell.strip() for cell in row]
            if len(cells) == len(heading) and cells[2:] in ([], [""], [TEMPORARY]):
                rows.append(RedirectRow(line, *cells[:2], is_permanent=TEMPORARY not in cells[2:]))
            elif cells:
                columns = ",".join(heading)
                mistakes.append(Mistake(file.name, line, f"a line has the columns {columns}"))
    except csv.Error as error:
        mistakes.append(Mistake(file.name, reader.line_num, f"this is not valid CSV: {error}"))
    return rows, mistakes
