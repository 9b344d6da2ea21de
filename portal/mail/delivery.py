"""The way out: the worker sends what waits, and tries again later what no mail server took."""

import datetime
import email
import logging
import smtplib
from email.policy import SMTP

from django.core.mail import EmailMessage, mailers
from django.db.models import F
from django.utils import timezone

from portal.models import QueuedMail

logger = logging.getLogger(__name__)

OUTGOING = "outgoing"
AT_ONCE = 50  # mails of one round, so that one round does not keep the worker from publishing
FIRST_WAIT, LONGEST_WAIT = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
#: After this nobody needs it any more; the link of a new password has long ended.
GIVEN_UP_AFTER = datetime.timedelta(days=2)


class Kept(EmailMessage):
    """A mail as it was kept."""

    def __init__(self, mail: QueuedMail):
        super().__init__(from_email=mail.sender, to=mail.recipients)
        self._content = bytes(mail.content)

    def message(self, *, policy=SMTP):
        return email.message_from_bytes(self._content, policy=policy)


#: What is about one mail; every other failure is about the mail server.
OF_THIS_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused, ValueError)


def _is_final(error: Exception) -> bool:
    """Whether no mail server will ever take this: it said so, or it is no address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, OF_THIS_MAIL) and getattr(error, "smtp_code", 500) >= 500


def _take(mail: QueuedMail, now: datetime.datetime) -> bool:
    """Put the next try ahead before this one, so that whoever dies meanwhile or comes second does not send it again."""
    wait = min(FIRST_WAIT * 2 ** min(mail.attempts, 10), LONGEST_WAIT)
    mine = QueuedMail.objects.filter(pk=mail.pk, attempts=mail.attempts, next_try_at__lte=now)
    return bool(mine.update(attempts=F("attempts") + 1, next_try_at=now + wait))


def send_due() -> int:
    """Send every mail whose turn it is; how many were sent. One that is not taken waits twice as long each time."""
    now, sent = timezone.now(), 0
    for mail in QueuedMail.objects.filter(next_try_at__lte=now).order_by("next_try_at", "pk")[:AT_ONCE]:
        if not _take(mail, now):
            continue
        try:
            mailers[OUTGOING].send_messages([Kept(mail)])
        except (OSError, smtplib.SMTPException, ValueError) as error:
            if _is_final(error) or mail.made_at < now - GIVEN_UP_AFTER:
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
