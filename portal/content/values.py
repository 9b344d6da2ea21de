"""One value of a file, read by the form its key has; and how a page says the same value."""

from django.db import models

from portal.content.block_reading import Reader, clean_in_english, give_ids, read_body, read_flag
from portal.content.markdown import Report, read_rich_text
from portal.content.markup import Items, Text
from portal.content.mistakes import Wrong
from portal.content.moments import read_date, read_moment
from portal.content.names import Names
from portal.content.schema import Key
from portal.content.stored_html import read_stored_html


class ValueReader:
    """Reads the values of one file; what is wrong inside a longer text goes to `report`, the rest is raised."""

    def __init__(self, names: Names, report: Report, *, identity: str, is_draft: bool = False):
        self.names, self.report, self.identity, self.is_draft = names, report, identity, is_draft

    def read(self, key: Key, value):
        """The value as writing takes it: with names and marks in place of rows. Raises Wrong."""
        return getattr(self, f"_{key.form}")(key, value)

    def _text(self, key: Key, value):
        text = single(value, key.name)
        if text.is_null and key.field.null:
            return None
        if not text.text.strip() and (self.is_draft or key.field.blank):
            return text.text
        if key.field.choices and text.text not in (choices := [str(c) for c, _ in key.field.flatchoices]):
            raise Wrong(f"{key.name} is one of {', '.join(choices)}, not {text.text!r}", text.line)
        if not text.text.strip():
            raise Wrong(f"{key.name} is empty", text.line)
        clean_in_english(lambda raw: key.field.clean(raw, None), text, key.name)
        return text.text

    def _rich(self, key: Key, value):
        text = single(value, key.name)
        if text.is_html:
            return read_stored_html(text.text, text.line, self.names)
        html = read_rich_text(text.text, text.first, self.names, self.report)
        if not html and not key.field.blank and not self.is_draft:
            raise Wrong(f"{key.name} is empty", text.line)
        return html

    def _flag(self, key: Key, value):
        if isinstance(value, Text) and value.is_null and key.field.null:
            return None
        return read_flag(value, key.name)

    def _number(self, key: Key, value):
        text = single(value, key.name)
        if text.is_null and key.field.null:
            return None
        if not (text.text.isascii() and text.text.isdigit() and len(text.text) <= 9):
            raise Wrong(f"{key.name} must be a whole number, not {text.text!r}", text.line)
        return clean_in_english(lambda raw: key.field.clean(int(raw), None), text, key.name)

    def _date(self, key: Key, value):
        return self._when(key, value, read_date)

    def _moment(self, key: Key, value):
        return self._when(key, value, read_moment)

    def _when(self, key: Key, value, read):
        text = single(value, key.name)
        if not text.text and key.field.null:
            return None
        try:
            return read(text.text)
        except ValueError as error:
            raise Wrong(f"{key.name}: {error}", text.line) from error

    def _image(self, key: Key, value):
        text = single(value, key.name)
        return self.names.image(text.text, text.line) if text.text else None

    def _user(self, key: Key, value):
        text = single(value, key.name)
        if text.text and text.text not in self.names.users:
            raise Wrong(f"there is no account named {text.text!r}", text.line)
        return text.text or None

    def _slug(self, key: Key, value):
        text = single(value, key.name)
        return self._known_slug(key, text) if text.text else None

    def _slugs(self, key: Key, value):
        texts = several(value, key.name)
        return [self._known_slug(key, text) for text in texts]

    def _known_slug(self, key: Key, text: Text) -> str:
        if text.text not in self.names.slugs.get(key.target, ()):
            raise Wrong(
                f"there is no {key.target.__name__.removesuffix('Page').lower()} {text.text!r}", text.line
            )
        return text.text

    def _links(self, key: Key, value):
        found = []
        for text in several(value, key.name):
            try:
                found.append(self._link(key, text))
            except Wrong as error:
                self.report(error)
        return found

    def _link(self, key: Key, text: Text) -> str:
        if key.target.__name__ == "PortalDocument":
            return self.names.document(text.text, text.line)
        if hasattr(key.target, "url_path"):
            return self.names.page(text.text, text.line, key.target)
        return self._known_slug(key, text)

    def _body(self, key: Key, value):
        text = single(value, key.name)
        return self.body(key, text.text, text.first)

    def body(self, key: Key, text: str, line: int) -> list[dict]:
        return read_body(
            key.field.stream_block,
            text,
            line,
            self.names,
            self.report,
            identity=f"{self.identity}#{key.name}",
            is_draft=self.is_draft,
        )

    def _structs(self, key: Key, value):
        """A stream of one kind of block, written as a list."""
        ((name, block),) = key.field.stream_block.child_blocks.items()
        if not isinstance(value, Items):
            raise Wrong(f"{key.name} must be a list", value.line)
        reader = Reader(self.names, self.report, self.is_draft)
        stream = [{"type": name, "value": reader.read(block, item, key.name)} for item in value.values]
        return give_ids(stream, f"{self.identity}#{key.name}")


def single(value, key: str) -> Text:
    """A single text. Raises Wrong for a list or a mapping."""
    if not isinstance(value, Text):
        raise Wrong(
            f"{key} must be a single text; put it in quotes when it holds a colon or brackets", value.line
        )
    return value


def several(value, key: str) -> list[Text]:
    """A list of different texts. Raises Wrong."""
    if isinstance(value, Text) and value.is_null:
        return []
    if not isinstance(value, Items):
        raise Wrong(f"{key} must be a list: [{value.text if isinstance(value, Text) else ''}]", value.line)
    texts = [single(item, key) for item in value.values]
    seen = set()
    for text in texts:
        if text.text in seen:
            raise Wrong(f"{text.text!r} stands twice in {key}", text.line)
        seen.add(text.text)
    return texts


def is_optional(key: Key) -> bool:
    """Whether a page can do without this key."""
    if key.form in ("slugs", "links", "body", "structs", "flag"):
        return True
    field = key.field
    return field.blank or field.null or (isinstance(field, models.Field) and field.has_default())
