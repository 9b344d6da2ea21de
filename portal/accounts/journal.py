"""Who came in, who was refused and who changed whose account: rows of Wagtail's site history.

A beheerder can read it and take it along as a file. The log of the server tells the same without names and addresses
(portal.watching.events). No password, code or mail is in it; a name that no account has is not written down, because
people type their password there by mistake.
"""

from django.contrib.auth.models import User
from wagtail.log_actions import log

from portal.middleware import client_address
from portal.watching.naming import is_refusal

#: action: (what it is called in the filter of the site history, what a row of it says)
ACTIONS = {
    "account.login": ("Inloggen", "Ingelogd"),
    "account.logout": ("Uitloggen", "Uitgelogd"),
    "account.login_failed": ("Inloggen mislukt", "Verkeerd wachtwoord of verkeerde code"),
    "account.locked_out": ("Inloggen geblokkeerd", "Geblokkeerd na te veel pogingen"),
    "account.lock_lifted": ("Blokkade opgeheven", "Blokkade opgeheven"),
    "account.password_changed": ("Wachtwoord gewijzigd", "Wachtwoord ingesteld of gewijzigd"),
    "account.second_step_set": ("Tweede stap ingesteld", "Tweede stap ingesteld"),
    "account.second_step_removed": ("Tweede stap weggehaald", "Tweede stap weggehaald"),
    "account.recovery_codes_made": ("Herstelcodes gemaakt", "Nieuwe herstelcodes gemaakt"),
    "account.recovery_code_used": ("Herstelcode gebruikt", "Ingelogd met een herstelcode"),
    "account.denied": ("Toegang geweigerd", "Toegang geweigerd"),
}


def note(action: str, user: User, *, by: User | None = None, request=None, **data):
    """Write down what happened to the account of `user`."""
    if request is not None:
        data["address"] = client_address(request)
    log(user, action, user=by, data=data)


class DenialMiddleware:
    """Writes down that someone who is logged in asked for what they may not have."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if is_refusal(request, response) and request.user.is_authenticated:
            note("account.denied", request.user, by=request.user, request=request, path=request.path[:200])
        return response
