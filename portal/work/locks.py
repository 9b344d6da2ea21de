"""A lock that only one process holds: on PostgreSQL for all machines, on SQLite for this one."""

import contextlib
import fcntl
import zlib
from collections.abc import Iterator

from django.conf import settings
from django.db import connection


@contextlib.contextmanager
def only_one(name: str) -> Iterator[bool]:
    """True for the one process that may do the job now, False for every other; freed when that process ends, too."""
    if connection.vendor == "postgresql":
        number = zlib.crc32(f"lokale-democratie:{name}".encode())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            held = cursor.fetchone()[0]
        try:
            yield held
        finally:
            if held:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
        return
    with only_one_here(name) as held:
        yield held


@contextlib.contextmanager
def only_one_here(name: str) -> Iterator[bool]:
    """The same among the processes of this machine, without the database."""
    folder = settings.DATA_DIR / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
