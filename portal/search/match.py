"""The match of a reader's words over a list: what portal.selection asks of search."""

from dataclasses import dataclass
from functools import cached_property

from portal.search.query import Query, parse_query
from portal.selection.words import PlainMatch


@dataclass(frozen=True)
class Correction:
    """A query that was read otherwise than it was typed: "Resultaten voor … Zoek toch naar …"."""

    #: The words that were looked for.
    used: str
    #: What was typed.
    typed: str
    #: The words to search for to get what was typed after all.
    literal: str


class DutchMatch:
    """The items that hold the words of one search.

    For templates: `query` (with `marks(token)` for snippets), `correction` and `note`.
    """

    def __init__(self, queryset, words: str):
        self.items = queryset
        self.words = words
        self._plain = PlainMatch(words)

    @cached_property
    def query(self) -> Query:
        """The words as they were looked for, after correction."""
        return parse_query(self.words)

    @cached_property
    def correction(self) -> Correction | None:
        """How the words were corrected; None when they were not."""
        return None

    @cached_property
    def is_loose(self) -> bool:
        """No item holds all the words; these hold some of them."""
        return False

    @property
    def note(self) -> str:
        """What a reader should know of this result; "" for nothing."""
        return "Er is niets met al deze woorden. Dit lijkt erop." if self.is_loose else ""

    def restrict(self, queryset):
        return self._plain.restrict(queryset)

    def ranked(self, queryset, start: int, stop: int) -> list[int]:
        return self._plain.ranked(queryset, start, stop)


def find(queryset, words: str) -> DutchMatch:
    """What `register_word_search` asks for."""
    return DutchMatch(queryset, words)
