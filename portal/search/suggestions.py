"""What someone who is typing may mean: names first, then titles."""

import re
from dataclasses import dataclass
from typing import Self

from portal.kept import Kept
from portal.models import ContentPage
from portal.search.directory import names_starting
from portal.selection.filters import LONGEST_WORDS
from portal.selection.shelf import get_shelf
from portal.text import clean_line, cut, fold

SHORTEST = 2
MOST_NAMES = 4
MOST = 8
MOST_WORDS = 6
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Suggestion:
    """A label, what it is, and where it leads."""

    label: str
    kind: str
    url: str


class Titles:
    """The titles that readers see, the newest first, folded and with a space before each word."""

    def __init__(self, rows: list[tuple[str, int]]):
        self.rows = rows

    @classmethod
    def read(cls) -> Self:
        items = ContentPage.objects.for_readers().order_by("-added_at", "-pk")
        return cls([(spaced(key), pk) for pk, key in items.values_list("pk", "title_key")])

    def renewed(self, changed: set[int]) -> Self | None:
        """With these titles as they are now; None when the items are others than was thought."""
        items = ContentPage.objects.for_readers().order_by().filter(pk__in=changed)
        titles = {pk: title for title, pk in self.rows}
        titles |= {pk: spaced(key) for pk, key in items.values_list("pk", "title_key")}
        pks = get_shelf().pks
        return type(self)([(titles[pk], pk) for pk in pks]) if titles.keys() >= set(pks) else None

    def starting(self, text: str, most: int) -> list[int]:
        """The keys of items of which the title has words that start so, those that begin with the text first."""
        start = spaced(text)
        words = [f" {word}" for word in start.split()]
        first, *others = sorted(words, key=len, reverse=True)  # the longest word tells most apart
        found = [(title, pk) for title, pk in self.rows if first in title]
        found = [(title, pk) for title, pk in found if all(word in title for word in others)]
        ahead = [pk for title, pk in found if title.startswith(start)][:most]
        return [*ahead, *(pk for title, pk in found if not title.startswith(start))][:most]


def spaced(text: str) -> str:
    """A text as it is compared here."""
    return "".join(f" {word}" for word in _WORD.findall(fold(text)))


#: The titles of this generation.
get_titles = Kept(Titles.read, Titles.renewed).get


def suggest(text: str) -> list[Suggestion]:
    """At most MOST suggestions for the beginning of a search; none for less than two letters."""
    text = " ".join(_WORD.findall(clean_line(text[:LONGEST_WORDS]))[:MOST_WORDS])
    if len(text) < SHORTEST:
        return []
    names = [Suggestion(entry.label, entry.kind, entry.url) for entry in names_starting(text, MOST_NAMES)]
    keys = get_titles().starting(text, MOST - len(names))
    pages = ContentPage.objects.briefly().in_bulk(keys)
    titles = [
        Suggestion(cut(page.title, 90), page.kind_label, page.url)
        for page in (pages[pk] for pk in keys if pk in pages)
    ]
    return [*names, *titles]
