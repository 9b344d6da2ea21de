"""The way out: the worker sends what waits, and tries again later what no mail server took."""

import datetime
import email
import logging
import smtplib
import time
from email.policy import SMTP

from django.core.mail import EmailMessage, mailers
from django.db.models import F
from django.utils import timezone

from portal.models import QueuedMail

logger = logging.getLogger(__name__)

OUTGOING = "outgoing"
AT_ONCE = 200
A_WHILE = 5  # seconds of each round of the worker that may go to mail, so that pages are published in time
FIRST_WAIT, LONGEST_WAIT = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
#: What nobody took in two days comes too late to be of use.
GIVEN_UP_AFTER = datetime.timedelta(days=2)
#: The mail server says that this mailbox is not there and never will be; every other refusal may be a wrong setting.
NO_SUCH_MAILBOX = {550, 551, 553}
#: What is about one mail; every other failure is about the mail server, or about our own address.
OF_THIS_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError)


class Kept(EmailMessage):
    """A mail as it was kept."""

    def __init__(self, mail: QueuedMail):
        super().__init__(from_email=mail.sender, to=[mail.recipient])
        self._content = bytes(mail.content)

    def message(self, *, policy=SMTP):
        return email.message_from_bytes(self._content, policy=policy)


def _is_final(error: Exception) -> bool:
    """Whether no mail server will ever take this."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code in NO_SUCH_MAILBOX for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def _take(mail: QueuedMail) -> bool:
    """Put the next try ahead before this one: whoever dies meanwhile, or comes second, does not send it at once too."""
    now = timezone.now()
    wait = min(FIRST_WAIT * 2 ** min(mail.attempts, 10), LONGEST_WAIT)
    mine = QueuedMail.objects.filter(pk=mail.pk, attempts=mail.attempts, next_try_at__lte=now)
    return bool(mine.update(attempts=F("attempts") + 1, next_try_at=now + wait))


def send_due(seconds: float = A_WHILE) -> int:
    """Send the mails whose turn it is, for so long; how many were sent. One that is not taken waits ever longer."""
    until, sent = time.monotonic() + seconds, 0
    due = QueuedMail.objects.filter(next_try_at__lte=timezone.now()).order_by("next_try_at", "pk")
    for mail in due[:AT_ONCE]:
        if time.monotonic() > until:
            break
        if not _take(mail):
            continue
        try:
            mailers[OUTGOING].send_messages([Kept(mail)])
        except (OSError, smtplib.SMTPException, ValueError) as error:
            if _is_final(error) or mail.made_at < timezone.now() - GIVEN_UP_AFTER:
                logger.error("Mail %s will not be sent: %s", mail.pk, type(error).__name__)
                mail.delete()
                continue
            logger.warning("Mail %s was not taken (%s) and is tried again", mail.pk, type(error).__name__)
            if not isinstance(error, OF_THIS_MAIL):
                break  # nobody is there: the others need not wait for the same
        else:
            mail.delete()
            sent += 1
    return sent


def waiting_since() -> datetime.datetime | None:
    """When the oldest mail that still waits was made; None when nothing waits."""
    return QueuedMail.objects.order_by("made_at").values_list("made_at", flat=True).first()
