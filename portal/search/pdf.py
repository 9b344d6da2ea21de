"""The words of PDFs, read by the worker and found with the pages that offer them."""

import logging
import subprocess
import sys
import tempfile

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from wagtail.search import index

from portal.models import ContentPage, PortalDocument
from portal.search.models import DocumentText
from portal.search.pdf_reader import SECONDS
from portal.signals import looks_changed

logger = logging.getLogger(__name__)

LARGEST = 25 * 1024 * 1024
AT_ONCE = 20


def text_of_file(file) -> str:
    """The text of a PDF; "" when it cannot be read within the limits."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        try:
            done = subprocess.run(  # noqa: S603 - our own module, on a file of ours
                [sys.executable, "-m", "portal.search.pdf_reader", copy.name],
                cwd=settings.BASE_DIR,
                capture_output=True,
                timeout=SECONDS * 2,
                check=True,
            )
        except subprocess.SubprocessError as error:
            logger.warning("The text of %s could not be read: %s", file.name, type(error).__name__)
            return ""
    return done.stdout.decode("utf-8", "replace").replace("\0", " ")


def read_new_documents() -> int:
    """Read the PDFs that are new or were replaced, and index the pages that offer them; the number that was read."""
    stale = Q(words=None) | ~Q(words__file_hash=F("file_hash"))
    waiting = PortalDocument.objects.filter(stale, file__iendswith=".pdf").order_by("pk")[:AT_ONCE]
    count = 0
    for document in waiting:
        try:
            with document.open_file() as file:
                text = text_of_file(file) if file.size <= LARGEST else ""
        except OSError:
            text = ""
        _keep(document, text)
        count += 1
    return count


@transaction.atomic
def _keep(document: PortalDocument, text: str):
    """Keep the text of a document, for itself and for the pages that offer it."""
    DocumentText.objects.update_or_create(
        document=document, defaults={"text": text, "file_hash": document.file_hash}
    )
    if pages := ContentPage.objects.filter(download_links__document=document).distinct():
        looks_changed()
    for page in pages:
        index.insert_or_update_object(page.specific)
