"""The WSGI layer: a copy of the current generation where there is one, else one render for all who wait."""

import logging
import threading
import time

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection

from portal import generation
from portal.cache import shared
from portal.cache.addresses import Door, is_public_route
from portal.cache.answers import GuardedInput, Plain
from portal.cache.copies import FILE, OLDEST, Copy
from portal.cache.crew import Crew, Task
from portal.cache.documents import send_file
from portal.cache.marking import AS_BARE, KEEP, NOWHERE, ON_DISK, READS_QUERY
from portal.cache.memory import Memory
from portal.cache.pulse import Pulse
from portal.cache.release import fingerprint
from portal.cache.store import Store, place_of
from portal.middleware import ADMIN_PREFIX, SecurityHeadersMiddleware, unavailable
from portal.watching.requests import CACHE, HIT, MADE_BY, MISS, PAGE, STALE

logger = logging.getLogger(__name__)

#: Seconds after which a request that waits asks whether the database is there at all, and waits no longer.
SUSPICIOUS = 0.8
ASKING = 0.7
LONGEST_WAIT = 1.9
#: A download of a long list may take its time, as long as the database answers.
LONGEST_DOWNLOAD = 20
#: On SQLite only this machine itself can be slow, so a page that was never made is worth a longer wait.
LONGEST_EMBEDDED = 10
#: A database that is there but answers nothing is waited for no longer by a reader; an editor's work is.
LONGEST_READ = 8
LARGEST = 4 * 1024 * 1024
#: What an address answers that is gone, moved or no longer for everyone; no other failure ends a copy.
WITHDRAWN = (200, 301, 302, 401, 403, 404, 410)
#: Answered without a database, so never held up by one.
WITHOUT_DATABASE = ("/static/", "/media/", "/gezondheid/live/")
READY = "/gezondheid/klaar/"


def _tell(environ, cached: str, answer: Copy | Plain):
    """Leave in the request what its line in the log says of this answer."""
    environ[CACHE], environ[MADE_BY] = cached, answer.made_by
    if isinstance(answer, Copy):
        environ[PAGE] = environ.get("PATH_INFO") or "/"


class PageCache:
    """`application = PageCache(get_wsgi_application())`"""

    def __init__(
        self,
        app,
        *,
        crew=None,
        desk=None,
        pulse=None,
        store=None,
        memory=None,
        wait=LONGEST_WAIT,
        is_embedded=None,
    ):
        self.app = app
        self.door = Door()
        self.memory = Memory(settings.PAGE_CACHE_MEMORY) if memory is None else memory
        self.store = store or Store(settings.DATA_DIR / "pages", fingerprint())
        self.crew = crew or Crew(settings.PAGE_CACHE_RENDERS, "render")
        self.desk = desk or Crew(settings.PAGE_CACHE_RENDERS * 2, "desk")
        self.pulse = pulse or Pulse()
        self.wait = wait
        self.is_embedded = connection.vendor == "sqlite" if is_embedded is None else is_embedded
        self.has_others = bool(settings.CACHE_URL)
        self.is_too_large: set[str] = set()
        self._flights: dict = {}
        self._lock = threading.Lock()
        self.unavailable = self._make_unavailable()
        self.store.begin_release()
        self.store.leave_unavailable(self.unavailable.body)

    def __call__(self, environ, start_response):
        key = self.door.key_of(environ)
        if key is None:
            return self.pass_on(environ, start_response)
        if self.has_others:
            shared.follow()
        number = generation.current()
        copy = self.memory.get(key)
        if copy is None and self._is_bare(key, number):
            key = key.partition("?")[0]
            copy = self.memory.get(key)
        if copy is not None and copy.generation == number:
            _tell(environ, HIT, copy)
            return self._send(copy, environ, start_response, with_age=self.pulse.is_down)
        answer = self.fresh(key, number, copy)
        if isinstance(answer, Copy):
            _tell(environ, MISS, answer)
            return self._send(answer, environ, start_response)
        if isinstance(answer, Plain) and answer.code == 200:
            _tell(environ, MISS, answer)
            return answer.send(environ, start_response)
        if answer == "" or (isinstance(answer, Plain) and answer.code < 500):
            return self.pass_on(environ, start_response)  # with what the key leaves out: query, Referer
        last = self.last_good(key, copy) or self._last_bare(key)
        if last is not None:
            _tell(environ, STALE, last)
            return self._send(last, environ, start_response, with_age=True)
        failure = answer if isinstance(answer, Plain) and answer.code != 503 else self.unavailable
        return failure.send(environ, start_response)

    def _send(self, copy: Copy, environ, start_response, **options):
        if not copy.file:
            return copy.send(environ, start_response, **options)
        try:
            return send_file(copy, environ, start_response, **options)
        except OSError:  # the file was replaced or taken away just now
            return self.pass_on(environ, start_response)

    def _is_bare(self, key: str, number: int) -> bool:
        """Whether a query changes nothing about this page, as the copy of its bare path says."""
        path, mark, _ = key.partition("?")
        if not (mark and number):
            return False
        bare = self.memory.get(path)
        if bare is None or bare.generation != number:
            bare = self.store.read(path, number)
            if bare is not None:
                self.memory.put(path, bare)
        return bare is not None and not bare.reads_query

    # A fresh copy.

    def fresh(self, key: str, number: int, kept: Copy | None = None):
        """The Copy of this generation, a Plain answer, "" when Django must answer itself, None when nothing came."""
        copy = self.store.read(key, number) if number else None
        if copy is not None:
            self.memory.put(key, copy)
            return copy
        if key in self.is_too_large or not is_public_route(key.partition("?")[0]):
            return ""
        # Nobody is free to make it, nor soon will be.
        is_stuck = not self.is_embedded and self.crew.slow(self.wait) >= self.crew.size
        if self.pulse.is_down or is_stuck:
            return None
        task = self._join(key, number)
        answer = self._await(task, self._patience(key, kept))
        if answer == AS_BARE:
            return self.fresh(key.partition("?")[0], number)
        if isinstance(answer, Plain) and answer.code == 503:
            self.pulse.check(ASKING)
        return answer

    def _join(self, key: str, number: int):
        """The render of this address and generation: the one that is going on, or a new one."""
        with self._lock:
            task = self._flights.get((key, number))
            if task is not None:
                return task
            task = self._flights[key, number] = Task(lambda: self.render(key, number))
        return self.crew.submit(task)

    def _patience(self, key: str, kept: Copy | None) -> float:
        """Seconds to wait for a render: longer where no database server can be what takes so long."""
        if self.last_good(key, kept) is not None:
            return self.wait
        if "lijst." in key:
            return LONGEST_DOWNLOAD
        return LONGEST_EMBEDDED if self.is_embedded else self.wait

    def _await(self, task, patience: float):
        until = time.monotonic() + patience
        if not task.wait(SUSPICIOUS) and not self.pulse.check(ASKING):
            task.wait(until - time.monotonic())
        if task.error is not None:
            logger.error("A page could not be rendered", exc_info=task.error)
        return task.result

    def render(self, key: str, number: int):
        """Make the copy of an address, unless another process has just done so. The number was read before."""
        try:
            kept = self.memory.get(key)
            if kept is not None and kept.generation == number:  # made while this request was on its way here
                return kept
            if place_of(key) is None:
                return self._render(key, number)
            with self.store.only_one("render", f"{key} {number}", self.wait):
                return (self.store.read(key, number) if number else None) or self._render(key, number)
        finally:
            with self._lock:
                self._flights.pop((key, number), None)

    def _render(self, key: str, number: int):
        environ = self.door.request_for(key)
        answer = self._run(environ)
        if answer is None:
            if len(self.is_too_large) < 1000:
                self.is_too_large.add(key)
            return ""
        keep = environ.get(KEEP)
        if keep and answer.code == 200:
            has_file = any(name == FILE for name, _ in answer.headers)
            if has_file and (not number or place_of(key) is None):
                return ""  # no copy that is looked after: the document itself is sent
            if not number:
                return answer
            if keep in (AS_BARE, NOWHERE):
                self._withdraw(key)
            if keep == AS_BARE:
                return AS_BARE
            told = {"made_by": answer.made_by, "reads_query": environ.get(READS_QUERY, True)}
            copy = Copy.of(number, answer.headers, answer.body, **told)
            if keep == NOWHERE:
                return copy
            # An address that could be on disk but is not a page or list there (/over/?pagina=9) stays in memory.
            if keep == ON_DISK or place_of(key) is None:
                self.store.write(key, copy)
            self.memory.put(key, copy)
            return copy
        if answer.code in WITHDRAWN:
            self._withdraw(key)
        if any(name.lower() == "set-cookie" for name, _ in answer.headers):
            return ""  # made for one reader only
        return answer

    def _withdraw(self, key: str):
        self.memory.drop(key)
        self.store.withdraw(key)

    def _run(self, environ) -> Plain | None:
        """Django's whole answer; None when it is too large to keep."""
        told = []
        parts, size = [], 0
        result = self.app(environ, lambda status, headers, exc_info=None: told.append((status, headers)))
        try:
            for part in result:
                parts.append(part)
                size += len(part)
                if size > LARGEST:
                    return None
        finally:
            if hasattr(result, "close"):
                result.close()
        status, headers = told[-1]
        return Plain(status, headers, b"".join(parts), environ.get(MADE_BY, ""))

    # An older copy.

    def last_good(self, key: str, kept: Copy | None) -> Copy | None:
        """The last copy of at most a day old; on disk a copy may have been withdrawn since it was kept in memory."""
        on_disk = self.store.read_last(key)
        if place_of(key) is None:
            kept = max(filter(None, (kept, on_disk)), key=lambda copy: copy.generation, default=None)
        elif self.store.has_lasting():
            kept = on_disk if on_disk or (kept and kept.on_disk) else kept
        if kept is None:
            return None
        is_current = kept.generation == generation.current()
        return kept if is_current or kept.is_younger_than(OLDEST) else None

    def _last_bare(self, key: str) -> Copy | None:
        """The last copy of the bare path, where a query changes nothing about it."""
        path, mark, _ = key.partition("?")
        bare = self.last_good(path, self.memory.get(path)) if mark else None
        return None if bare is None or bare.reads_query else bare

    # Everything else.

    def pass_on(self, environ, start_response):
        """Let Django answer this reader, in a thread of its own, as long as there is a database."""
        path = environ.get("PATH_INFO", "")
        if path.startswith(WITHOUT_DATABASE):
            return self.app(environ, start_response)
        if self.pulse.is_down:
            return self.unavailable.send(environ, start_response)
        first = 0.2 if path == READY else SUSPICIOUS
        stream = environ["wsgi.input"] = GuardedInput(environ["wsgi.input"])
        told = []
        task = Task(
            lambda: self.app(environ, lambda status, headers, exc_info=None: told.append((status, headers)))
        )
        self.desk.submit(task)
        is_reader = environ["REQUEST_METHOD"] in ("GET", "HEAD") and not path.startswith(ADMIN_PREFIX)
        until = time.monotonic() + (LONGEST_READ if is_reader and not self.is_embedded else float("inf"))
        while not task.wait(first):
            if self.pulse.check(ASKING) or time.monotonic() > until:
                task.is_given_up = stream.is_closed = True
                return self.unavailable.send(environ, start_response)
        if task.error is not None:
            raise task.error
        start_response(*told[-1])
        return task.result

    def _make_unavailable(self) -> Plain:
        """The 503 page with the headers of every answer; made once, without a database."""
        response = SecurityHeadersMiddleware(lambda request: unavailable())(
            WSGIRequest(self.door.request_for("/"))
        )
        headers = [*response.items(), ("Content-Length", str(len(response.content)))]
        return Plain("503 Service Unavailable", headers, response.content)
