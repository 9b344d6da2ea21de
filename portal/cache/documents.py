"""Public documents: which file an address means is kept as a page is; the file itself is read from disk each time."""

import os
from pathlib import Path
from urllib.parse import quote, unquote
from wsgiref.util import FileWrapper

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.http import require_safe
from wagtail.documents.views.serve import serve

from portal.cache.addresses import FOR_ALL
from portal.cache.copies import CACHE_CONTROL, FILE, Copy, is_known
from portal.chrome import get_chrome
from portal.models import PortalDocument

CHUNK = 64 * 1024


def is_document(path: str) -> bool:
    return path.startswith("/documenten/") and path.count("/") == 3 and not path.endswith("/")


def public_documents():
    """The documents that lie in no private collection."""
    private = get_chrome().private_collections
    return PortalDocument.objects.order_by("pk").only("file").exclude(collection__in=private)


@require_safe
def serve_document(request, document_id, document_filename):
    """A document to whom may have it: Wagtail judges, and answers whoever asks for more than the public file."""
    document = get_object_or_404(PortalDocument.objects.select_related("collection"), pk=document_id)
    is_private = document.collection.get_view_restrictions().exists()
    is_asked_for_all = FOR_ALL in request.META and not is_private
    if is_asked_for_all and document.filename == document_filename and os.path.isfile(document.file.path):
        return _place_of(document)
    answer = serve(request, document_id, document_filename)
    if answer.get("Content-Encoding") == "None":  # what Wagtail writes where there is none
        del answer["Content-Encoding"]
    if is_private:
        answer["Cache-Control"] = "private, no-store"
    return answer


def _place_of(document: PortalDocument) -> HttpResponse:
    """The answer without its body: for the layer, which sends the file itself."""
    answer = HttpResponse(content_type=document.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, document.filename)
    answer["Content-Security-Policy"] = "default-src 'none'"
    found = os.stat(document.file.path)
    answer[FILE] = f"{document.get_file_hash()} {_state(found)} {quote(document.file.name)}"
    return answer


def _state(found: os.stat_result) -> str:
    """Whether a file is still the one it was: another may have come under its name."""
    return f"{found.st_size}-{found.st_mtime_ns}"


def send_file(copy: Copy, environ, start_response, *, with_age: bool = False):
    """Answer a GET or HEAD with the file that a kept answer names; OSError when it is not there any more."""
    digest, state, name = copy.file.split(" ", 2)
    handle = (Path(settings.MEDIA_ROOT) / unquote(name)).open("rb")
    found = os.fstat(handle.fileno())
    if _state(found) != state:
        handle.close()
        raise FileNotFoundError(name)
    etag, modified = f'"{digest}"', http_date(found.st_mtime)
    headers = [(key, value) for key, value in copy.headers if key not in (FILE, "Content-Type")]
    headers += [("Cache-Control", CACHE_CONTROL), ("ETag", etag), ("Last-Modified", modified)]
    headers += copy.age(with_age)
    if is_known(environ, etag, modified):
        handle.close()
        start_response("304 Not Modified", headers)
        return []
    headers += [pair for pair in copy.headers if pair[0] == "Content-Type"]
    start_response("200 OK", [*headers, ("Content-Length", str(found.st_size))])
    if environ["REQUEST_METHOD"] == "HEAD":
        handle.close()
        return []
    return environ.get("wsgi.file_wrapper", FileWrapper)(handle, CHUNK)
