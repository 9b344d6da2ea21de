"""Which requests may be answered from a copy, and the one key under which that copy is kept."""

import io
import re
import sys
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, QueryDict
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from portal.selection.filters import Filters

#: The routes whose answers anyone may see and keep; what is not named here is never stored.
PUBLIC_ROUTES = {
    *("wagtail_serve", "search", "output", "document"),
    *("robots", "sitemap", "sitemap_part", "security_txt", "opensearch"),
}
#: Stands in each request that the layer makes. What it finds not there is asked again by the visitor's own request.
FOR_ALL = "portal.cache.for_all"
#: Where a search with words is counted, so it is never answered from a copy.
COUNTED = "/zoeken/?q="
#: The values of `periode` that some list knows.
PERIODS = ("voorbij",)
PLAIN_PATH = re.compile(r"/[A-Za-z0-9/._~-]*")
SITEMAP = re.compile(r"/sitemap(?:-[a-z0-9-]+)?\.xml")
PART = re.compile(r"[1-9][0-9]{0,4}")
OLD_PAGE_NUMBER = re.compile(r"[0-9]{1,9}")
LONGEST_PATH = 2000
REMEMBERED = 512  # characters of an address that is worth remembering


def canonical_query(path: str, query: str) -> str | None:
    """The known parameters in their one order, with the question mark; None when Django must judge the address."""
    if not query:
        return ""
    try:
        data = QueryDict(query.encode("latin-1"))
        if SITEMAP.fullmatch(path):
            part = data.get("p", "")
            return f"?p={part}" if PART.fullmatch(part) else ""
        if OLD_PAGE_NUMBER.fullmatch(data.get("page", "")):
            return None  # portal.lost leads it to the page of the new list
        return Filters.parse(data, periods=PERIODS).query
    except (Http404, UnicodeError, ValueError, SuspiciousOperation):
        return None


def _read_key(path: str, query: str) -> str | None:
    if len(path) > LONGEST_PATH or not PLAIN_PATH.fullmatch(path):
        return None
    known = canonical_query(path, query)
    key = None if known is None else path + known
    return None if key is None or key.startswith(COUNTED) else key


_remembered_key = lru_cache(maxsize=4096)(_read_key)


def is_public_route(path: str) -> bool:
    """Whether what answers at this path is on the list of public routes."""
    try:
        return resolve(path).url_name in PUBLIC_ROUTES
    except Resolver404:
        return False


@lru_cache(maxsize=64)
def _is_allowed(host: str) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


class Door:
    """Reads requests for one canonical scheme and host, and makes the request that a render gets to see."""

    def __init__(self):
        where = urlsplit(settings.SITE_URL)
        self.scheme, self.host = where.scheme, where.netloc
        self.port = str(where.port or (443 if self.scheme == "https" else 80))
        self.is_strict = bool(settings.CANONICAL_HOST)
        self.session = f"{settings.SESSION_COOKIE_NAME}="
        self.scheme_header = settings.SECURE_PROXY_SSL_HEADER

    def key_of(self, environ) -> str | None:
        """The key of a request that may be answered from a copy; None for every other one."""
        if (
            environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or self.session in environ.get("HTTP_COOKIE", "")
            or "HTTP_AUTHORIZATION" in environ
            or environ.get("SCRIPT_NAME")
            or environ.get("CONTENT_LENGTH", "0") not in ("", "0")
            or "HTTP_TRANSFER_ENCODING" in environ
            or not self.is_ours(environ)
        ):
            return None
        path, query = environ.get("PATH_INFO") or "/", environ.get("QUERY_STRING", "")
        return (
            _remembered_key(path, query) if len(path) + len(query) <= REMEMBERED else _read_key(path, query)
        )

    def is_ours(self, environ) -> bool:
        """Whether the request came to the canonical scheme and host; all others Django refuses or redirects."""
        host = environ.get("HTTP_HOST", "")
        if host != self.host and (self.is_strict or not _is_allowed(host)):
            return False
        scheme = environ["wsgi.url_scheme"]
        if self.scheme_header and (told := environ.get(self.scheme_header[0])) is not None:
            scheme = "https" if told.split(",")[0].strip() == self.scheme_header[1] else "http"
        return scheme == self.scheme

    def request_for(self, key: str) -> dict:
        """A request that holds the key and nothing else of any visitor, so nothing else can reach a copy."""
        path, _, query = key.partition("?")
        environ = {
            FOR_ALL: True,
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": self.host.rpartition(":")[0] or self.host,
            "SERVER_PORT": self.port,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self.host,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self.scheme,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if self.scheme_header:
            environ[self.scheme_header[0]] = self.scheme_header[1] if self.scheme == "https" else "http"
        return environ
