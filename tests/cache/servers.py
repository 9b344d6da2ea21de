"""Real processes for tests: the portal under gunicorn, nginx in front of it, and a small reader of HTTP."""

import contextlib
import gzip
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from portal import server

ROOT = Path(__file__).parent.parent.parent
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
HAS_BROTLI = BROTLI.exists()
NGINX_CONF = ROOT / "docs" / "operate" / "nginx.conf"


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Answer:
    code: int
    headers: dict[str, str]
    raw: bytes
    seconds: float = 0.0
    body: bytes = field(init=False)

    def __post_init__(self):
        is_packed = self.headers.get("content-encoding") == "gzip" and self.raw
        self.body = gzip.decompress(self.raw) if is_packed else self.raw

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def fetch(port: int, path: str, method: str = "GET", timeout: float = 30, **headers) -> Answer:
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers={"Host": "localhost", **named})
        answer = read(connection.getresponse())
        answer.seconds = time.monotonic() - began
        return answer
    finally:
        connection.close()


def read(response: http.client.HTTPResponse) -> Answer:
    """The answer, with a header that came twice as both its values."""
    headers = {name.lower(): ", ".join(response.headers.get_all(name)) for name in response.headers}
    return Answer(response.status, headers, response.read())


def wait_for(port: int, path: str = "/gezondheid/live/", seconds: float = 60, **headers):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if fetch(port, path, timeout=5, **headers).code == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(f"Nothing answers on port {port}")


def database_url(config: dict) -> str:
    """The address of the database that a test is using now."""
    if config["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{config['NAME']}"
    login = config["USER"] + (f":{config['PASSWORD']}" if config.get("PASSWORD") else "")
    return f"postgres://{login}@{config['HOST']}:{config['PORT']}/{config['NAME']}"


def children_of(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(child) for child in found.stdout.split()]


def stop(process: subprocess.Popen, seconds: float = 15):
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def gunicorn(
    folder: Path, workers: int = 2, threads: int = 8, application: str = "portal.wsgi", **environment
):
    """The portal with its page cache on a free port; `port` and the process."""
    port = free_port()
    env = {**os.environ, "DATA_DIR": str(folder), "PAGE_CACHE": "1", **environment}
    with (folder / "gunicorn.log").open("ab") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"),
                *("--workers", str(workers), "--threads", str(threads), "--preload", "--no-control-socket"),
                # A client that is slow between two requests must not find its connection closed as it sends the second.
                *("--keep-alive", str(server.keepalive), "--graceful-timeout", "5", "--log-level", "warning"),
            ],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(port, X_Forwarded_Proto="https")
        yield port, process
    finally:
        stop(process)


def nginx_conf(port: int, app_port: int, pages: Path, folder: Path, plain_port: int | None = None) -> str:
    """The documented configuration, on this machine's ports: without TLS, or with `plain_port` as it stands.

    Then `folder` holds chain.pem and key.pem.
    """
    text = NGINX_CONF.read_text()
    if plain_port:
        text = text.replace("listen 80;", f"listen 127.0.0.1:{plain_port};")
        text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
        text = text.replace("return 301 https://portal.example.nl$", f"return 301 https://localhost:{port}$")
        text = re.sub(r" \$host;", " $http_host;", text)  # a port of its own
        text = re.sub(r"(ssl_certificate\s+).*;", rf"\1{folder}/chain.pem;", text)
        text = re.sub(r"(ssl_certificate_key\s+).*;", rf"\1{folder}/key.pem;", text)
    else:
        text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)
        text = text.replace("listen 443 ssl http2", f"listen 127.0.0.1:{port}")
        text = re.sub(r"    ssl_(certificate|reject).*\n", "", text)
        text = text.replace("X-Forwarded-Proto $scheme", "X-Forwarded-Proto https")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{app_port}").replace("portal.example.nl", "localhost")
    text = text.replace("/var/www/html", f"{folder}/html")
    text = text.replace("/srv/portaal/data", str(pages.parent)).replace("/var/log/nginx", str(folder))
    if not HAS_BROTLI:
        text = re.sub(r"    brotli_static.*\n", "", text)
    load = f"load_module {BROTLI};\n" if HAS_BROTLI else ""
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"{load}daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nworker_processes 1;\n"
        f"{'user root;' if os.getuid() == 0 else ''}\n"
        f"events {{}}\nhttp {{\naccess_log off;\ninclude /etc/nginx/mime.types;\n{places}{text}\n}}\n"
    )


@contextlib.contextmanager
def nginx(app_port: int, pages: Path, folder: Path):
    """A real nginx with the documented configuration; its port and the process."""
    port = free_port()
    with run_nginx(nginx_conf(port, app_port, pages, folder), folder, port, "/gezondheid/live/") as process:
        yield port, process


@contextlib.contextmanager
def run_nginx(conf: str, folder: Path, port: int, path: str = "/", **headers):
    """nginx with this configuration, once this port answers; the process."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nginx.conf").write_text(conf)
    process = subprocess.Popen(
        [shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    )
    try:
        wait_for(port, path, **headers)
        yield process
    finally:
        stop(process)
