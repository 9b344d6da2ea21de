"""What is kept in memory beside the frame of the site, and how long."""

import threading
import time
from collections.abc import Callable

from portal import chrome, generation
from portal.chrome import Chrome
from portal.generation import FRAME


class Kept[Read]:
    """What is read once in a generation and then kept in memory, as long as the frame is of that generation.

    What depends on how items are filed may be brought up to date instead: `renew` is given what was kept and the items
    that may have changed since, and answers None when it must be read. What depends on names too is read anew when more
    than items changed (`has_names`).
    """

    def __init__(
        self,
        read: Callable[[], Read],
        renew: Callable[[Read, set[int]], Read | None] | None = None,
        has_names: bool = False,
    ):
        self._read, self._renew, self._has_names, self._lock = read, renew, has_names, threading.RLock()
        self._kept: tuple[Chrome | None, Read | None] = (None, None)
        self._read_at = 0.0

    def get(self) -> Read:
        """What was read in this generation; readers who come while it is being read wait for it."""
        frame, kept = chrome.get_chrome(), self._kept
        if kept[0] is not frame:
            with self._lock:
                if self._kept[0] is not frame:
                    renewed = self._renewed(frame)
                    self._kept = (frame, self._read_all() if renewed is None else renewed)
                kept = self._kept
        return kept[1]

    def _read_all(self) -> Read:
        read_at, read = time.monotonic(), self._read()
        self._read_at = read_at
        return read

    def _renewed(self, frame: Chrome) -> Read | None:
        """What was kept, brought up to date; None when it is not known what changed, or it was read too long ago."""
        before, read = self._kept
        if not (self._renew and before) or time.monotonic() - self._read_at >= chrome.LONGEST_LIFE:
            return None
        if before.generation >= frame.generation or before.private_paths != frame.private_paths:
            return None
        if self._has_names and before.reading is not frame.reading:
            return None
        changed = generation.pages_changed(before.generation, frame.generation)
        return None if changed is None else self._renew(read, changed - {FRAME})


def as_it_was[Read](kept: Read, changed: set[int]) -> Read:
    """How to bring up to date what hangs on no item."""
    return kept
