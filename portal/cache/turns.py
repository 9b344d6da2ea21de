"""One at a time among the processes of a machine: a lock on a file, which ends with whoever holds it."""

import contextlib
import fcntl
import time
from collections.abc import Callable, Iterator
from pathlib import Path


@contextlib.contextmanager
def turn(path: Path, patience: float, complain: Callable) -> Iterator[bool]:
    """Wait at most `patience` seconds for the turn; True when it came. Without it, or without a disk, all goes on."""
    handle, is_mine = None, False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("w")
        until = time.monotonic() + patience
        while not (is_mine := _take(handle)) and time.monotonic() < until:
            time.sleep(0.01)
    except OSError as error:
        complain("lock", error)
    try:
        yield is_mine
    finally:
        if handle:
            handle.close()


def _take(handle) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
