"""The layer over Django, with renders in the same thread, so that they see what a test has written."""

import gzip
import io
import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from portal import generation
from portal.cache import express
from portal.cache.layer import PageCache
from portal.cache.store import Store

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
#: What a file of tests needs on this machine.
NEEDED = {
    "test_nginx.py": ("nginx", shutil.which("nginx", path=PATH)),
    "test_shared.py": ("redis-server", shutil.which("valkey-server") or shutil.which("redis-server")),
    "test_chaos.py": ("postgresql", any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))),
}


def pytest_ignore_collect(collection_path):
    """Without a server its tests are not collected, unless they are required: then its absence is an error."""
    server, is_here = NEEDED.get(collection_path.name, ("", True))
    if is_here:
        return None
    if os.environ.get("REQUIRE_BROWSER") != "1":
        return True
    raise pytest.UsageError(f"{server} was not found: install it (Debian: apt install {server}).")


class Inline:
    """A crew without threads."""

    size = 1
    slow_ones = 0

    def submit(self, task):
        task.run()
        return task

    def slow(self, seconds):
        return self.slow_ones


class Heart:
    """A database whose pulse the test decides."""

    is_down = False

    def check(self, patience):
        return self.is_down


class Reader:
    """Asks a WSGI application as a visitor does."""

    def __init__(self, app):
        self.app = app

    def __call__(self, path, method="GET", **headers):
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost:8000",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
        }
        environ |= {
            name if name.isupper() and "_" in name else f"HTTP_{name.upper()}": value
            for name, value in headers.items()
        }
        told = []
        result = self.app(environ, lambda status, headers, exc_info=None: told.append((status, headers)))
        raw = b"".join(result)
        if hasattr(result, "close"):
            result.close()
        status, pairs = told[-1]
        found = {name.lower(): value for name, value in pairs}
        body = gzip.decompress(raw) if found.get("content-encoding") == "gzip" and raw else raw
        return SimpleNamespace(
            code=int(status[:3]), headers=found, raw=raw, body=body, text=body.decode("utf-8", "replace")
        )


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "pages", "release-1")


@pytest.fixture
def rendered():
    """The addresses that Django was asked for, in order."""
    return []


@pytest.fixture
def layer(tree, store, rendered):
    django = WSGIHandler()

    def counted(environ, start_response):
        rendered.append(
            environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else "")
        )
        return django(environ, start_response)

    generation.on_raise(store.close_fresh)
    for signal in (request_started, request_finished):  # the test's own transaction stays open
        signal.disconnect(close_old_connections)
    yield PageCache(counted, crew=Inline(), desk=Inline(), pulse=Heart(), store=store)
    generation._listeners.remove(store.close_fresh)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def read(layer, monkeypatch):
    """Ask as production has it: the shortest way first. Nobody counts."""
    monkeypatch.setattr(express.notes, "add", lambda *arguments: None)
    return Reader(express.Express(layer, layer))
