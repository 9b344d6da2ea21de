"""What is kept of an object to find it by: its keys in sections, the same on every database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from django.db.models import Manager
from django.utils.encoding import force_str
from wagtail.blocks import StreamValue
from wagtail.search.index import AutocompleteField, RelatedFields, SearchField

from portal.search.analysis import analyse

#: A field of which the definition says `boost=SUMMARY` tells what the whole object is about.
SUMMARY = 2
#: Keys of a body beyond this many are not kept: a book would otherwise hold everything.
LONGEST_BODY = 12_000
LONGEST_HEAD = 1_000


#: Keys of a stored block whose strings are no words for readers.
_NO_WORDS = {"id", "type", "level", "url", "image", "document", "page", "poster"}
_BLOCK_END = re.compile(r"</(?:p|li|h[2-6]|ul|ol)>|<br ?/?>")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


def plain_words(value) -> Iterator[str]:
    """The texts of a stored body, in order, without looking anything up; a line for each paragraph."""
    if isinstance(value, str):
        if "<" in value or "&" in value:
            value = unescape(_TAG.sub("", _BLOCK_END.sub("\n", value)))
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in _NO_WORDS:
                yield from plain_words(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from plain_words(part)


def _texts(value) -> str:
    """A value of any field as one text, as Wagtail's own indexer writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(map(_texts, value))
    if isinstance(value, dict):
        return ", ".join(map(_texts, value.values()))
    return force_str(value)


def read_field(obj, field):
    """Each field inside a search field, with its text."""
    if isinstance(field, SearchField | AutocompleteField):
        body = getattr(obj, field.field_name, None)
        if isinstance(body, StreamValue):
            # As it is stored: Wagtail would look up every picture and page in it.
            yield field, "\n".join(plain_words(list(body.raw_data)))
        else:
            yield field, _texts(field.get_value(obj))
    elif isinstance(field, RelatedFields):
        related = field.get_value(obj)
        if related is None:
            return
        if not isinstance(related, Manager) and callable(related):
            related = related()
        for other in related.all() if isinstance(related, Manager) else [related]:
            for inner in field.fields:
                yield from read_field(other, inner)


@dataclass
class Document:
    """The keys of one object: of title, head (what it is about) and body, each with those of their parts."""

    title: list[str]
    title_parts: list[str]
    head: list[str]
    head_parts: list[str]
    body: list[str]
    body_parts: list[str]
    #: The text for completing words while someone types, as it stands.
    autocomplete: str
    #: The different words of everything, as they stand, in lower case.
    words: set[str]

    @classmethod
    def of(cls, obj) -> "Document":
        titles, heads, bodies, starts = [], [], [], []
        for definition in obj.get_search_fields():
            for field, text in read_field(obj, definition):
                if isinstance(field, AutocompleteField):
                    starts.append(text)
                elif field.field_name == "title":
                    titles.append(text)
                else:
                    (heads if field.boost == SUMMARY else bodies).append(text)
        title, head, body = (analyse("\n".join(texts)) for texts in (titles, heads, bodies))
        return cls(
            title.keys,
            title.parts,
            head.keys[:LONGEST_HEAD],
            head.parts[:LONGEST_HEAD],
            body.keys[:LONGEST_BODY],
            body.parts[:LONGEST_BODY],
            " ".join(starts),
            title.words | head.words | body.words,
        )

    @property
    def sections(self) -> list[list[str]]:
        return [self.title, self.title_parts, self.head, self.head_parts, self.body, self.body_parts]

    @property
    def title_text(self) -> str:
        return " ".join(self.title)

    @property
    def body_text(self) -> str:
        """All but the title, a section per line; see `read_sections()`."""
        return "\n".join(" ".join(section) for section in self.sections[1:])


def read_sections(title_text: str, body_text: str) -> list[str]:
    """The six sections back from what is kept, each as its keys with a space between."""
    lines = (body_text or "").split("\n")
    return [title_text, *[*lines, *[""] * 5][:5]]
