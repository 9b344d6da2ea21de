"""Every list in its other forms: Atom, CSV, JSON and calendar."""

from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from portal.models import ContentPage, Kind
from portal.selection.forms.atom import atom_response
from portal.selection.forms.calendar import calendar_response, events_of
from portal.selection.forms.tables import csv_response, json_response
from portal.selection.selection import Selection
from portal.selection.shelf import EVERYTHING

OUTPUT_ROUTE = r"^(?P<path>(?:[\w-]+/)*)(?P<form>feed\.atom|lijst\.csv|lijst\.json|agenda\.ics)$"


def search_selection(request) -> Selection:
    """Everything on the site, by words and filters."""
    return Selection.from_request(
        request,
        ContentPage.objects.for_readers(),
        action=reverse("search"),
        shows_facets=True,
        kept_as=EVERYTHING,
    )


def _list_of(page, request, path: str) -> Selection:
    """The selection of a page that is a list, by the page's own address."""
    if not hasattr(page, "selection_for"):
        raise Http404("Deze pagina is geen lijst.")
    try:
        return page.selection_for(request, action=f"/{path}")
    except NotImplementedError as error:
        raise Http404("Deze pagina is geen lijst.") from error


@require_safe
def output(request, path, form):
    """A list in another form, with the same filters; also one meeting as a calendar.

    Only what anyone may read: a page behind a password or a login has no other forms.
    """
    if f"/{path}" == reverse("search"):
        return _answer(search_selection(request), form, request)
    page = public_page(request, path)
    if isinstance(page, ContentPage):
        if form == "agenda.ics" and page.kind == Kind.EVENT:
            return calendar_response(page.title, [page], request)
        raise Http404("Dit stuk heeft geen andere vorm.")
    return _answer(_list_of(page, request, path), form, request)


def public_page(request, path: str) -> Page:
    """The live page at `path` as its own type; Http404 when it is not there, or not for everyone."""
    found = Page.route_for_request(request, path)
    if found is None or found.args or found.kwargs or found.page.get_view_restrictions().exists():
        raise Http404("Deze pagina is er niet.")
    return found.page


def _answer(selection: Selection, form: str, request):
    selection.shows_facets = False  # no other form shows them, so none counts them
    if form == "agenda.ics":
        if not selection.may_hold_events:
            raise Http404("In deze lijst staan geen bijeenkomsten.")
        name = (
            selection.owner.title
            if selection.owner and not selection.filters.value_count
            else selection.heading
        )
        return calendar_response(name, events_of(selection), request)
    return RESPONSES[form](selection)


RESPONSES = {"feed.atom": atom_response, "lijst.csv": csv_response, "lijst.json": json_response}
