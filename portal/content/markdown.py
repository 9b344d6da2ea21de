"""Markdown, cut down to what editors have, turned into the rich text that Wagtail stores."""

from collections.abc import Callable
from html import escape

from markdown_it import MarkdownIt

from portal.content.mistakes import Wrong
from portal.content.names import Names

NOT_HERE = {
    "blockquote_open": "a quotation is the block ::: quote",
    "code_block": "a line indented by four spaces is code; remove the spaces",
    "fence": "code blocks are not used here",
    "hr": "a horizontal line is not used here",
    "html_block": "HTML is not used here; write \\< for the character <",
    "code_inline": "code is not used here; remove the `",
    "html_inline": "HTML is not used here; write \\< for the character <",
    "image": "a picture is the block ::: image",
}
LISTS = {"bullet_list": "ul", "ordered_list": "ol"}
INLINE = {"strong": "b", "em": "i"}

_parser = MarkdownIt("commonmark")
# An address stays as it is written; whether it may be linked to is for Names to say.
_parser.normalizeLink = lambda url: url
_parser.validateLink = lambda url: True

Report = Callable[[Wrong], None]


def text_to_html(text: str) -> str:
    """Plain text as it stands in stored rich text."""
    return escape(text, quote=False)


def attributes_to_html(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


def read_markdown(text: str, first: int, names: Names, report: Report) -> list[tuple[str, object, int]]:
    """The blocks of a piece of Markdown: ("heading", {text, level}, line) and ("text", rich text, line).

    `first` is the line of the file on which the text begins; mistakes go to `report`, one by one.
    """
    return _Writer(names, report, first).blocks(_parser.parse(text))


def read_rich_text(text: str, first: int, names: Names, report: Report) -> str:
    """Markdown without headings as one piece of rich text."""
    parts = []
    for name, value, line in read_markdown(text, first, names, report):
        if name == "heading":
            report(Wrong("a heading cannot stand here", line))
        else:
            parts.append(value)
    return "".join(parts)


class _Writer:
    """Walks the tokens of one piece of Markdown."""

    def __init__(self, names: Names, report: Report, first: int):
        self.names, self.report = names, report
        self.first = self.line = first

    def blocks(self, tokens) -> list[tuple[str, object, int]]:
        found: list[tuple[str, object, int]] = []
        open_text: list[str] = []
        text_line = self.first
        position = 0
        while position < len(tokens):
            token = tokens[position]
            if token.map:
                self.line = self.first + token.map[0]
            if token.type == "heading_open" and token.level:
                self._wrong("a heading cannot stand inside a list or a quotation")
                position += 3
                continue
            if token.type == "heading_open":
                if open_text:
                    found.append(("text", "".join(open_text), text_line))
                    open_text = []
                found.append(("heading", self._heading(token, tokens[position + 1]), self.line))
                position += 3
                continue
            if not open_text:
                text_line = self.line
            open_text.append(self._block(token, tokens, position))
            position += 1
        if any(open_text):
            found.append(("text", "".join(open_text), text_line))
        return found

    def _heading(self, token, inline) -> dict[str, str]:
        if token.tag not in ("h2", "h3"):
            self._wrong(
                f"a heading is ## or ###, not {token.markup if token.markup[0] == '#' else 'underlined'}"
            )
        elif token.markup[0] != "#":
            self._wrong("write a heading as ## at the beginning of the line, not with a line under it")
        if any(child.type != "text" and child.type != "text_special" for child in inline.children):
            self._wrong("a heading is plain text, without bold, italic or links")
        text = "".join(child.content for child in inline.children).strip()
        if not text:
            self._wrong("this heading has no text")
        return {"text": text, "level": token.tag}

    def _block(self, token, tokens, position: int) -> str:
        if token.type in NOT_HERE:
            self._wrong(NOT_HERE[token.type])
            return ""
        if token.type == "inline":
            return self._inline(token)
        name, _, side = token.type.rpartition("_")
        if name in LISTS:
            return f"<{LISTS[name]}>" if side == "open" else f"</{LISTS[name]}>"
        if name == "list_item":
            if side == "open" and tokens[position + 1].type == "list_item_close":
                self._wrong("this item of the list is empty")
            if side == "open" and token.info and token.info != "1" and _is_first(tokens, position):
                self._wrong("a numbered list begins with 1.")
            return "<li>" if side == "open" else "</li>"
        if name == "paragraph":
            return self._paragraph(token, tokens, position, side)
        if token.type != "blockquote_close":
            self._wrong(f"{token.type} is not used here")
        return ""

    def _paragraph(self, token, tokens, position: int, side: str) -> str:
        if not token.level:
            return "<p>" if side == "open" else "</p>"
        before = tokens[position - 1].type
        if side == "open" and before not in ("list_item_open", "blockquote_open"):
            self._wrong("an item of a list is one paragraph; put this text below the list")
        return ""

    def _inline(self, token) -> str:
        parts = []
        for child in token.children:
            if child.type in ("text", "text_special"):
                parts.append(text_to_html(child.content))
            elif child.type == "softbreak":
                parts.append(" ")
                self.line += 1
            elif child.type == "hardbreak":
                parts.append("<br/>")
                self.line += 1
            elif child.type == "link_open":
                parts.append(f"<a{self._link(child)}>")
            elif child.type == "link_close":
                parts.append("</a>")
            elif child.type in NOT_HERE:
                self._wrong(NOT_HERE[child.type])
            else:
                name, _, side = child.type.rpartition("_")
                parts.append(f"<{INLINE[name]}>" if side == "open" else f"</{INLINE[name]}>")
        return "".join(parts)

    def _link(self, token) -> str:
        if token.attrs.get("title"):
            self._wrong("a link has no title of its own; remove the text in quotes after the address")
        try:
            return attributes_to_html(self.names.link(token.attrs["href"], self.line))
        except Wrong as error:
            self.report(error)
            return ""

    def _wrong(self, reason: str):
        self.report(Wrong(reason, self.line))


def _is_first(tokens, position: int) -> bool:
    return tokens[position - 1].type == "ordered_list_open"
