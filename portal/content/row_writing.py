"""What a row must hold to say what a file says: compared first, so that what is right is not touched."""

from django.db import models
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from portal.content.markup import as_in_file
from portal.content.names import Marks
from portal.content.present import Present
from portal.content.schema import Key, linked_field
from portal.content.stored_html import canonical


class RowWriter:
    """Compares and sets the values of pages, snippets and settings; names and marks become primary keys."""

    def __init__(self, present: Present, marks: Marks):
        self.present, self.marks = present, marks
        self.rows: dict[type, dict[int, models.Model]] = {}

    def is_so(self, row, key: Key, value) -> bool:
        """Whether the row says this already."""
        wanted = self._value(key, value)
        if key.form in ("image", "user", "slug"):
            return getattr(row, f"{key.attribute}_id") == wanted
        if key.form == "slugs":
            return {one.pk for one in getattr(row, key.attribute).all()} == set(wanted)
        if key.form == "links":
            name = linked_field(key.field).attname
            return [getattr(one, name) for one in getattr(row, key.attribute).all()] == wanted
        if key.form in ("body", "structs"):
            return is_same_stream(key.field.stream_block, getattr(row, key.attribute), wanted)
        present = getattr(row, key.attribute)
        if key.form == "rich":
            return present == wanted or canonical(present) == canonical(wanted)
        if key.form == "text" and present and wanted:
            return present == wanted or as_in_file(present) == wanted
        return present == wanted

    def set(self, row, key: Key, value):
        wanted = self._value(key, value)
        if key.form in ("image", "user", "slug"):
            setattr(row, f"{key.attribute}_id", wanted)
        elif key.form == "slugs":
            getattr(row, key.attribute).set(self._rows(key.target, wanted))
        elif key.form == "links":
            name = linked_field(key.field).attname
            model = key.field.related_model
            links = [model(**{name: pk}, sort_order=place) for place, pk in enumerate(wanted)]
            setattr(row, key.attribute, links)
        elif key.form in ("body", "structs"):
            setattr(row, key.attribute, key.field.stream_block.to_python(wanted))
        else:
            setattr(row, key.attribute, wanted)

    def _value(self, key: Key, value):
        """The value as the model holds it."""
        if key.form == "user":
            return self.present.users.get(value)
        if key.form in ("slug", "slugs"):
            known = self.present.slugs.get(key.target, {})
            return [known[name] for name in value] if key.form == "slugs" else known.get(value)
        if key.form == "links" and not hasattr(key.target, "url_path") and hasattr(key.target, "slug"):
            return [self.present.slugs[key.target][name] for name in value]
        return self.marks.resolve(value)

    def _rows(self, model: type, keys: list[int]) -> list:
        known = self.rows.setdefault(model, {})
        missing = [pk for pk in keys if pk not in known]
        if missing:
            known.update(model.objects.in_bulk(missing))
        return [known[pk] for pk in keys]


def is_same_stream(block, stream, wanted: list) -> bool:
    """Whether a stream says what `wanted` (raw data) says; the editor's own keys and ways of writing aside."""
    return said(block, list(stream.raw_data)) == said(block, wanted)


def said(block, raw):
    """What the stored form of a block says, in one way of writing."""
    if isinstance(block, blocks.StreamBlock):
        known = block.child_blocks
        return [(b["type"], said(known[b["type"]], b["value"])) for b in raw if b["type"] in known]
    if isinstance(block, blocks.StructBlock):
        return {name: said(child, child_of(raw, name, child)) for name, child in block.child_blocks.items()}
    if isinstance(block, blocks.ListBlock):
        return [said(block.child_block, item) for item in items_of(raw)]
    if isinstance(block, TypedTableBlock):
        return table_of(raw)
    if isinstance(block, blocks.RichTextBlock):
        return canonical(raw or "")
    return as_in_file(raw) if isinstance(raw, str) else raw or ""


def child_of(raw: dict | None, name: str, block):
    """The stored value of a part of a struct; the block's own default where an older page lacks the part."""
    return raw[name] if raw and name in raw else block.get_prep_value(block.get_default())


def items_of(raw: list | None) -> list:
    """The stored values of a list, wrapped in items as Wagtail writes them now, or bare as it did before."""
    is_wrapped = all(isinstance(item, dict) and item.get("type") == "item" for item in raw or [])
    return [item["value"] if is_wrapped else item for item in raw or []]


def table_of(raw: dict | None) -> tuple[str, list[str], list[list[str]]]:
    """Caption, headings and cells of a stored table."""
    raw = raw or {}
    return (
        as_in_file(raw.get("caption") or ""),
        [as_in_file(column["heading"]) for column in raw.get("columns", [])],
        [[as_in_file(cell or "") for cell in row["values"]] for row in raw.get("rows", [])],
    )
