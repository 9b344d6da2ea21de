"""What keeps search up with the site beside the index: words that leave it, and what is read once per generation."""

from django.db.models.signals import post_save, pre_delete
from wagtail.models import PageViewRestriction
from wagtail.search import index
from wagtail.signals import page_unpublished

from portal.models import ContentPage
from portal.search import vocabulary


def page_left(sender, instance, **kwargs):
    """Readers no longer see a page: its words go where no other page holds them."""
    if isinstance(instance, ContentPage):
        vocabulary.forget_pages([instance])


def page_goes(sender, instance, **kwargs):
    """The index entry goes with the page; ContentPage keeps its index itself, see its `save()`."""
    if isinstance(instance, ContentPage) and instance.specific_class is sender:
        vocabulary.forget_pages([instance])
        index.remove_object(instance)


def part_closed(sender, instance, **kwargs):
    """A part of the site became private: so did the words that stand only there."""
    vocabulary.forget_pages(ContentPage.objects.filter(path__startswith=instance.page.path))


def connect():
    """Called once, when the app is ready."""
    page_unpublished.connect(page_left, dispatch_uid="search-page-unpublished")
    pre_delete.connect(page_goes, dispatch_uid="search-page-goes")
    post_save.connect(part_closed, sender=PageViewRestriction, dispatch_uid="search-part-closed")
