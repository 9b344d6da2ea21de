"""The blocks of a body, from `::: name` with YAML inside to the data that a StreamField stores.

Blocks are read by their own definition: a key is a child block, a list is a ListBlock, rich text is Markdown. So a new
block needs nothing here; only a table is written in another way than it is stored.
"""

import uuid

from django.core.exceptions import ValidationError
from django.utils import translation
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from portal.content.markdown import Report, read_markdown, read_rich_text
from portal.content.markup import Items, Keys, Text, parse_yaml, split_body
from portal.content.mistakes import Wrong
from portal.content.names import Names
from portal.content.stored_html import read_stored_html

IDENTITY = uuid.UUID("5a0e3c2e-6d0c-4f0e-9f1e-0c7d5b6f2a11")
IN_TEXT = ("text", "heading")


def read_body(
    block, text: str, first: int, names: Names, report: Report, *, identity: str, is_draft: bool = False
) -> list[dict]:
    """The stored form of a body that begins on line `first`; block ids follow from `identity` and the position."""
    found = []
    reader = Reader(names, report, is_draft)
    try:
        for piece in split_body(text, first):
            if not piece.name:
                for name, value, _ in read_markdown(piece.text, piece.line, names, report):
                    found.append({"type": name, "value": value})
                    _check_heading(block, name, value, piece.line, report)
                continue
            try:
                found.append(read_block(block, piece.name, piece.text, piece.line, reader))
            except Wrong as error:
                report(error)
    except Wrong as error:
        report(error)
    return give_ids(found, identity)


def _check_heading(block, name: str, value, line: int, report: Report):
    if (
        name == "heading"
        and len(value["text"]) > block.child_blocks["heading"].child_blocks["text"].field.max_length
    ):
        report(Wrong("this heading is longer than 160 characters", line))


def read_block(block, name: str, text: str, line: int, reader: "Reader") -> dict:
    """One block between `::: name` and `:::`."""
    if name == "text":
        return {"type": "text", "value": read_rich_text(text, line, reader.names, reader.report)}
    if name == "html":
        return {"type": "text", "value": read_stored_html(text.strip("\n"), line, reader.names)}
    if name not in block.child_blocks:
        known = ", ".join(sorted({*block.child_blocks} - {*IN_TEXT}))
        raise Wrong(f"there is no block {name!r}; the blocks are {known}", line - 1)
    value = parse_yaml(text, line)
    if value is None:
        raise Wrong(f"the block {name} is empty", line - 1)
    return {"type": name, "value": reader.read(block.child_blocks[name], value, name)}


class Reader:
    """Reads values by the definition of their block; every mistake goes to `report`. A draft may be unfinished."""

    def __init__(self, names: Names, report: Report, is_draft: bool = False):
        self.names, self.report, self.is_draft = names, report, is_draft

    def read(self, block, value, key: str):
        """The stored form of `value`. Raises Wrong."""
        if isinstance(block, blocks.StructBlock):
            return self._struct(block, value, key)
        if isinstance(block, blocks.ListBlock):
            if not isinstance(value, Items):
                raise Wrong(f"{key} must be a list", value.line)
            if len(value.values) < (block.meta.min_num or 0) and not self.is_draft:
                raise Wrong(f"{key} is empty", value.line)
            return [{"type": "item", "value": self.read(block.child_block, v, key)} for v in value.values]
        if not isinstance(value, Text):
            raise Wrong(f"{key} must be a single text", value.line)
        return self._single(block, value, key)

    def _single(self, block, value: Text, key: str):
        if isinstance(block, blocks.RichTextBlock):
            if value.is_html:
                return read_stored_html(value.text, value.line, self.names)
            return read_rich_text(value.text, value.first, self.names, self.report)
        if isinstance(block, blocks.BooleanBlock):
            return read_flag(value, key)
        if not value.text.strip() and (self.is_draft or not block.required):
            return None if isinstance(block, blocks.ChooserBlock) else value.text
        if isinstance(block, ImageChooserBlock):
            return self.names.image(value.text, value.line)
        if isinstance(block, DocumentChooserBlock):
            return self.names.document(value.text, value.line)
        if isinstance(block, blocks.PageChooserBlock):
            return self.names.page(value.text, value.line, block.target_model)
        clean_in_english(block.clean, value, key)
        return value.text

    def _struct(self, block, value, key: str) -> dict:
        if not isinstance(value, Keys):
            raise Wrong(f"{key} must be a list of `key: value`", value.line)
        if any(isinstance(child, TypedTableBlock) for child in block.child_blocks.values()):
            return self._table(block, value)
        for name in value.values:
            if name not in block.child_blocks:
                known = ", ".join(block.child_blocks)
                self.report(
                    Wrong(f"there is no key {name!r} here; the keys are {known}", value.line_of(name))
                )
        stored = {}
        for name, child in block.child_blocks.items():
            is_list = isinstance(child, blocks.ListBlock)
            is_needed = child.meta.min_num if is_list else child.required
            stored[name] = [] if is_list else child.get_prep_value(child.get_default())
            if name in value.values:
                try:
                    stored[name] = self.read(child, value.values[name], name)
                except Wrong as error:
                    self.report(error)
            elif is_needed and stored[name] in (None, "", []) and not self.is_draft:
                self.report(Wrong(f"{name} is missing", value.line))
        if not self.is_draft:
            self._check_rules(key, stored, value)
        return stored

    def _check_rules(self, key: str, stored: dict, value: Keys):
        if key == "image" and not stored["is_decorative"] and not (stored["alt"] or "").strip():
            self.report(Wrong("say in alt what there is to see, or set is_decorative: true", value.line))
        if key == "call_to_action" and bool(stored["page"]) == bool(stored["url"]):
            self.report(Wrong("give page or url: one of the two", value.line))

    def _table(self, block, value: Keys) -> dict:
        known = ("caption", "columns", "rows", "row_headers")
        for name in value.values:
            if name not in known:
                self.report(
                    Wrong(
                        f"there is no key {name!r} here; the keys are {', '.join(known)}", value.line_of(name)
                    )
                )
        caption = value.values.get("caption")
        if not (isinstance(caption, Text) and (self.is_draft or caption.text.strip())):
            raise Wrong("caption is missing: it says what the table is about", value.line)
        columns = self._cells(value.values.get("columns"), "columns", value.line)
        rows = value.values.get("rows")
        if not isinstance(rows, Items) or not (rows.values or self.is_draft):
            raise Wrong("rows must be a list of lists", rows.line if rows else value.line)
        cells = []
        for row in rows.values:
            texts = self._cells(row, "a row", row.line)
            if len(texts) != len(columns):
                raise Wrong(f"this row has {len(texts)} cells and the table {len(columns)} columns", row.line)
            cells.append({"values": texts})
        row_headers = value.values.get("row_headers")
        return {
            "table": {
                "columns": [{"type": "text", "heading": heading} for heading in columns],
                "rows": cells,
                "caption": caption.text,
            },
            "row_headers": read_flag(row_headers, "row_headers") if row_headers else False,
        }

    def _cells(self, value, key: str, line: int) -> list[str]:
        if not isinstance(value, Items) or not (value.values or self.is_draft):
            raise Wrong(f"{key} must be a list of texts", value.line if value else line)
        for cell in value.values:
            if not isinstance(cell, Text):
                raise Wrong(
                    "a cell is a single text; put it in quotes when it holds a colon or brackets", cell.line
                )
            if len(cell.text) > 500:
                raise Wrong("a cell holds at most 500 characters", cell.line)
        return [cell.text for cell in value.values]


def read_flag(value, key: str) -> bool:
    """`true` or `false`, written so. Raises Wrong."""
    if isinstance(value, Text) and value.text in ("true", "false"):
        return value.text == "true"
    raise Wrong(f"{key} must be true or false", value.line)


def clean_in_english(clean, value: Text, key: str):
    """What a Django or Wagtail field makes of a text. Raises Wrong with the field's own reason, in English."""
    try:
        with translation.override("en"):
            return clean(value.text)
    except ValidationError as error:
        raise Wrong(f"{key}: {' '.join(error.messages)}", value.line) from error


def give_ids(stream: list[dict], identity: str) -> list[dict]:
    """The stream with an id on every block and list item: the same for the same place in the same page."""
    for position, block in enumerate(stream):
        place = f"{identity}/{position}"
        block["id"] = str(uuid.uuid5(IDENTITY, place))
        _give_inner_ids(block["value"], place)
    return stream


def _give_inner_ids(value, place: str):
    if isinstance(value, dict):
        for name, inner in value.items():
            _give_inner_ids(inner, f"{place}/{name}")
    elif isinstance(value, list) and all(
        isinstance(item, dict) and item.get("type") == "item" for item in value
    ):
        give_ids(value, place)
