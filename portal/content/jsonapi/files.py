"""The files of the old site, from a folder beside the answers: found by their old address, taken in once."""

from collections import defaultdict
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.text import slugify

from portal.content.names import mark
from portal.content.plan import Plan, UploadPlan
from portal.content.upload_reading import problem_of_file

MARKS = ("/files/", "public://", "private://")


class Files:
    """Finds files and adds each that is used to the plan, as an image or a document."""

    def __init__(self, root: Path, plan: Plan, present):
        self.root, self.plan, self.present = root, plan, present
        self.by_path: dict[str, Path] = {}
        self.by_name: dict[str, list[Path]] = defaultdict(list)
        self.used: dict[Path, tuple[str, str]] = {}
        self.names: dict[tuple[str, str], Path] = {}
        for path in sorted(root.rglob("*")) if root.is_dir() else []:
            if path.is_file() and not path.is_symlink():
                self.by_path[path.relative_to(root).as_posix().lower()] = path
                self.by_name[path.name.lower()].append(path)

    def find(self, address: str) -> Path | None:
        """The file at this old address; by its whole path, else by its name where only one file has it."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        is_uri = parts.scheme in ("public", "private")
        path = unquote(f"{parts.scheme}://{parts.netloc}{parts.path}" if is_uri else parts.path)
        for start in MARKS:
            if start in path:
                inner = path.partition(start)[2].lower()
                pieces = PurePosixPath(inner).parts
                styled = "/".join(pieces[3:]) if pieces[:1] == ("styles",) else inner
                if found := self.by_path.get(styled):
                    return found
        named = self.by_name.get(PurePosixPath(path).name.lower(), [])
        return named[0] if len(named) == 1 else None

    def take(self, path: Path, title: str = "", alt: str = "") -> tuple[str, str, str]:
        """(kind, mark, problem) of a file: kind is image, document or "" when it cannot be taken in."""
        if path not in self.used:
            suffix = path.suffix.removeprefix(".").lower()
            kind = "image" if suffix in settings.WAGTAILIMAGES_EXTENSIONS else "document"
            if kind == "document" and suffix not in settings.WAGTAILDOCS_EXTENSIONS:
                return "", "", f"files of the type {suffix or 'without an extension'} are not taken in"
            if problem := problem_of_file(f"{kind}s", path):
                return "", "", problem
            name = self._name(kind, path)
            values = {"title": (title or path.stem)[:255]}
            values |= {"alt": alt[:255]} if kind == "image" else {}
            uploads = getattr(self.plan, f"{kind}s")
            if name not in getattr(self.present, f"{kind}s"):
                uploads.append(UploadPlan(name, path.relative_to(self.root).as_posix(), path, values))
            self.used[path] = kind, name
        kind, name = self.used[path]
        return kind, mark(kind, name), ""

    def _name(self, kind: str, path: Path) -> str:
        """A name of its own for each file, the same in every run: of two of one name the later has its folder too."""
        relative = path.relative_to(self.root)
        name = slugify(relative.stem)[:80] or "bestand"
        if self.by_name[path.name.lower()][0] != path or (kind, name) in self.names:
            name = slugify("-".join(relative.with_suffix("").parts))[-100:].strip("-")
        name = f"oud-{name}"
        number, first = 1, name
        while (kind, name) in self.names:
            number += 1
            name = f"{first}-{number}"
        self.names[kind, name] = path
        return name
