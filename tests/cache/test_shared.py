"""Several machines with one generation: each hears of a change within a second, and goes on when the server is gone."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
import redis

from portal import generation
from portal.cache import shared
from tests.cache.servers import free_port, stop

pytestmark = pytest.mark.servers
SERVER = shutil.which("valkey-server") or shutil.which("redis-server")


@contextmanager
def server(port: int):
    process = subprocess.Popen(
        [SERVER, "--port", str(port), "--save", "", "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL
    )
    client = redis.Redis(port=port, decode_responses=True)
    try:
        for _ in range(200):
            try:
                client.ping()
                break
            except redis.RedisError:
                time.sleep(0.05)
        yield client
    finally:
        stop(process)


class Machine:
    """A folder of its own: what another machine knows."""

    def __init__(self, folder, settings, monkeypatch):
        self.folder, self.settings, self.monkeypatch = folder, settings, monkeypatch
        folder.mkdir()

    def here(self):
        """From now on this process is on that machine."""
        self.settings.DATA_DIR = self.folder
        self.monkeypatch.setattr(generation, "_path", self.folder / "generation")

    def number(self) -> int:
        path = self.folder / "generation"
        return int.from_bytes(path.read_bytes(), sys.byteorder) if path.exists() else 0


@pytest.fixture
def machines(tmp_path, settings, monkeypatch):
    port = free_port()
    settings.CACHE_URL = f"redis://127.0.0.1:{port}/0"
    monkeypatch.setattr(generation, "_listeners", [shared.announce])
    monkeypatch.setattr(shared, "_retry_at", 0.0)
    monkeypatch.setattr(shared, "_follower", None)
    return (
        port,
        Machine(tmp_path / "a", settings, monkeypatch),
        Machine(tmp_path / "b", settings, monkeypatch),
    )


def test_a_change_on_one_machine_starts_a_generation_on_the_other_once(machines):
    port, one, other = machines
    with server(port) as client:
        one.here()
        generation.raise_now()
        own = one.number()
        other.here()
        shared.look(client)
        heard = other.number()
        shared.look(client)
        one.here()
        shared.look(client)

    assert heard > 0
    assert other.number() == heard
    assert one.number() == own


def test_what_could_not_be_told_is_told_when_the_server_is_back(machines, caplog):
    port, one, other = machines
    one.here()
    generation.raise_now()
    raised = one.number()

    with server(port) as client:
        shared.look(client)
        other.here()
        shared.look(client)

    assert raised > 0
    assert other.number() > 0
    assert "could not be told" in caplog.text


def test_a_server_that_lost_its_memory_costs_one_generation_at_most(machines):
    port, one, _ = machines
    with server(port) as client:
        one.here()
        for _ in range(3):
            generation.raise_now()
        before = one.number()
        client.flushall()
        shared.look(client)
        quiet = one.number()
        client.set(shared.KEY, "1")
        shared.look(client)
        shared.look(client)

    assert quiet == before
    assert one.number() > before


def test_a_process_follows_by_itself(machines):
    port, one, other = machines
    with server(port) as client:
        other.here()
        shared.follow()
        assert shared._follower[0] == os.getpid()
        client.incr(shared.KEY)
        until = time.monotonic() + 30
        while not other.number() and time.monotonic() < until:
            time.sleep(0.05)

    assert other.number() > 0
    assert one.number() == 0
