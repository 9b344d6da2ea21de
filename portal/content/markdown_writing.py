"""Rich text as Markdown, as far as Markdown goes: what was written is read again, and must be what it was."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

SPECIAL = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|&(?=#|\w+;)|!$")
AT_START = re.compile(r"(?:[-+>=#]|:::|~~~)")
NUMBERED = re.compile(r"(\d+)([.)])")
PLAIN_ADDRESS = re.compile(r"[^\s<>()\\&*_\[\]`]+")
MARKS = {"b": "**", "i": "*"}


class CannotSay(Exception):
    """Markdown has no way to say this."""


def to_markdown(html: str, address_of: Callable[[dict], str]) -> str:
    """The rich text as Markdown; `address_of` gives what a link says. Raises CannotSay where it is plain to see."""
    writer = _Writer(address_of)
    writer.feed(html)
    writer.close()
    return writer.text()


def escape_text(text: str, *, is_at_start: bool = False) -> str:
    """Plain text as Markdown: what would mean something gets a backslash."""
    written = SPECIAL.sub(r"\\\g<0>", text)
    if is_at_start and AT_START.match(written):
        return "\\" + written
    return NUMBERED.sub(r"\1\\\2", written, count=1) if is_at_start and NUMBERED.match(written) else written


class _Writer(HTMLParser):
    """Writes blocks one below another; lists inside lists go in under their item."""

    def __init__(self, address_of: Callable[[dict], str]):
        super().__init__(convert_charrefs=True)
        self.address_of = address_of
        self.blocks: list[str] = []
        self.line: list[str] | None = None
        self.links: list[str] = []
        self.lists: list[list] = []

    def text(self) -> str:
        if self.line is not None or self.lists:
            raise CannotSay
        return "\n\n".join(self.blocks)

    def handle_starttag(self, tag, attrs):
        if tag == "p" and self.line is None and not self.lists:
            self.line = []
        elif tag in ("ul", "ol"):
            self._end_item_line()
            self.lists.append([tag, 0, []])
        elif tag == "li" and self.lists and self.line is None:
            self.lists[-1][1] += 1
            self.line = []
        elif tag in MARKS and self.line is not None:
            self.line.append(MARKS[tag])
        elif tag == "br" and self.line is not None:
            self.line.append("\\\n")
        elif tag == "a" and self.line is not None:
            self.links.append(_destination(self.address_of(dict(attrs))))
            self.line.append("[")
        else:
            raise CannotSay

    def handle_endtag(self, tag):
        if self.line is None and tag not in ("li", "ul", "ol", "br"):
            raise CannotSay
        if tag == "p":
            self.blocks.append("".join(self.line))
            self.line = None
        elif tag == "li":
            self._end_item_line()
        elif tag in ("ul", "ol"):
            _, _, lines = self.lists.pop()
            if self.lists:
                self.lists[-1][2].extend(lines)
            else:
                self.blocks.append("\n".join(lines))
        elif tag in MARKS:
            self.line.append(MARKS[tag])
        elif tag == "a":
            self.line.append(f"]({self.links.pop()})")

    def handle_data(self, data):
        if self.line is None or "\n" in data:
            raise CannotSay
        is_at_start = not self.line or self.line[-1].endswith("\n")
        self.line.append(escape_text(data, is_at_start=is_at_start))

    def _end_item_line(self):
        """The text of an item stands behind its mark; what follows on further lines goes in as far."""
        if self.line is None:
            return
        if not self.lists:
            raise CannotSay
        depth = sum(len(_mark(kind, number)) for kind, number, _ in self.lists[:-1])
        kind, number, lines = self.lists[-1]
        mark = _mark(kind, number)
        below = "\n" + " " * (depth + len(mark))
        lines.append(" " * depth + mark + "".join(self.line).replace("\n", below))
        self.line = None


def _mark(kind: str, number: int) -> str:
    return "- " if kind == "ul" else f"{number}. "


def _destination(address: str) -> str:
    if PLAIN_ADDRESS.fullmatch(address):
        return address
    return "<" + re.sub(r"[\\<>]|&(?=#|\w+;)", r"\\\g<0>", address) + ">"
