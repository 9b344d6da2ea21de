"""The two projects of a run: the portal with its content, and what `wagtail start` makes; each in its own process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
FRESH_SETTINGS = """
from fresh.settings.base import *
import dj_database_url
DEBUG = False
SECRET_KEY = "only-for-the-benchmark"
ALLOWED_HOSTS = ["*"]
WAGTAILADMIN_BASE_URL = "http://localhost"
DATABASES = {"default": dj_database_url.parse("%s")}
if "postgresql" in DATABASES["default"]["ENGINE"]:
    INSTALLED_APPS += ["django.contrib.postgres"]
"""
#: Demo content as `make run` loads it, accounts left out.
FILL = """
from django.core.management import call_command
call_command("load_municipalities", verbosity=0)
call_command("load_content", "portal/content/demo", verbosity=0)
"""


class Process:
    """A probe in a process of its own; all on one core, for the other may be faster, and they are asked in turn."""

    def __init__(self, folder: Path, environment: dict[str, str]):
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("probe.py"))],
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self.process.pid, {max(os.sched_getaffinity(0))})

    def call(self, name: str, *arguments):
        print(json.dumps([name, *arguments]), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("A project of the benchmark stopped; what it said stands above.")
        return json.loads(line)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(30)


class Portal:
    """The portal at a size, in `folder`; what is there already from an earlier run is used again."""

    def __init__(self, folder: Path, size: int, database_url: str):
        self.folder, self.size = folder, size
        self.environment = {
            "MODE": "demo",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }

    def prepare(self):
        mark = self.folder / f"filled-{self.size}"
        if mark.exists() and "sqlite" in self.environment["DATABASE_URL"]:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.manage("migrate", "--verbosity=0")
        self.manage("shell", "--no-imports", "--command", FILL)
        if self.size:
            self.manage("generate_content", str(self.size))
        self.manage("collectstatic", "--noinput", "--verbosity=0")
        if "sqlite" not in self.environment["DATABASE_URL"]:
            self.manage(
                "shell",
                "--no-imports",
                "--command",
                "from django.db import connection as c; c.cursor().execute('ANALYZE')",
            )
        mark.touch()

    def manage(self, *arguments: str):
        _run([sys.executable, "manage.py", *arguments], ROOT, self.environment)

    def start(self) -> Process:
        return Process(ROOT, self.environment)


class Fresh:
    """A project as `wagtail start` makes it, with production's DEBUG and nothing else changed."""

    def __init__(self, folder: Path, database_url: str):
        self.folder, self.database_url = folder, database_url
        self.environment = {"DJANGO_SETTINGS_MODULE": "fresh.settings.bench"}

    def prepare(self):
        self.folder.mkdir(parents=True)
        wagtail = Path(sys.executable).with_name("wagtail")
        _run([str(wagtail), "start", "fresh", str(self.folder)], self.folder, {})
        settings = self.folder / "fresh" / "settings" / "bench.py"
        settings.write_text(FRESH_SETTINGS % self.database_url)
        for command in (["migrate", "--verbosity=0"], ["collectstatic", "--noinput", "--verbosity=0"]):
            _run([sys.executable, "manage.py", *command], self.folder, self.environment)

    def start(self) -> Process:
        return Process(self.folder, self.environment)


def _run(command: list[str], folder: Path, environment: dict[str, str]):
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise SystemExit(f"The benchmark could not be prepared: {' '.join(command[1:4])} failed; see above.")


def database_urls(database: str, folder: Path, temporary: Path) -> tuple[str, str]:
    """Where the portal and the fresh project keep their rows: files, or two databases of one PostgreSQL."""
    if database == "sqlite":
        return f"sqlite:///{folder / 'portal.sqlite3'}", f"sqlite:///{temporary / 'fresh.sqlite3'}"
    return another_database("bench_portal"), another_database("bench_fresh")


def another_database(name: str) -> str:
    """The address of a new database beside that of DATABASE_URL."""
    import psycopg

    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(url)._replace(path=f"/{name}").geturl()
