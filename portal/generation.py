"""One number that is raised whenever something a reader can see has changed.

It lives in a small file, so that every process on the machine reads it without the database. What is kept in memory or
on disk is kept for one generation.
"""

import contextlib
import os
import threading

from django.conf import settings
from django.db import transaction

_lock = threading.Lock()
_path = settings.DATA_DIR / "generation"


def current() -> int:
    """The generation now: the file's time of change in nanoseconds; 0 when there is no file yet."""
    try:
        return os.stat(_path).st_mtime_ns
    except OSError:
        return 0


def raise_now():
    """Start a new generation at once, for every process. Never fails: a full disk must not stop an editor."""
    with _lock, contextlib.suppress(OSError):
        _path.parent.mkdir(parents=True, exist_ok=True)
        before = current()
        _path.touch()
        if current() <= before:
            os.utime(_path, ns=(before + 1, before + 1))


def raise_on_commit():
    """Start a new generation once the change that is being made can be seen by others."""
    transaction.on_commit(raise_now)
