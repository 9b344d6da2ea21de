"""Where Wagtail's admin stumbles over a request that its own pages never send: a plain 400 or 404 in place of a 500."""

import re

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpResponseBadRequest
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDictKeyError

from portal.admin.deleting import answer_held

#: Of use to nobody here: Wagtail's test of its error page, making a snippet while choosing one, and a second form for a
#: document that lacks a required field (ours has none; with a list of extensions that view fails on every document).
UNUSED = re.compile(
    r"wagtailadmin_error_test|wagtailsnippetchoosers_\w+:create|wagtaildocs:create_multiple_from_uploaded_document"
)

IMPORT = "wagtailredirects:process_import"


def lacks_something(request, name: str) -> bool:
    """Whether this form was sent without a field that Wagtail counts on, or with one that it did not sign itself."""
    if name == "wagtailadmin_choose_page_external_link":
        return "external-link-chooser-url" not in request.POST
    if name == IMPORT:
        return not (_signed(request, "import_file_name") and _signed(request, "input_format").isdigit())
    return False


def _signed(request, field: str) -> str:
    """What the step before signed into this field; "" when it is not that."""
    try:
        return Signer().unsign(request.POST.get(field, "").strip())
    except BadSignature:
        return ""


def broken_form() -> HttpResponseBadRequest:
    """The 400 page that speaks of a form instead of an address."""
    return HttpResponseBadRequest(render_to_string("400_form.html", {"in_admin": True}))


def answer_incomplete(exception: Exception) -> HttpResponseBadRequest | None:
    """A field that every browser sends was left out: a 400; None for any other exception."""
    return broken_form() if isinstance(exception, MultiValueDictKeyError) else None


class IncompleteFormMiddleware:
    """Stands before what runs the admin's views."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.view_name
        if UNUSED.fullmatch(name):
            raise Http404
        return broken_form() if request.method == "POST" and lacks_something(request, name) else None

    def process_exception(self, request, exception):
        if isinstance(exception, FileNotFoundError) and request.resolver_match.view_name == IMPORT:
            return broken_form()  # sent twice: the file went with the first time
        return answer_incomplete(exception) or answer_held(request, exception)
