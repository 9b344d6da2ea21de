"""Counts of what happens, in the memory of each process and, every few seconds, in a small file of its own.

A process takes the first numbered place that is free and goes on from the counts it finds there, so that there are
never more files than processes at one time and no count goes back when one is replaced. Nothing is mapped: a full disk
costs the counts of a few seconds, never a process. `read()` sums all places.
"""

import atexit
import contextlib
import fcntl
import json
import os
import threading
from bisect import bisect_left
from collections.abc import Collection
from pathlib import Path

from django.conf import settings

#: Upper bounds of the classes in which seconds are counted; the last class has none.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)
BETWEEN = 2.0  # seconds between two writings
PLACES = 256
Labels = tuple[str, ...]


class Tally:
    """The counts of one process: how often, and how long."""

    def __init__(self, kind: str):
        self.kind = kind
        self._lock = threading.Lock()
        self._forget()

    def _forget(self):
        self._pid = 0
        self._place: Path | None = None
        self._hold = None
        self._is_changed = False
        self.counts: dict[tuple[str, Labels], int] = {}
        self.times: dict[tuple[str, Labels], list[float]] = {}

    def begin(self):
        """Be seen to be there before there is anything to count."""
        with self._lock:
            if self._pid != os.getpid():
                self._begin()

    def add(self, name: str, labels: Labels, seconds: Collection[float], time_labels: Labels):
        """As many more of this as there are times in `seconds`, each in the class of so many seconds."""
        with self._lock:
            if self._pid != os.getpid():
                self._begin()
            key = (name, labels)
            self.counts[key] = self.counts.get(key, 0) + len(seconds)
            classes = self.times.setdefault((name, time_labels), [0] * (len(BOUNDS) + 1) + [0.0])
            for one in seconds:
                classes[bisect_left(BOUNDS, one)] += 1
            classes[-1] += sum(seconds)
            self._is_changed = True

    def _begin(self):
        """In a process that has not counted yet: take a place, and write there from now on."""
        self._forget()
        self._pid = os.getpid()
        with contextlib.suppress(OSError):
            self._take_place()
        threading.Thread(target=self._keep_writing, args=(self._pid,), name="tally", daemon=True).start()
        atexit.register(self.write)

    def _take_place(self):
        root = folder()
        root.mkdir(parents=True, exist_ok=True)
        for number in range(PLACES):
            hold = (root / f"{self.kind}-{number}.lock").open("w")
            try:
                fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                hold.close()
                continue
            self._hold, self._place = hold, root / f"{self.kind}-{number}.json"
            self.counts, self.times = _read_file(self._place)
            return

    def _keep_writing(self, pid: int):
        pause = threading.Event()
        while self._pid == pid == os.getpid():
            pause.wait(BETWEEN)
            self.write()

    def write(self):
        """Let others see the counts; a disk that is full is tried again at the next turn."""
        with self._lock:
            if self._place is None or not self._is_changed or self._pid != os.getpid():
                return
            content = json.dumps([_pairs(self.counts), _pairs(self.times)], separators=(",", ":"))
            self._is_changed = False
        new = self._place.with_suffix(".new")
        try:
            new.write_text(content)
            new.replace(self._place)
        except OSError:
            self._is_changed = True
            with contextlib.suppress(OSError):
                new.unlink()


def _pairs(known: dict) -> list:
    return [[name, list(labels), value] for (name, labels), value in known.items()]


def folder() -> Path:
    return Path(settings.DATA_DIR) / "tally"


def _read_file(path: Path) -> tuple[dict, dict]:
    """The counts and times of one place; none where it cannot be read."""
    try:
        counts, times = json.loads(path.read_bytes())
        return (
            {(name, tuple(labels)): value for name, labels, value in counts},
            {
                (name, tuple(labels)): value
                for name, labels, value in times
                if len(value) == len(BOUNDS) + 2  # of a release with the same classes
            },
        )
    except (OSError, ValueError, TypeError):
        return {}, {}


def read() -> tuple[dict, dict]:
    """The counts and times of all processes together, those that ended included."""
    counts: dict[tuple[str, Labels], int] = {}
    times: dict[tuple[str, Labels], list[float]] = {}
    for path in sorted(folder().glob("*.json")):
        more_counts, more_times = _read_file(path)
        for key, value in more_counts.items():
            counts[key] = counts.get(key, 0) + value
        for key, classes in more_times.items():
            known = times.get(key, [0] * len(classes))
            times[key] = [one + other for one, other in zip(known, classes, strict=True)]
    return counts, times


def alive(kind: str) -> int:
    """How many processes of a kind hold a place now."""
    count = 0
    for path in folder().glob(f"{kind}-*.lock"):
        with contextlib.suppress(OSError), path.open("r+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                count += 1
    return count


#: Of the web server's processes, and of the worker.
web, jobs = Tally("web"), Tally("worker")
