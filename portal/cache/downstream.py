"""Tells a CDN which addresses have changed, so that it fetches them anew.

Whoever writes or withdraws a copy leaves a note; the worker asks. So an editor never waits for a CDN, it is asked after
the new page can be read, and the addresses that a page had before it moved or went are among those that are dropped.
"""

import itertools
import json
import logging
import time
from collections import deque
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from django.conf import settings

from portal import spool

logger = logging.getLogger(__name__)

NOTES = "downstream"
CLOUDFLARE = "https://api.cloudflare.com/client/v4/zones/{}/purge_cache"
MOST_AT_ONCE = 30  # addresses in one question to Cloudflare
PATIENCE = 3  # seconds for one answer
A_WHILE = 5.0  # seconds of each round of the worker
MOST_FAILURES = 2  # in one round: then the rest waits too
PAUSE = 60  # seconds after a failure
LARGEST_ANSWER = 100_000

_silent_until = 0.0


def _has_cdn() -> bool:
    return bool(settings.CDN_PURGE_URL or settings.CLOUDFLARE_ZONE)


def tell(key: str):
    """Leave a note that this address has other content now, or none."""
    if _has_cdn():
        spool.leave(NOTES, {"path": quote(key, safe="/?=&~", encoding="latin-1")})


def purge() -> int:
    """Ask for every address that was told; the number that were dropped. What failed is asked again a minute later."""
    global _silent_until
    if not _has_cdn() or time.monotonic() < _silent_until:
        return 0
    with spool.taken(NOTES) as notes:
        paths = dict.fromkeys(note["path"] for note in notes)
        waiting = deque(itertools.batched(paths, 1 if settings.CDN_PURGE_URL else MOST_AT_ONCE))
        done, failed, until = 0, [], time.monotonic() + A_WHILE
        while waiting and len(failed) < MOST_FAILURES and time.monotonic() < until:
            batch = waiting.popleft()
            if _ask(batch):
                done += len(batch)
            else:
                failed.append(batch)
        for path in itertools.chain(*waiting, *failed):  # what fails goes last and holds up nothing
            spool.leave(NOTES, {"path": path})
    if failed:
        _silent_until = time.monotonic() + PAUSE
    return done


def _ask(paths: tuple[str, ...]) -> bool:
    """Whether the CDN has dropped these addresses."""
    try:
        if settings.CDN_PURGE_URL:
            _ask_by_purge(*paths)
        if settings.CLOUDFLARE_ZONE:
            _ask_cloudflare(paths)
    except Exception as error:
        first, *others = paths
        more = f" and {len(others)} others" if others else ""
        logger.error(
            "The CDN did not drop %s%s, and is asked again in a minute: %s",
            *(first, more, error or type(error).__name__),
        )
        return False
    return True


def _ask_by_purge(path: str):
    host = urlsplit(settings.SITE_URL).netloc
    try:
        _send("PURGE", f"{settings.CDN_PURGE_URL.rstrip('/')}{path}", {"Host": host})
    except HTTPError as error:
        error.close()
        if error.code != 404:  # Squid's word for what it did not have
            raise


def _ask_cloudflare(paths: tuple[str, ...]):
    answer = _send(
        "POST",
        CLOUDFLARE.format(settings.CLOUDFLARE_ZONE),
        {"Content-Type": "application/json", "Authorization": f"Bearer {settings.CLOUDFLARE_TOKEN}"},
        json.dumps({"files": [f"{settings.SITE_URL}{path}" for path in paths]}).encode(),
    )
    told = json.loads(answer)
    if not told["success"]:
        raise ValueError(told.get("errors"))


def _send(method: str, url: str, headers: dict, body: bytes | None = None) -> bytes:
    """The answer to a request; the operator names the scheme and host."""
    request = Request(url, body, headers, method=method)  # noqa: S310
    with urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
        return response.read(LARGEST_ANSWER)
