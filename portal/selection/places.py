"""Where items stand in an order, and what becomes of sets of places when some of them come, go or move."""

from collections.abc import Collection
from itertools import count


class Places(dict):
    """Where each item stands; what does not stand there, stands after the last."""

    def __init__(self, pks: list[int]):
        super().__init__(zip(pks, count()))

    def __missing__(self, pk):
        return len(self)


def put_in_order(pks: list[int], neighbours: dict[int, tuple[int | None, int | None]]) -> list[int] | None:
    """The order with these items put in, each between the two that are its neighbours (None: there is none).

    None when they do not come to stand beside each other: then the order is another one than was thought.
    """
    ordered, waiting = pks.copy(), {pk: after for pk, (_, after) in neighbours.items()}
    while waiting:
        ready = [pk for pk, after in waiting.items() if after not in waiting]
        if not ready:
            return None
        for pk in ready:
            after = waiting.pop(pk)
            try:
                ordered.insert(len(ordered) if after is None else ordered.index(after), pk)
            except ValueError:
                return None
    row = [None, *ordered, None]
    for pk, beside in neighbours.items():
        place = row.index(pk)
        if (row[place - 1], row[place + 1]) != beside:
            return None
    return ordered


class Rearranged:
    """Sets of places, each a number of which bit n is the n-th, after some places were closed and others opened."""

    def __init__(self, closed: Collection[int], opened: Collection[int]):
        #: From the last to the first, so that those still to close stay where they are; and the other way around.
        self._closed = sorted(closed, reverse=True)
        self._opened = sorted(opened)
        self._emptied = sum(1 << place for place in closed)
        self._is_in_place = self._closed == self._opened[::-1]

    def __call__(self, items: int) -> int:
        """The same set, without what stood in a closed place; what is opened is empty."""
        if self._is_in_place:
            return items & ~self._emptied
        for place in self._closed:
            items = (items >> place + 1 << place) | (items & (1 << place) - 1)
        for place in self._opened:
            items = (items >> place << place + 1) | (items & (1 << place) - 1)
        return items
