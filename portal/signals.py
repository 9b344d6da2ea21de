"""What starts a new generation: any change of a page, a snippet, an image, a document or the site itself."""

from django.apps import apps
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from portal import chrome, generation, models
from portal.models.base import is_draft_alone

WATCHED = [
    models.Role,
    models.Municipality,
    models.Organisation,
    models.Person,
    models.PortalImage,
    models.PortalDocument,
    models.PortalSettings,
    Collection,
    CollectionViewRestriction,
    Locale,
    PageViewRestriction,
    Site,
]
#: Models of parts that are not loaded yet here.
WATCHED_BY_NAME = ["search.Synonym", "wagtailsearchpromotions.SearchPromotion"]


def something_changed(**kwargs):
    """Readers may see something else from now on."""
    chrome.forget()
    generation.raise_on_commit()


def page_saved(sender, instance, created=False, update_fields=None, **kwargs):
    """A page that is or was live changed; a draft, of a new page or of a published one, is nothing to readers."""
    if not isinstance(instance, Page) or (created and not instance.live):
        return
    if instance.last_published_at and is_draft_alone(update_fields):
        return
    something_changed()


def page_deleted(sender, instance, **kwargs):
    if isinstance(instance, Page):
        something_changed()


def connect():
    """Called once, when the app is ready."""
    generation.on_raise(chrome.forget)  # also where the number could not be written
    for model in [*WATCHED, *map(apps.get_model, WATCHED_BY_NAME)]:
        post_save.connect(something_changed, sender=model, dispatch_uid=f"generation-save-{model.__name__}")
        post_delete.connect(
            something_changed, sender=model, dispatch_uid=f"generation-delete-{model.__name__}"
        )
    post_save.connect(page_saved, dispatch_uid="generation-page-save")
    post_delete.connect(page_deleted, dispatch_uid="generation-page-delete")
    for model in (PageViewRestriction, CollectionViewRestriction):
        m2m_changed.connect(
            something_changed,
            sender=model.groups.through,
            dispatch_uid=f"generation-groups-{model.__name__}",
        )
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(something_changed, dispatch_uid="generation-page")
