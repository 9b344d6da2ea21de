"""One number that is raised whenever something a reader can see has changed.

It lives in a small file that every process on the machine maps into its memory: no database is asked. What is kept in
memory or on disk is kept for one generation.
"""

import contextlib
import fcntl
import logging
import mmap
import os
import struct
import threading
import time
from collections.abc import Callable, Collection

from django.conf import settings
from django.db import transaction

from portal import journal

logger = logging.getLogger(__name__)

_path = settings.DATA_DIR / "generation"
_listeners: list[Callable[[], object]] = []
_NUMBER = struct.Struct("=q")
#: Among the pages that changed: more than items did, such as a name, a picture or a page that others lie under.
FRAME = 0
TAKEN_FOR_GRANTED = 0.1  # seconds in which nobody looks whether the file is still the same one
LONGEST_COMMIT = 60  # seconds after which a change that was never seen to end counts as one that was made


#: Whether the last change here was not told: then nobody knows which pages it was, and the next one may be of any.
_has_failed = False
#: The file as it is mapped here: its path, until when that is taken for granted, its number, device and inode.
_mapped: tuple = (None, 0.0, None, None)


def current() -> int:
    """The generation now: the moment it began, in nanoseconds; 0 when there is none yet. Makes no system call."""
    path, until, number, _ = _mapped
    if path is _path and time.monotonic() < until:
        return number[0]
    return _look()


def _look() -> int:
    """Map the file again if it is another one than before: it may have been taken away or put back."""
    global _mapped
    try:
        with _path.open("rb") as file:
            found = os.fstat(file.fileno())
            if found.st_size < _NUMBER.size:
                return 0
            path, _, number, place = _mapped
            if path is not _path or place != (found.st_dev, found.st_ino):
                number = memoryview(mmap.mmap(file.fileno(), _NUMBER.size, prot=mmap.PROT_READ)).cast("q")
    except OSError:
        _mapped = (None, 0.0, None, None)
        return 0
    _mapped = (_path, time.monotonic() + TAKEN_FOR_GRANTED, number, (found.st_dev, found.st_ino))
    return number[0]


def _write(pages: Collection[int] | None):
    """Write a later number in the place of the one that is there, for all who have mapped the file."""
    _path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(_path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = os.pread(file, _NUMBER.size, 0)
        before = _NUMBER.unpack(known)[0] if len(known) == _NUMBER.size else 0
        number = max(time.time_ns(), before + 1)
        if pages is not None:
            with contextlib.suppress(OSError):  # then it may be anything that changed
                journal.note(_path, before, number, pages)
        os.pwrite(file, _NUMBER.pack(number), 0)
    finally:
        os.close(file)


def on_raise(listener: Callable[[], object]):
    """Have this called at the start of each generation that this process starts."""
    if listener not in _listeners:
        _listeners.append(listener)


def raise_now(pages: Collection[int] | None = None) -> bool:
    """Start a new generation at once, for every process; whether others can know. Never fails: a full disk must not
    stop an editor.

    `pages` are the primary keys of the items that may have come, gone or been filed elsewhere, with `FRAME` among them
    where more than items changed; None when it may be any, and all that is kept is read anew. Empty where nothing
    changed that is kept: the clock went on, or a picture was made.
    """
    global _has_failed
    # With several machines another's change may be in the database and not be heard of here yet, and so may one of
    # which no process told how it ended.
    is_any = _has_failed or pages is None or bool(settings.CACHE_URL) or _others_announced()
    is_told = True
    try:
        _write(None if is_any else pages)
        if is_any:
            _has_failed = False
    except OSError as error:
        _has_failed, is_told = True, False
        logger.error("Readers may see old pages: %s cannot be written (%s)", _path, error)
    for listener in _listeners:
        try:
            listener()
        except Exception:
            logger.exception("A part did not hear of the new generation")
    return is_told


def has_failed() -> bool:
    """Whether the last change here could not be told, so that other processes do not know of it."""
    return _has_failed


def pages_changed(earlier: int, later: int) -> frozenset[int] | None:
    """The items that may have changed from one generation to a later one, and `FRAME`; None when it may be any."""
    return journal.between(_path, earlier, later)


class _Change:
    """What a transaction changes; called when it is committed, once for each change, and told once."""

    is_told = False

    def __init__(self, pages: Collection[int] | None):
        self.pages = None if pages is None else set(pages)

    def add(self, pages: Collection[int] | None):
        if self.pages is None or pages is None:
            self.pages = None
        else:
            self.pages.update(pages)

    def __call__(self):
        if self.is_told:
            return
        self.is_told = True
        if raise_now(self.pages):
            with contextlib.suppress(OSError):
                _note().unlink()
        else:
            _announce()  # the worker may be able to tell


def raise_on_commit(pages: Collection[int] | None = None):
    """Start a new generation once the change that is being made can be seen by others (`pages` as in `raise_now`).

    A transaction starts one, for all that it changed: it is told whole or, when the process dies, not at all.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        transaction.on_commit(_Change(pages))
        return
    hooks = reversed(connection.run_on_commit)
    change = next((hook for _, hook, _ in hooks if isinstance(hook, _Change)), None)
    if change and not change.is_told:
        change.add(pages)
    else:
        # A note that is there is of a transaction of which nobody knows how it ended.
        change = _Change(None if _note().exists() else pages)
    transaction.on_commit(change)
    _announce()


# A process may die between its commit and the new generation: what it was about to do is noted beforehand.


def _note():
    return _path.parent / "generation.pending" / f"{os.getpid()}-{threading.get_ident()}"


def _announce():
    with contextlib.suppress(OSError):
        _note().parent.mkdir(parents=True, exist_ok=True)
        _note().touch()


def _others_announced() -> bool:
    """Whether another transaction is about to tell of a change, or never came to it."""
    with contextlib.suppress(OSError):
        own = _note()
        return any(note.name != own.name for note in os.scandir(own.parent))
    return False


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
