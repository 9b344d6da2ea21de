"""Every live item and how it is filed, in memory for a generation: lists count and page without the database.

Items stand newest first; what has a value is one number of which bit n is the n-th item. Choosing is `&` and `|` of
such numbers, counting a facet is counting bits: the same few microseconds for twenty items as for ten thousand, on the
first page and on the last.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from functools import cache
from itertools import compress
from typing import Self

from django.db.models import QuerySet
from django.utils.functional import cached_property

from portal.kept import Kept
from portal.selection import inventory
from portal.selection.alphabet import get_alphabet
from portal.selection.inventory import FILED_KEYS, RECENT
from portal.selection.places import Places, Rearranged, put_in_order
from portal.selection.vocabulary import Choice, get_vocabulary

ZERO, ONE = b"01"
#: From digits as text to what is false and true.
DIGITS = bytes.maketrans(b"01", b"\0\1")
#: So many searches are remembered in a generation.
MOST_RECALLED = 300
EVERYTHING = "all"  # the name of the list that holds every item


def read_moment(text: str) -> datetime:
    """A moment as a database writes it: with its zone, or in UTC without one."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Shelf:
    """The items that readers may see in one generation. A set of items is a number; bit n is the n-th newest item."""

    def __init__(
        self, pks: list[int], sets: dict[str, dict[object, int]] | None = None, places: Places | None = None
    ):
        self.pks, self.places = pks, places or Places(pks)
        #: For each key its values, and the items that have each.
        self.sets: dict[str, dict[object, int]] = sets or {key: {} for key in FILED_KEYS}
        #: Begin and end of each meeting, as the database writes them.
        self.meetings: dict[int, str] = {}
        #: When an item was last published, as the database writes it; None where that must be asked.
        self.latest: str | None = None
        self._bases: dict[str, int] = {}
        self.recalled: dict[str, object] = {}

    @classmethod
    def read(cls) -> Self:
        """All that readers may see; one query."""
        found = inventory.read_all()
        shelf = cls(found.pks)
        shelf.file(found.labels)
        shelf.meetings = {pk: text for pk, text in found.meetings.items() if pk in shelf.places}
        shelf.latest = found.published
        return shelf

    def file(self, labels: Iterable[tuple[str, object, Iterable[int]]]):
        """Let the items of each value of a key have it."""
        for key, value, pks in labels:
            if items := self.items(pks):
                self.sets[key][value] = self.sets[key].get(value, 0) | items

    def renewed(self, changed: set[int]) -> Self | None:
        """A shelf on which these items stand as the database has them now, the others as here; None when it takes
        reading all of them. One query; what a search found on this shelf stays with it."""
        if len(changed) > inventory.MOST:
            return None
        found = inventory.read_some(changed)
        closed, staying = sorted(self.places[pk] for pk in changed if pk in self.places), self.pks.copy()
        for place in reversed(closed):
            del staying[place]
        pks = put_in_order(staying, found.neighbours)
        if pks is None:
            return None
        shelf = type(self)(pks, places=self.places if pks == self.pks else None)
        move = Rearranged(closed, [shelf.places[pk] for pk in found.neighbours])
        for key, sets in self.sets.items():
            shelf.sets[key] = {value: items for value, before in sets.items() if (items := move(before))}
        shelf.file(found.labels)
        shelf.meetings = self.meetings
        if found.meetings.keys() & shelf.places.keys() or changed & self.meetings.keys():
            known = {**self.meetings, **found.meetings}
            shelf.meetings = {pk: text for pk, text in known.items() if pk in shelf.places}
        if self.latest is not None and (not closed or found.published >= self.latest):
            shelf.latest = max(self.latest, found.published)
        return shelf

    @cached_property
    def published(self) -> str:
        """When an item was last published, or ""; asked by the first answer that says so after the last one may have
        gone."""
        return inventory.read_published() if self.latest is None else self.latest

    def set_of(self, places: Iterable[int]) -> int:
        """The items at these places. Digits are faster to set than bits."""
        digits = bytearray(b"0") * (self.nowhere + 1)
        for place in places:
            digits[place] = ONE
        digits[-1] = ZERO
        return int(digits[::-1], 2)

    @property
    def everything(self) -> int:
        """Every item that stands here."""
        return (1 << self.nowhere) - 1

    def base(self, name: str, items: QuerySet) -> int:
        """The items a list chooses from, asked once in a generation under the name of the list."""
        if name == EVERYTHING:
            return self.everything
        if name == RECENT:
            return self.having(RECENT, [1])
        if name not in self._bases:
            self._bases[name] = self.of(items)
        return self._bases[name]

    def recall[Found](self, names: list[str], find: Callable[[list[str]], list[Found]]) -> list[Found]:
        """What was found under names that say what it is, such as a search; `find` is asked for names that are new."""
        known = {name: items for name in names if (items := self.recalled.get(name)) is not None}
        if new := [name for name in dict.fromkeys(names) if name not in known]:
            known |= zip(new, find(new), strict=True)
            self.recalled = (self.recalled if len(self.recalled) < MOST_RECALLED else {}) | known
        return [known[name] for name in names]

    def of(self, items: QuerySet) -> int:
        """The items of a queryset."""
        return self.items(items.order_by().values_list("pk", flat=True))

    def items(self, pks: Iterable[int]) -> int:
        """These items, as far as they stand here."""
        return self.set_of(map(self.places.__getitem__, pks))

    @property
    def nowhere(self) -> int:
        """The place of what does not stand here."""
        return len(self.pks)

    def having(self, key: str, values: Iterable) -> int:
        """The items that have one of these values (a kind, a year, or the primary keys of labels)."""
        known, found = self.sets[key], 0
        for value in values:
            found |= known.get(value, 0)
        return found

    def labels_of(self, key: str, pks: Iterable[int]) -> dict[int, list]:
        """Of these items the values of a key that each has."""
        pks = [pk for pk in pks if pk in self.places]
        asked, found = self.items(pks), {pk: [] for pk in pks}
        for value, having in self.sets[key].items():
            if having := having & asked:
                for pk in pks:
                    if having >> self.places[pk] & 1:
                        found[pk].append(value)
        return found

    def chosen(self, key: str, choices: list[Choice]) -> int:
        return self.having(key, (number for choice in choices for number in choice.ids))

    def counts(self, key: str, items: int, chosen: list[Choice]) -> dict[object, int]:
        """For each value of a key: how many of these items have it; a municipality counts its predecessors."""
        sets = self.sets[key]
        if key == "gemeente":
            sets = self._municipalities
            ended = [choice for choice in chosen if choice.is_ended]
            if ended:
                sets = sets | {choice.ids[0]: self.chosen(key, [choice]) for choice in ended}
        numbers = map(int.bit_count, map(items.__and__, sets.values()))
        return {value: number for value, number in zip(sets, numbers, strict=True) if number}

    @cached_property
    def _municipalities(self) -> dict[int, int]:
        """The items of each municipality of today, with those of its predecessors."""
        choices, sets = get_vocabulary().by_id.get("gemeente", {}), defaultdict(int)
        for pk, items in self.sets["gemeente"].items():
            choice = choices.get(pk)
            if choice and choice.is_ended:
                pk, choice = choice.ids[1], choices.get(choice.ids[1])
            if choice and not choice.is_ended:
                sets[pk] |= items
        return sets

    def newest(self, items: int, start: int, stop: int) -> list[int]:
        """The primary keys of these items from `start` to `stop`, the newest first."""
        low, high = 0, len(self.pks) if start else 0
        while low < high:  # the place before which there are `start` items
            middle = (low + high) // 2
            if (items & ((1 << middle) - 1)).bit_count() < start:
                low = middle + 1
            else:
                high = middle
        items >>= low
        found = []
        while items and len(found) < stop - start:
            step = (items & -items).bit_length()
            low += step
            found.append(self.pks[low - 1])
            items >>= step
        return found

    def in_turn(self, parts: list[int], start: int, stop: int) -> list[int]:
        """The same of several sets, one after the other."""
        found = []
        for items in parts:
            size = items.bit_count()
            if start < size and stop > 0:
                found += self.newest(items, max(start, 0), min(stop, size))
            start, stop = start - size, stop - size
        return found

    @cached_property
    def by_title(self) -> list[int]:
        """The places from A to Z; asked by the first list in that order."""
        return [self.places[pk] for _, pk in get_alphabet().rows if pk in self.places]

    def titled(self, items: int, start: int, stop: int) -> list[int]:
        """The same from A to Z."""
        bits = items.to_bytes(len(self.pks) // 8 + 1, "little")
        places = [place for place in self.by_title if bits[place >> 3] >> (place & 7) & 1]
        return [self.pks[place] for place in places[start:stop]]


class Picked(Collection):
    """Some items of a shelf as their primary keys, the newest first; counted without being listed."""

    def __init__(self, shelf: Shelf, items: int):
        self.shelf, self.items = shelf, items

    def __len__(self):
        return self.items.bit_count()

    def __contains__(self, pk):
        place = self.shelf.places.get(pk)
        return place is not None and bool(self.items >> place & 1)

    def __iter__(self):
        return compress(self.shelf.pks, f"{self.items:b}"[::-1].encode().translate(DIGITS))


@cache
def _kept(kind: type[Shelf]) -> Kept[Shelf]:
    return Kept(kind.read, kind.renewed)


def get_shelf(kind: type[Shelf] = Shelf) -> Shelf:
    """The shelf of this generation."""
    return _kept(kind).get()
