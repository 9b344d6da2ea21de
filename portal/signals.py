"""What starts a new generation: any change of a page, a snippet, an image, a document or the site itself."""

from collections.abc import Collection as Many

from django.apps import apps
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from portal import chrome, generation, models
from portal.generation import FRAME
from portal.models.base import is_draft_alone

#: What pages show: a name, a picture, a file. Which items there are and how they are filed does not hang on a change.
SHOWN = [
    models.Role,
    models.Municipality,
    models.Organisation,
    models.Person,
    models.PortalImage,
    models.PortalDocument,
    models.PortalSettings,
    Collection,
    CollectionViewRestriction,
]
#: The same of parts that are not loaded yet here.
SHOWN_BY_NAME = ["search.Synonym", "wagtailsearchpromotions.SearchPromotion"]
#: Which pages there are.
RULING = [Locale, PageViewRestriction, Site]


def something_changed(pages: Many[int] | None = None, **kwargs):
    """Readers may see something else from now on: these `pages` (as in `generation.raise_now`), None is any."""
    if pages is None or FRAME in pages:
        chrome.forget()
    else:
        chrome.renew()
    generation.raise_on_commit(pages)


def looks_changed(**kwargs):
    """Readers may see something else from now on, but the same items, filed as they were."""
    something_changed(pages=(FRAME,))


def page_changed(instance, **kwargs):
    """An item stands by itself; of every other page something may stand on all of them."""
    is_item = issubclass(instance.specific_class or Page, models.ContentPage)
    something_changed(pages=(instance.pk,) if is_item else (instance.pk, FRAME))


def page_saved(sender, instance, created=False, update_fields=None, **kwargs):
    """A page that is or was live changed; a draft, of a new page or of a published one, is nothing to readers."""
    if not isinstance(instance, Page) or (created and not instance.live):
        return
    if instance.last_published_at and is_draft_alone(update_fields):
        return
    page_changed(instance)


def page_deleted(sender, instance, **kwargs):
    """An item goes by itself; a page of another type may take along what items are filed under, such as a theme."""
    if isinstance(instance, models.ContentPage) or sender is Page:
        page_changed(instance)
    elif isinstance(instance, Page):
        something_changed()


def forget_untold():
    """Where the number could not be written, this process at least shows what changed."""
    if generation.has_failed():
        chrome.forget()


def connect():
    """Called once, when the app is ready."""
    generation.on_raise(forget_untold)
    shown = [*SHOWN, *map(apps.get_model, SHOWN_BY_NAME)]
    for model in [*shown, *RULING]:
        saved, name = looks_changed if model in shown else something_changed, model.__name__
        post_save.connect(saved, sender=model, dispatch_uid=f"generation-save-{name}")
        post_delete.connect(something_changed, sender=model, dispatch_uid=f"generation-delete-{name}")
    post_save.connect(page_saved, dispatch_uid="generation-page-save")
    post_delete.connect(page_deleted, dispatch_uid="generation-page-delete")
    for model in (PageViewRestriction, CollectionViewRestriction):
        m2m_changed.connect(
            something_changed,
            sender=model.groups.through,
            dispatch_uid=f"generation-groups-{model.__name__}",
        )
    for signal in (page_published, page_unpublished, page_slug_changed):
        signal.connect(page_changed, dispatch_uid="generation-page")
    post_page_move.connect(something_changed, dispatch_uid="generation-page")  # with all that lies below
