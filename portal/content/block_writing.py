"""The blocks of a body as a file says them: Markdown where that is enough, else `::: name` with YAML.

The mirror of block_reading: blocks are written by their own definition, so a new block needs nothing here.
"""

from collections.abc import Callable

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from portal.content.markdown import read_markdown, read_rich_text
from portal.content.markdown_writing import CannotSay, escape_text, to_markdown
from portal.content.markup import as_in_file
from portal.content.mistakes import Wrong
from portal.content.names import Names
from portal.content.references import Gone, References
from portal.content.row_writing import child_of, items_of, table_of
from portal.content.stored_html import rewrite
from portal.content.yaml_writing import Html, InLine, write_yaml

CHOOSERS = (
    (ImageChooserBlock, "image"),
    (DocumentChooserBlock, "document"),
    (blocks.PageChooserBlock, "page"),
)
Remark = Callable[[str], None]


class BlockWriter:
    """Writes rich text and bodies; what refers to something that is gone is left out, with a remark."""

    def __init__(self, names: Names, references: References):
        self.names, self.references = names, references
        self.marks = references.marks()

    def rich(self, html: str, remark: Remark) -> str:
        """Rich text as Markdown, or as Html where Markdown cannot say it."""
        stored = rewrite(html, lambda attributes: self._known_link(attributes, remark))
        try:
            markdown = to_markdown(stored, self._address_of)
            if self.marks.resolve(read_rich_text(markdown, 1, self.names, _refuse)) == stored:
                return markdown
        except (CannotSay, Wrong):
            pass
        written = rewrite(stored, self._link_in_file).replace("\n", "&#10;")
        return Html("&#58;" + written[1:] if written.startswith(":") else written)

    def body(self, block, raw: list, remark: Remark) -> str:
        """The stored form of a body as text."""
        pieces: list[str] = []
        is_after_markdown = False
        for child in raw:
            name, value = child["type"], child["value"]
            if name not in block.child_blocks:
                remark(f"left out a block of the unknown type {name}")
                continue
            try:
                piece, is_text = self._piece(name, block.child_blocks[name], value, remark)
            except Gone as gone:
                remark(f"left out the block {name}: it shows what is no longer there ({gone})")
                continue
            if is_text and is_after_markdown:
                piece, is_text = _fenced("text", piece), False
            is_after_markdown = is_text
            pieces.append(piece)
        return "\n\n".join(pieces) + "\n" if pieces else ""

    def structs(self, block, raw: list, remark: Remark) -> list[dict]:
        """A stream of one kind of block as a list."""
        ((name, child),) = block.child_blocks.items()
        return [self.value(child, item["value"], remark) for item in raw if item["type"] == name]

    def _piece(self, name: str, block, value, remark: Remark) -> tuple[str, bool]:
        """A block as text, and whether it is Markdown that would run on into the text before it."""
        if isinstance(block, blocks.RichTextBlock):
            text = self.rich(value or "", remark)
            return (_fenced("html", text), False) if isinstance(text, Html) or not text else (text, True)
        if name == "heading":
            heading = self._heading(value)
            if heading:
                return heading, False
        return _fenced(name, write_yaml(self.value(block, value, remark)) or "{}"), False

    def _heading(self, value: dict) -> str:
        """A heading as Markdown; "" where Markdown cannot say it."""
        depth = {"h2": "##", "h3": "###"}.get(value.get("level"))
        heading = f"{depth} {escape_text(value.get('text') or '')}"
        try:
            is_so = bool(depth) and [
                (name, said) for name, said, _ in read_markdown(heading, 1, self.names, _refuse)
            ] == [("heading", value)]
        except Wrong:
            return ""
        return heading if is_so else ""

    def value(self, block, raw, remark: Remark):
        """A stored value as YAML says it. Raises Gone."""
        if isinstance(block, blocks.StructBlock):
            return self._struct(block, raw, remark)
        if isinstance(block, blocks.ListBlock):
            return self._list(block, raw, remark)
        if isinstance(block, blocks.RichTextBlock):
            return self.rich(raw or "", remark)
        for kind, name in CHOOSERS:
            if isinstance(block, kind):
                return None if raw is None else self.references.name(name, raw)
        return as_in_file(raw) if isinstance(raw, str) else raw

    def _struct(self, block, raw: dict, remark: Remark) -> dict:
        if any(isinstance(child, TypedTableBlock) for child in block.child_blocks.values()):
            return _table(raw)
        written = {}
        for name, child in block.child_blocks.items():
            is_list = isinstance(child, blocks.ListBlock)
            stored = child_of(raw, name, child)
            try:
                value = self.value(child, stored, remark)
            except Gone as gone:
                if child.required:
                    raise
                remark(f"left out {name}: it shows what is no longer there ({gone})")
                continue
            if is_list and not value and child.meta.min_num and items_of(stored):
                raise Gone(name)
            unsaid = [] if is_list else child.get_prep_value(child.get_default())
            if value != unsaid and value is not None:
                written[name] = value
        return written

    def _list(self, block, raw: list, remark: Remark) -> list:
        found = []
        for item in items_of(raw):
            try:
                found.append(self.value(block.child_block, item, remark))
            except Gone as gone:
                remark(f"left out of a list what is no longer there ({gone})")
        return found

    def _known_link(self, attributes: dict, remark: Remark) -> dict | None:
        """A link as the database stores it; None for one that leads to what is gone, so that only its text stays."""
        kind = attributes.get("linktype")
        if kind not in ("page", "document"):
            href = attributes.get("href", "")
            try:
                return self.names.stored_link(as_in_file(href), 1)
            except Wrong as error:
                remark(f"left out a link: {error.reason}")
                return None
        try:
            self.references.name(kind, attributes.get("id"))
        except Gone as gone:
            remark(f"left out a link to what is no longer there ({gone})")
            return None
        return {"linktype": kind, "id": attributes["id"]}

    def _address_of(self, attributes: dict) -> str:
        kind = attributes.get("linktype")
        if kind is None:
            return attributes["href"]
        name = self.references.name(kind, attributes["id"])
        return name if kind == "page" else f"document:{name}"

    def _link_in_file(self, attributes: dict) -> dict:
        kind = attributes.get("linktype")
        if kind is None:
            return attributes
        key = {"page": "address", "document": "name"}[kind]
        return {"linktype": kind, key: self.references.name(kind, attributes["id"])}


def _table(raw: dict) -> dict:
    caption, columns, rows = table_of(raw["table"])
    written = {"caption": caption, "columns": InLine(columns), "rows": [InLine(row) for row in rows]}
    if raw.get("row_headers"):
        written["row_headers"] = True
    return written


def _fenced(name: str, text: str) -> str:
    return f"::: {name}\n{text.rstrip('\n')}\n:::"


def _refuse(wrong: Wrong):
    raise wrong
