"""Where Wagtail's admin stumbles over a request that its own pages never send: a plain 400 or 404 in place of a 500."""

import re

from django.http import Http404, HttpResponseBadRequest
from django.utils.datastructures import MultiValueDictKeyError

from portal.middleware import bad_request

#: Of use to nobody here: Wagtail's test of its error page, making a snippet while choosing one, and a second form for a
#: document that lacks a required field (ours has none; with a list of extensions that view fails on every document).
UNUSED = re.compile(
    r"wagtailadmin_error_test|wagtailsnippetchoosers_\w+:create|wagtaildocs:create_multiple_from_uploaded_document"
)


def lacks_something(request, name: str) -> bool:
    """Whether this form was sent without the field, or the step before it, that Wagtail counts on."""
    if name == "wagtailadmin_choose_page_external_link":
        return "external-link-chooser-url" not in request.POST
    if name == "wagtailredirects:process_import":
        return "import_file_name" not in request.session
    return False


def answer_incomplete(exception: Exception) -> HttpResponseBadRequest | None:
    """A field that every browser sends was left out: a 400; None for any other exception."""
    return bad_request() if isinstance(exception, MultiValueDictKeyError) else None


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
        return bad_request() if request.method == "POST" and lacks_something(request, name) else None

    def process_exception(self, request, exception):
        return answer_incomplete(exception)
