"""The copies that one process keeps in memory, bounded in bytes; what was read longest ago goes first."""

import threading
from collections import OrderedDict

from portal.cache.copies import Copy


class Memory:
    def __init__(self, limit: int):
        self.limit = limit
        self.used = 0
        self._copies: OrderedDict[str, Copy] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._copies)

    def get(self, key: str) -> Copy | None:
        """The copy of any generation."""
        copy = self._copies.get(key)
        if copy is not None:
            try:
                self._copies.move_to_end(key)
            except KeyError:  # another thread has just put it out
                return copy
        return copy

    def put(self, key: str, copy: Copy):
        """Keep a copy, unless a later one is kept already or it would fill a quarter of all room."""
        weight = copy.weight + len(key)
        with self._lock:
            before = self._copies.get(key)
            if (before is not None and before.generation > copy.generation) or weight > self.limit // 4:
                return
            self._drop(key)
            self._copies[key] = copy
            self.used += weight
            while self.used > self.limit:
                self._drop(next(iter(self._copies)))

    def drop(self, key: str):
        with self._lock:
            self._drop(key)

    def _drop(self, key: str):
        copy = self._copies.pop(key, None)
        if copy is not None:
            self.used -= copy.weight + len(key)
