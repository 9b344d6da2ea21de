"""What is kept of an object to find it by: its keys in sections, the same on every database."""

from dataclasses import dataclass

from django.db.models import Manager
from django.utils.encoding import force_str
from wagtail.search.index import AutocompleteField, RelatedFields, SearchField

from portal.search.analysis import analyse

#: A field of which the definition says `boost=SUMMARY` tells what the whole object is about.
SUMMARY = 2
#: Keys of a body beyond this many are not kept: a book would otherwise hold everything.
LONGEST_BODY = 12_000
LONGEST_HEAD = 1_000


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


def text_of(obj) -> str:
    """Every word that an object is found by, as it stands."""
    fields = (pair for definition in obj.get_search_fields() for pair in read_field(obj, definition))
    return "\n".join(text for field, text in fields if isinstance(field, SearchField))


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
    #: Everything, as it stands.
    text: str

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
        title, title_parts = analyse(" ".join(titles))
        head, head_parts = analyse("\n".join(heads))
        body, body_parts = analyse("\n".join(bodies))
        return cls(
            title,
            title_parts,
            head[:LONGEST_HEAD],
            head_parts[:LONGEST_HEAD],
            body[:LONGEST_BODY],
            body_parts[:LONGEST_BODY],
            " ".join(starts),
            "\n".join([*titles, *heads, *bodies]),
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
