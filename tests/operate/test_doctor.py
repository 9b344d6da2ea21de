"""The doctor names what is wrong and what to do, and says so with its exit status."""

import datetime
import socket
from contextlib import contextmanager

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.core.management import call_command
from django.utils import timezone

from portal.models import Heartbeat, QueuedMail
from portal.operate import doctor
from portal.operate.doctor import ERROR, OK, WARNING
from portal.search import upkeep
from portal.work.jobs import WORKER
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
    with mail_server(well, Sink()):
        found = list(doctor.mail())

    assert [finding.level for finding in found] == [OK, WARNING, OK]
    assert "Mail has waited since" in found[1].text


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
