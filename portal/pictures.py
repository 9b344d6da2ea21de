"""Pictures for readers: several formats and sizes of each image, made when an item is published, never when it is read.

A page looks up all renditions of its images in one query; where one is missing the original is shown.
"""

import logging
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models.signals import post_save
from wagtail.images.models import Filter
from wagtail.models import Page, ReferenceIndex
from wagtail.signals import page_published

from portal import generation
from portal.models import PortalImage, PortalRendition, PortalSettings

logger = logging.getLogger(__name__)
_postponed = threading.local()

CHUNK = 100
WIDTHS = (400, 800, 1200, 1600)
#: Shapes a picture can have; None keeps the image's own proportions.
SHAPES = {"free": None, "wide": (16, 9)}
SHARE_SIZE = (1200, 630)
SIZES = {
    "text": "(min-width: 62em) 36rem, calc(100vw - 2.5rem)",
    "head": "(min-width: 78em) 75rem, calc(100vw - 2.5rem)",
}


def own_format(image) -> str:
    """The format every browser reads: PNG for drawings and what may be transparent, JPEG for photographs."""
    name = image.file.name.lower()
    return "png" if name.endswith((".png", ".gif")) else "jpeg"


def specs(image, shape: str) -> dict[str, list[tuple[int, str]]]:
    """The renditions of an image in a shape: format -> [(width, filter)], never wider than the original."""
    proportion = SHAPES[shape]
    room = image.width
    if proportion:
        room = min(room, image.height * proportion[0] // proportion[1])
    widths = [width for width in WIDTHS if width <= room] or [room]
    sources = {}
    for kind in ("avif", "webp", own_format(image)):
        sources[kind] = [
            (
                width,
                f"width-{width}|format-{kind}"
                if not proportion
                else f"fill-{width}x{width * proportion[1] // proportion[0]}|format-{kind}",
            )
            for width in widths
        ]
    return sources


def share_spec(image) -> str:
    """The rendition that stands beside a shared link."""
    return f"fill-{SHARE_SIZE[0]}x{SHARE_SIZE[1]}|format-{own_format(image)}"


@cache
def _filter(spec: str) -> Filter:
    return Filter(spec=spec)


def images_in(stream) -> list[tuple[PortalImage, str]]:
    """The images of a body, each with the shape in which it is shown."""
    found = []
    for block in stream or ():
        if block.block_type == "image" and block.value.get("image"):
            found.append((block.value["image"], "free"))
        elif block.block_type == "video" and block.value.get("poster"):
            found.append((block.value["poster"], "wide"))
    return found


def images_of(page) -> list[tuple[PortalImage, str]]:
    """Every image on a page with its shape: the one at its head and those in its bodies."""
    found = [(page.image, "wide")] if getattr(page, "image", None) else []
    for name in ("body", "report"):
        found += images_in(getattr(page, name, None))
    return found


@dataclass
class Source:
    """One format of a picture."""

    type: str
    srcset: str


@dataclass
class Picture:
    """What a `<picture>` needs."""

    sources: list[Source]
    url: str
    width: int
    height: int


class Pictures:
    """The renditions of the images on one page, looked up once."""

    def __init__(self, images):
        self.renditions = defaultdict(dict)
        ids = {image.pk for image in images}
        if ids:
            for rendition in PortalRendition.objects.filter(image_id__in=ids):
                key = (rendition.filter_spec, rendition.focal_point_key)
                self.renditions[rendition.image_id][key] = rendition

    def find(self, image, spec: str):
        """The rendition if it was made, for the focal point as it is now."""
        return self.renditions[image.pk].get((spec, _filter(spec).get_cache_key(image)))

    def get(self, image, shape: str) -> Picture:
        """The picture in this shape; without renditions the original, which is never opened."""
        sources = []
        for kind, choices in specs(image, shape).items():
            made = [(width, self.find(image, spec)) for width, spec in choices]
            made = [(width, rendition) for width, rendition in made if rendition]
            if made:
                srcset = ", ".join(f"{rendition.url} {width}w" for width, rendition in made)
                sources.append((kind, Source(f"image/{kind}", srcset), made[min(1, len(made) - 1)][1]))
        if sources and sources[-1][0] == own_format(image):
            fallback = sources[-1][2]
            return Picture(
                [source for _, source, _ in sources], fallback.url, fallback.width, fallback.height
            )
        return Picture([source for _, source, _ in sources], image.file.url, image.width, image.height)


def pictures_of(page) -> Pictures:
    """The pictures of a page, kept on it: one query at the first picture, none without images."""
    kept = getattr(page, "_pictures", None)
    if kept is None:
        kept = page._pictures = Pictures([image for image, _ in images_of(page)])
    return kept


def make_renditions_of(image, shapes, share: bool = False) -> int:
    """Make what is missing of one image; returns how many were made. A broken file is logged, never raised."""
    wanted = [spec for shape in shapes for choices in specs(image, shape).values() for _, spec in choices]
    if share:
        wanted.append(share_spec(image))
    existing = {(r.filter_spec, r.focal_point_key) for r in PortalRendition.objects.filter(image_id=image.pk)}
    missing = [spec for spec in wanted if (spec, _filter(spec).get_cache_key(image)) not in existing]
    try:
        if missing:
            image.create_renditions(*map(_filter, missing))
    except Exception:
        logger.exception("The renditions of image %s cannot be made", image.pk)
        return 0
    if missing:
        generation.raise_on_commit(pages=())  # a copy of the page may have been kept with the original in it
    return len(missing)


def make_renditions(page) -> int:
    """Make the missing renditions of every image on a page; returns how many were made."""
    shapes = defaultdict(set)
    images = {}
    for image, shape in images_of(page):
        shapes[image.pk].add(shape)
        images[image.pk] = image
    head = getattr(page, "image_id", None)
    return sum(make_renditions_of(images[pk], sorted(shapes[pk]), share=pk == head) for pk in images)


def pages_with(image) -> list:
    """The live pages that show an image."""
    references = ReferenceIndex.get_references_to(image).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    ids = {int(pk) for pk in references.values_list("object_id", flat=True)}
    return list(Page.objects.live().filter(pk__in=ids).specific())


@contextmanager
def left_for_later():
    """Publishing makes no renditions meanwhile; readers see the originals until `make_renditions` has run."""
    _postponed.active = True
    try:
        yield
    finally:
        _postponed.active = False


def page_was_published(sender, instance, **kwargs):
    """Make the renditions of a page once others can see it."""
    if getattr(_postponed, "active", False):
        return
    transaction.on_commit(lambda: make_renditions(instance.specific))


def image_was_saved(sender, instance, created, raw=False, **kwargs):
    """A new file or focal point: make the renditions of the pages that show the image."""
    if not created and not raw:
        transaction.on_commit(lambda: [make_renditions(page) for page in pages_with(instance)])


def live_pages():
    """Every live page that can hold an image, one at a time.

    No query stays open meanwhile: on SQLite that would refuse what is written between two pages, once another process
    has written something too.
    """
    keys = list(Page.objects.live().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        for page in list(Page.objects.live().filter(pk__in=keys[start : start + CHUNK]).specific()):
            if hasattr(page, "body") or hasattr(page, "image"):
                yield page


def make_share_image() -> int:
    """Make the image that stands beside shared links of pages without one of their own."""
    images = [s.share_image for s in PortalSettings.objects.select_related("share_image") if s.share_image]
    return sum(make_renditions_of(image, [], share=True) for image in images)


def settings_were_saved(sender, instance, **kwargs):
    """Another share image was chosen."""
    if instance.share_image_id:
        transaction.on_commit(make_share_image)


def connect():
    """Called once, when the app is ready."""
    page_published.connect(page_was_published, dispatch_uid="pictures-page-published")
    post_save.connect(image_was_saved, sender=PortalImage, dispatch_uid="pictures-image-saved")
    post_save.connect(settings_were_saved, sender=PortalSettings, dispatch_uid="pictures-settings-saved")
