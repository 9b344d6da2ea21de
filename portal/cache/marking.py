"""Says of each answer whether anyone may keep it: public with a short life downstream, or private and not stored."""

from django.conf import settings

from portal.cache.addresses import PUBLIC_ROUTES
from portal.cache.copies import CACHE_CONTROL

#: Where the layer finds, in the request it made, how the answer may be kept.
KEEP = "portal.cache.keep"
IN_MEMORY, ON_DISK, NOWHERE = "memory", "disk", "nowhere"
#: The answer is that of the bare path: nothing of the query was read.
AS_BARE = "bare"
#: Whether the answer of this path may be another one with a query.
READS_QUERY = "portal.cache.reads_query"
#: Other forms of a list that come in pages; all others hold the whole list.
PAGED = ("/feed.atom",)


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


def reads_query(request) -> bool:
    """Whether this answer depends on the parameters that an address of the site may have."""
    return hasattr(request, "selection") or request.resolver_match.url_name in ("sitemap", "sitemap_part")


def room_of(request, response) -> str:
    """On disk lie the pages of the site and its lists without filters: as many as there are, whatever is asked for.

    What can be invented without end fills nothing: a value that stands for nothing; words, years and choices of several
    values that find nothing.
    """
    query = request.META.get("QUERY_STRING", "")
    if not query:
        return ON_DISK
    if not reads_query(request):
        return AS_BARE
    selection = getattr(request, "selection", None)
    if selection is None:
        return IN_MEMORY
    filters = selection.filters
    is_endless = filters.q or filters.jaar or filters.value_count > 1
    if selection.has_unknown or (is_endless and not selection.total):
        return NOWHERE
    is_page = selection is (getattr(response, "context_data", None) or {}).get("selection")
    if filters.pagina > 1 and not is_page and not request.path.endswith(PAGED):
        return NOWHERE
    is_plain = not (filters.q or filters.chosen or filters.sorteer) and filters.query == f"?{query}"
    return ON_DISK if is_page and is_plain else IN_MEMORY


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
            request.META[READS_QUERY] = reads_query(request)
        else:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
