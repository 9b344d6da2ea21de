"""One number that is raised whenever something a reader can see has changed.

It lives in a small file, so that every process on the machine reads it without the database. What is kept in memory or
on disk is kept for one generation.
"""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)

_lock = threading.Lock()
_path = settings.DATA_DIR / "generation"
_listeners: list[Callable[[], object]] = []
LONGEST_COMMIT = 60  # seconds after which a change that was never seen to end counts as one that was made


def current() -> int:
    """The generation now: the file's time of change in nanoseconds; 0 when there is no file yet."""
    try:
        return os.stat(_path).st_mtime_ns
    except OSError:
        return 0


def on_raise(listener: Callable[[], object]):
    """Have this called at the start of each generation that this process starts."""
    if listener not in _listeners:
        _listeners.append(listener)


def raise_now():
    """Start a new generation at once, for every process. Never fails: a full disk must not stop an editor."""
    try:
        with _lock:
            _path.parent.mkdir(parents=True, exist_ok=True)
            before = current()
            _path.touch()
            if current() <= before:
                os.utime(_path, ns=(before + 1, before + 1))
    except OSError as error:
        logger.error("Readers may see old pages: %s cannot be written (%s)", _path, error)
    for listener in _listeners:
        try:
            listener()
        except Exception:
            logger.exception("A part did not hear of the new generation")


def raise_on_commit():
    """Start a new generation once the change that is being made can be seen by others."""
    if transaction.get_connection().in_atomic_block:
        _announce()
    transaction.on_commit(_committed)


# A process may die between its commit and the new generation: what it was about to do is noted beforehand.


def _note():
    return _path.parent / "generation.pending" / f"{os.getpid()}-{threading.get_ident()}"


def _announce():
    with contextlib.suppress(OSError):
        _note().parent.mkdir(parents=True, exist_ok=True)
        _note().touch()


def _committed():
    raise_now()
    with contextlib.suppress(OSError):
        _note().unlink()


def recover() -> bool:
    """Raise the generation for changes whose process did not live to do it, or that were taken back."""
    late = []
    with contextlib.suppress(OSError):
        border = time.time() - LONGEST_COMMIT
        late = [
            note for note in os.scandir(_path.parent / "generation.pending") if note.stat().st_mtime < border
        ]
    if late:
        raise_now()
    for note in late:
        with contextlib.suppress(OSError):
            os.unlink(note)
    return bool(late)
