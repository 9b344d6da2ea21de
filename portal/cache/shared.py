"""One generation for several machines: a number in Redis or Valkey, looked at each second.

Each machine keeps its own file, so that reading the generation costs no connection, and goes on with it when the
server is gone. What could not be told is told as soon as the server is back.
"""

import contextlib
import fcntl
import logging
import os
import threading
import time

from django.conf import settings

from portal import generation

logger = logging.getLogger(__name__)

KEY = "lokale-democratie:generation"
BETWEEN = 1.0
PATIENCE = 1.0

_is_following = threading.local()
_follower: tuple[int, threading.Event] | None = None
_retry_at = 0.0


def _client():
    import redis

    return redis.Redis.from_url(
        settings.CACHE_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
    )


def _known():
    """The number that this machine has acted upon."""
    return settings.DATA_DIR / "generation.shared"


def _untold():
    return settings.DATA_DIR / "generation.untold"


@contextlib.contextmanager
def _alone():
    with (settings.DATA_DIR / "generation.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def announce():
    """Tell the other machines of a new generation here; never waits for the server when a follower can do it."""
    global _retry_at
    if getattr(_is_following, "now", False):
        return
    _untold().touch()
    if _follower and _follower[0] == os.getpid():
        _follower[1].set()
    elif time.monotonic() >= _retry_at:
        try:
            tell(_client())
        except Exception as error:
            _retry_at = time.monotonic() + 5
            logger.error("The other machines could not be told of the change yet: %s", error)


def tell(client):
    """Count one up for what has not been told, and remember that this machine knows."""
    with _alone():
        if not _untold().exists():
            return
        _untold().unlink()
        try:
            number = int(client.incr(KEY))
        except Exception:
            _untold().touch()
            raise
        if str(number - 1) == _read_known():
            _known().write_text(str(number))


def _read_known() -> str:
    try:
        return _known().read_text()
    except OSError:
        return "0"


def look(client):
    """Start a new generation here when another machine has started one."""
    tell(client)
    number = client.get(KEY)
    with _alone():
        if number is None or number == _read_known():
            return
        _is_following.now = True
        try:
            generation.raise_now()
        finally:
            _is_following.now = False
        _known().write_text(number)


def follow():
    """Look each second, in a thread of this process; called at each request, starts once."""
    global _follower
    if not settings.CACHE_URL or (_follower and _follower[0] == os.getpid()):
        return
    _follower = (os.getpid(), threading.Event())
    threading.Thread(target=_follow, args=_follower[1:], name="generation", daemon=True).start()


def _follow(wake: threading.Event):
    client, is_gone = _client(), False
    while True:
        try:
            look(client)
            is_gone = False
        except Exception as error:
            if not is_gone:
                logger.error("The generation of the other machines cannot be read: %s", error)
            is_gone = True
        wake.wait(BETWEEN)
        wake.clear()
