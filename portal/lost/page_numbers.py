"""Page numbers of the old site's lists: they counted `?page=` from nought, ours count `?pagina=` from one."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import Http404
from django.urls import reverse
from wagtail.models import Site

from portal.models import IndexPage
from portal.selection.views import search_selection

OLD, NEW = "page", "pagina"
NUMBER = re.compile(r"[0-9]{1,9}")


def numbered(request, url: str, *, keeps_query: bool = False) -> str:
    """`url` with the page of the new list for the old number that was asked for, where that address is a list.

    The rest of the asked query stays where `keeps_query`: then the list is the same one, written in another way.
    """
    number = old_number(request)
    path = urlsplit(url).path
    if number is not None:
        try:
            selection = list_at(request, path)
        except Http404:
            selection = None
        if selection is not None:
            return in_new_list(selection, number, keeps_query=keeps_query)
    query = [(name, value) for name, value in _pairs(request) if name != OLD] if keeps_query else []
    return f"{url}?{urlencode(query)}" if query and "?" not in url else url


def old_number(request) -> int | None:
    """The old page number in the address, or None; an address with a new one has no old one."""
    given = request.GET.get(OLD, "")
    return int(given) if NUMBER.fullmatch(given) and NEW not in request.GET else None


def list_at(request, path: str):
    """The Selection at this path, with the filters of the request; None where there is no list. May raise Http404."""
    if path == reverse("search"):
        return search_selection(request)
    site = Site.find_for_request(request)
    components = [part for part in path.split("/") if part]
    if site is None or not components:
        return None
    page = site.root_page.localized.specific.route(request, components).page
    if not isinstance(page, IndexPage) or page.get_view_restrictions().exists():
        return None
    try:
        return page.selection_for(request, action=path)
    except NotImplementedError:
        return None


def in_new_list(selection, number: int, *, keeps_query: bool) -> str:
    """The address of the page that holds what the old page held; past the end, that of the last page."""
    filters = selection.filters if keeps_query else selection.filters.cleared()
    wanted = selection.with_filters(filters)
    wanted.shows_facets = False  # a count without them is one query
    last = wanted.paginator.num_pages if number else 1
    return wanted.url_of(filters.change(pagina=min(number + 1, last)))


def _pairs(request) -> list[tuple[str, str]]:
    return parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)
