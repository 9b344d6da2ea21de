"""Answers that are not pages: health, robots, security.txt and errors."""

import datetime
import sys

from django.conf import settings
from django.db import connection
from django.http import (
    HttpResponse,
    HttpResponseForbidden,
    HttpResponseServerError,
)
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.sessions import STALE, tell_script
from portal.lost.views import not_found
from portal.media_storage import is_full
from portal.middleware import error_page, unavailable
from portal.selection.parts import OUTPUT_FORMS


@never_cache
@require_safe
def live(request):
    """This process answers; no database is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request):
    """The database answers too; 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return HttpResponse("geen database\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def robots(request):
    """What a crawler may visit: all but the admin, lists by more than one filter, and files of a filtered list."""
    lines = [
        "User-agent: *",
        "Disallow: /beheer/",
        "Disallow: /*?*&",
        "Disallow: /*?sorteer=",
        *(f"Disallow: /*{name}?" for name, _, _ in OUTPUT_FORMS.values()),
        "",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request):
    """Where to report a weakness (RFC 9116); valid for half a year from today."""
    expires = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=180)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def permission_denied(request, exception=None):
    return HttpResponseForbidden(error_page(request, "403.html"))


def stale_form(request, reason=""):
    """A form without the token that belongs to this session: someone logged in again after it was opened."""
    if not request.accepts("text/html"):
        return tell_script(STALE, 403)
    return HttpResponseForbidden(error_page(request, "403_stale.html"))


def page_not_found(request, exception=None):
    """Where the address leads now, or the 404; it needs the menu, and does without where the database is gone."""
    try:
        return not_found(request)
    except Exception:
        return unavailable()


def server_error(request):
    """Something broke; when that is for want of room, an editor reads what to do."""
    if is_full(sys.exception()):
        return HttpResponse(error_page(request, "507.html"), status=507)
    return HttpResponseServerError(error_page(request, "500.html"))
