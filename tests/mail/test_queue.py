"""Mail goes out once and later: no editor waits for a mail server, and none that is down loses a mail (BAR.md R20)."""

import contextlib
import datetime
import email
import logging
import os
import socket
import subprocess
import sys
from email.policy import default

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal.accounts.people import CHIEF_EDITOR, WRITER, make_user, set_up_groups
from portal.mail.delivery import GIVEN_UP_AFTER, _take, send_due, waiting_since
from portal.models import QueuedMail
from portal.operate.rows import tables
from portal.work import jobs
from tests.cache.servers import ROOT, free_port
from tests.factories import make_news
from tests.portal.test_admin import PASSWORD, form_data

SUBJECT = "Ter controle: Één bericht"


class Inbox:
    """What a real mail server was given; `refuse` and `refuse_sender` are what it says instead."""

    def __init__(self):
        self.got, self.refuse, self.refuse_sender = [], "", ""

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.refuse_sender:
            return self.refuse_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.got.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=default)))
        return "250 OK"


@pytest.fixture
def port(settings) -> int:
    """Where the mail server would be; nobody listens yet."""
    port = free_port()
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {
        "default": {"BACKEND": "portal.mail.queue.EmailBackend"},
        "outgoing": {"BACKEND": smtp, "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 2}},
    }
    return port


@contextlib.contextmanager
def mail_server(port: int):
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield inbox
    finally:
        server.stop()


def leave(*recipients: str, subject: str = SUBJECT):
    EmailMessage(
        subject, "Wil je dit lezen? Groet, ‘de redactie’.", "redactie@example.org", recipients
    ).send()


@pytest.mark.django_db
def test_a_mail_goes_once_to_each_and_is_then_gone(port):
    leave("an@example.org", "bo@example.org")
    with mail_server(port) as inbox:
        assert [send_due(), send_due()] == [2, 0]

    assert [recipients for recipients, _ in inbox.got] == [["an@example.org"], ["bo@example.org"]]
    got = inbox.got[0][1]
    assert (got["subject"], got["from"]) == (SUBJECT, "redactie@example.org")
    assert got["to"] == "an@example.org, bo@example.org"
    assert "‘de redactie’" in got.get_content()
    assert not QueuedMail.objects.exists()


@pytest.mark.django_db
def test_without_a_mail_server_an_editor_goes_on_and_the_mail_follows_once(port, tree, client, settings):
    set_up_groups(tree.home)
    make_user("chef", PASSWORD, email="chef@example.org", group=CHIEF_EDITOR)
    client.force_login(make_user("an", PASSWORD, email="an@example.org", group=WRITER))
    item = make_news(tree, live=False)
    edit = reverse("wagtailadmin_pages:edit", args=[item.pk])
    data = form_data(item, client.get(edit).content.decode())

    with contextlib.closing(socket.create_server(("127.0.0.1", port))) as tarpit:  # takes calls, says nothing
        tarpit.setblocking(False)
        answer = client.post(edit, {**data, "action-submit": "action-submit"})
        with pytest.raises(BlockingIOError):
            tarpit.accept()  # nobody called
    assert answer.status_code == 302
    assert item.current_workflow_state is not None
    assert send_due() == 0

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2)), mail_server(port) as inbox:
        assert [send_due(), send_due()] == [1, 0]
    assert inbox.got[0][0] == ["chef@example.org"]


@pytest.mark.django_db
def test_a_server_that_says_nothing_keeps_the_worker_for_one_mail_only(port):
    for number in range(3):
        leave(f"lezer{number}@example.org")

    with contextlib.closing(socket.create_server(("127.0.0.1", port))) as tarpit:
        tarpit.settimeout(5)
        assert send_due() == 0
        tarpit.accept()
        tarpit.setblocking(False)
        with pytest.raises(BlockingIOError):
            tarpit.accept()

    assert sorted(QueuedMail.objects.values_list("attempts", flat=True)) == [0, 0, 1]


@pytest.mark.django_db
def test_a_mail_waits_longer_after_each_try_and_at_most_an_hour(port):
    leave("an@example.org")
    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(9):
            send_due()
            kept = QueuedMail.objects.get()
            waits.append((kept.next_try_at - timezone.now()) // datetime.timedelta(minutes=1))
            clock.move_to(kept.next_try_at)

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "is_kept"), [("550 unknown", False), ("451 later", True), ("554 relay access denied", True)]
)
def test_only_a_mailbox_that_is_not_there_ends_a_mail(port, caplog, answer, is_kept):
    leave("weg@example.org")
    leave("ook@example.org")
    with mail_server(port) as inbox, caplog.at_level(logging.WARNING):
        inbox.refuse = answer
        send_due()

    assert QueuedMail.objects.count() == (2 if is_kept else 0)
    assert len(caplog.records) == 2
    assert "example.org" not in caplog.text


@pytest.mark.django_db
def test_a_wrong_setting_loses_no_mail(port):
    leave("an@example.org")
    leave("bo@example.org")
    with mail_server(port) as inbox:
        inbox.refuse_sender = "530 authentication required"
        assert send_due() == 0

    assert sorted(QueuedMail.objects.values_list("attempts", flat=True)) == [0, 1]


@pytest.mark.django_db
def test_what_is_no_address_keeps_no_other_mail(port):
    QueuedMail.objects.create(sender="redactie@example.org", recipient="a@b.nl\nBcc: c@d.nl", content=b"x")
    leave("an@example.org")
    with mail_server(port) as inbox:
        assert send_due() == 1

    assert [recipients for recipients, _ in inbox.got] == [["an@example.org"]]


@pytest.mark.django_db
def test_a_change_that_is_taken_back_sends_nothing(port):
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        leave("an@example.org")
        raise ZeroDivisionError

    assert waiting_since() is None


@pytest.mark.django_db
def test_after_two_days_nobody_needs_it_any_more(port, caplog):
    leave("an@example.org")
    QueuedMail.objects.update(made_at=timezone.now() - GIVEN_UP_AFTER - datetime.timedelta(minutes=1))

    send_due()

    assert waiting_since() is None
    assert "will not be sent" in caplog.text


@pytest.mark.django_db
def test_of_two_workers_that_list_the_same_mail_one_takes_it(port):
    leave("an@example.org")
    mine, theirs = QueuedMail.objects.get(), QueuedMail.objects.get()

    assert [_take(mine), _take(theirs)] == [True, False]


@pytest.mark.django_db
def test_a_round_that_has_had_its_time_leaves_the_rest_for_the_next(port):
    for number in range(3):
        leave(f"lezer{number}@example.org")
    with mail_server(port) as inbox:
        assert [send_due(seconds=-1), send_due()] == [0, 3]
    assert len({recipients[0] for recipients, _ in inbox.got}) == 3


def test_the_worker_sends_and_production_keeps():
    assert jobs._jobs["mail"].run is send_due
    ask = "from django.conf import settings as s; print(s.MAILERS['default']['BACKEND'], sorted(s.MAILERS))"
    told = {"MODE": "demo", "MAIL_HOST": "mail.example.org", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, env={**os.environ, **told}, capture_output=True
    )

    assert done.stdout.decode().strip() == "portal.mail.queue.EmailBackend ['default', 'outgoing']"


@pytest.mark.django_db
def test_no_backup_holds_mail():
    assert QueuedMail not in tables()
