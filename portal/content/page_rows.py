"""Pages written in bulk, with everything that `save()` and `publish()` would have written beside them.

A bulk write sends no signals: the place in the tree, the revision, the links, the reference index and the search index
are written here. `fixtree`, `rebuild_references_index` and `update_index` find nothing left to do.
"""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models.functions import Cast
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import get_all_child_relations
from wagtail.models import Page, ReferenceIndex, Revision

from portal.content.indexing import index_in_bulk


class PageRows:
    """Writes pages below their parents; `parents` maps a page model to the page that its items lie under."""

    def __init__(self, parents: dict[type, Page], locale, owner=None):
        self.parents, self.locale, self.owner = parents, locale, owner
        self.content_types = {model: ContentType.objects.get_for_model(model) for model in parents}
        self.base_content_type = ContentType.objects.get_for_model(Page)
        self.last_steps: dict[int, int] = {}

    def write(self, pages: list[Page]):
        """Write these pages in a number of statements that does not depend on how many there are."""
        for page in pages:
            self._place(page)
        self._write_levels(pages)
        self._write_links(pages)
        self._write_revisions(pages)
        self._write_references(pages)
        by_model = defaultdict(list)
        for page in pages:
            by_model[type(page)].append(page)
        for model, own in by_model.items():
            index_in_bulk(model, own)
        self._count_children(pages)

    def _place(self, page: Page):
        """The next free place below the parent."""
        parent = self.parents[type(page)]
        if parent.pk not in self.last_steps:
            last = Page.objects.child_of(parent).order_by("-path").values_list("path", flat=True).first()
            self.last_steps[parent.pk] = Page._str2int(last[-Page.steplen :]) if last else 0
        self.last_steps[parent.pk] += 1
        page.depth = parent.depth + 1
        page.path = Page._get_path(parent.path, page.depth, self.last_steps[parent.pk])
        page.url_path = f"{parent.url_path}{page.slug}/"
        page.content_type, page.locale, page.owner = self.content_types[type(page)], self.locale, self.owner

    @staticmethod
    def _write_levels(pages: list[Page]):
        """One row in the table of each level of inheritance, Wagtail's own page first."""
        roots = [
            Page(**{field.attname: getattr(page, field.attname) for field in Page._meta.concrete_fields})
            for page in pages
        ]
        Page.objects.bulk_create(roots)
        levels = defaultdict(list)
        for page, root in zip(pages, roots, strict=True):
            page.id = page.pk = root.pk  # the version kept of it says `id`
            for model in [*reversed(page._meta.get_parent_list()), type(page)]:
                if model is not Page:
                    setattr(page, model._meta.pk.attname, root.pk)
                    levels[model].append(page)
            page._state.adding = False
        for model, own in levels.items():
            insert_rows(model, own)

    @staticmethod
    def _write_links(pages: list[Page]):
        """The rows between items and what they are filed under; a link that was not given is none, not a query."""
        rows = defaultdict(list)
        for page in pages:
            for relation in get_all_child_relations(page):
                name = relation.get_accessor_name()
                if name not in getattr(page, "_cluster_related_objects", ()):
                    setattr(page, name, [])
                for link in getattr(page, name).all():
                    setattr(link, relation.field.attname, page.pk)
                    rows[relation.related_model].append(link)
            for field in page._meta.many_to_many:
                if isinstance(field, ParentalManyToManyField):
                    through = field.remote_field.through
                    item, value = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
                    for target in getattr(page, field.name).all():
                        rows[through].append(through(**{item: page.pk, value: target.pk}))
        for model, links in rows.items():
            model._default_manager.bulk_create(links)

    def _write_revisions(self, pages: list[Page]):
        """Each page's first version, which is the live one of a page that is live."""
        Revision.objects.bulk_create(
            Revision(
                content_type=page.content_type,
                base_content_type=self.base_content_type,
                object_id=str(page.pk),
                created_at=page.latest_revision_created_at,
                user=self.owner,
                object_str=str(page),
                content=page.serializable_data(),
            )
            for page in pages
        )
        revision = Revision.objects.filter(
            base_content_type=self.base_content_type,
            object_id=Cast(models.OuterRef("pk"), models.CharField(max_length=255)),
        ).values("pk")[:1]
        written = Page.objects.filter(pk__in=[page.pk for page in pages])
        written.update(latest_revision=revision)
        written.filter(live=True).update(live_revision=models.F("latest_revision"))

    def _write_references(self, pages: list[Page]):
        """What each page points to, as Wagtail finds it out itself."""
        ReferenceIndex.objects.bulk_create(
            ReferenceIndex(
                content_type=page.content_type,
                base_content_type=self.base_content_type,
                object_id=str(page.pk),
                to_content_type_id=to_content_type,
                to_object_id=to_object,
                model_path=model_path,
                content_path=content_path,
                content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
            )
            for page in pages
            for to_content_type, to_object, model_path, content_path in set(
                ReferenceIndex._extract_references_from_object(page)
            )
        )

    def _count_children(self, pages: list[Page]):
        counts = defaultdict(int)
        for page in pages:
            counts[self.parents[type(page)].pk] += 1
        for parent, count in counts.items():
            Page.objects.filter(pk=parent).update(numchild=models.F("numchild") + count)


def insert_rows(model: type, instances: list):
    """Insert what `model` itself keeps of these instances; `bulk_create` refuses models that inherit a table."""
    fields = model._meta.local_concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    rows = [
        [
            field.get_db_prep_save(field.pre_save(instance, add=True), connection=connection)
            for field in fields
        ]
        for instance in instances
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
