"""A bounded number of threads that do the work of requests, so that a request can stop waiting for it."""

import contextlib
import contextvars
import os
import queue
import threading
import time

from django.db import connections


class Task:
    """Work that was handed over; its result, or its error, comes later."""

    def __init__(self, work):
        self.work = work
        self.started_at: float | None = None
        self.result = None
        self.error: BaseException | None = None
        self.is_given_up = False
        self._done = threading.Event()
        self._context = contextvars.copy_context()  # so that its log lines carry the number of the request

    def wait(self, seconds: float) -> bool:
        """Whether it is done, after at most so many seconds."""
        return self._done.wait(max(0, seconds))

    def run(self):
        if not self.is_given_up:
            try:
                self.result = self._context.run(self.work)
            except BaseException as error:
                self.error = error
        self._done.set()


class Crew:
    """Threads that are started when they are needed, at most `size`."""

    def __init__(self, size: int, name: str):
        self.size, self.name = size, name
        self._lock = threading.Lock()
        self._reset()

    def _reset(self):
        self._pid = os.getpid()
        self._queue: queue.SimpleQueue = queue.SimpleQueue()
        self._threads = 0
        self._idle = 0
        self._running: set[Task] = set()

    def submit(self, task: Task) -> Task:
        with self._lock:
            if self._pid != os.getpid():  # threads do not survive a fork
                self._reset()
            if self._idle <= self._queue.qsize() and self._threads < self.size:
                self._threads += 1
                threading.Thread(target=self._serve, name=self.name, daemon=True).start()
        self._queue.put(task)
        return task

    def slow(self, seconds: float) -> int:
        """How many are at work on something for longer than this."""
        before = time.monotonic() - seconds
        return sum(1 for task in tuple(self._running) if (task.started_at or before) < before)

    def _serve(self):
        while True:
            with self._lock:
                self._idle += 1
            task = self._queue.get()
            with self._lock:
                self._idle -= 1
                task.started_at = time.monotonic()
                self._running.add(task)
            task.run()
            # Like Django at the end of a request: give connections back, in the thread that used them.
            with contextlib.suppress(Exception):
                for connection in connections.all(initialized_only=True):
                    connection.close_if_unusable_or_obsolete()
            with self._lock:
                self._running.discard(task)
