"""The search page, and every list in its other forms: Atom, CSV, JSON and calendar."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.models import ContentPage
from portal.selection.selection import Selection

OUTPUT_ROUTE = r"^(?P<path>(?:[\w-]+/)*)(?P<form>feed\.atom|lijst\.csv|lijst\.json|agenda\.ics)$"


def search_selection(request) -> Selection:
    """Everything on the site, by words and filters."""
    return Selection.from_request(
        request, ContentPage.objects.for_readers(), action=reverse("search"), shows_facets=True
    )


@require_safe
def search(request):
    """The search page; without words it lists everything, newest first."""
    selection = search_selection(request)
    if selection.filters.pagina > 1:
        _ = selection.page
    return render(request, "portal/search_page.html", {"selection": selection, "title": "Zoeken"})


@require_safe
def output(request, path, form):
    raise Http404
