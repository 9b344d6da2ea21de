"""Five hundred slow clients hold on to the portal while others read it (BAR.md R14)."""

import contextlib
import itertools
import os
import re
import ssl
import statistics
import subprocess
import threading
import time

from tests.audit.checks import Found, check
from tests.audit.stack import HOST

#: BAR.md asks for a minute of each: make audit ARGS=checks SLOW=60.
SECONDS = int(os.environ.get("SLOW", 10))
CONNECTIONS = 500
#: Headers that never end, bodies that never end, and answers that are hardly read.
WAYS = {
    "headers": ("-H", "-i", "2"),
    "bodies": ("-B", "-i", "2", "-s", "100000"),
    "reading": ("-X", "-w", "10", "-y", "20", "-n", "2", "-z", "10", "-k", "3"),
}
PATHS = ("/", "/over/", "/recent/", "/zoeken/?q=raad", "/instrumenten/", "/recent/feed.atom")


@contextlib.contextmanager
def slow_clients(way: str, url: str):
    """slowhttptest at work on this address for as long as the block lasts.

    It names no host in its handshake, for which nginx refuses it at once: it comes to the same server without TLS.
    """
    words = (
        "slowhttptest",
        *WAYS[way],
        "-c",
        CONNECTIONS,
        "-r",
        "200",
        "-l",
        SECONDS + 30,
        "-u",
        url,
        "-p",
        "5",
    )
    process = subprocess.Popen(
        [str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said: list[bytes] = []
    reader = threading.Thread(target=lambda: said.extend(process.stdout))
    reader.start()
    try:
        time.sleep(3)  # until all of them hang on
        yield said
    finally:
        process.wait(60)
        reader.join()


def read_for(portal, seconds: float) -> tuple[list[float], list[str]]:
    """Ordinary reads one after the other: how long each took, and what failed."""
    took, failed, until = [], [], time.monotonic() + seconds
    for path in itertools.cycle(PATHS):
        began = time.monotonic()
        if began > until:
            return took, failed
        try:
            status = portal.get(path)[0]
            if status != 200:
                failed.append(f"{path} answers {status}")
        except (OSError, ssl.SSLError) as error:
            failed.append(f"{path}: {error}")
        took.append(time.monotonic() - began)
        time.sleep(0.02)


def most_connected(said: list[bytes]) -> int:
    """How many slow clients had a connection at once, as slowhttptest tells every five seconds."""
    found = re.findall(r"connected:\D*(\d+)", re.sub(r"\x1b\[[\d;]*m", "", b"".join(said).decode()))
    return max(map(int, found), default=0)


def p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1] * 1000


@check("R14", f"{CONNECTIONS} slow clients of three kinds, {SECONDS} s each, while others read")
def slow(portal):
    problems, figures = [], []
    read_for(portal, 2)
    for way in WAYS:
        before, _ = read_for(portal, SECONDS)
        with slow_clients(way, f"http://{HOST}:{portal.slow_port}/") as said:
            during, failed = read_for(portal, SECONDS)
        held = most_connected(said)
        if held < CONNECTIONS * 0.8:
            problems.append(f"{way}: only {held} slow clients held on")
        problems += [f"{way}: {problem}" for problem in failed]
        figures.append(
            f"{way} {held} held, {len(during)} reads, p95 {p95(before):.0f} -> {p95(during):.0f} ms"
        )
        if p95(during) > 2 * p95(before):
            problems.append(figures[-1])
    return Found(problems, "; ".join(figures))
