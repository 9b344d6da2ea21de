"""The search page, suggestions while typing, and the description with which a browser adds the site."""

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal.chrome import get_chrome
from portal.search import log
from portal.search.directory import direct_hits, promoted
from portal.search.snippets import add_snippets
from portal.search.suggestions import suggest
from portal.selection.views import search_selection

LONGEST_TOKEN = 400


@require_safe
def search(request):
    """The search page; without words it lists everything, newest first."""
    selection = search_selection(request)
    filters = selection.filters
    if filters.pagina > 1:
        _ = selection.page
    context = {"selection": selection, "title": "Zoeken"}
    if filters.q:
        query = selection.match.query
        items = list(selection.page.object_list)
        selection.page.object_list = items
        add_snippets(items, query)
        _sign(items, selection)
        if filters.pagina == 1:
            context |= {"direct": direct_hits(query), "promoted": promoted(query)}
        log.note_search(request, selection)
    answer = render(request, "portal/search_page.html", context)
    if filters.q:
        # Every search is counted, so none is kept for others; the way back in a browser stays quick.
        patch_cache_control(answer, private=True, max_age=60)
    return answer


def _sign(items, selection):
    """Give each card what it needs to say that it was opened."""
    if not settings.SEARCH_LOG:
        return
    first = selection.page.start_index()
    for place, item in enumerate(items):
        item.opened_token = log.opened_token(selection.filters.q, selection.total, first + place)


@csrf_exempt
@require_POST
def opened(request):
    """A reader opened a result: the signed token is the whole proof, nothing of the reader is kept."""
    token = request.POST.get("t", "")
    if len(token) > LONGEST_TOKEN or not log.note_opened(token, request):
        raise Http404
    return HttpResponse(status=204)


@require_safe
def suggestions(request):
    """What someone who is typing may mean, in the form of OpenSearch: words, labels, kinds and addresses."""
    words = request.GET.get("q", "")
    found = suggest(words)
    answer = JsonResponse(
        [
            words[:200],
            [each.label for each in found],
            [each.kind for each in found],
            [each.url for each in found],
        ],
        safe=False,
        content_type="application/x-suggestions+json",
    )
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
def opensearch(request):
    """How a browser can search here (OpenSearch 1.1)."""
    site = get_chrome().settings
    return render(
        request,
        "opensearch.xml",
        {
            "name": (site.name if site else "Lokale Democratie")[:16].strip(),
            "site_url": settings.SITE_URL,
            "icon": static("img/favicon-32.png"),
        },
        content_type="application/opensearchdescription+xml",
    )
