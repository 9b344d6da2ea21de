"""Pictures: several formats made at publication, one query to read, never a decode for a reader."""

import threading
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.images.models import Filter

from portal import pictures
from portal.models import PortalDocument, PortalImage, PortalRendition, Role
from tests.factories import make_article


def make_image(width=1300, height=900, name="raadzaal.png", **fields) -> PortalImage:
    buffer = BytesIO()
    Pillow.new("RGB", (width, height), "#8e1538").save(buffer, "PNG")
    buffer.seek(0)
    image = PortalImage(title="Raadzaal", description="Stoelen", **fields)
    image.file = ImageFile(buffer, name=name)
    image.save()
    return image


@pytest.fixture
def no_decoding(monkeypatch):
    """Whoever decodes an image while this holds, fails."""

    def refuse(*args, **kwargs):
        raise AssertionError("an image was decoded for a reader")

    monkeypatch.setattr(Filter, "run", refuse)


def with_pictures(tree, number: int):
    images = [make_image(name=f"beeld-{place}.png") for place in range(number)]
    body = [("image", {"image": image, "alt": f"Beeld {image.pk}", "caption": ""}) for image in images]
    return make_article(tree, image=images[0], body=body)


def test_renditions_are_made_in_every_format_and_never_wider_than_the_original(tree):
    page = with_pictures(tree, 1)

    made = pictures.make_renditions(page)

    specs = set(PortalRendition.objects.values_list("filter_spec", flat=True))
    assert made == len(specs)
    assert {"width-400|format-avif", "width-1200|format-webp", "fill-800x450|format-png"} <= specs
    assert not any("1600" in spec for spec in specs)
    assert pictures.make_renditions(page) == 0


def test_publishing_makes_the_renditions(tree, django_capture_on_commit_callbacks):
    page = with_pictures(tree, 1)

    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()

    assert PortalRendition.objects.filter(filter_spec="width-400|format-avif").exists()


def test_a_page_shows_the_made_sizes_without_decoding(client, tree, monkeypatch):
    page = with_pictures(tree, 1)
    pictures.make_renditions(page)
    monkeypatch.setattr(Filter, "run", None)

    markup = client.get(page.url).content.decode()

    assert 'type="image/avif"' in markup
    assert "400w" in markup
    assert 'fetchpriority="high"' in markup
    assert 'loading="lazy"' in markup


def test_without_renditions_the_original_is_shown_and_nothing_is_decoded(client, tree, no_decoding):
    page = with_pictures(tree, 1)

    markup = client.get(page.url).content.decode()

    assert page.image.file.url in markup
    assert 'width="1300" height="900"' in markup


def test_a_missing_file_does_not_break_a_page(client, tree, caplog):
    page = with_pictures(tree, 1)
    page.image.file.storage.delete(page.image.file.name)

    assert pictures.make_renditions(page) == 0
    assert len(caplog.records) == 1
    answer = client.get(page.url)
    assert answer.status_code == 200
    assert 'alt="Stoelen"' in answer.content.decode()
    assert len(caplog.records) == 1


def test_the_lists_of_the_admin_open_without_the_files(admin_client, tree):
    page = with_pictures(tree, 1)
    document = PortalDocument(title="Rapport")
    document.file.save("rapport.pdf", ContentFile(b"%PDF-1.4"))
    for stored in (page.image.file, document.file):
        stored.storage.delete(stored.name)

    for name in ("wagtailimages:index", "wagtaildocs:index", "wagtailimages_chooser:choose"):
        assert admin_client.get(reverse(name)).status_code == 200, name
    for name, pk in (("wagtailimages:edit", page.image.pk), ("wagtaildocs:edit", document.pk)):
        assert admin_client.get(reverse(name, args=[pk])).status_code == 200, name
    assert admin_client.get(document.url).status_code == 404


def test_ten_pictures_cost_as_many_queries_as_one(client, tree, django_assert_num_queries):
    one, ten = with_pictures(tree, 1), with_pictures(tree, 10)
    for page in (one, ten):
        pictures.make_renditions(page)
        client.get(page.url)
    with CaptureQueriesContext(connection) as first:
        client.get(one.url)
    cost = len(first)

    with django_assert_num_queries(cost):
        client.get(ten.url)


def test_a_new_focal_point_is_another_crop(tree):
    page = with_pictures(tree, 1)
    pictures.make_renditions(page)
    image = page.image
    image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = 10, 10, 5, 5
    image.save()

    assert pictures.pictures_of(page).find(image, "fill-400x225|format-avif") is None
    assert pictures.make_renditions(page) > 0


def test_the_command_makes_what_is_missing(tree, capsys):
    with_pictures(tree, 1)

    call_command("make_renditions")

    assert PortalRendition.objects.exists()


def test_pages_loaded_with_pictures_left_for_later_get_them_from_the_command(
    tree, django_capture_on_commit_callbacks
):
    page = with_pictures(tree, 1)
    with django_capture_on_commit_callbacks(execute=True), pictures.left_for_later():
        page.save_revision().publish()
    assert not PortalRendition.objects.exists()

    call_command("make_renditions")

    assert PortalRendition.objects.filter(image=page.image).exists()


@pytest.mark.django_db(transaction=True)
def test_pictures_are_made_while_another_process_writes(tree):
    for number in range(3):
        with_pictures(tree, number + 1)
    for number, page in enumerate(pictures.live_pages()):
        write_elsewhere(number)
        pictures.make_renditions(page)

    assert not PortalImage.objects.filter(renditions=None).exists()


def write_elsewhere(number: int):
    """Another connection writes, as the worker does beside the command."""

    def write():
        Role.objects.create(name=f"rol {number}", plural=f"rollen {number}", slug=f"rol-{number}")
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
