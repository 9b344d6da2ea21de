"""A fixed number of files for the last copies of all other addresses, so that every process has what one has read.

An address has one slot by its name; whoever comes later to the same slot takes it over. However many addresses are
invented, there are never more files, and none is large. Words and choices of several values, of which there is no end,
have half of the slots and never push out a list of one theme.
"""

import contextlib
import json
import zlib
from collections.abc import Callable
from pathlib import Path

from portal.cache.copies import Copy

COUNT = 1024
LARGEST = 64 * 1024
KNOWN = ("generation", "digest", "size", "stored_at", "modified", "headers", "made_by")


class Slots:
    def __init__(self, root: Path):
        self.root = root

    def _path(self, key: str) -> Path:
        half = COUNT // 2
        is_endless = "&" in key or "?q=" in key
        return self.root / f"{zlib.crc32(key.encode()) % half + half * is_endless:04}"

    def write(self, key: str, copy: Copy, replace: Callable) -> bool:
        """One line of JSON, then the two bodies; False for what is too large."""
        if sum(map(len, copy.bodies.values())) > LARGEST:
            return False
        bodies = copy.bodies["br"] + copy.bodies["gzip"]
        head = {name: getattr(copy, name) for name in KNOWN}
        head |= {"key": key, "br": len(copy.bodies["br"]), "sum": zlib.crc32(bodies)}
        self.root.mkdir(parents=True, exist_ok=True)
        replace(self._path(key), json.dumps(head).encode() + b"\n" + bodies)
        return True

    def read(self, key: str) -> Copy | None:
        """The copy in its slot, when it is of this address and whole; OSError or ValueError where there is none."""
        line, _, bodies = self._path(key).read_bytes().partition(b"\n")
        head = json.loads(line)
        if head["key"] != key or head["sum"] != zlib.crc32(bodies):
            return None
        known = {name: head[name] for name in KNOWN} | {"headers": [tuple(pair) for pair in head["headers"]]}
        return Copy(**known, bodies={"br": bodies[: head["br"]], "gzip": bodies[head["br"] :]})

    def drop(self, key: str):
        with contextlib.suppress(OSError, ValueError, KeyError):
            if self.read(key):
                self._path(key).unlink()
