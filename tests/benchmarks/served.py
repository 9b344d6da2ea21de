"""The home page as servers send it, beside the limit of those servers: the second table of `make bench`.

Under one gunicorn with the same workers: from the page cache, rendered for each request, and a bare WSGI app that
answers the same bytes. Through nginx: the documented `fresh/`, and a plain file with the same bytes, with the same
log and without one. All stand ready at once and are asked in turn, so that a slow moment of the machine hits them
all. Which worker a connection comes to is chance, and eight connections at one worker get a third of what they get at
two: so a ratio is that of all rounds together, and the median within rounds stands beside it. The portal runs in
production mode and writes its log.
"""

import contextlib
import re
import secrets
import shutil
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.projects import Portal, Process
from tests.cache.servers import NGINX_CONF, Answer, children_of, fetch, free_port, gunicorn, nginx, run_nginx

WORKERS, THREADS, CONNECTIONS, SECONDS, ROUNDS = 2, 8, 8, 1, 40
PUBLICATIONS = 10
LOGGED_FILE = "nginx: a file, the same log"
ACCEPTED = "gzip, deflate, br"
PRODUCTION = {
    "MODE": "production",
    "ALLOWED_HOSTS": "localhost",
    "SITE_URL": "https://localhost",
    "BEHIND_PROXY": "1",
}
BY_TLS = {"X_Forwarded_Proto": "https"}  # as nginx tells the app
STATIC = """daemon off; pid {folder}/pid; error_log {folder}/log; worker_processes 1; user root;
events {{}} http {{ {log} default_type "text/html"; charset utf-8; server {{ listen 127.0.0.1:{port};
root {folder}; {headers} }} }}
"""


@dataclass
class Server:
    """One way to serve the home page; `limit` names the one it is compared with."""

    name: str
    port: int
    process: subprocess.Popen
    limit: str = ""
    rounds: list[tuple[float, float]] = field(default_factory=list)

    def load(self):
        """One round: requests per second, and milliseconds of the server's CPU for each."""
        before = cpu_of(self.process.pid)
        said = subprocess.run(
            [
                *("wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "30s"),
                *("-H", "Host: localhost", "-H", "X-Forwarded-Proto: https"),
                *("-H", f"Accept-Encoding: {ACCEPTED}", f"http://127.0.0.1:{self.port}/"),
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        answered = int(re.search(r"(\d+) requests in", said)[1])
        if "Non-2xx" in said or not answered:
            raise SystemExit(f"{self.name} failed under load:\n{said}")
        spent = cpu_of(self.process.pid) - before
        self.rounds.append((float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), spent * 1000 / answered))


def cpu_of(pid: int) -> float:
    """Seconds of CPU that the processes of a server have used."""
    return sum(
        sum(map(int, Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:13])) / 100
        for one in [pid, *children_of(pid)]
    )


def memory_of(pid: int) -> tuple[float, float]:
    """Resident megabytes of a server's largest worker, and its share when common pages are divided."""
    texts = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in children_of(pid)]
    return tuple(
        max(int(re.search(rf"^{name}:\s+(\d+)", text, re.M)[1]) for text in texts) / 1024
        for name in ("Rss", "Pss")
    )


def start(portal: Portal, folder: Path, stack: contextlib.ExitStack) -> tuple[list[Server], float]:
    """Every server with the same bytes for `/`, and the seconds in which the portal gave its first page."""
    kinds = {"workers": WORKERS, "threads": THREADS}
    environment = {**portal.environment, **PRODUCTION, "SECRET_KEY": secrets.token_hex(32)}
    began = time.monotonic()
    port, process = stack.enter_context(gunicorn(portal.folder, **kinds, **environment))
    fetch(port, "/", **BY_TLS)
    cold = time.monotonic() - began
    for _ in range(20):
        answer = fetch(port, "/", Accept_Encoding=ACCEPTED, **BY_TLS)
    servers = [Server("gunicorn: from the page cache", port, process, "gunicorn: bare WSGI app")]
    without = {**environment, "PAGE_CACHE": "0"}
    port, process = stack.enter_context(gunicorn(portal.folder, **kinds, **without))
    servers.append(Server("gunicorn: rendered each time", port, process, "gunicorn: bare WSGI app"))
    own = ("date", "server", "connection", "transfer-encoding")
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items() if name not in own)
    (folder / "bare.headers").write_text(headers)
    (folder / "bare.body").write_bytes(answer.raw)
    bare = {"application": "tests.benchmarks.bare", "BARE": str(folder / "bare")}
    port, process = stack.enter_context(gunicorn(folder, **kinds, **bare))
    servers.append(Server("gunicorn: bare WSGI app", port, process))
    if shutil.which("nginx") or Path("/usr/sbin/nginx").exists():
        port, process = stack.enter_context(nginx(servers[0].port, portal.folder / "pages", folder / "nginx"))
        servers.append(Server("nginx: `fresh/`", port, process, LOGGED_FILE))
        log = re.search(r"log_format portaal_kept [^;]+;", NGINX_CONF.read_text())[0]
        log += f"access_log {folder}/file.log portaal_kept buffer=64k flush=1s;"
        servers.append(_file(LOGGED_FILE, folder / "logged", answer, stack, log))
        servers.append(_file("nginx: a file, no log", folder / "file", answer, stack, "access_log off;"))
    return servers, cold


def _file(name: str, folder: Path, answer: Answer, stack: contextlib.ExitStack, log: str) -> Server:
    """nginx with one plain file, told to send the same headers and to log like this."""
    folder.mkdir()
    (folder / "index.html").write_bytes(answer.raw)
    own = {"date", "server", "connection", "content-type", "content-length", "etag", "last-modified"}
    headers = " ".join(
        f'add_header {name} "{value}";' for name, value in answer.headers.items() if name not in own
    )
    port = free_port()
    conf = STATIC.format(folder=folder, port=port, headers=headers, log=log)
    return Server(name, port, stack.enter_context(run_nginx(conf, folder, port)), LOGGED_FILE)


def seconds_to_fresh(probe: Process, port: int) -> list[float]:
    """From the end of a publication to the end of the first answer that shows it, asked without a pause."""
    found = []
    for number in range(PUBLICATIONS):
        title = probe.call("publish", "/over/", f"Versie {time.time_ns()} {number}")["title"]
        began = time.monotonic()
        while title not in fetch(port, "/over/", **BY_TLS).text:
            if time.monotonic() - began > 10:
                raise SystemExit("A publication is not shown after 10 seconds.")
        found.append(time.monotonic() - began)
    return found


def table(servers: list[Server]) -> str:
    lines = [
        "| home page | req/s | ÷ limit, all rounds (median of rounds) | CPU ms | CPU ÷ limit |",
        "|---|---:|---:|---:|---:|",
    ]
    by_name = {server.name: server for server in servers}
    for server in servers:
        limit = by_name.get(server.limit, server)
        speeds = [own[0] / other[0] for own, other in zip(server.rounds, limit.rounds, strict=True)]
        costs = [own[1] / other[1] for own, other in zip(server.rounds, limit.rounds, strict=True)]
        together = sum(own[0] for own in server.rounds) / sum(other[0] for other in limit.rounds)
        ratio = f"{together:.3f} ({statistics.median(speeds):.3f})"
        lines.append(
            f"| {server.name} | {statistics.mean(one[0] for one in server.rounds):,.0f} | {ratio} | "
            f"{statistics.median(one[1] for one in server.rounds):.3f} | {statistics.median(costs):.2f} |"
        )
    return "\n".join(lines)


def measure(portal: Portal, folder: Path, rounds: int = ROUNDS) -> str:
    """The table and three lines; `folder` may be written to."""
    if not shutil.which("wrk"):
        return "What is served per second was not measured: wrk is not installed (Debian: apt install wrk)."
    folder.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        servers, cold = start(portal, folder, stack)
        for number in range(-1, rounds):
            for server in servers if number % 2 else servers[::-1]:
                server.load()
        for server in servers:
            del server.rounds[0]
        probe = portal.start()
        stack.callback(probe.stop)
        fresh = seconds_to_fresh(probe, servers[0].port)
        resident, share = memory_of(servers[0].process.pid)
        return "\n".join(
            [
                f"{rounds} rounds of {SECONDS} s, {WORKERS} workers of {THREADS} threads, {CONNECTIONS} connections\n",
                table(servers),
                f"\nCold start to the first page: {cold:.1f} s.",
                f"Memory of a worker after it: {resident:.0f} MB resident, {share:.0f} MB its share.",
                f"From publication to the answer that shows it: {statistics.median(fresh) * 1000:.0f} ms, "
                f"at most {max(fresh) * 1000:.0f} ms.",
            ]
        )
