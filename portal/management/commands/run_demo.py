import contextlib
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from portal import server
from portal.accounts.people import CHIEF_EDITOR, WRITER, make_user, set_up_groups
from portal.models import HomePage, Municipality
from portal.pictures import left_for_later

DEMO = Path(settings.BASE_DIR) / "portal" / "content" / "demo"
PEOPLE = [("redacteur", WRITER), ("eindredacteur", CHIEF_EDITOR), ("beheerder", "")]
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Command(BaseCommand):
    help = (
        "Show the filled portal on this machine: migrate, load the demo content once, serve, with the worker."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host, port, **options):
        self.check_start(host, port)
        if not self.is_migrated():
            call_command("migrate", verbosity=0, interactive=False)
        passwords = self.fill()
        self.collect_static()
        name = "localhost" if host in LOOPBACK else host
        os.environ.setdefault("SITE_URL", f"http://{name}:{port}")  # what feeds, canonicals and mails name
        self.stdout.write(f"\nLokale Democratie staat op http://{name}:{port}/")
        self.stdout.write(f"Redactie: http://{name}:{port}/beheer/")
        for username, _ in PEOPLE:
            known = passwords.get(username)
            self.stdout.write(f"  {username:14} wachtwoord: {known or 'getoond bij de eerste start'}")
        self.stdout.write("Stoppen: Ctrl-C.\n")
        self.stdout.flush()
        self.serve(host, port)

    def check_start(self, host, port):
        """Say in one plain sentence why the demo cannot start here."""
        if settings.MODE != "demo":
            raise CommandError("Dit is alleen voor de demo: gebruik `make run`.")
        if host not in LOOPBACK and not settings.IS_PUBLIC_DEMO:
            raise CommandError(
                f"De demo luistert alleen op deze machine; zet DEMO_PUBLIC=1 om op {host} te luisteren."
            )
        if not os.access(settings.DATA_DIR, os.W_OK):
            raise CommandError(
                f"De map {settings.DATA_DIR} is niet schrijfbaar: kies een andere met DATA_DIR=…."
            )
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except (OSError, OverflowError) as error:
                raise CommandError(
                    f"Poort {port} op {host} is niet vrij: start met een andere, zoals `make run PORT={port + 1}`."
                ) from error

    def is_migrated(self) -> bool:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())

    def collect_static(self):
        """Gather, hash and compress the static files, unless nothing changed since the last start."""
        lock_sum = Path(settings.BASE_DIR, ".venv", ".lock-sum")
        own = [path for path in Path(settings.BASE_DIR, "static").rglob("*") if path.is_file()]
        seen = "".join(
            f"{path}{path.stat().st_mtime_ns}"
            for path in sorted([*own, *lock_sum.parent.glob(lock_sum.name)])
        )
        stamp, now = settings.DATA_DIR / "static.stamp", hashlib.sha256(seen.encode()).hexdigest()
        if not stamp.exists() or stamp.read_text() != now:
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.write_text(now)

    def fill(self) -> dict[str, str]:
        """Load the demo content the first time; the passwords that may be shown now."""
        if HomePage.objects.exists():
            return self.passwords_of_later_starts()
        self.stdout.write("De eerste keer: de voorbeeldinhoud wordt geladen …")
        self.stdout.flush()
        with transaction.atomic():
            if not Municipality.objects.exists():
                call_command("load_municipalities", verbosity=0)
            with left_for_later():
                call_command("load_content", str(DEMO), verbosity=0)
            self.awaits_pictures.touch()
            set_up_groups(HomePage.objects.get())
            return self.make_people()

    def passwords_of_later_starts(self) -> dict[str, str]:
        """None that is a secret; a demo that was filled for this machine only gets other ones before others see it."""
        if self.has_secrets.exists():
            return {}
        return self.make_people() if settings.IS_PUBLIC_DEMO else known_passwords()

    def make_people(self) -> dict[str, str]:
        """The accounts of the demo, with their passwords."""
        passwords = known_passwords()
        if settings.IS_PUBLIC_DEMO:
            passwords = {username: secrets.token_urlsafe(12) for username in passwords}
            self.has_secrets.touch()
        for username, group in PEOPLE:
            mail = f"{username}@example.org"
            make_user(username, passwords[username], email=mail, group=group, is_superuser=not group)
        return passwords

    @property
    def has_secrets(self) -> Path:
        """Stands once the passwords are random: they are shown when they are made, and never again."""
        return settings.DATA_DIR / "passwords.secret"

    def serve(self, host, port):
        """The web server and the worker as children that end with this process."""
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        commands = [
            [
                *(sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--bind", address),
                *("--workers", str(server.workers), "--threads", str(server.threads), "--preload"),
                *("--keep-alive", str(server.keepalive), "--log-level", "warning", "--no-control-socket"),
            ],
            [sys.executable, "manage.py", "work"],
        ]
        self.children = [start(command) for command in commands]
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        if self.awaits_pictures.exists():
            threading.Thread(target=self.make_pictures, daemon=True).start()
        code = self.children[0].wait()
        self.stop()
        for child in self.children[1:]:
            child.wait()
        sys.exit(0 if code in (0, -signal.SIGTERM, -signal.SIGINT) else code)

    def stop(self, *args):
        for child in self.children:
            child.terminate()

    @property
    def awaits_pictures(self) -> Path:
        """Stands as long as the pictures of the demo are not made; readers see the originals meanwhile."""
        return settings.DATA_DIR / "pictures.todo"

    def make_pictures(self):
        """Make the pictures while the portal is read already; what is cut short is done at the next start."""
        maker = start([sys.executable, "manage.py", "make_renditions", "--verbosity", "0"])
        self.children.append(maker)
        if maker.wait() == 0:
            self.awaits_pictures.unlink(missing_ok=True)


def start(command: list[str]) -> subprocess.Popen:
    return subprocess.Popen(command, cwd=settings.BASE_DIR)  # noqa: S603


def known_passwords() -> dict[str, str]:
    """What everyone may know of a demo that only this machine can reach."""
    return {username: f"{username}-demo" for username, _ in PEOPLE}
