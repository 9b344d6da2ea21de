"""The doctor names what is wrong and what to do, and says so with its exit status."""

import datetime
import os
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from portal.models import Heartbeat, QueuedMail
from portal.operate import clock, doctor
from portal.operate.doctor import ERROR, OK, WARNING
from portal.search import upkeep
from portal.work.jobs import WORKER
from tests.cache.servers import ROOT, free_port
from tests.factories import make_article


def levels(check) -> list[str]:
    return [finding.level for finding in check()]


def texts(check) -> str:
    return " ".join(finding.text for finding in check())


@pytest.fixture
def well(db, settings, tmp_path):
    """An installation in which nothing is wrong."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    settings.BACKUP_DIR = str(tmp_path / "backups")
    (tmp_path / "backups").mkdir()
    name = f"portal-{timezone.localtime():%Y%m%d-%H%M}.backup"
    (tmp_path / "backups" / name).write_text("x")
    settings.SECURITY_CONTACT = "mailto:veilig@gemeente.nl"
    Heartbeat.objects.create(name=WORKER, beat_at=timezone.now())
    return settings


def test_a_healthy_installation_has_no_error_and_says_so_with_its_status(well, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")

    shown = capsys.readouterr().out
    assert ERROR not in shown
    assert "The worker is running." in shown
    assert ended.value.code == 0


def test_only_what_is_not_well_is_said_when_asked(well, capsys):
    Heartbeat.objects.all().delete()

    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--quiet")

    shown = capsys.readouterr().out
    assert "manage.py work" in shown
    assert "The time" not in shown
    assert ended.value.code == 1


def test_a_worker_that_stopped_is_an_error_with_what_to_do(well):
    Heartbeat.objects.update(beat_at=timezone.now() - datetime.timedelta(minutes=9))

    assert levels(doctor.worker) == [ERROR]
    assert "9 minutes ago" in texts(doctor.worker)


def test_an_old_or_absent_backup_is_an_error(well, tmp_path):
    for path in (tmp_path / "backups").iterdir():
        path.rename(path.with_name("portal-20200101-0330.backup"))
    old = levels(doctor.backup)
    (tmp_path / "backups" / "portal-20200101-0330.backup").unlink()

    assert old[0] == ERROR
    assert levels(doctor.backup)[0] == ERROR
    assert "no backup yet" in texts(doctor.backup)


def test_a_backup_that_was_never_tried_is_a_warning_until_it_was(well, tmp_path):
    assert levels(doctor.backup) == [OK, WARNING]

    (tmp_path / "last-test-restore").touch()

    assert levels(doctor.backup) == [OK, OK]


def test_a_folder_that_is_not_there_is_an_error(well, tmp_path):
    well.MEDIA_ROOT = tmp_path / "gone"

    assert ERROR in levels(doctor.folders)
    assert "mend its owner" in texts(doctor.folders)


def test_a_full_disk_is_an_error(well, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: Usage)

    assert set(levels(doctor.folders)) == {ERROR}


class Usage:
    total, free = 100_000_000_000, 1_000_000


@contextmanager
def mail_server(settings, handler):
    """A real server that takes our mail, or not, as long as this lasts."""
    port = free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.MAILERS = {"outgoing": {"OPTIONS": {"host": "127.0.0.1", "port": port}}}
    settings.MAIL_FROM = "redactie@gemeente.nl"
    yield
    server.stop()


def test_mail_is_tried_with_a_real_server(well):
    with mail_server(well, Sink()):
        answered = levels(doctor.mail)

    assert answered == [OK, OK]
    assert "SPF" not in texts(doctor.mail)
    assert levels(doctor.mail) == [ERROR]


class Refusing(Sink):
    async def handle_MAIL(self, server, session, envelope, address, options):
        return "550 not from you"


def test_a_mail_server_that_refuses_our_address_is_an_error(well):
    with mail_server(well, Refusing()):
        found = list(doctor.mail())

    assert found[0].level == ERROR
    assert "MAIL_FROM" in found[0].text


def test_mail_that_waits_is_told(well):
    long_ago = timezone.now() - doctor.LONGEST_MAIL_WAIT - datetime.timedelta(minutes=1)
    QueuedMail.objects.create(sender="a@b.nl", recipient="c@d.nl", content=b"x", made_at=long_ago)

    assert levels(doctor.waiting_mail) == [WARNING]
    assert "Mail has waited since" in texts(doctor.waiting_mail)


@pytest.mark.parametrize("contact", ["", "veilig@gemeente.nl", "http://gemeente.nl/"])
def test_a_contact_that_security_txt_may_not_name_is_an_error(well, contact):
    well.SECURITY_CONTACT = contact

    assert levels(doctor.security_contact) == [ERROR]


def test_a_site_without_a_trusted_certificate_is_an_error(well):
    well.SITE_URL = "https://127.0.0.1:1"

    assert levels(doctor.certificate) == [ERROR]


def test_a_check_that_breaks_is_a_finding(well, monkeypatch):
    def broken():
        raise RuntimeError("no such thing")

    monkeypatch.setattr(doctor, "CHECKS", [broken])

    assert [(finding.level, finding.about) for finding in doctor.examine()] == [(ERROR, "broken")]


def test_items_that_search_does_not_hold_are_an_error_with_what_to_do(tree):
    make_article(tree, title="Wel")
    page = make_article(tree, title="Niet")
    upkeep.note_made()
    assert levels(doctor.search_index) == [OK]

    page.index_entries.all().delete()

    assert levels(doctor.search_index) == [ERROR]
    assert "1 of 2 live items" in texts(doctor.search_index)
    assert "manage.py update_index" in texts(doctor.search_index)


def test_an_index_of_another_version_is_a_warning(tree, monkeypatch):
    make_article(tree)
    upkeep.note_made()

    monkeypatch.setattr(doctor, "version", lambda: "another")

    assert levels(doctor.search_index) == [WARNING]


def test_without_a_database_that_is_said_once_and_the_rest_is_looked_at(tmp_path):
    environment = {
        **os.environ,
        "MODE": "demo",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"postgres://portaal@127.0.0.1:{free_port()}/portaal",
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"], cwd=ROOT, env=environment, capture_output=True, text=True
    )

    told = done.stdout.splitlines()
    assert "cannot be reached" in told[0]
    assert "systemctl status postgresql and DATABASE_URL" in told[0]
    assert "worker" in told[1]
    assert "they need the database" in told[1]
    assert "settings" in told[-1]
    assert done.stdout.count("cannot") == 1 + done.stdout.count("cannot be judged")
    assert (done.stderr, done.returncode) == ("", 1)


def test_migrations_that_are_not_applied_are_an_error(well):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied(
        "portal", sorted(name for app, name in recorder.applied_migrations() if app == "portal")[-1]
    )

    assert levels(doctor.database) == [ERROR]
    assert "1 migrations are not applied" in texts(doctor.database)


@pytest.mark.parametrize(
    ("said", "level", "text"),
    [("yes", OK, "kept right"), ("no", ERROR, "set-ntp true"), ("", OK, "cannot be judged here")],
)
def test_a_clock_that_nothing_keeps_is_an_error(well, tmp_path, monkeypatch, said, level, text):
    stand_in = tmp_path / "timedatectl"
    stand_in.write_text(f"#!/bin/sh\necho {said}\n")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(clock, "SYSTEMD", tmp_path)
    monkeypatch.setattr(doctor, "SYSTEMD", tmp_path)

    assert levels(doctor.clock) == [level]
    assert text in texts(doctor.clock)


@pytest.mark.parametrize(
    ("error", "level", "text"),
    [(2_000, OK, "kept right"), (16_000_000, WARNING, "on the host"), (None, OK, "cannot be judged here")],
)
def test_without_systemd_the_kernel_is_believed(well, tmp_path, monkeypatch, error, level, text):
    monkeypatch.setattr(clock, "SYSTEMD", tmp_path / "none")
    monkeypatch.setattr(doctor, "SYSTEMD", tmp_path / "none")
    asked = clock._largest_error()
    monkeypatch.setattr(clock, "_largest_error", lambda: error)

    assert asked is None or asked >= 0
    assert levels(doctor.clock) == [level]
    assert text in texts(doctor.clock)


def test_a_database_with_another_time_is_an_error(monkeypatch):
    there = timezone.now() - datetime.timedelta(seconds=9)
    cursor = SimpleNamespace(execute=lambda statement: None, fetchone=lambda: (there,))
    database = SimpleNamespace(vendor="postgresql", cursor=lambda: nullcontext(cursor))
    monkeypatch.setattr(doctor, "connection", database)

    assert levels(doctor.clock_of_the_database) == [ERROR]
    assert "9 s apart" in texts(doctor.clock_of_the_database)


def test_a_disk_with_few_inodes_is_an_error(well, monkeypatch):
    roomy = SimpleNamespace(total=100_000_000_000, free=90_000_000_000)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: roomy)
    monkeypatch.setattr(doctor.os, "statvfs", lambda path: SimpleNamespace(f_files=1000, f_favail=99))

    assert set(levels(doctor.folders)) == {ERROR}
    assert "inodes" in texts(doctor.folders)


@pytest.mark.parametrize(("days", "level"), [(20, ERROR), (22, OK)])
def test_a_certificate_that_soon_ends_is_an_error(well, monkeypatch, days, level):
    well.SITE_URL = "https://portal.example.nl"
    ends = time.gmtime(timezone.now().timestamp() + days * 86400 + 3600)
    shown = SimpleNamespace(getpeercert=lambda: {"notAfter": time.strftime("%b %d %H:%M:%S %Y GMT", ends)})
    context = SimpleNamespace(wrap_socket=lambda plain, server_hostname: nullcontext(shown))
    monkeypatch.setattr(doctor.socket, "create_connection", lambda where, timeout: nullcontext())
    monkeypatch.setattr(doctor.ssl, "create_default_context", lambda: context)

    assert levels(doctor.certificate) == [level]
    assert f"{days} more days" in texts(doctor.certificate)


def test_a_note_of_changes_that_cannot_be_written_is_an_error(well, tmp_path, monkeypatch):
    (tmp_path / "generation").write_text("1")
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)

    assert levels(doctor.freshness) == [ERROR]
    assert "mend its owner" in texts(doctor.freshness)


def test_a_list_of_changes_that_cannot_be_written_is_a_warning(well, tmp_path, monkeypatch):
    (tmp_path / "generation").write_text("1")
    (tmp_path / "generation.changes").write_text("")
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: not path.name.endswith(".changes"))

    assert levels(doctor.freshness) == [WARNING]
    assert "mend its owner" in texts(doctor.freshness)


@pytest.mark.parametrize(("is_production", "level"), [(False, WARNING), (True, ERROR)])
def test_debug_is_told(well, is_production, level):
    well.IS_PRODUCTION, well.DEBUG = is_production, True

    assert [found.level for found in doctor.configuration() if "DEBUG is on" in found.text] == [level]


@pytest.mark.parametrize(("is_production", "key"), [(False, "te-kort"), (True, "abcabcabc" * 10)])
def test_a_secret_that_can_be_guessed_is_an_error(well, is_production, key):
    well.IS_PRODUCTION, well.SECRET_KEY = is_production, key

    assert [found.level for found in doctor.configuration() if "SECRET_KEY is short" in found.text] == [ERROR]


def test_what_django_warns_of_before_deployment_is_an_error(well):
    well.IS_PRODUCTION, well.SECURE_HSTS_SECONDS = True, 0

    assert [found.level for found in doctor.configuration() if "security.W004" in found.text] == [ERROR]
