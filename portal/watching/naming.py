"""Says of each answer of Django by which template or route it was made."""

from django.contrib import messages
from django.urls import reverse

from portal.watching.events import refused
from portal.watching.requests import MADE_BY, ROUTE

ADMIN = "beheer"


def name_of(request, response) -> str:
    """A page's template, the name of another route; one name for the whole admin, one for all static files."""
    match = request.resolver_match
    if match is None:
        return "static" if response.status_code == 200 else "other"
    if match.route.startswith(f"{ADMIN}/"):
        return ADMIN
    template = getattr(response, "template_name", None)
    if isinstance(template, (list, tuple)):
        template = template[0] if template else None
    if isinstance(template, str):
        return template.removesuffix(".html")
    return match.view_name or "other"


def is_refusal(request, response) -> bool:
    """Somebody asked for what is not theirs: a 403, or the admin's way of it, an error message and the way out."""
    if response.status_code == 403:
        return True
    if response.status_code != 302:
        return False
    ways_out = (reverse("wagtailadmin_home"), reverse("wagtailadmin_login"))
    said = getattr(getattr(request, "_messages", None), "_queued_messages", [])
    return response.headers["Location"].partition("?")[0] in ways_out and any(
        message.level >= messages.ERROR for message in said
    )


class NamingMiddleware:
    """Stands first, to see every answer as it goes out; a refusal is an event too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if is_refusal(request, response):
            refused(request)
        request.META[MADE_BY] = name_of(request, response)
        request.META[ROUTE] = request.resolver_match.route if request.resolver_match else ""
        return response
