"""Taking everything away that was generated, and nothing else."""

from collections import Counter
from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.db import models, router, transaction
from modelcluster.models import get_all_child_relations
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.search.models import IndexEntry

from portal.content.generated.ground import PREFIX, generated_documents, generated_images
from portal.content.generated.items import TYPES, model_of
from portal.content.generated.loading import CHUNK, generated_pages
from portal.models import ContentPage, Organisation, Person
from portal.search.vocabulary import refresh
from portal.signals import something_changed


def remove(progress: Callable[[int], None] = lambda done: None) -> int:
    """Take all generated items away with what belongs to them; returns how many there were. All or nothing."""
    removed = 0
    with transaction.atomic():
        while pages := list(generated_pages().order_by("pk").values_list("pk", "path")[:CHUNK]):
            _remove_pages([pk for pk, _ in pages])
            parents = Counter(path[: -Page.steplen] for _, path in pages)
            for path, count in parents.items():
                Page.objects.filter(path=path).update(numchild=models.F("numchild") - count)
            removed += len(pages)
            progress(removed)
        for rows in (
            generated_images(),
            generated_documents(),
            Person.objects.filter(slug__startswith=PREFIX),
            Organisation.objects.filter(slug__startswith=PREFIX),
        ):
            for row in rows:  # one by one: their files and references go with them
                row.delete()
        if removed:
            refresh()
        something_changed()
    return removed


def _remove_pages(ids: list[int]):
    """Rows that hang on these pages, then the pages; no signal, so everything they would have done is done here."""
    types = {model_of(kind) for kind in TYPES}
    levels = [Page, ContentPage, *sorted(types, key=lambda model: model.__name__)]
    own = _own_rows(levels)
    base = ContentType.objects.get_for_model(Page)
    content_types = [base, *(ContentType.objects.get_for_model(model) for model in levels[1:])]
    names = [str(pk) for pk in ids]
    Page.objects.filter(pk__in=ids).update(latest_revision=None, live_revision=None)
    for level in levels:
        for relation in level._meta.get_fields(include_hidden=True):
            if (
                relation.auto_created
                and (relation.one_to_many or relation.one_to_one)
                and not relation.concrete
            ):
                _let_go(relation, ids, own)
    for model, column in own:
        _drop(model.objects.filter(**{f"{column}__in": ids}))
    Revision.objects.filter(base_content_type=base, object_id__in=names).delete()
    _drop(PageLogEntry.objects.filter(page_id__in=ids))
    _drop(IndexEntry.objects.filter(content_type__in=content_types, object_id__in=names))
    _drop(ReferenceIndex.objects.filter(base_content_type=base, object_id__in=names))
    _drop(ReferenceIndex.objects.filter(to_content_type=base, to_object_id__in=names))
    for model in reversed(levels):
        _drop(model.objects.filter(pk__in=ids))


def _own_rows(levels: list[type]) -> list[tuple[type, str]]:
    """The tables of links that an item has of itself, each with the column that names the item."""
    own = {
        (relation.related_model, relation.field.attname): None
        for level in levels
        for relation in get_all_child_relations(level)
    }
    for field in ContentPage._meta.many_to_many:
        if field.remote_field.through._meta.auto_created:
            own[field.remote_field.through, f"{field.m2m_field_name()}_id"] = None
    return list(own)


def _let_go(relation, ids: list[int], own: list[tuple[type, str]]):
    """What others made that points to these pages: taken away or emptied, as its model says."""
    model, field = relation.related_model, relation.field
    if field.remote_field.parent_link or (model, field.attname) in own:
        return
    rows = model._base_manager.filter(**{f"{field.name}__in": ids})
    if relation.on_delete is models.SET_NULL:
        rows.update(**{field.name: None})
    elif relation.on_delete is models.CASCADE:
        rows.delete()


def _drop(rows: models.QuerySet):
    rows._raw_delete(using=router.db_for_write(rows.model))
