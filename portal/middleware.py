"""What every request passes: headers on every answer, one host, plain refusals of broken input, a 503 page."""

import logging
import re

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponsePermanentRedirect
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.utils.csp import build_policy

from portal.chrome import get_chrome

logger = logging.getLogger(__name__)

ADMIN_PREFIX = "/beheer/"
SITE_ROUTES = {"wagtail_serve", "search", "output"}
# Characters that no address of the portal holds and that databases refuse: NUL and other controls, lone surrogates.
BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]")
LONGEST_QUERY = 8192
MOST_PARAMETERS = 200


def client_address(request) -> str:
    """The visitor's address: the last one that PROXY_COUNT trusted proxies added, never one a visitor invents."""
    if settings.PROXY_COUNT:
        forwarded = [
            part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
        ]
        if len(forwarded) >= settings.PROXY_COUNT:
            return forwarded[-settings.PROXY_COUNT]
    return request.META.get("REMOTE_ADDR", "")


class SecurityHeadersMiddleware(ContentSecurityPolicyMiddleware):
    """The headers of every answer, also of static files, redirects and errors: it stands first.

    Public pages get a strict policy without nonces, so that they can be kept; the admin has its own, and a preview may
    be framed by the admin.
    """

    def process_response(self, request, response):
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        headers.setdefault(
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        )
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            headers.setdefault(
                "Strict-Transport-Security",
                f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload",
            )
        if request.path.startswith(ADMIN_PREFIX):
            policy = settings.ADMIN_CSP
            headers.setdefault("Cache-Control", "no-store, private")
        elif getattr(request, "is_preview", False):
            policy = {**settings.SECURE_CSP, "frame-ancestors": ["'self'"]}
        else:
            policy = settings.SECURE_CSP
        headers.setdefault("Content-Security-Policy", build_policy(policy))
        return response


class CompressionMiddleware(GZipMiddleware):
    """Sends a public page that is made for one reader, such as a search, compressed; a kept copy already is.

    The admin goes as it is: nothing that holds a secret is compressed beside what a stranger can choose.
    """

    def process_response(self, request, response):
        is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if not is_page or request.path.startswith(ADMIN_PREFIX):
            return response
        return super().process_response(request, response)


class UnavailableMiddleware:
    """Without a database: a branded 503 that says when to come back, never a 500."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Readers' pages take the site from the frame of this generation, not from the database for each request."""
        if request.resolver_match.url_name in SITE_ROUTES:
            try:
                request._wagtail_site = get_chrome().site
            except Exception as exception:
                if response := answer_without_database(exception):
                    return response
                raise
        return None

    def process_exception(self, request, exception):
        return answer_without_database(exception)


def answer_without_database(exception) -> HttpResponse | None:
    """The 503 page when this error means that the database cannot be used, else None."""
    if isinstance(exception, (OperationalError, InterfaceError)) or type(exception).__name__ == "PoolTimeout":
        logger.error("The database cannot be used: %s", exception)
        return unavailable()
    return None


def unavailable() -> HttpResponse:
    """The 503 page; needs no database."""
    response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = "60"
    response["Cache-Control"] = "no-store"
    return response


def error_page(request, template: str, **context) -> str:
    """A page that says what is wrong and leads on: an editor back to the admin, anyone else to the home page."""
    return render_to_string(template, {"in_admin": request.path.startswith(ADMIN_PREFIX), **context})


def bad_request(request, exception=None) -> HttpResponseBadRequest:
    """The 400 page; needs no database."""
    return HttpResponseBadRequest(error_page(request, "400.html"))


class CanonicalHostMiddleware:
    """One address for each page: other names of the portal lead to the canonical one in one hop."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        host = request.get_host()
        if (
            settings.CANONICAL_HOST
            and host != settings.CANONICAL_HOST
            and not request.path.startswith("/gezondheid/")
        ):
            return HttpResponsePermanentRedirect(f"{settings.SITE_URL}{request.get_full_path()}")
        return self.get_response(request)


class BadInputMiddleware:
    """Refuses what cannot be meant, unread: control characters, broken text, a body larger than any upload may be."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        query = request.META.get("QUERY_STRING", "")
        if BROKEN.search(request.path) or len(query) > LONGEST_QUERY or query.count("&") > MOST_PARAMETERS:
            return bad_request(request)
        most = settings.LARGEST_REQUEST
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit() or len(length) > 15 or int(length) > most:
            return HttpResponse(
                error_page(request, "413.html", most=most), status=413, headers={"Connection": "close"}
            )
        return self.get_response(request)
