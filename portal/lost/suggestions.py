"""What a reader may have meant by an address that is not there; cheap, also when thousands ask at once."""

import threading
import time
from collections.abc import Callable

from portal.lost.addresses import words_in
from portal.models import ContentPage
from portal.selection.words import search_items

MOST_ITEMS = 5
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


def suggest(path: str) -> list[ContentPage]:
    """Cards of the items that hold the words of this address, the best first; none when the budget is spent."""
    words = words_in(path)
    if not words or not searches.take():
        return []
    last = words_in(path.rstrip("/").rpartition("/")[2])
    fewer = sorted(last, key=len, reverse=True)[:FEW_WORDS]
    return _find(words) or (_find(fewer) if set(fewer) not in (set(), set(words)) else [])


def _find(words: list[str]) -> list[ContentPage]:
    items = ContentPage.objects.for_readers()
    order = search_items(items, " ".join(words)).ranked(items, 0, MOST_ITEMS)
    cards = {item.pk: item for item in items.filter(pk__in=order).for_cards()} if order else {}
    return [cards[pk] for pk in order if pk in cards]
