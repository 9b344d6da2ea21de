"""An upload that could do harm is refused in plain words by every door, and leaves nothing behind."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as PillowImage

from portal.models import PortalDocument, PortalImage
from tests.uploads.hostile import DOCUMENTS, IMAGES, NAMES, PDF, TOLERATED_IMAGES

DOORS = {
    PortalImage: {
        "/beheer/images/add/": "file",
        "/beheer/images/multiple/add/": "files[]",
        "/beheer/images/chooser/create/": "image-chooser-upload-file",
    },
    PortalDocument: {
        "/beheer/documents/add/": "file",
        "/beheer/documents/multiple/add/": "files[]",
        "/beheer/documents/chooser/create/": "document-chooser-upload-file",
    },
}


# How a refusal begins; a file with an extension that is not allowed gets Django's and Wagtail's own Dutch.
SAID = (
    *(
        "Deze afbeelding heeft",
        "Deze afbeelding is",
        "Deze afbeelding bestaat",
        "Dit bestand is",
        "Dit bestand bevat",
    ),
    *("Dit is geen", "ingediende bestand is leeg", "Bestandsextensie", "Geen geldig", "Geen ondersteund"),
)


def words(answer) -> str:
    return (
        html.unescape(answer.content.decode("unicode-escape", "replace"))
        .encode("latin-1", "replace")
        .decode("utf-8", "replace")
    )


def upload(client, door, field, name, content):
    prefix = field.rpartition("-file")[0] and field.removesuffix("file")
    return client.post(
        door,
        {
            f"{prefix}title": "Proef",
            f"{prefix}collection": 1,
            field: SimpleUploadedFile(name, content, "application/octet-stream"),
        },
        headers={"X-Requested-With": "XMLHttpRequest"} if "multiple" in door or "chooser" in door else {},
    )


def left_behind(settings):
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("model", "name", "make"),
    [(PortalImage, *item) for item in IMAGES.items()]
    + [(PortalDocument, *item) for item in DOCUMENTS.items()],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_hostile_file_is_refused_by_every_door_and_leaves_nothing(
    admin_client, tree, settings, model, name, make
):
    content = make()
    for door, field in DOORS[model].items():
        answer = upload(admin_client, door, field, name, content)

        assert answer.status_code in (200, 400), door
        assert any(said in words(answer) for said in SAID), door
        assert model.objects.count() == 0, door
        assert left_behind(settings) == [], door


@pytest.mark.parametrize("name", TOLERATED_IMAGES)
def test_an_odd_but_honest_picture_is_taken_and_shown_in_every_format(admin_client, tree, settings, name):
    upload(admin_client, "/beheer/images/add/", "file", name, TOLERATED_IMAGES[name]())

    image = PortalImage.objects.get()
    for form in ("avif", "webp", "jpeg"):
        rendition = image.get_rendition(f"width-200|format-{form}")
        with PillowImage.open(settings.MEDIA_ROOT / rendition.file.name) as shown:
            assert (shown.format.lower(), shown.width) == (form, 200)
            shown.load()


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_file_keeps_a_harmless_name_whatever_it_was_called(admin_client, client, tree, settings, name):
    upload(admin_client, "/beheer/documents/add/", "file", name, PDF)

    document = PortalDocument.objects.get()
    stored = settings.MEDIA_ROOT / document.file.name
    answer = client.get(document.url)
    disposition = answer.headers["Content-Disposition"]
    assert stored.resolve().is_relative_to(settings.MEDIA_ROOT / "documents")
    assert len(stored.name) <= 200
    assert disposition.startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not set("\r\n\0\u202e<>") & set(stored.name + disposition)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("door", "name", "limit"),
    [
        ("/beheer/images/add/", "groot.png", "WAGTAILIMAGES_MAX_UPLOAD_SIZE"),
        ("/beheer/documents/add/", "groot.pdf", "WAGTAILDOCS_MAX_UPLOAD_SIZE"),
    ],
)
def test_one_byte_too_many_is_refused(admin_client, tree, settings, door, name, limit):
    content = PDF + b"0" * (getattr(settings, limit) + 1 - len(PDF))

    answer = upload(admin_client, door, "file", name, content)

    assert answer.status_code == 200
    assert "te groot" in words(answer)
    assert left_behind(settings) == []


class Unread:
    """A body that must not be read."""

    def read(self, *args):
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.parametrize("length", ["1000000000", "9" * 30, "-1", "veel", "١٢"])
def test_a_body_that_is_announced_too_large_is_refused_unread(client, tree, length):
    answer = client.generic(
        "POST",
        "/beheer/login/",
        content_type="application/x-www-form-urlencoded",
        CONTENT_LENGTH=length,
        **{"wsgi.input": Unread()},
    )

    assert answer.status_code == 413
    assert "groter dan 30,0\xa0MB" in answer.text
