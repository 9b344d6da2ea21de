"""A document is judged by what it is, an image by its size and its pixels."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal import uploads
from portal.admin.images import CheckedImageField
from portal.models import PortalDocument
from tests.uploads.hostile import PDF, zipped


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("verslag.pdf", PDF),
        ("verslag.docx", zipped("[Content_Types].xml", "word/document.xml")),
        ("begroting.ods", zipped("mimetype", "content.xml")),
        ("lijst.csv", b"naam;thema\nZeist;participatie\n"),
        ("agenda.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
    ],
)
def test_a_file_that_is_what_its_name_says_is_taken(tree, name, content):
    document = PortalDocument(title="Proef", file=ContentFile(content, name))
    document.full_clean()
    document.save()

    assert document.file_size == len(content)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("verslag.pdf", b"<html><script>alert(1)</script></html>", "geen PDF"),
        ("verslag.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 100, "geen PDF"),
        ("verslag.docx", b"<html></html>", "beschadigd"),
        ("verslag.docx", zipped("kwaad.html"), "beschadigd"),
        ("verslag.docx", zipped("[Content_Types].xml", "word/vbaProject.bin"), "macro"),
        ("lijst.csv", b"MZ\x00\x00programma", "geen tekstbestand"),
        ("agenda.ics", b"<html></html>", "geen kalenderbestand"),
        ("verslag.pdf", b"", "leeg"),
        ("pagina.html", b"<html></html>", "html"),
        ("verslag.pdf.html", b"%PDF-1.7", "html"),
        ("tekening.svg", b"<svg onload='alert(1)'/>", "svg"),
        ("alles.zip", zipped("a.txt"), "zip"),
    ],
)
def test_a_file_that_lies_is_refused_in_plain_words(tree, name, content, reason):
    with pytest.raises(ValidationError) as refused:
        PortalDocument(title="Proef", file=ContentFile(content, name)).full_clean()

    assert reason in str(refused.value)
    assert PortalDocument.objects.count() == 0


def test_a_bomb_is_refused_without_unpacking_it(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_UNPACKED", 1000)
    bomb = zipped("[Content_Types].xml", content=b"0" * 5000)

    assert "te groot" in uploads.check_document(io.BytesIO(bomb), "bom.xlsx")


@pytest.mark.parametrize("size", [(8000, 6000), (40_000, 1_500)])
def test_an_image_with_too_many_pixels_is_refused(settings, size):
    picture = io.BytesIO()
    Image.new("1", size).save(picture, "PNG")

    with pytest.raises(ValidationError, match="pixels"):
        CheckedImageField().clean(SimpleUploadedFile("bom.png", picture.getvalue(), "image/png"))


@pytest.mark.parametrize("name", ["tekening.svg", "foto.html", "foto"])
def test_an_image_of_another_kind_is_refused_with_the_kinds_that_may(name):
    with pytest.raises(ValidationError, match="AVIF, GIF, JPG, JPEG, PNG, WEBP"):
        CheckedImageField().clean(
            SimpleUploadedFile(name, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")
        )


def test_a_document_is_served_as_an_attachment_that_nothing_runs(client, tree):
    document = PortalDocument.objects.create(title="Proef", file=ContentFile(PDF, "verslag.pdf"))

    answer = client.get(document.url)

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_document_in_a_private_collection_is_not_served(client, tree):
    from wagtail.models import Collection, CollectionViewRestriction

    collection = Collection.get_first_root_node().add_child(name="Besloten")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    document = PortalDocument.objects.create(
        title="Geheim", collection=collection, file=ContentFile(PDF, "geheim.pdf")
    )

    answer = client.get(document.url)

    assert answer.status_code == 302
    assert b"%PDF" not in answer.content


def test_the_pages_of_a_broken_pdf_are_simply_unknown(tree):
    assert (
        PortalDocument.objects.create(title="x", file=ContentFile(b"%PDF-kapot", "x.pdf")).page_count is None
    )
