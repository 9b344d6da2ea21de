"""A site under load: the portal on a PostgreSQL of its own that can be stopped and frozen, and visitors who read on."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.cache.servers import ROOT, Answer, children_of, fetch, free_port, gunicorn
from tests.readers import Readers

LIVE, READY = "/gezondheid/live/", "/gezondheid/klaar/"
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
class Result:
    fault: str
    reads: int
    failed: list
    slow: int
    longest: float
    #: What an address nobody had read answered meanwhile, the home page, and the two addresses of health.
    unread: Answer | None
    kept: Answer | None
    live: Answer | None
    ready: Answer | None
    recovered: float | None
    #: Workers that were killed: each may lose what it had in hand.
    kills: int = 0


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

    def readers(self, addresses: list[str] | None = None) -> Readers:
        """Ten visitors who read these addresses, or all that are known, 20 times a second together."""
        return Readers(
            lambda path: fetch(self.port, path, timeout=10).code,
            addresses or self.addresses,
            10,
            10 / PER_SECOND,
        )

    def change(self):
        """What a publication does to the copies, when the database goes right after it."""
        with (self.data / "generation").open("r+b") as file:  # in place: every process has it mapped
            file.write(time.time_ns().to_bytes(8, sys.byteorder))

    def suffer(
        self, name: str, seconds: float, begin: Callable, end: Callable = lambda: None, *, no_database=False
    ) -> Result:
        """Lay a fault on under load, and take it away."""
        unread = kept = live = ready = recovered = None
        with self.readers() as readers:
            time.sleep(1)
            begin()
            until = time.monotonic() + seconds
            if no_database:
                self.change()
                time.sleep(2)
                unread = fetch(self.port, f"/zoeken/?q={random.randrange(10**9)}")
                kept, live, ready = (fetch(self.port, path) for path in ("/", LIVE, READY))
            time.sleep(max(0, until - time.monotonic()))
            end()
            began = time.monotonic()
            while recovered is None and time.monotonic() - began < 30:
                if fetch(self.port, f"/zoeken/?q={random.randrange(10**9)}").code == 200:
                    recovered = time.monotonic() - began
                else:
                    time.sleep(0.1)
            time.sleep(1)
        told = (unread, kept, live, ready)
        return Result(name, readers.reads, readers.failed, readers.slow, readers.longest, *told, recovered)
