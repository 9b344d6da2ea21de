"""HTML as an old editor left it, turned into the blocks of a body; what has no place here is told, never lost silently.

Text is kept in runs of one style, so that any tangle of tags comes out as the few that our editor has.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from html import escape

from bs4 import BeautifulSoup, CData, Tag
from bs4.element import PreformattedString
from django.utils.html import strip_tags

from portal.content.jsonapi.embeds import embed_link
from portal.content.jsonapi.runs import paragraphs
from portal.content.jsonapi.tables import read_table
from portal.content.markdown import attributes_to_html
from portal.content.tidy import tidy_line

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LONGEST_HEADING, LONGEST_CAPTION = 160, 250
STYLES = {"b": "b", "strong": "b", "i": "i", "em": "i"}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARAGRAPHS = _names(
    "p div section article main header footer aside center address body html pre dt dd dl details summary figcaption"
    " nav"
)
INLINE = _names(
    "a span font u small big abbr acronym cite q mark time code kbd samp var dfn ins s del strike label tt bdi bdo wbr"
    " picture sup sub drupal-block"
)
FLATTENED = {"sup": "superscript", "sub": "subscript", **dict.fromkeys(("s", "del", "strike"), "struck text")}
REFUSED = _names("script noscript object applet form input button select textarea svg canvas math")
UNSEEN = _names("style link meta title head template base source track param col colgroup")
LISTS = ("ul", "ol", "menu")
EMBEDDED = ("iframe", "video", "audio", "embed", "oembed")
MEDIA = ("drupal-media", "drupal-entity")
TOKEN = re.compile(
    r"\[node:(\d+)(?::[\w:-]+)?\]|\[\[\{.*?\}\]\]|\[(?:media|video|site|file|view)[:=][^\]\n]*\]", re.S
)

Note = Callable[[str], None]


class HtmlReader:
    """Reads the pieces of one page. `surroundings` knows links and files: see portal.content.jsonapi.surroundings."""

    def __init__(self, surroundings, note: Note, title: str):
        self.surroundings, self.note, self.title = surroundings, note, title
        self.levels: dict[str, str] = {}
        self.out: list[dict] = []
        self.text: list[str] = []
        self.line: list[tuple[tuple, str]] = []
        self.left_out: Counter = Counter()

    def learn_levels(self, pieces: list[str]):
        """The highest heading of all pieces becomes ours, every lower one the heading below it."""
        used = sorted({tag.name for html in pieces for tag in soup_of(html).find_all(HEADINGS)})
        self.levels = {name: "h2" if name == used[0] else "h3" for name in used}

    def read(self, html: str):
        """Add the blocks of this piece to those before it."""
        try:
            self._walk(soup_of(html), ())
        except RecursionError:
            self.note("a text has tags too deep inside one another; only its words are kept")
            self._run(strip_tags(html), ())
        self._end_text()

    def add_heading(self, text: str):
        self._end_text()
        self._heading_block(tidy_line(text), "h2")

    def add_image(self, found, caption: str = ""):
        """A picture that `surroundings` found: (mark, alt)."""
        self._end_text()
        alt = tidy_line(found[1])[:LONGEST_CAPTION]
        if not alt:
            self.note("a picture has no description; it is marked as decoration")
        value = {
            "image": found[0],
            "alt": alt,
            "is_decorative": not alt,
            "caption": caption[:LONGEST_CAPTION],
        }
        if len(caption) > LONGEST_CAPTION:
            self._paragraph(caption)
        self.out.append({"type": "image", "value": value})

    def add_link(self, attributes: dict[str, str], text: str):
        """A paragraph that holds one link, for what can only be linked to."""
        self._end_line()
        self.text.append(f"<p><a{attributes_to_html(attributes)}>{escape(text, quote=False)}</a></p>")

    def finish(self) -> list[dict]:
        """All blocks; says once what looks were left out."""
        self._end_text()
        if self.left_out:
            counted = ", ".join(f"{name} ×{count}" for name, count in sorted(self.left_out.items()))
            self.note(f"looks were left out: {counted}")
        return self.out

    # Walking.

    def _walk(self, node, style: tuple):
        for child in list(node.children):
            if isinstance(child, Tag):
                self._tag(child, style)
            elif isinstance(child, CData) or not isinstance(child, PreformattedString):
                self._characters(str(child), style)

    def _tag(self, tag: Tag, style: tuple):
        name = tag.name.lower()
        self._count_looks(tag)
        if name in REFUSED:
            self.note(f"<{name}> was refused{_glimpse(tag)}")
        elif name in UNSEEN:
            if name == "style":
                self.left_out["style sheet"] += 1
        elif name in HEADINGS:
            self._heading(tag, name)
        elif name in LISTS:
            self._end_line()
            pictures: list[Tag] = []
            if html := self._list(tag, pictures):
                self.text.append(html)
            for picture in pictures:
                self._tag(picture, ())
        elif name == "table":
            self._table(tag)
        elif name == "blockquote":
            self._quotation(tag)
        elif name in ("img", "figure", *MEDIA):
            self._picture(tag)
        elif name in EMBEDDED:
            self._embedded(tag)
        elif name == "br":
            self.line.append(((), "\n"))
        elif name == "hr":
            self._end_line()
            self.note("a horizontal line was left out")
        elif name == "a":
            self._walk(tag, (*style, self._link(tag)))
        elif name in STYLES:
            self._walk(tag, (*style, STYLES[name]))
        else:
            self._other(tag, name, style)

    def _other(self, tag: Tag, name: str, style: tuple):
        is_paragraph = name in PARAGRAPHS
        if name in FLATTENED:
            self.note(f"{FLATTENED[name]} became plain text{_glimpse(tag)}")
        elif not is_paragraph and name not in INLINE and ":" not in name and name != "[document]":
            self.note(f"<{name}> is not known here; its text is kept")
        if is_paragraph:
            self._end_line()
        self._walk(tag, (*style, "b") if name in ("dt", "summary") else style)
        if is_paragraph:
            self._end_line()

    def _count_looks(self, tag: Tag):
        for name in tag.attrs:
            if name in ("style", "class", "align", "bgcolor", "color", "face", "valign"):
                self.left_out[name] += 1
            elif name.startswith("on"):
                self.note(f"the script in {name} of <{tag.name}> was refused")

    # Text.

    def _characters(self, text: str, style: tuple):
        start = 0
        for token in TOKEN.finditer(text):
            self._run(text[start : token.start()], style)
            start = token.end()
            target = self.surroundings.node_link(token[1]) if token[1] else None
            if target is None:
                self.note(f"the code {token[0][:60]} stands for nothing here and was left out")
            else:
                self._run(target[1], (*style, tuple(target[0].items())))
        self._run(text[start:], style)

    def _run(self, text: str, style: tuple):
        seen = "".join(c for c in unicodedata.normalize("NFC", text) if is_seen(c))
        text = re.sub(r"\s+", " ", seen)
        if text:
            self.line.append((style, text))

    def _end_line(self):
        for html in paragraphs(self.line):
            self.text.append(f"<p>{html}</p>")
        self.line = []

    def _end_text(self):
        self._end_line()
        if self.text and self.out and self.out[-1]["type"] == "text":
            self.out[-1]["value"] += "".join(self.text)
        elif self.text:
            self.out.append({"type": "text", "value": "".join(self.text)})
        self.text = []

    def _paragraph(self, text: str):
        self.text.append(f"<p>{escape(text, quote=False)}</p>")

    def _link(self, tag: Tag):
        """The style of a link: its attributes; "" when it leads nowhere or is none."""
        href = (tag.get("href") or "").strip()
        if not href and not tag.get("data-entity-uuid"):
            return ""
        attributes, problem = self.surroundings.link(href, tag.get("data-entity-uuid"))
        if problem:
            self.note(f"the link to {href or 'a page'} {problem}; its text is kept")
        return tuple(attributes.items()) if attributes else ""

    # Blocks.

    def _heading(self, tag: Tag, name: str):
        self._end_text()
        text = tidy_line(tag.get_text(" "))
        if tag.find("a", href=True):
            self.note(f"the link in the heading “{text[:60]}” was left out")
        if text:
            self._heading_block(text, self.levels.get(name, "h2"))
        for picture in tag.find_all(["img", *MEDIA]):
            self._picture(picture)

    def _heading_block(self, text: str, level: str):
        if len(text) > LONGEST_HEADING:
            self.note(f"a heading of {len(text)} characters became a bold paragraph")
            self.text.append(f"<p><b>{escape(text, quote=False)}</b></p>")
        elif text:
            self.out.append({"type": "heading", "value": {"text": text, "level": level}})

    def _list(self, tag: Tag, pictures: list[Tag]) -> str:
        """The list as rich text, lists inside it too; pictures and tables are handed back, to stand below it."""
        name = "ol" if tag.name == "ol" else "ul"
        items = []
        for child in tag.find_all(True, recursive=False):
            if child.name in LISTS:  # a list that stands beside its item, as Word makes it
                nested = self._list(child, pictures)
                if items and nested:
                    items[-1] += nested
                elif nested:
                    items.append(nested)
                continue
            outer, self.line = self.line, []
            nested = self._item(child, pictures)
            words = "<br/>".join(paragraphs(self.line))
            self.line = outer
            if words or nested:
                items.append(words + nested)
        return f"<{name}>{''.join(f'<li>{item}</li>' for item in items)}</{name}>" if items else ""

    def _item(self, node: Tag, pictures: list[Tag], style: tuple = ()) -> str:
        """Adds the words of a list item to the line; gives back the lists inside it."""
        nested = ""
        self._count_looks(node)
        for child in list(node.children):
            if not isinstance(child, Tag):
                if not isinstance(child, PreformattedString):
                    self._characters(str(child), style)
            elif child.name in LISTS:
                nested += self._list(child, pictures)
            elif child.name in ("img", "figure", "table", "blockquote", *MEDIA, *EMBEDDED):
                pictures.append(child)
            elif child.name in PARAGRAPHS or child.name in HEADINGS:
                self.line.append(((), "\n\n"))
                nested += self._item(child, pictures, (*style, "b") if child.name in HEADINGS else style)
                self.line.append(((), "\n\n"))
            else:
                self._tag(child, style)
        return nested

    def _quotation(self, tag: Tag):
        self._end_text()
        said_by = tag.find(["cite", "footer", "figcaption"])
        source = tidy_line(said_by.get_text(" ")).lstrip("—–- ") if said_by else ""
        if source and len(source) <= LONGEST_HEADING:
            said_by.extract()
            words = tidy_line(tag.get_text(" ")).strip("‘’")
            self.out.append({"type": "quote", "value": {"text": words, "source": source, "source_role": ""}})
            return
        if tag.get_text(strip=True):
            self.note("a quotation that does not say whose it is became ordinary text")
        self._walk(tag, ())
        self._end_line()

    def _table(self, tag: Tag):
        self._end_text()
        before = (
            self.out[-1]["value"]["text"] if self.out and self.out[-1]["type"] == "heading" else self.title
        )
        table, notes = read_table(tag, before)
        for text in notes:
            self.note(text)
        if table:
            self.out.append({"type": "table", "value": table})
        else:
            for cell in tag.find_all(["caption", "td", "th"]):
                if cell.find_parent("table") is not tag:
                    continue
                self._walk(cell, ())
                self._end_line()
            return
        for picture in tag.find_all(["img", *MEDIA]):
            self._picture(picture)

    def _picture(self, tag: Tag):
        if tag.name == "figure":
            caption = tag.find("figcaption")
            words = tidy_line(caption.get_text(" ")) if caption else ""
            found = tag.find(["img", *MEDIA])
            if found is None:
                self._walk(tag, ())
                return
            self._one_picture(found, words)
            return
        self._one_picture(tag, tidy_line(tag.get("data-caption") or ""))

    def _one_picture(self, tag: Tag, caption: str):
        link = tag.find_parent("a", href=True)
        if tag.name == "img" and link is not None:
            self.note(f"the picture linked to {link['href'][:80]}; the link was left out")
        source = tag.get("src") or ""
        found, problem = self.surroundings.picture(source, tag.get("data-entity-uuid"), tag.get("alt") or "")
        if found is None:
            self.note(f"{problem}: {source[:80] or tag.get('data-entity-uuid', '')}")
            if caption:
                self._end_line()
                self._run(caption, ())
                self._end_line()
        elif found[0] == "link":
            self.add_link(*found[1])
        else:
            self.add_image(found[1], caption)

    def _embedded(self, tag: Tag):
        inner = tag.find("source")
        source = (
            tag.get("src")
            or tag.get("data-src")
            or tag.get("url")
            or (inner.get("src") if inner else "")
            or ""
        )
        source = source if source else tag.get_text(strip=True)
        link = embed_link(source, tidy_line(tag.get("title") or ""))
        if link is None:
            self.note(f"<{tag.name}> was left out: {source[:80] or 'it has no address'}")
            return
        self.note(f"<{tag.name}> became a link: {link[0]}")
        self.add_link({"href": link[0]}, link[1])


def is_seen(character: str) -> bool:
    """Whether a character is white space or has a form of its own."""
    return character in "\t\n\r" or unicodedata.category(character) not in ("Cf", "Co", "Cs", "Cn", "Cc")


def soup_of(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def _glimpse(tag: Tag) -> str:
    text = " ".join(tag.get_text(" ").split())
    return f": {text[:60]}" if text else ""
