"""How long someone stays logged in, and what a session is worth that has not passed the second step: nothing."""

import time
from functools import partial

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.models import Device

from portal.accounts import second_step

STARTED, SEEN = "started_at", "seen_at"
#: An open editor asks these by itself, also when nobody is there.
UNATTENDED = "/beheer/editing-sessions/"
LOGGED_OUT = "Je bent uitgelogd. Log in een nieuw tabblad in en bewaar dan hier."
STALE = "Je hebt intussen opnieuw ingelogd. Bewaar de pagina nog een keer."


def start(request):
    """A login counts from now."""
    request.session[STARTED] = request.session[SEEN] = int(time.time())


def is_over(request) -> bool:
    """Whether the session was left alone too long, or lasted too long; notes that it is used, at most once a minute."""
    now = int(time.time())
    started, seen = request.session.get(STARTED, 0), request.session.get(SEEN, 0)
    if now - started > settings.SESSION_LONGEST or now - seen > settings.SESSION_IDLE:
        return True
    if now - seen >= 60 and not request.path.startswith(UNATTENDED):
        request.session[SEEN] = now
    return False


def is_verified(request, user) -> bool:
    """Whether this session passed the second step, with a device that is still this person's."""
    device = Device.from_persistent_id(request.session.get(DEVICE_ID_SESSION_KEY, ""))
    return device is not None and device.user_id == user.pk and device.confirmed


def person(request):
    """Who this request comes from: nobody, when the session is over or the second step was not passed."""
    user = get_user(request)
    if user.is_anonymous:
        return user
    if is_over(request):
        request.session.flush()
        return AnonymousUser()
    if not is_verified(request, user) and second_step.is_asked_of(user):
        return AnonymousUser()
    return user


def state(request):
    """For the script of a form: someone is logged in, and this is the token with which the form can be sent."""
    return JsonResponse({"token": get_token(request)})


def tell_script(words: str, status: int) -> JsonResponse:
    """A refusal for Wagtail's editor, which keeps a page by itself; of a page that is locked it shows these words."""
    return JsonResponse({"success": False, "error_code": "locked", "error_message": words}, status=status)


def leads_to_login(response) -> bool:
    return response.status_code == 302 and response["Location"].startswith(reverse("wagtailadmin_login"))


class SessionMiddleware:
    """After Django's own: whatever way someone logged in, only a session that may be used has a user.

    A script that asks for JSON hears that nobody is logged in, and is not led to a page to log in.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.user = SimpleLazyObject(partial(person, request))
        response = self.get_response(request)
        if not request.accepts("text/html") and leads_to_login(response):
            return tell_script(LOGGED_OUT, 401)
        return response
