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
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.cache.servers import ROOT, Answer, children_of, fetch, free_port, gunicorn

SLOW = 2.0
PER_SECOND = 20
EXTRA = [
    *(
        "/zoeken/",
        "/recent/?q=raad",
        "/recent/?soort=nieuws",
        "/kennisbank/?thema=de-raad",
        "/agenda/?periode=voorbij",
    ),
    *(
        "/recent/feed.atom",
        "/kennisbank/lijst.csv",
        "/recent/lijst.json",
        "/agenda/agenda.ics",
        "/sitemap.xml",
    ),
]


class Postgres:
    """A server in a folder, that can be stopped, frozen and started."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        self.bin = max(Path("/usr/lib/postgresql").glob("*/bin"))
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self.url = f"postgres://portal@127.0.0.1:{self.port}/portal"

    def _run(self, *command: str, check: bool = True):
        subprocess.run(
            [*self.as_user, *command],
            check=check,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def create(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.as_user:
            shutil.chown(self.folder, "postgres")
        self._run(
            *(str(self.bin / "initdb"), "-D", str(self.folder / "data"), "-U", "portal", "-A", "trust"),
            *("-E", "UTF8", "--locale=C.UTF-8"),
        )
        self.start()
        self._run(
            str(self.bin / "createdb"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "portal", "portal"
        )

    def _control(self, *words: str):
        self._run(
            str(self.bin / "pg_ctl"),
            "-D",
            str(self.folder / "data"),
            "-w",
            "-s",
            "-l",
            str(self.folder / "log"),
            *words,
        )

    def start(self):
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._control("-o", options, "start")

    def stop(self):
        self._control("-m", "immediate", "stop")

    def _processes(self) -> list[int]:
        main = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        return [main, *children_of(main)]

    def freeze(self):
        for pid in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)

    def thaw(self):
        for pid in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@dataclass
class Readers:
    """Visitors who read known addresses, so many times a second, until they are told to stop."""

    port: int
    addresses: list[str]
    reads: int = 0
    failed: list[tuple[str, object]] = field(default_factory=list)
    slow: list[float] = field(default_factory=list)
    longest: float = 0.0

    def __enter__(self):
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(n,), daemon=True) for n in range(10)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _read(self, number: int):
        dice = random.Random(number)
        while not self._stop.wait(len(self._threads) / PER_SECOND * dice.uniform(0.8, 1.2)):
            address = dice.choice(self.addresses)
            try:
                answer = fetch(self.port, address, timeout=10)
                self.longest = max(self.longest, answer.seconds)
                if answer.code != 200:
                    self.failed.append((address, answer.code))
                elif answer.seconds > SLOW:
                    self.slow.append(answer.seconds)
            except OSError as error:
                self.failed.append((address, repr(error)))
            self.reads += 1


@dataclass
class Result:
    fault: str
    reads: int
    failed: list
    slow: int
    longest: float
    #: What an address nobody had read answered meanwhile.
    unread: Answer | None
    recovered: float | None


class Site:
    """The portal on a PostgreSQL of its own, with every address read once."""

    def __init__(self, folder: Path, content: str = "setup_site"):
        self.folder = folder
        self.database = Postgres(folder / "postgres")
        self.data = folder / "data"
        self.data.mkdir(parents=True)
        self.environment = {
            "DATABASE_URL": self.database.url,
            "DATA_DIR": str(self.data),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "MODE": "demo",
            "LOG_LEVEL": "ERROR",
        }
        self.content = content

    def manage(self, *words: str) -> str:
        return self.run("manage.py", *words)

    def run(self, *words: str) -> str:
        """What Python says to these words in the environment of the site."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stdout}\n{done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def running(self):
        self.database.create()
        try:
            self.manage("migrate", "-v0")
            self.manage("setup_site", "--no-user", "-v0")
            if self.content == "demo":
                self.manage("load_content", "portal/content/demo", "-v0")
            self.manage("collectstatic", "--noinput", "-v0")
            with gunicorn(self.data, workers=2, threads=8, **self.environment) as (self.port, self.process):
                self.addresses = [*self._sitemap(), *EXTRA]
                for _ in range(4):  # each worker keeps its own copies of filtered lists
                    for address in self.addresses:
                        fetch(self.port, address)
                yield self
        finally:
            with contextlib.suppress(Exception):
                self.database.thaw()
            self.database.stop()

    def _sitemap(self) -> list[str]:
        text = fetch(self.port, "/sitemap.xml").text
        return ["/" + part.split("</loc>")[0].split("/", 3)[3] for part in text.split("<loc>")[1:]]

    def change(self):
        """What a publication does to the copies, when the database goes right after it."""
        with (self.data / "generation").open("r+b") as file:  # in place: every process has it mapped
            file.write(time.time_ns().to_bytes(8, sys.byteorder))

    def suffer(
        self, name: str, seconds: float, begin: Callable, end: Callable = lambda: None, *, no_database=False
    ) -> Result:
        """Lay a fault on under load, and take it away."""
        unread = recovered = None
        with Readers(self.port, self.addresses) as readers:
            time.sleep(1)
            begin()
            until = time.monotonic() + seconds
            if no_database:
                self.change()
                time.sleep(2)
                unread = fetch(self.port, f"/zoeken/?q={random.randrange(10**9)}")
            time.sleep(max(0, until - time.monotonic()))
            end()
            began = time.monotonic()
            while recovered is None and time.monotonic() - began < 30:
                if fetch(self.port, f"/zoeken/?q={random.randrange(10**9)}").code == 200:
                    recovered = time.monotonic() - began
                else:
                    time.sleep(0.1)
            time.sleep(1)
        return Result(
            name, readers.reads, readers.failed, len(readers.slow), readers.longest, unread, recovered
        )


def kill_workers(site: Site, seconds: float):
    """One worker each second."""
    for _ in range(int(seconds)):
        with contextlib.suppress(IndexError, ProcessLookupError):
            os.kill(random.choice(children_of(site.process.pid)), signal.SIGKILL)
        time.sleep(1)


def faults(site: Site, seconds: float):
    """Every fault in turn."""
    pages = site.data / "pages"
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
    yield site.suffer("R05 a worker killed each second", 0, lambda: kill_workers(site, seconds / 2))
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


def table(results: list[Result]) -> str:
    lines = [f"{'fault':34}{'reads':>7}{'failed':>8}{'> 2 s':>7}{'longest':>9}{'unread':>8}{'back in':>9}"]
    for one in results:
        unread = str(one.unread.code) if one.unread else "-"
        back = f"{one.recovered:.1f} s" if one.recovered is not None else "never"
        lines.append(
            f"{one.fault:34}{one.reads:>7}{len(one.failed):>8}{one.slow:>7}{one.longest:>7.2f} s{unread:>8}{back:>9}"
        )
        lines += [f"    {address}: {what}" for address, what in one.failed[:5]]
    return "\n".join(lines)


def main(seconds: float):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with Site(Path(folder), content="demo").running() as site:
            print(
                f"{len(site.addresses)} addresses, {PER_SECOND} reads a second, {seconds:.0f} s per fault",
                flush=True,
            )
            results = []
            for result in faults(site, seconds):
                results.append(result)
                print(table(results).splitlines()[-1 - min(5, len(result.failed))], flush=True)
            got, asked = stampede(site)
            print(f"\n{table(results)}\nR08 stampede: {got} of {asked} readers got the page")
            print(f"R06 killed in mid-publish: {kill_publications(site)}")
            (ROOT / "var").mkdir(exist_ok=True)
            known = [{**vars(one), "unread": one.unread and one.unread.code} for one in results]
            (ROOT / "var" / "chaos.json").write_text(json.dumps(known, indent=1))
    sys.exit(1 if any(one.failed for one in results) else 0)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
