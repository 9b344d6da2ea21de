"""The few things that all generated items share: images, files, and invented people and organisations."""

import io
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils.text import slugify
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from portal.content.generated.items import Ground
from portal.content.generated.words import LISTS
from portal.models import ContentPage, Municipality, Organisation, Person, Role
from portal.pictures import make_renditions_of

#: Marks what was generated among images and files (in their content key), people and organisations (in their slug).
PREFIX = "gegenereerd-"
FILES = Path(__file__).parent.parent / "demo"
PICTURES = {
    "raadzaal": "Een tekening van een raadzaal",
    "burgerberaad": "Een tekening van een kring van mensen",
    "buurtbijeenkomst": "Een tekening van tafels met stoelen eromheen",
    "lokale-driehoek": "Een tekening van drie vormen die op elkaar leunen",
    "rekenkamer": "Een tekening van een leesglas op rijen stoelen",
}
DOCUMENTS = ("checklist-participatieverordening", "startgids-nieuwe-raadsleden")
PICTURE_SIZE = (800, 500)


class NoGround(Exception):
    """The site misses what items are filed under; the message says what to do."""


def read_ground() -> Ground:
    """What the site holds and what was generated before. Raises NoGround."""
    theme_model = ContentPage.themes.field.related_model
    topic_model = ContentPage.topics.field.related_model
    ground = Ground(
        themes=list(theme_model.objects.live().order_by("path")),
        roles=list(Role.objects.order_by("pk")),
        municipalities=list(Municipality.objects.current().order_by("code")),
        people=list(Person.objects.filter(slug__startswith=PREFIX).order_by("slug")),
        organisations=list(Organisation.objects.filter(slug__startswith=PREFIX).order_by("slug")),
        images=[(image.pk, image.description) for image in generated_images().order_by("content_key")],
        documents=list(generated_documents().order_by("content_key")),
    )
    for topic in topic_model.objects.live().order_by("path"):
        parent = topic.path[: -Page.steplen]
        for theme in ground.themes:
            if theme.path == parent:
                ground.topics.setdefault(theme.pk, []).append(topic)
    if not ground.municipalities:
        raise NoGround("There are no municipalities: run `manage.py load_municipalities` first.")
    if not ground.themes:
        raise NoGround("There are no themes: run `manage.py setup_site` or load the demo content first.")
    return ground


def generated_images():
    return get_image_model().objects.filter(content_key__startswith=PREFIX)


def generated_documents():
    return get_document_model().objects.filter(content_key__startswith=PREFIX)


def make_shared():
    """Make the shared things that are not there yet."""
    known = {*generated_images().values_list("content_key", flat=True)}
    for name, alt in PICTURES.items():
        if PREFIX + name not in known:
            _make_picture(name, alt)
    known = {*generated_documents().values_list("content_key", flat=True)}
    for name in DOCUMENTS:
        if PREFIX + name not in known:
            content = ContentFile(
                (FILES / "documents" / f"{name}.pdf").read_bytes(), name=f"{PREFIX}{name}.pdf"
            )
            title = f"Voorbeeld van een bestand: {name.replace('-', ' ')}"
            get_document_model()(title=title, content_key=PREFIX + name, file=content).save()
    for name in LISTS["organisations"]:
        slug = PREFIX + slugify(name)
        Organisation.objects.get_or_create(slug=slug, defaults={"name": name, "description": "Verzonnen."})
    for place, first in enumerate(LISTS["first_names"]):
        name = f"{first} {LISTS['last_names'][place * 5 % len(LISTS['last_names'])]}"
        Person.objects.get_or_create(
            slug=PREFIX + slugify(name),
            defaults={
                "name": name,
                "job_title": LISTS["job_titles"][place % len(LISTS["job_titles"])],
                "is_example": True,
            },
        )


def _make_picture(name: str, alt: str):
    """A small copy of a drawing of the demo, with the formats that readers get."""
    buffer = io.BytesIO()
    with Image.open(FILES / "images" / f"{name}.png") as drawing:
        drawing.convert("RGB").resize(PICTURE_SIZE).quantize(64).save(buffer, "PNG", optimize=True)
    image = get_image_model()(
        title=f"Voorbeeld: {name.replace('-', ' ')}",
        description=alt,
        content_key=PREFIX + name,
        file=ContentFile(buffer.getvalue(), name=f"{PREFIX}{name}.png"),
    )
    image._set_image_file_metadata()
    image.save()
    make_renditions_of(image, ["free", "wide"], share=True)
