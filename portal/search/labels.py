"""What items are found by beside their own words: when a name they are filed under or a document they offer changes,
or the document is no longer for everyone, they are indexed anew.

Which items that are is noted with the change; the worker does the work, for there may be thousands.
"""

from collections import defaultdict
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.models import Collection, CollectionViewRestriction
from wagtail.search.backends import get_search_backends

from portal.models import ContentPage, Municipality, Organisation, Person, PortalDocument, Role
from portal.search.models import OutdatedEntry
from portal.signals import looks_changed

AT_ONCE = 100
#: So many are done in one turn of the worker.
MOST = 2_000


def _of_municipalities(pks: list[int]) -> Q:
    """An item is found by the name its municipality has, had and got in a merger."""
    family = Q(pk__in=pks) | Q(successor__in=pks) | Q(predecessors__in=pks)
    places = Municipality.objects.filter(family).values("pk")
    return Q(municipality_links__municipality__in=places)


def _labels() -> dict[type, tuple]:
    """For each kind of label the fields that items are found by, and the items of some labels."""
    theme, topic = (getattr(ContentPage, name).field.related_model for name in ("themes", "topics"))
    return {
        theme: (("name",), lambda pks: Q(themes__in=pks)),
        topic: (("name",), lambda pks: Q(topics__in=pks)),
        Role: (("name",), lambda pks: Q(roles__in=pks)),
        Person: (("name",), lambda pks: Q(author_links__person__in=pks)),
        Organisation: (("name", "abbreviation"), lambda pks: Q(sender_links__organisation__in=pks)),
        Municipality: (("name", "aliases", "successor_id"), _of_municipalities),
        PortalDocument: (("title", "collection_id"), lambda pks: Q(download_links__document__in=pks)),
    }


def note_changed(model, pks: list[int]):
    """These labels have other names than before; a bulk write sends no signal, and says so here."""
    _, items_of = _labels()[model]
    pages = ContentPage.objects.filter(items_of(pks)).order_by().values_list("pk", flat=True).distinct()
    OutdatedEntry.objects.bulk_create(
        (OutdatedEntry(page_id=pk) for pk in pages), batch_size=500, ignore_conflicts=True
    )


def _saved(sender, instance, raw=False, **kwargs):
    fields, _ = _labels()[sender]
    before = sender.objects.filter(pk=instance.pk).values_list(*fields).first()
    if not raw and before and before != tuple(getattr(instance, field) for field in fields):
        note_changed(sender, [instance.pk])


def _deleted(sender, instance, **kwargs):
    note_changed(sender, [instance.pk])


def _closed_or_opened(sender, instance, **kwargs):
    """Who may see a collection changed, or where it lies: so did whose words its documents are."""
    pk = instance.pk if isinstance(instance, Collection) else instance.collection_id
    for path in Collection.objects.filter(pk=pk).values_list("path", flat=True):
        documents = PortalDocument.objects.filter(collection__path__startswith=path)
        note_changed(PortalDocument, list(documents.values_list("pk", flat=True)))
    # What was closed is not to be found for as long as the worker takes.
    transaction.on_commit(partial(index_outdated, AT_ONCE), robust=True)


def connect():
    """Called once, when the app is ready."""
    for sender, name in ((Collection, "collection"), (CollectionViewRestriction, "restriction")):
        post_save.connect(_closed_or_opened, sender=sender, dispatch_uid=f"search-{name}-save")
        post_delete.connect(_closed_or_opened, sender=sender, dispatch_uid=f"search-{name}-delete")
    for model in _labels():
        name = f"search-label-{model.__name__}"
        pre_save.connect(_saved, sender=model, dispatch_uid=f"{name}-save")
        pre_delete.connect(_deleted, sender=model, dispatch_uid=f"{name}-delete")


def index_outdated(most: int = MOST) -> int:
    """The worker's job: index anew what such a change has left behind; the number of items."""
    done = 0
    while done < most and (keys := list(OutdatedEntry.objects.values_list("page_id", flat=True)[:AT_ONCE])):
        by_model = defaultdict(list)
        for page in ContentPage.objects.filter(pk__in=keys).only("pk", "content_type"):
            by_model[page.specific_class].append(page.pk)
        with transaction.atomic():
            looks_changed()
            for model, pks in by_model.items():
                pages = list(model.get_indexed_objects().filter(pk__in=pks))
                for backend in get_search_backends(with_auto_update=True):
                    backend.add_bulk(model, pages)
            OutdatedEntry.objects.filter(page__in=keys).delete()
        done += len(keys)
    return done
