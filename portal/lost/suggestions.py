"""What a reader may have meant by an address that is not there; cheap, also when thousands ask at once."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from portal.lost.addresses import words_in
from portal.models import ContentPage
from portal.search.directory import Entry, direct_hits
from portal.search.query import parse_query
from portal.selection.words import search_items

MOST_ITEMS = 5
MOST_NAMED = 4
#: So many parts of an address, the last ones, are looked for among the names.
MOST_PARTS = 3
#: With how few words of the last part a search is tried again when all words together find nothing.
FEW_WORDS = 2


class Budget:
    """So many searches a second and no more, saved up to `burst`; each process has its own."""

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic):
        self.per_second, self.burst, self.clock = per_second, burst, clock
        self.left, self.at = float(burst), clock()
        self.lock = threading.Lock()

    def take(self) -> bool:
        """Whether there is one left, which is then taken."""
        with self.lock:
            now = self.clock()
            self.left = min(self.burst, self.left + (now - self.at) * self.per_second)
            self.at = now
            if self.left < 1:
                return False
            self.left -= 1
            return True


searches = Budget(per_second=4, burst=20)


class Suggestions(NamedTuple):
    """Themes, topics, places and people that the address names, and cards of the items that hold its words."""

    named: list[Entry]
    items: list[ContentPage]


def suggest(path: str) -> Suggestions:
    """What this address may have meant, the best first; nothing when the budget is spent."""
    words = words_in(path)
    if not words or not searches.take():
        return Suggestions([], [])
    last = words_in(path.rstrip("/").rpartition("/")[2])
    fewer = sorted(last, key=len, reverse=True)[:FEW_WORDS]
    items = _find(words) or (_find(fewer) if set(fewer) not in (set(), set(words)) else [])
    return Suggestions(_named(path), items)


def _named(path: str) -> list[Entry]:
    """What a part of the address names, the last part first."""
    parts = [words for part in reversed(path.split("/")) if (words := words_in(part))]
    found: dict[str, Entry] = {}
    for words in parts[:MOST_PARTS]:
        for entry in direct_hits(parse_query(" ".join(words))):
            found.setdefault(entry.url, entry)
    return list(found.values())[:MOST_NAMED]


def _find(words: list[str]) -> list[ContentPage]:
    items = ContentPage.objects.for_readers()
    order = search_items(items, " ".join(words)).ranked(items, 0, MOST_ITEMS)
    cards = {item.pk: item for item in items.filter(pk__in=order).for_cards()} if order else {}
    return [cards[pk] for pk in order if pk in cards]
