"""What follows from a login, a logout and a failure, whatever way they came about."""

from axes.signals import user_locked_out
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from portal.accounts import sessions
from portal.accounts.journal import note


def connect():
    user_logged_in.connect(logged_in)
    user_logged_out.connect(logged_out)
    user_login_failed.connect(login_failed)
    user_locked_out.connect(locked_out)


def logged_in(sender, request, user, **kwargs):
    sessions.start(request)
    note("account.login", user, by=user, request=request)


def logged_out(sender, request, user, **kwargs):
    if user is not None:
        note("account.logout", user, by=user, request=request)


def login_failed(sender, credentials, request=None, **kwargs):
    """axes, which hears of it first, has not counted a try that it refused."""
    user = known(credentials.get("username"))
    if user and getattr(request, "axes_failures_since_start", None) is not None:
        note("account.login_failed", user, request=request)


def locked_out(sender, request, username, **kwargs):
    """The failure that began the lock-out, not each attempt that is refused after it."""
    user = known(username)
    if user and request.axes_failures_since_start is not None:
        note("account.locked_out", user, request=request)


def known(username: str | None) -> User | None:
    return User.objects.filter(username=username).first() if username else None
