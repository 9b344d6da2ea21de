"""How often someone may be wrong: at one address, and from many addresses at once.

django-axes counts. Five failures of one person at one address close the door there for fifteen minutes. Whoever is
guessed at from many addresses is refused for a day after fifty failures, but not at an address where that person came
in lately: an attacker can so lock nobody out of their own office, and never ends a session.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac
from wagtail.models import ModelLogEntry

MANY_FAILURES, MANY_WITHIN = 50, timedelta(days=1)
KNOWN_FOR = timedelta(days=30)
#: Who came in from where is personal data: the log of logins is kept for a year, addresses as long as they are of use.
LOGINS_KEPT = timedelta(days=365)
MAILS, MAILS_WITHIN = 5, timedelta(hours=1)


class LoginLimits(AxesDatabaseHandler):
    """axes, with the slower limit for one person beside its own."""

    def get_failures(self, request, credentials=None):
        failures = super().get_failures(request, credentials)
        if failures >= settings.AXES_FAILURE_LIMIT:
            return failures
        username = get_client_username(request, credentials)
        is_refused = is_guessed_at(username) and not is_known_at(username, request.axes_ip_address)
        return settings.AXES_FAILURE_LIMIT if is_refused else failures


def is_guessed_at(username: str | None) -> bool:
    if not username:
        return False
    failures = AccessFailureLog.objects.filter(
        username=username, attempt_time__gt=timezone.now() - MANY_WITHIN
    )
    return failures.count() >= MANY_FAILURES


def is_known_at(username: str, address: str) -> bool:
    """Whether this person came in from this address lately."""
    return AccessLog.objects.filter(
        username=username, ip_address=address, attempt_time__gt=timezone.now() - KNOWN_FOR
    ).exists()


@dataclass(frozen=True)
class LockOut:
    """Someone who cannot log in now: at one address, or at every new one."""

    username: str
    address: str
    failures: int
    until: datetime


def lock_outs() -> list[LockOut]:
    """All of them, the latest first; a name that no account has is not shown, it may be a password typed too early."""
    now = timezone.now()
    accounts = User.objects.values("username")
    here = (
        AccessAttempt.objects.filter(attempt_time__gte=now - get_cool_off(), username__in=accounts)
        .order_by()
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    everywhere = (
        AccessFailureLog.objects.filter(attempt_time__gt=now - MANY_WITHIN, username__in=accounts)
        .order_by()
        .values("username")
        .annotate(failures=Count("pk"), last=Max("attempt_time"))
        .filter(failures__gte=MANY_FAILURES)
    )
    found = [
        LockOut(row["username"], row["ip_address"], row["failures"], row["last"] + get_cool_off())
        for row in here
    ]
    found += [LockOut(row["username"], "", row["failures"], row["last"] + MANY_WITHIN) for row in everywhere]
    return sorted(found, key=lambda lock_out: lock_out.until, reverse=True)


def lift(username: str) -> int:
    """Let this person try again, everywhere; how many failures are forgotten."""
    attempts, _ = AccessAttempt.objects.filter(username=username).delete()
    failures, _ = AccessFailureLog.objects.filter(username=username).delete()
    return attempts + failures


def may_ask_mail(address: str) -> bool:
    """Whether this address may ask for one more mail with a link, whatever web process it asks."""
    return _is_one_of_few(f"mail from:{address}")


def may_get_mail(mailbox: str) -> bool:
    """Whether one more mail with a link may go to this mailbox, whoever asked for it and from wherever."""
    same = unicodedata.normalize("NFKC", mailbox).casefold()  # as Django compares them
    return _is_one_of_few("mail to:" + salted_hmac(__name__, same, algorithm="sha256").hexdigest())


def _is_one_of_few(what: str) -> bool:
    """Note it among the failures; no more than MAILS within the hour are allowed.

    It is written before it is counted, so that of many at once no more than those are. No user name holds a colon.
    """
    mine = AccessFailureLog.objects.create(username=what)
    lately = AccessFailureLog.objects.filter(username=what, attempt_time__gt=timezone.now() - MAILS_WITHIN)
    if lately.count() <= MAILS:
        return True
    mine.delete()
    return False


def forget_old():
    """What is of no more use: a job of the worker."""
    now = timezone.now()
    AccessAttempt.objects.filter(attempt_time__lt=now - MANY_WITHIN).delete()
    AccessFailureLog.objects.filter(attempt_time__lt=now - MANY_WITHIN).delete()
    AccessLog.objects.filter(attempt_time__lt=now - KNOWN_FOR).delete()
    ModelLogEntry.objects.filter(action__startswith="account.", timestamp__lt=now - LOGINS_KEPT).delete()
    Session.objects.filter(expire_date__lt=now).delete()
