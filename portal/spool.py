"""Notes that a request leaves behind for the worker: a line in a file costs a reader nothing and needs no database.

A note is one JSON line, written in one go. The worker takes the whole file at once and turns its lines into rows. A
file that is not taken stops growing; a note that cannot be written is dropped: a reader's answer never fails for it.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

LARGEST_FILE = 5 * 1024 * 1024
LONGEST_LINE = 2000


def _path(name: str) -> Path:
    return Path(settings.DATA_DIR) / "spool" / f"{name}.jsonl"


def leave(name: str, note: dict):
    """Add a note to the file of that name."""
    line = json.dumps(note, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
    if len(line) > LONGEST_LINE:
        return
    path = _path(name)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.fstat(handle).st_size < LARGEST_FILE:
                os.write(handle, line)
        finally:
            os.close(handle)


def waiting() -> int:
    """Bytes of notes that nobody has taken yet."""
    return sum(path.stat().st_size for path in _path("any").parent.glob("*.jsonl"))


@contextlib.contextmanager
def taken(name: str) -> Iterator[list[dict]]:
    """Every note left so far; they are gone when the block ends without an error, and there again when it fails.

    For one process at a time (see `portal.work.locks`). A line that is not a note is passed over.
    """
    path = _path(name)
    held = path.with_suffix(".taken")
    if not held.exists():
        try:
            path.replace(held)
        except FileNotFoundError:
            yield []
            return
    yield list(_read(held))
    held.unlink()


def _read(path: Path) -> Iterator[dict]:
    with path.open("rb") as lines:
        for line in lines:
            with contextlib.suppress(ValueError):
                note = json.loads(line)
                if isinstance(note, dict):
                    yield note
