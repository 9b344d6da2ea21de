"""Faults under load, against a PostgreSQL of its own: `make chaos`; the short form is a test.

Each fault is laid on while visitors read the site 20 times a second. Printed per fault: reads, failed reads (no 200, or
more than 2 s), what an address that was never read answered, and the seconds until pages are rendered again.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg

from tests.cache.load import PER_SECOND, Result, Site
from tests.cache.servers import Answer, children_of, fetch


def kill_workers(site: Site, seconds: float):
    """One worker each second."""
    for _ in range(int(seconds)):
        with contextlib.suppress(IndexError, ProcessLookupError):
            os.kill(random.choice(children_of(site.process.pid)), signal.SIGKILL)
        time.sleep(1)


def faults(site: Site, seconds: float):
    """Every fault in turn."""
    pages, media = site.data / "pages", site.data / "media"
    yield site.suffer(
        "R01 database stopped", seconds, site.database.stop, site.database.start, no_database=True
    )
    yield site.suffer(
        "R02 database frozen", seconds, site.database.freeze, site.database.thaw, no_database=True
    )
    rival = Rival(site.database.url)
    yield site.suffer("pages locked by another", seconds / 2, rival.lock_pages, rival.go, no_database=True)
    yield site.suffer("no connection to be had", seconds / 2, rival.take_connections, rival.go)
    yield site.suffer("R07 store deleted", seconds / 2, lambda: take_away(pages))
    yield site.suffer(
        "R07 store replaced by a file", seconds / 2, lambda: spoil(pages), lambda: pages.unlink()
    )
    yield site.suffer(
        "R13 pictures and documents gone", seconds / 4, lambda: hide(media, site), lambda: show(media)
    )
    killed = site.suffer("R05 a worker killed each second", 0, lambda: kill_workers(site, seconds / 2))
    killed.kills = int(seconds / 2)
    yield killed
    yield site.suffer("R04 restart (HUP)", seconds / 4, lambda: os.kill(site.process.pid, signal.SIGHUP))


class Rival:
    """Another client of the database, who keeps it from us: slow, or full."""

    def __init__(self, url: str):
        self.url = url
        self.connections: list[psycopg.Connection] = []

    def lock_pages(self):
        """Every query of a page waits, until it is given up after ten seconds."""
        self.connections.append(psycopg.connect(self.url))
        self.connections[0].execute("LOCK TABLE wagtailcore_page IN ACCESS EXCLUSIVE MODE")

    def take_connections(self):
        with contextlib.suppress(psycopg.OperationalError):
            while len(self.connections) < 500:
                self.connections.append(psycopg.connect(self.url))

    def go(self):
        while self.connections:
            self.connections.pop().close()


def take_away(pages: Path):
    """Delete the store while others write in it."""
    gone = pages.with_name(f"gone-{time.time_ns()}")
    pages.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def spoil(pages: Path):
    """Put a file where the store was."""
    while pages.is_dir():
        take_away(pages)
        with contextlib.suppress(IsADirectoryError):
            pages.write_text("geen map")


def hide(media: Path, site: Site):
    """Take every uploaded file away; pages are made anew without them."""
    media.mkdir(exist_ok=True)
    media.rename(media.with_name("hidden"))
    site.change()


def show(media: Path):
    """Put them back, beside what was made meanwhile."""
    shutil.copytree(media.with_name("hidden"), media, dirs_exist_ok=True)
    shutil.rmtree(media.with_name("hidden"))


def stampede(site: Site, readers: int = 200) -> tuple[int, int]:
    """R08: an empty store and everyone at once for one page: how many got it, and how many renders that took."""
    site.change()
    answers: list[int] = []

    def ask():
        with contextlib.suppress(OSError):
            answers.append(fetch(site.port, "/aan-de-slag-met/de-raad/", timeout=30).code)

    threads = [threading.Thread(target=ask) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers.count(200), len(answers)


def kill_publications(site: Site, tries: int = 100) -> dict:
    """R06: how often the page was old or new after a kill in mid-publish, and what was mixed or disagreed."""
    said = site.run("-m", "tests.cache.killed", str(site.port), str(tries))
    return json.loads(said.splitlines()[-1])


#: Faults that need no load: a full disk, two editors, two workers, missing files, many writers, no mail server.
OTHERS = frozenset({"R09", "R10", "R11", "R13", "R19", "R20"})
COLUMNS = ("fault", "reads", "failed", "> 2 s", "longest", "unread", "age", "live", "ready", "back in")


def row(result: Result) -> str:
    """A line of the table; what an address answered is its status."""

    def code(answer: Answer | None) -> str:
        return str(answer.code) if answer else "–"

    cells = (
        *(result.fault, result.reads, len(result.failed), result.slow, f"{result.longest:.2f} s"),
        *(code(result.unread), result.kept.headers.get("age", "no") if result.kept else "–"),
        *(code(result.live), code(result.ready)),
        "never" if result.recovered is None else f"{result.recovered:.1f} s",
    )
    return f"| {' | '.join(map(str, cells))} |"


def main(seconds: float):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with Site(Path(folder), content="demo").running() as site:
            print(
                f"{len(site.addresses)} addresses, {PER_SECOND} reads a second, {seconds:.0f} s per fault",
                flush=True,
            )
            print(f"\n| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}", flush=True)
            results, failures = [], []
            for result in faults(site, seconds):
                results.append(result)
                failures += [f"{result.fault}: {address}: {what}" for address, what in result.failed]
                print(row(result), flush=True)
            print("\n".join(failures[:50]))
            got, asked = stampede(site)
            print(f"R08 stampede: {got} of {asked} readers got the page")
            print(f"R06 killed in mid-publish: {kill_publications(site)}", flush=True)
            from tests.audit.__main__ import run_tests  # here: it brings every judge with it

            os.environ["DATABASE_URL"] = site.database.url
            failed_tests = run_tests(OTHERS)
    is_well = all(len(one.failed) <= one.kills and one.recovered is not None for one in results)
    sys.exit(0 if is_well and not failed_tests else 1)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
