"""Between the password and being in: someone whose password was right waits in the session for the second step."""

import time
from dataclasses import asdict, dataclass

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.contrib.auth import login as auth_login
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.shortcuts import redirect
from django_otp import login as otp_login
from django_otp.models import Device

from portal.accounts import second_step

WAITING = "waiting_for_second_step"
LONGEST_WAIT = 10 * 60


@dataclass
class Waiting:
    """Who gave the right password, when, and where they were going."""

    user_id: int
    password: str  # a fingerprint: a change of password ends the wait
    backend: str
    since: float
    next: str


def begin(request, user: User, next_url: str):
    """The password was right: in, or on to the second step."""
    if not second_step.is_asked_of(user):
        return come_in(request, user, user.backend, None, next_url)
    waiting = Waiting(user.pk, user.get_session_auth_hash(), user.backend, time.time(), next_url)
    request.session.cycle_key()
    request.session[WAITING] = asdict(waiting)
    return redirect("login_code" if second_step.phone(user) else "login_set_up")


def waiting(request) -> tuple[User, Waiting] | None:
    """The person who waits for the second step, as long as the wait lasts."""
    found = request.session.get(WAITING)
    if not found:
        return None
    found = Waiting(**found)
    user = User.objects.filter(pk=found.user_id, is_active=True).first()
    if user and time.time() - found.since < LONGEST_WAIT and user.get_session_auth_hash() == found.password:
        return user, found
    del request.session[WAITING]
    return None


def come_in(request, user: User, backend: str, device: Device | None, next_url: str):
    """Logged in, in a session with a new id; the answer leads to where they were going."""
    request.session.pop(WAITING, None)
    auth_login(request, user, backend=backend)
    otp_login(request, device)
    return redirect(next_url)


def refusal(request, user: User):
    """The answer to one too many wrong codes; None as long as this person may try at this address."""
    credentials = {"username": user.get_username()}
    if AxesProxyHandler.is_allowed(request, credentials):
        return None
    request.axes_locked_out, request.axes_credentials = True, credentials
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    return get_lockout_response(request, credentials=credentials)


def count_failure(request, user: User):
    """A wrong code counts as a wrong password does."""
    user_login_failed.send(sender=__name__, credentials={"username": user.get_username()}, request=request)
