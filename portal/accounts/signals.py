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
    if request is not None and not getattr(request, "axes_locked_out", False):
        note("account.login_failed", known(credentials.get("username")), request=request)


def locked_out(sender, request, username, **kwargs):
    """Each refused attempt is a line in the log; only the one that began the lock-out is kept."""
    has_begun = request.axes_failures_since_start is not None
    note("account.locked_out", known(username), request=request, is_kept=has_begun)


def known(username: str | None) -> User | None:
    return User.objects.filter(username=username).first() if username else None
