"""Rich text as Wagtail stores it: checked before it is taken in, and written the same way each time.

In a file, a link to a page or a document says its address or name (`address="/over/"`, `name="regeling"`) where the
database says a primary key.
"""

from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

from portal.content.markup import as_in_file
from portal.content.mistakes import Wrong
from portal.content.names import Names

ALLOWED = {
    "p",
    "b",
    "i",
    "strong",
    "em",
    "a",
    "ul",
    "ol",
    "li",
    "br",
    "h2",
    "h3",
    "h4",
    "hr",
    "sup",
    "sub",
    "code",
}
EMPTY = {"br", "hr"}
FORGOTTEN = {"data-block-key"}


class _Rewriter(HTMLParser):
    def __init__(self, link: Callable[[dict], dict | None], strict: bool):
        super().__init__(convert_charrefs=True)
        self.link, self.strict = link, strict
        self.parts: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs if name not in FORGOTTEN}
        if self.strict and tag not in ALLOWED:
            raise ValueError(f"<{tag}> cannot stand in rich text")
        if tag == "a":
            attributes = self.link(attributes)
        elif attributes and self.strict:
            raise ValueError(f"<{tag}> cannot have {', '.join(attributes)}")
        else:
            attributes = {} if tag in ALLOWED else None
        shown = attributes is not None
        if shown:
            written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
            self.parts.append(f"<{tag}{written}{'/' if tag in EMPTY else ''}>")
        if tag not in EMPTY:
            self.open.append((tag, shown))

    def handle_endtag(self, tag):
        if tag in EMPTY:
            return
        if not self.open or self.open[-1][0] != tag:
            if self.strict:
                raise ValueError(f"</{tag}> closes nothing")
            if tag not in [name for name, _ in self.open]:
                return
        while self.open:
            name, shown = self.open.pop()
            if shown:
                self.parts.append(f"</{name}>")
            if name == tag:
                return

    def handle_data(self, data):
        self.parts.append(escape(as_in_file(data), quote=False))

    def handle_comment(self, data):
        if self.strict:
            raise ValueError("a comment cannot stand in rich text")

    def handle_decl(self, decl):
        self.handle_comment(decl)

    handle_pi = unknown_decl = handle_decl


def rewrite(html: str, link: Callable[[dict], dict | None], *, strict: bool = False) -> str:
    """The same rich text in one way of writing; `link` gives a link its attributes, or None to keep only its text.

    What no editor can make is left out, its words are kept; when `strict` it raises ValueError with a plain reason.
    """
    rewriter = _Rewriter(link, strict)
    rewriter.feed(html)
    rewriter.close()
    if rewriter.open and strict:
        raise ValueError(f"<{rewriter.open[-1][0]}> is not closed")
    while rewriter.open:
        name, shown = rewriter.open.pop()
        rewriter.parts.extend([f"</{name}>"] if shown else [])
    return "".join(rewriter.parts)


def canonical(html: str) -> str:
    """Rich text without the editor's own keys, to compare two texts by what they say."""
    return rewrite(html, lambda attributes: attributes)


def read_stored_html(html: str, line: int, names: Names) -> str:
    """Rich text from a file, with marks for pages and documents. Raises Wrong."""

    def link(attributes):
        kind = attributes.pop("linktype", "")
        if kind == "page":
            return {"linktype": "page", "id": names.page(attributes.get("address", ""), line)}
        if kind == "document":
            return {"linktype": "document", "id": names.document(attributes.get("name", ""), line)}
        return names.stored_link(attributes.get("href", ""), line)

    try:
        return rewrite(html, link, strict=True)
    except Wrong:
        raise
    except ValueError as error:
        raise Wrong(str(error), line) from error
