"""What a content file may refer to: the pages, images, documents and snippets of the folder and of the site.

References are checked while reading and written as marks; once every page exists, `Marks.resolve` turns them into the
primary keys that Wagtail stores.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from portal.content.mistakes import Wrong
from portal.lost.redirects import is_view

MARK = re.compile("\0(page|image|document):([^\0]*)\0")
SCHEMES = ("http", "https", "mailto", "tel")


def mark(kind: str, name: str) -> str:
    """A reference that is not yet a primary key; NUL cannot occur in any text of a file."""
    return f"\0{kind}:{name}\0"


@dataclass
class Names:
    """What exists, by name. `pages` maps an address to the page's model, `slugs` a model to its slugs."""

    pages: dict[str, type] = field(default_factory=dict)
    images: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    slugs: dict[type, set[str]] = field(default_factory=dict)
    users: set[str] = field(default_factory=set)

    def page(self, address: str, line: int, model: type | None = None) -> str:
        """The mark of the page at this address. Raises Wrong when there is none, or none of that model."""
        if address not in self.pages:
            hint = f"; is it {address}/ ?" if f"{address}/" in self.pages else ""
            raise Wrong(f"there is no page at {address}{hint}", line)
        if model and not issubclass(self.pages[address], model):
            raise Wrong(f"the page at {address} is of another type than can stand here", line)
        return mark("page", address)

    def image(self, name: str, line: int) -> str:
        if name not in self.images:
            raise Wrong(f"there is no image named {name!r}", line)
        return mark("image", name)

    def document(self, name: str, line: int) -> str:
        if name not in self.documents:
            raise Wrong(f"there is no document named {name!r}", line)
        return mark("document", name)

    def link(self, href: str, line: int) -> dict[str, str]:
        """The attributes of the link as Wagtail stores it. Raises Wrong for an address that leads nowhere."""
        if href.startswith("document:"):
            return {
                "linktype": "document",
                "id": self.document(unquote(href.removeprefix("document:")), line),
            }
        if href in self.pages:
            return {"linktype": "page", "id": self.page(href, line)}
        parts = self._parts(href, line)
        if parts.scheme:
            return {"href": self._elsewhere(href, parts, line)}
        if parts.netloc or not (href.startswith(("/", "#"))):
            raise Wrong(f"{href!r} is not an address: begin with / or https://", line)
        if parts.path and parts.path not in self.pages:
            self._local(unquote(parts.path), line)
        return {"href": href}

    def stored_link(self, href: str, line: int) -> dict[str, str]:
        """A link that stays as it is stored, also when it leads nowhere. Raises Wrong where it could do harm."""
        parts = self._parts(href, line)
        if parts.scheme and parts.scheme not in SCHEMES:
            raise Wrong(f"a link may not begin with {parts.scheme}:", line)
        return {"href": href}

    def _parts(self, href: str, line: int) -> SplitResult:
        try:
            return urlsplit(href)
        except ValueError as error:
            raise Wrong(f"{href!r} is not an address", line) from error

    def _elsewhere(self, href: str, parts, line: int) -> str:
        if parts.scheme not in SCHEMES:
            raise Wrong(f"a link may not begin with {parts.scheme}:", line)
        if parts.scheme.startswith("http") and not parts.hostname:
            raise Wrong(f"{href!r} is not an address", line)
        return href

    def _local(self, path: str, line: int):
        """An address of the site that is no page: a list in another form, the search page."""
        if path.startswith(("/documents/", "/media/", "/static/")):
            raise Wrong(f"link to a file as document:name, not as {path}", line)
        if not is_view(path):
            self.page(path, line)


def problem_of_old(old: str) -> str:
    """Why this cannot be an old address that leads elsewhere; "" when it can."""
    if not old.startswith("/") or old.startswith("//") or len(old) > 255 or " " in old:
        return f"{old!r} is not an old address: write it as /kennisbank/oude-naam"
    return ""


def leads_somewhere(new: str, pages) -> bool:
    """Whether this is a page (with a question, maybe), another place of this site, or an address elsewhere."""
    if new.startswith(("https://", "http://")):
        return True
    path = new.partition("?")[0].partition("#")[0]
    return path in pages or (new.startswith("/") and is_view(path))


def is_taken(old: str, pages) -> bool:
    """Whether a page stands at this old address, so that nobody is led away from it."""
    return old.rstrip("/") + "/" in pages


@dataclass
class Marks:
    """The primary keys behind the marks, filled while rows are written."""

    page: dict[str, int] = field(default_factory=dict)
    image: dict[str, int] = field(default_factory=dict)
    document: dict[str, int] = field(default_factory=dict)

    def key(self, kind: str, name: str) -> int:
        return getattr(self, kind)[name]

    def resolve(self, value):
        """The value with every mark in it replaced: a whole mark by a number, one inside a text by digits."""
        if isinstance(value, str):
            whole = MARK.fullmatch(value)
            if whole:
                return self.key(*whole.groups())
            return MARK.sub(lambda match: str(self.key(*match.groups())), value) if "\0" in value else value
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if isinstance(value, dict):
            return {name: self.resolve(item) for name, item in value.items()}
        return value
