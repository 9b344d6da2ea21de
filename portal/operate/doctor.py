"""What is wrong with this installation, in plain words, with what to do about it.

Each check gives one finding or more; a check that itself breaks is a finding too. Nothing is changed.
"""

import datetime
import os
import shutil
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks as django_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from portal import generation, journal
from portal.mail.delivery import OUTGOING, waiting_since
from portal.models import Heartbeat
from portal.operate.clock import SYSTEMD, is_kept_right
from portal.operate.rotation import backups
from portal.operate.trial import last_test_restore
from portal.search.upkeep import made_version, missing_entries, version
from portal.work.jobs import WORKER

OK, WARNING, ERROR = "ok", "warning", "error"
OLDEST_BEAT = datetime.timedelta(minutes=2)
LONGEST_MAIL_WAIT = datetime.timedelta(minutes=15)
OLDEST_BACKUP = datetime.timedelta(hours=26)
OLDEST_TEST = datetime.timedelta(days=92)
LEAST_FREE = 0.1  # of the disk or its inodes
LEAST_FREE_BYTES = 2_000_000_000
CERTIFICATE_DAYS = 21
MOST_CLOCK_SECONDS = 5
TIMEOUT = 5


@dataclass(frozen=True)
class Finding:
    """How one thing is, and what to do when it is not well."""

    level: str
    about: str
    text: str


def why_unreachable() -> str:
    """Why the database cannot be asked, in a line; empty when it can. Outside the pool, which waits and logs."""
    try:
        if connection.vendor == "postgresql":
            parameters = {**connection.get_connection_params(), "connect_timeout": 2}
            connection.Database.connect(**parameters).close()
        else:
            connection.ensure_connection()
    except (connection.Database.Error, DatabaseError) as error:
        return (str(error).strip() or type(error).__name__).splitlines()[0]
    return ""


def database() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield Finding(ERROR, "database", f"{len(plan)} migrations are not applied: run manage.py migrate.")
    else:
        yield Finding(OK, "database", f"{connection.vendor} answers and is migrated.")
    if settings.IS_PRODUCTION and connection.vendor == "sqlite":
        yield Finding(WARNING, "database", "SQLite serves one small server: set DATABASE_URL to PostgreSQL.")


def clock() -> Iterator[Finding]:
    now, kept = f"{timezone.localtime():%d-%m-%Y %H:%M} in {settings.TIME_ZONE}", is_kept_right()
    if kept is False and SYSTEMD.is_dir():
        yield Finding(
            ERROR, "clock", "Nothing keeps the clock of this machine right: run timedatectl set-ntp true."
        )
    elif kept is False:
        yield Finding(
            WARNING,
            "clock",
            "The kernel says that nothing keeps its clock right: switch NTP on, on the host.",
        )
    elif kept is None:
        yield Finding(OK, "clock", f"{now}; whether it is kept right cannot be judged here.")
    else:
        yield Finding(OK, "clock", f"{now}, and kept right.")
    if settings.TIME_ZONE != "Europe/Amsterdam":
        yield Finding(WARNING, "clock", f"The time zone is {settings.TIME_ZONE}, not Europe/Amsterdam.")


def clock_of_the_database() -> Iterator[Finding]:
    if connection.vendor != "postgresql":  # SQLite has none of its own
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        apart = abs((timezone.now() - cursor.fetchone()[0]).total_seconds())
    if apart > MOST_CLOCK_SECONDS:
        yield Finding(
            ERROR,
            "clock",
            f"This machine and the database are {apart:.0f} s apart: switch NTP on, on both (timedatectl).",
        )


def worker() -> Iterator[Finding]:
    beat = Heartbeat.objects.filter(name=WORKER).first()
    if beat is None:
        yield Finding(
            ERROR, "worker", "The worker has never run: start manage.py work beside the web server."
        )
    elif (age := timezone.now() - beat.beat_at) > OLDEST_BEAT:
        minutes = int(age.total_seconds() // 60)
        yield Finding(
            ERROR,
            "worker",
            f"The worker was last seen {minutes} minutes ago: nothing is published on time; start manage.py work.",
        )
    else:
        yield Finding(OK, "worker", "The worker is running.")


def folders() -> Iterator[Finding]:
    named = {"DATA_DIR": settings.DATA_DIR, "MEDIA_ROOT": settings.MEDIA_ROOT}
    if settings.BACKUP_DIR:
        named["BACKUP_DIR"] = Path(settings.BACKUP_DIR)
    for name, folder in named.items():
        if not Path(folder).is_dir() or not os.access(folder, os.W_OK):
            yield Finding(
                ERROR, "folders", f"{name} ({folder}) is not a folder this user can write: mend its owner."
            )
            continue
        usage, inodes = shutil.disk_usage(folder), os.statvfs(folder)
        if usage.free < LEAST_FREE_BYTES and usage.free / usage.total < LEAST_FREE:
            free = usage.free / 1_000_000
            yield Finding(
                ERROR, "disk", f"{name} ({folder}) has {free:.0f} MB left: make room or a larger disk."
            )
        elif inodes.f_files and inodes.f_favail / inodes.f_files < LEAST_FREE:
            yield Finding(ERROR, "disk", f"{name} ({folder}) has few inodes left: remove small files.")
        else:
            yield Finding(OK, "disk", f"{name}: {usage.free / 1_000_000_000:.0f} GB free.")


def mail() -> Iterator[Finding]:
    options = settings.MAILERS.get(OUTGOING, {}).get("OPTIONS", {})
    if not options.get("host"):
        yield Finding(
            WARNING if settings.IS_PRODUCTION else OK, "mail", "Mail goes to the console, not to people."
        )
        return
    host, port = options["host"], options["port"]
    try:
        with smtplib.SMTP(host, port, timeout=TIMEOUT) as server:
            if options.get("use_tls"):
                server.starttls(context=ssl.create_default_context())
            if options.get("username"):
                server.login(options["username"], options["password"])
            server.ehlo_or_helo_if_needed()
            code, _ = server.mail(settings.MAIL_FROM)
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            ERROR, "mail", f"{host}:{port} does not take mail ({error}): check MAIL_HOST and its password."
        )
        return
    if code == 250:
        yield Finding(OK, "mail", f"{host}:{port} takes mail from {settings.MAIL_FROM}.")
    else:
        yield Finding(
            ERROR, "mail", f"{host}:{port} refuses mail from {settings.MAIL_FROM} ({code}): change MAIL_FROM."
        )
    domain = settings.MAIL_FROM.rpartition("@")[2]
    if domain.endswith("example.org"):
        yield Finding(
            ERROR if settings.IS_PRODUCTION else WARNING,
            "mail",
            "MAIL_FROM is still an example: set a real address.",
        )
    else:
        yield Finding(
            OK,
            "mail",
            f"See that DNS of {domain} has SPF, DKIM and DMARC, or mail is taken for spam "
            "(docs/operate.md, Mail, says which records).",
        )


def waiting_mail() -> Iterator[Finding]:
    since = waiting_since()
    if since and since < timezone.now() - LONGEST_MAIL_WAIT:
        yield Finding(
            WARNING,
            "mail",
            f"Mail has waited since {timezone.localtime(since):%d-%m-%Y %H:%M}: see that the worker runs "
            "and that the mail server takes it (the worker's log says why not).",
        )


def certificate() -> Iterator[Finding]:
    where = urlsplit(settings.SITE_URL)
    if where.scheme != "https":
        level = ERROR if settings.IS_PRODUCTION else OK
        yield Finding(level, "certificate", f"{settings.SITE_URL} is not https.")
        return
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((where.hostname, where.port or 443), timeout=TIMEOUT) as plain,
            context.wrap_socket(plain, server_hostname=where.hostname) as wrapped,
        ):
            ends = ssl.cert_time_to_seconds(wrapped.getpeercert()["notAfter"])
    except (OSError, ValueError) as error:
        yield Finding(
            ERROR, "certificate", f"{settings.SITE_URL} has no certificate that browsers trust: {error}."
        )
        return
    days = int((ends - timezone.now().timestamp()) // 86400)
    level = ERROR if days < CERTIFICATE_DAYS else OK
    yield Finding(
        level,
        "certificate",
        f"The certificate is valid for {days} more days (renew at {CERTIFICATE_DAYS}).",
    )


def security_contact() -> Iterator[Finding]:
    if not settings.SECURITY_CONTACT.startswith(("mailto:", "https://")):
        yield Finding(ERROR, "security.txt", "SECURITY_CONTACT must begin with mailto: or https://.")
        return
    is_example = "example.org" in settings.SECURITY_CONTACT
    level = (ERROR if settings.IS_PRODUCTION else WARNING) if is_example else OK
    text = (
        "SECURITY_CONTACT is still an example: set where weaknesses can be reported."
        if is_example
        else (f"security.txt names {settings.SECURITY_CONTACT} and renews itself.")
    )
    yield Finding(level, "security.txt", text)


def backup() -> Iterator[Finding]:
    if not settings.BACKUP_DIR:
        level = ERROR if settings.IS_PRODUCTION else OK
        yield Finding(level, "backup", "There is no nightly backup: set BACKUP_DIR, on another disk.")
        return
    newest = next(iter(backups(Path(settings.BACKUP_DIR))), None)
    now = timezone.localtime().replace(tzinfo=None)
    if newest is None:
        yield Finding(
            ERROR, "backup", f"{settings.BACKUP_DIR} holds no backup yet: see that the worker runs."
        )
    elif now - newest > OLDEST_BACKUP:
        yield Finding(
            ERROR, "backup", f"The last backup is of {newest:%d-%m-%Y %H:%M}: read the worker's log."
        )
    else:
        yield Finding(OK, "backup", f"The last backup is of {newest:%d-%m-%Y %H:%M}.")
    tested = last_test_restore()
    if tested is None or timezone.now() - tested > OLDEST_TEST:
        yield Finding(
            WARNING, "backup", "No backup was tried for three months: run manage.py restore FILE --test."
        )
    else:
        yield Finding(
            OK, "backup", f"A backup was restored as a test on {timezone.localtime(tested):%d-%m-%Y}."
        )


def freshness() -> Iterator[Finding]:
    path = settings.DATA_DIR / "generation"
    if path.exists() and not os.access(path, os.W_OK):
        yield Finding(
            ERROR, "cache", f"{path} cannot be written: readers keep seeing old pages; mend its owner."
        )
    elif (changes := journal.file_of(path)).exists() and not os.access(changes, os.W_OK):
        yield Finding(
            WARNING,
            "cache",
            f"{changes} cannot be written: how all items are filed is read anew at each change; mend its owner.",
        )
    else:
        began = datetime.datetime.fromtimestamp(generation.current() / 1e9, datetime.UTC)
        last = f" The last one was on {timezone.localtime(began):%d-%m-%Y %H:%M}." if path.exists() else ""
        yield Finding(OK, "cache", f"A change shows at once.{last}")


def search_index() -> Iterator[Finding]:
    missing, live = missing_entries()
    if missing:
        yield Finding(
            ERROR, "search", f"{missing} of {live} live items cannot be found: run manage.py update_index."
        )
    elif made_version() != version():
        yield Finding(
            WARNING,
            "search",
            "The search index was made by another version of the portal: the worker makes it anew, or run"
            " manage.py update_index.",
        )
    else:
        yield Finding(OK, "search", f"All {live} live items can be found.")


def configuration() -> Iterator[Finding]:
    if (settings.IS_PRODUCTION and len(set(settings.SECRET_KEY)) < 10) or len(settings.SECRET_KEY) < 50:
        yield Finding(
            ERROR, "settings", "SECRET_KEY is short or simple: make a random one of 50 characters or more."
        )
    if settings.DEBUG:
        yield Finding(ERROR if settings.IS_PRODUCTION else WARNING, "settings", "DEBUG is on: switch it off.")
    found = django_checks.run_checks(include_deployment_checks=settings.IS_PRODUCTION)
    serious = [
        message for message in found if message.level >= django_checks.WARNING and not message.is_silenced()
    ]
    for message in serious:
        yield Finding(ERROR, "settings", f"{message.id}: {message.msg}")
    if not serious:
        yield Finding(OK, "settings", "Every check of the settings passes.")


Check = Callable[[], Iterator[Finding]]
CHECKS: list[Check] = [
    database, clock, clock_of_the_database, worker, folders, mail, waiting_mail, certificate, security_contact,
    backup, freshness, search_index, configuration,
]  # fmt: skip
NEED_DATABASE: list[Check] = [database, clock_of_the_database, worker, waiting_mail, search_index]


def _name(check: Check) -> str:
    return check.__name__.replace("_", " ")


def _without_database(why: str, left_out: list[Check]) -> Iterator[Finding]:
    where = (
        "look at systemctl status postgresql and DATABASE_URL"
        if connection.vendor == "postgresql"
        else "look at DATABASE_URL and the owner of the file"
    )
    yield Finding(ERROR, "database", f"It cannot be reached ({why}): {where}.")
    names = ", ".join(_name(check) for check in left_out if check is not database)
    yield Finding(WARNING, "not checked", f"{names}: they need the database.")


def examine() -> Iterator[Finding]:
    """Every finding, check by check; without a database that is said once."""
    left_out = [check for check in CHECKS if check in NEED_DATABASE]
    if left_out and (why := why_unreachable()):
        yield from _without_database(why, left_out)
    else:
        left_out = []
    for check in CHECKS:
        if check in left_out:
            continue
        try:
            yield from check()
        except Exception as error:
            yield Finding(ERROR, _name(check), f"This cannot be checked: {error}")
