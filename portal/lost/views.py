"""The answer to an address that is not there: where it leads now, else what it may have meant."""

from urllib.parse import urlsplit

from django.http import HttpResponseNotFound, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.template.loader import render_to_string

from portal.cache.addresses import FOR_ALL
from portal.lost.addresses import is_probe, words_in
from portal.lost.redirects import find_target, is_view
from portal.lost.report_writing import note
from portal.lost.suggestions import suggest

ADMIN_PREFIX = "/beheer/"
#: Where files and the admin live: nothing there has an old address.
NAMED = {"title": "Pagina niet gevonden"}
NOT_OURS = (ADMIN_PREFIX, "/media/", "/static/", "/documenten/")


def not_found(request):
    """A redirect, or the 404 page with suggestions; what only machines ask for costs no query."""
    if FOR_ALL in request.META:
        return HttpResponseNotFound()
    is_read = request.method in ("GET", "HEAD")
    if is_read and request.path.startswith(ADMIN_PREFIX) and is_view(f"{request.path}/"):
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    if not is_read or request.path.startswith(NOT_OURS) or is_probe(request.path):
        return HttpResponseNotFound(render_to_string("404.html", NAMED, request=request))
    target = find_target(request)
    if (
        target and urlsplit(target.url).path != request.path
    ):  # a page of a list that is not there leads nowhere
        redirect = HttpResponsePermanentRedirect if target.is_permanent else HttpResponseRedirect
        return redirect(target.url)
    note(request)
    found = suggest(request.path)
    guess = {"guess": " ".join(words_in(request.path)), "direct": found.named, "suggestions": found.items}
    return HttpResponseNotFound(render_to_string("404.html", NAMED | guess, request=request))
