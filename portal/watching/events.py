"""What people did, as log lines: logging in, being refused, and whatever Wagtail writes in its own log.

Accounts and things are named by their number. The name that was typed at a failed login is not kept: it is sometimes
a password.
"""

import logging

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from portal.watching.logs import FIELDS

logger = logging.getLogger("portal.events")

#: What the signals below tell already, each time and not only for known accounts.
TOLD = {f"account.{what}" for what in ("login", "logout", "login_failed", "locked_out", "denied")}


def event(name: str, **fields):
    """One line for something that happened."""
    logger.info(name, extra={FIELDS: {"event": name, **fields}})


def logged_in(sender, user, **kwargs):
    event("login", user=user.pk)


def logged_out(sender, user, **kwargs):
    event("logout", user=user.pk if user else None)


def login_failed(sender, **kwargs):
    event("login_failed")


def locked_out(*args, **kwargs):
    event("locked_out")


def wagtail_logged(sender, instance, created=False, **kwargs):
    """A line of Wagtail's own log: who published, changed or removed what, accounts included."""
    if created and instance.action not in TOLD:
        kind = instance.content_type.model if instance.content_type_id else ""
        event(instance.action, object=f"{kind}:{instance.object_id}", user=instance.user_id)


def refused(request):
    """Somebody asked for what is not theirs."""
    match = request.resolver_match
    user = getattr(request, "user", None)
    event("refused", user=user.pk if user else None, route=match.route if match else "")


def connect():
    """Called once, when the app is ready."""
    from axes.signals import user_locked_out
    from django.db.models.signals import post_save
    from wagtail.models import ModelLogEntry, PageLogEntry

    user_logged_in.connect(logged_in, dispatch_uid="event-login")
    user_logged_out.connect(logged_out, dispatch_uid="event-logout")
    user_login_failed.connect(login_failed, dispatch_uid="event-login-failed")
    user_locked_out.connect(locked_out, dispatch_uid="event-locked-out")
    for model in (ModelLogEntry, PageLogEntry):
        post_save.connect(wagtail_logged, sender=model, dispatch_uid=f"event-{model.__name__}")
