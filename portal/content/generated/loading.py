"""Generating items until there are as many as asked for."""

from collections.abc import Callable

from django.db import models, transaction
from wagtail.models import Locale, Page

from portal.content.generated.ground import NoGround, make_shared, read_ground
from portal.content.generated.items import TYPES, ItemMaker, key_of, model_of
from portal.content.page_rows import PageRows
from portal.signals import something_changed

CHUNK = 500
MOST_SEED, MOST_ITEMS = 2**30 - 1, 2**32 - 1
Progress = Callable[[int], None]


class OtherItems(Exception):
    """There are generated items already that this run would not make; the message says what to do."""


def generated_pages(seed: int | None = None) -> models.QuerySet:
    """Every page that was generated, known by its translation key."""
    first, last = (0, MOST_SEED) if seed is None else (seed, seed)
    return Page.objects.filter(translation_key__range=(key_of(first, 0), key_of(last, MOST_ITEMS)))


def generate(count: int, seed: int, progress: Progress = lambda done: None) -> int:
    """Make items 1 to `count` of this seed, those that are there left alone; returns how many were made.

    All or nothing. Raises OtherItems or NoGround, with nothing written.
    """
    present = generated_pages().count()
    if present != generated_pages(seed).count():
        raise OtherItems("There are generated items of another seed: take them away first with --remove.")
    if present > count:
        raise OtherItems(f"There are {present} generated items already: take them away first with --remove.")
    with transaction.atomic():
        parents = _parents()
        read_ground()  # says what is missing before anything is made
        make_shared()
        maker = ItemMaker(seed, read_ground())
        rows = PageRows(parents, Locale.get_default())
        for start in range(present + 1, count + 1, CHUNK):
            numbers = range(start, min(start + CHUNK, count + 1))
            rows.write([maker.make(number) for number in numbers])
            progress(numbers[-1])
        something_changed()
    return count - present


def _parents() -> dict[type, Page]:
    """For each type of item the page that its items lie under. Raises NoGround."""
    parents = {}
    for kind in TYPES:
        model = model_of(kind)
        (parent_model,) = model.allowed_parent_page_models()
        parent = parent_model.objects.live().order_by("path").first()
        if parent is None:
            raise NoGround(
                f"There is no page for “{parent_model._meta.verbose_name}”: run `manage.py setup_site` first."
            )
        parents[model] = parent
    return parents
