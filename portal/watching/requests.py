"""The outermost layer of the web server: each answer gives one line in the log and one more in the counts."""

import logging
import random
import re
import time

from django.conf import settings

from portal.watching import tally
from portal.watching.logs import FIELDS, request_id

#: Where a request carries what its answer was made by, and how the page cache had it.
MADE_BY, CACHE = "portal.made_by", "portal.cached"
ROUTE = "portal.route"
#: The address of a page that anyone may read; no other address gets into a log: it may hold a token or a name.
PAGE = "portal.page"
HIT, STALE, MISS, PASSED = "hit", "stale", "miss", "none"
REQUESTS = "requests"

_SHAPE = re.compile(r"[A-Za-z0-9_-]{8,64}")
logger = logging.getLogger("portal.requests")


def id_of(environ) -> str:
    """The number a trusted proxy gave this request, or a new one."""
    told = environ.get("HTTP_X_REQUEST_ID", "") if settings.PROXY_COUNT else ""
    # It need not be secret, only another one each time: no system call for that.
    return told if _SHAPE.fullmatch(told) else f"{random.getrandbits(64):016x}"


class Watched:
    """`application = Watched(application)`"""

    def __init__(self, app):
        self.app = app
        tally.web.begin()

    def __call__(self, environ, start_response):
        began = time.perf_counter()
        request_id.set(id_of(environ))
        statuses = []

        def begin(status, headers, exc_info=None):
            statuses.append(status[:3])
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        try:
            return self.app(environ, begin)
        finally:
            note(environ, statuses[-1] if statuses else "500", time.perf_counter() - began)


def note(environ, status: str, seconds: float):
    """Count an answer and log it; `seconds` is until its first byte was ready."""
    made_by, cached = environ.get(MADE_BY) or "other", environ.get(CACHE, PASSED)
    tally.web.add(REQUESTS, (made_by, status, cached), seconds, (made_by,))
    if not logger.isEnabledFor(logging.INFO):
        return
    fields = {
        "method": environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"].isalpha() else "?",
        "template": made_by,
        "route": environ.get(ROUTE, ""),
        "status": int(status),
        "ms": round(seconds * 1000, 1),
        "cache": cached,
    }
    if page := environ.get(PAGE):
        fields["page"] = page
    record = logging.LogRecord(logger.name, logging.INFO, "", 0, "request", None, None)
    setattr(record, FIELDS, fields)
    logger.handle(record)  # made by hand: finding out who called costs as much as all the rest
