"""The portal as in production, on this machine: PostgreSQL, gunicorn, and nginx with a certificate of our own."""

import contextlib
import http.client
import os
import re
import ssl
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from tests.cache.servers import ROOT, free_port, gunicorn, nginx_conf, run_nginx, stop

HOST = "localhost"


class Portal:
    """A running portal: `portal.get(path)` asks it over TLS as a browser does."""

    def __init__(self, folder: Path):
        self.folder, self.data = folder, folder / "data"
        self.data.mkdir(parents=True)
        self.port, self.plain_port, self.slow_port = (free_port() for _ in range(3))
        self.url = f"https://{HOST}:{self.port}"
        self.environment = {
            **{"MODE": "production", "DATABASE_URL": os.environ["DATABASE_URL"], "DATA_DIR": str(self.data)},
            **{"SECRET_KEY": os.urandom(40).hex(), "ALLOWED_HOSTS": HOST, "SITE_URL": self.url},
            **{"BEHIND_PROXY": "1", "SECURITY_CONTACT": "mailto:veilig@example.nl"},
            **{
                "MAIL_FROM": "redactie@example.nl",
                "LOG_LEVEL": "ERROR",
                "FIRST_PASSWORD": os.urandom(12).hex(),
            },
            **{"BACKUP_DIR": str(folder / "backups"), "METRICS_ADDRESS": "0"},
            **{"MAIL_HOST": "127.0.0.1", "MAIL_PORT": str(free_port()), "MAIL_TLS": "0"},
            "SSL_CERT_FILE": str(folder / "chain.pem"),
        }

    def manage(self, *words: str, check: bool = True, **environment: str) -> subprocess.CompletedProcess:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env={**os.environ, **self.environment, **environment},
            capture_output=True,
            text=True,
        )
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(words)} failed: {done.stderr[-300:]}")
        return done

    def get(self, path: str, method: str = "GET", tls: bool = True, body=None, **headers):
        """Status, headers (lower case; cookies as a list under `set-cookie`) and body."""
        kind = http.client.HTTPSConnection if tls else http.client.HTTPConnection
        options = {"context": self.context} if tls else {}
        connection = kind(HOST, self.port if tls else self.plain_port, timeout=30, **options)
        with contextlib.closing(connection):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body, headers=named)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            found["set-cookie"] = answer.msg.get_all("Set-Cookie") or []
            return answer.status, found, answer.read()

    def sitemap(self) -> list[str]:
        """The addresses of all pages; without any, nothing was judged."""
        status, _, body = self.get("/sitemap.xml")
        if places := re.findall(r"<loc>(.*?)</loc>", body.decode()):
            return [re.sub(r"^https?://[^/]+", "", place) for place in places]
        raise LookupError(f"no page in the sitemap, which answers {status}")

    @contextlib.contextmanager
    def without_search_index(self):
        """A fault that nobody foresaw: the table of the search index is not there."""
        name, elsewhere = "wagtailsearch_indexentry", "put_away"
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as database:
            database.execute(f"ALTER TABLE {name} RENAME TO {elsewhere}")
            try:
                yield
            finally:
                database.execute(f"ALTER TABLE {elsewhere} RENAME TO {name}")

    @contextlib.contextmanager
    def running(self):
        self.manage("migrate", "-v0")
        self.manage("collectstatic", "--noinput", "-v0")
        person = ("--username", "beheerder", "--email", "b@example.nl", "--password-env", "FIRST_PASSWORD")
        self.manage("setup_site", *person, "-v0")
        self.manage("load_content", "portal/content/demo", "-v0")
        self._certificate()
        with gunicorn(self.data, workers=2, **self.environment) as (app_port, _), self._nginx(app_port):
            self.app_port = app_port
            yield self

    @contextlib.contextmanager
    def worker(self):
        """The worker, and a server that takes its mail."""
        mail = Controller(Sink(), hostname="127.0.0.1", port=int(self.environment["MAIL_PORT"]))
        mail.start()
        words = [sys.executable, "manage.py", "work"]
        with (self.folder / "work.log").open("wb") as log:
            process = subprocess.Popen(
                words, cwd=ROOT, env={**os.environ, **self.environment}, stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            stop(process)
            mail.stop()

    def _certificate(self):
        words = (
            f"openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN={HOST} -addext subjectAltName=DNS:{HOST} "
            f"-keyout {self.folder}/key.pem -out {self.folder}/chain.pem"
        )
        subprocess.run(words.split(), check=True, capture_output=True)
        self.context = ssl.create_default_context(cafile=f"{self.folder}/chain.pem")

    @contextlib.contextmanager
    def _nginx(self, app_port: int):
        pages = self.data / "pages"
        conf = nginx_conf(self.port, app_port, pages, self.folder, plain_port=self.plain_port)
        ours = f"listen 127.0.0.1:{self.port} ssl http2;"
        conf = conf.replace(ours, f"{ours} listen 127.0.0.1:{self.slow_port};")
        with run_nginx(conf, self.folder, app_port, "/gezondheid/live/", X_Forwarded_Proto="https"):
            for _ in range(100):
                with contextlib.suppress(OSError):
                    self.get("/gezondheid/live/")
                    break
                time.sleep(0.1)
            yield
