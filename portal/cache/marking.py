"""Says of each answer whether anyone may keep it: public with a short life downstream, or private and not stored."""

from django.conf import settings

from portal.cache.addresses import PUBLIC_ROUTES
from portal.cache.copies import CACHE_CONTROL

#: Where the layer finds, in the request it made, how the answer may be kept.
KEEP = "portal.cache.keep"
IN_MEMORY, ON_DISK = "memory", "disk"


def is_public(request, response) -> bool:
    """Whether this answer is the same for everyone who asks for this address."""
    match = request.resolver_match
    return (
        request.method in ("GET", "HEAD")
        and response.status_code == 200
        and match is not None
        and match.url_name in PUBLIC_ROUTES
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and settings.CSRF_COOKIE_NAME not in request.COOKIES
        and "Authorization" not in request.headers
        and not response.cookies
        and not response.has_header("Cache-Control")
        and not getattr(request, "is_preview", False)
    )


def room_of(request, response) -> str:
    """On disk lie the pages of the site and its lists without filters: as many as there are, whatever is asked for."""
    query = request.META.get("QUERY_STRING", "")
    if not query:
        return ON_DISK
    selection = (getattr(response, "context_data", None) or {}).get("selection")
    is_plain_list = (
        selection is not None
        and selection.filters.query == f"?{query}"
        and not (selection.filters.q or selection.filters.chosen or selection.filters.sorteer)
    )
    return ON_DISK if is_plain_list else IN_MEMORY


class PublicAnswerMiddleware:
    """Stands outside sessions and CSRF, to see the answer as it goes out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if is_public(request, response):
            response["Cache-Control"] = CACHE_CONTROL
            response["Vary"] = "Accept-Encoding"
            request.META[KEEP] = room_of(request, response)
        else:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
