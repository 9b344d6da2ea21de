"""Finding items by words.

How words are matched and ranked is not decided here: `portal.search` registers what does it. Until it has, words are
looked for in titles and summaries, as they stand.
"""

from collections.abc import Callable
from typing import Protocol

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from portal.text import fold

MOST_TERMS = 12


class WordMatch(Protocol):
    """The items that hold the words of one search.

    A template may ask it more, as `selection.match`: a correction of the words, a note, why they find nothing.
    """

    def restrict(self, queryset: QuerySet) -> QuerySet:
        """Only what holds the words, of any queryset over content: the same match for list, count and facets."""
        ...

    def ranked(self, queryset: QuerySet, start: int, stop: int) -> list[int]:
        """The primary keys of the matches in `queryset` from `start` to `stop`, the best first."""
        ...


class PlainMatch:
    """Every word stands in the title or the summary; a hit in the title goes first, then the newest."""

    def __init__(self, words: str):
        self.terms = [term for word in words.split()[:MOST_TERMS] if (term := fold(word))]

    def restrict(self, queryset):
        if not self.terms:
            return queryset.none()
        for term in self.terms:
            queryset = queryset.filter(Q(title_key__contains=term) | Q(summary__icontains=term))
        return queryset

    def ranked(self, queryset, start, stop):
        if not self.terms:
            return []
        in_title = Q(*[("title_key__contains", term) for term in self.terms])
        best = Case(When(in_title, then=Value(False)), default=Value(True), output_field=BooleanField())
        ordered = self.restrict(queryset).order_by(best, "-added_at", "-pk")
        return list(ordered.values_list("pk", flat=True)[start:stop])


_search: Callable[[QuerySet, str], WordMatch] | None = None


def register_word_search(function: Callable[[QuerySet, str], WordMatch] | None):
    """Let `function(queryset, words)` find items by words from now on; None brings back the plain search.

    It gets the items as they are filtered by everything but the words, and may look whether all words are found
    together there before it decides how strict it is. Returns what was registered before.
    """
    global _search
    before, _search = _search, function
    return before


def search_items(queryset: QuerySet, words: str) -> WordMatch:
    """What of `queryset` holds `words` (not empty, one line, at most 300 characters)."""
    return _search(queryset, words) if _search else PlainMatch(words)
