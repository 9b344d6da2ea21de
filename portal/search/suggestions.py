"""What someone who is typing may mean: names first, then titles."""

from dataclasses import dataclass

from portal.models import ContentPage
from portal.search.analysis import tokens
from portal.search.directory import names_starting
from portal.selection.filters import LONGEST_WORDS
from portal.text import clean_line, cut

SHORTEST = 2
MOST_NAMES = 4
MOST = 8
MOST_WORDS = 6


@dataclass(frozen=True)
class Suggestion:
    """A label, what it is, and where it leads."""

    label: str
    kind: str
    url: str


def suggest(text: str) -> list[Suggestion]:
    """At most MOST suggestions for the beginning of a search; none for less than two letters."""
    text = clean_line(text[:LONGEST_WORDS])
    words = [token.surface for token in tokens(text)][:MOST_WORDS]
    if len(text) < SHORTEST or not words:
        return []
    names = [Suggestion(entry.label, entry.kind, entry.url) for entry in names_starting(text, MOST_NAMES)]
    pages = ContentPage.objects.for_readers().defer("body").autocomplete(" ".join(words))
    titles = [
        Suggestion(cut(page.title, 90), page.kind_label, page.url) for page in pages[: MOST - len(names)]
    ]
    return [*names, *titles]
