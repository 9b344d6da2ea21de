"""Each answer of the web server gives one line in the log and one more in the counts."""

import atexit
import contextlib
import logging
import os
import random
import re
import threading
import time
from collections import deque
from collections.abc import Iterator

from django.conf import settings

from portal.watching import tally
from portal.watching.logs import encode, moment, request_id

#: Where a request carries what its answer was made by, and how the page cache had it.
MADE_BY, CACHE = "portal.made_by", "portal.cached"
ROUTE = "portal.route"
#: The address of a page that anyone may read; no other address gets into a log: it may hold a token or a name.
PAGE = "portal.page"
HIT, STALE, MISS, PASSED = "hit", "stale", "miss", "none"
REQUESTS = "requests"

BETWEEN = 0.1  # seconds between two times of telling
MOST = 50_000  # answers that wait to be told; the oldest are dropped

_SHAPE = re.compile(r"[A-Za-z0-9_-]{8,64}")
logger = logging.getLogger("portal.requests")


def number_of(told: str | None) -> str:
    """What a trusted proxy calls this request in `X-Request-ID`, or a new number."""
    if told and settings.PROXY_COUNT and _SHAPE.fullmatch(told):
        return told
    return f"{random.getrandbits(64):016x}"  # need not be secret, only another one each time: no system call for that


class Watched:
    """`application = Watched(application)`"""

    def __init__(self, app):
        self.app = app
        tally.web.begin()

    def __call__(self, environ, start_response):
        began = time.perf_counter()
        number = number_of(environ.get("HTTP_X_REQUEST_ID"))
        request_id.set(number)
        statuses = []

        def begin(status, headers, exc_info=None):
            statuses.append(status[:3])
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        try:
            return self.app(environ, begin)
        finally:
            status, cached = statuses[-1] if statuses else "500", environ.get(CACHE, PASSED)
            made_by, page = environ.get(MADE_BY) or "other", environ.get(PAGE)
            notes.add(environ, status, cached, made_by, page, time.perf_counter() - began, number)


class Notes:
    """What is noted of each answer, and told in a thread of its own, a moment later and many at a time.

    A write for each answer lets go of the interpreter, and other threads take it: that costs more than the line does
    (decision 0070). And a log that is slow or stuck holds up no reader. A process that is killed takes the notes of its
    last moment with it.
    """

    def __init__(self):
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self):
        """Begin with nothing, as a new process does."""
        self._waiting: deque[tuple] = deque(maxlen=MOST)
        self._telling, self._starting = threading.Lock(), threading.Lock()
        self._teller: threading.Thread | None = None

    def add(
        self, environ, status: str, cached: str, made_by: str, page: str | None, seconds: float, number=None
    ):
        """`seconds` is until the first byte was ready, `number` what the request is called, where that is known."""
        if number is None:
            told = environ.get("HTTP_X_REQUEST_ID")
            number = number_of(told) if told else ""  # a number of our own can be made later
        asked = environ["REQUEST_METHOD"], environ.get(ROUTE, ""), page
        self._waiting.append((time.time(), number, seconds, (*asked, status, cached, made_by)))
        if self._teller is None:
            self._begin()

    def _begin(self):
        with self._starting:
            if self._teller is None:
                tally.web.begin()
                self._teller = threading.Thread(target=self._keep_telling, name="notes", daemon=True)
                with contextlib.suppress(RuntimeError):  # a process at its end starts none
                    self._teller.start()
                atexit.register(self.tell)

    def _keep_telling(self):
        while self._teller is threading.current_thread():
            time.sleep(BETWEEN)
            try:
                self.tell()
            except Exception:
                logger.exception("Some requests are missing in the log and the counts")

    def tell(self):
        """Count and log what was noted so far."""
        with self._telling:
            told = [self._waiting.popleft() for _ in range(len(self._waiting))]
            alike = {}
            for _, _, seconds, about in told:
                alike.setdefault(about[3:], []).append(seconds)
            for (status, cached, made_by), seconds in alike.items():
                tally.web.add(REQUESTS, (made_by, status, cached), seconds, (made_by,))
            if told and logger.isEnabledFor(logging.INFO):
                record = logging.LogRecord(
                    logger.name, logging.INFO, "", 0, "%d requests", (len(told),), None
                )
                record.as_json = "\n".join(_lines(told))
                logger.handle(record)


def _lines(told: list[tuple]) -> Iterator[str]:
    """The line of each answer, as `JsonFormatter` would make it; of what many have in common, once."""
    numbers = f"{random.getrandbits(64 * len(told)):0{16 * len(told)}x}"
    known = {}
    for place, (at, number, seconds, about) in enumerate(told):
        rest = known.get(about) or known.setdefault(about, _encoded(*about))
        number = number or numbers[16 * place : 16 * place + 16]
        yield f'{{"at":"{moment(at)}","id":"{number}","ms":{seconds * 1000:.1f},{rest}}}'


def _encoded(method: str, route: str, page: str | None, status: str, cached: str, made_by: str) -> str:
    """What many lines have in common, as the inside of a JSON object."""
    fields = {
        "level": "info",
        "logger": logger.name,
        "message": "request",
        "method": method if method.isalpha() else "?",
        "template": made_by,
        "route": route,
        "status": int(status),
        "cache": cached,
    }
    return encode(fields | {"page": page} if page else fields)[1:-1]


#: Of this process.
notes = Notes()
