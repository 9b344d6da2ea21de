"""Who came in, who was refused and who changed whose account: a row in Wagtail's site history and a line in the log.

The line is JSON with the time in UTC. No password, code or mail is in either; a name that no account has is not written
down, because people type their password there by mistake.
"""

import datetime
import json
import logging

from django.contrib.auth.models import User
from wagtail.log_actions import log

from portal.middleware import client_address

logger = logging.getLogger("portal.accounts")

#: action: (what it is called in the filter of the site history, what a row of it says)
ACTIONS = {
    "account.login": ("Inloggen", "Ingelogd"),
    "account.logout": ("Uitloggen", "Uitgelogd"),
    "account.login_failed": ("Inloggen mislukt", "Verkeerd wachtwoord of verkeerde code"),
    "account.locked_out": ("Inloggen geblokkeerd", "Geblokkeerd na te veel pogingen"),
    "account.lock_lifted": ("Blokkade opgeheven", "Blokkade opgeheven"),
    "account.password_changed": ("Wachtwoord gewijzigd", "Wachtwoord gewijzigd"),
    "account.second_step_set": ("Tweede stap ingesteld", "Tweede stap ingesteld"),
    "account.second_step_removed": ("Tweede stap weggehaald", "Tweede stap weggehaald"),
    "account.recovery_codes_made": ("Herstelcodes gemaakt", "Nieuwe herstelcodes gemaakt"),
    "account.recovery_code_used": ("Herstelcode gebruikt", "Ingelogd met een herstelcode"),
    "account.denied": ("Toegang geweigerd", "Toegang geweigerd"),
}


def note(action: str, user: User | None, *, by: User | None = None, request=None, is_kept=True, **data):
    """Write down what happened to the account of `user`; without one, or unless `is_kept`, only in the log."""
    if request is not None:
        data["address"] = client_address(request)
    line = {
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "event": action,
        "user": user.get_username() if user else None,
        "by": by.get_username() if by else None,
        **data,
    }
    logger.info("%s", json.dumps(line))
    if user is not None and is_kept:
        log(user, action, user=by, data=data)
