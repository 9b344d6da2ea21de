"""One page written: made as a draft first, so that pages can refer to each other, then filled and published."""

import re

from django.db import models
from django.utils import timezone
from wagtail.models import Page, Revision

from portal.content.names import Marks
from portal.content.plan import PagePlan
from portal.content.present import Present
from portal.content.schema import Key, keys_of, linked_field
from portal.models import ContentPage

SCALARS = ("text", "flag", "number", "date", "moment")
#: What a page gets from its place in the tree.
PLACE = {"path", "depth", "url_path", "numchild", "translation_key"}
BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')


class PageWriter:
    """Makes and fills pages; `present` and `marks` grow with what it makes."""

    def __init__(self, present: Present, marks: Marks, user=None):
        self.present, self.marks, self.user = present, marks, user
        self.rows: dict[type, dict[int, models.Model]] = {}

    def create(self, plan: PagePlan, parent: Page, slug: str) -> Page:
        """A draft with the plain fields of the plan, below `parent`."""
        keys = keys_of(plan.model)
        page = plan.model(slug=slug, live=False, owner=self.user)
        for key in keys.values():
            if key.form in (*SCALARS, "image", "user") and key.attribute in plan.values:
                self._set(page, key, plan.values[key.attribute])
        if isinstance(page, ContentPage) and (plan.is_live or plan.was_published):
            page.first_published_at = page.added_at
        parent.add_child(instance=page)
        self.present.pages[plan.address] = (page.pk, plan.model)
        return page

    def build(self, plan: PagePlan) -> Page:
        """The page with every value of the plan, checked and not yet written, for a write in bulk."""
        now = timezone.now()
        page = plan.model(slug=plan.slug, live=plan.is_live, has_unpublished_changes=not plan.is_live)
        for key in keys_of(plan.model).values():
            if key.attribute in plan.values:
                self._set(page, key, plan.values[key.attribute])
        page.draft_title, page.latest_revision_created_at = page.title, now
        page.last_published_at = now if plan.is_live else None
        if isinstance(page, ContentPage):
            page._derive()
            page.first_published_at = page.added_at if plan.is_live or plan.was_published else None
        elif plan.is_live:
            page.first_published_at = now
        known = {field.name for field in page._meta.fields if field.is_relation}
        page.clean_fields(exclude=known | PLACE)
        return page

    def fill(self, plan: PagePlan, *, is_new: bool) -> bool:
        """Give the page every value of the plan and the state it asks for; False when it was so already."""
        row = plan.model.objects.get(pk=self.present.pages[plan.address][0])
        page = row if is_new else current_state(row)
        keys = keys_of(plan.model)
        is_changed = is_new
        for key in keys.values():
            if key.attribute not in plan.values or (key.name == "sequence" and not is_new):
                continue
            if not self._is_so(page, key, plan.values[key.attribute]):
                self._set(page, key, plan.values[key.attribute])
                is_changed = True
        was_live = row.live or is_scheduled(row)
        if not is_changed and was_live == plan.is_live:
            return False
        if plan.is_live:
            page.save_revision(user=self.user).publish(user=self.user, skip_permission_checks=True)
        else:
            self._keep_as_draft(row, page)
        return True

    def _keep_as_draft(self, row: Page, page: Page):
        if row.live:
            row.unpublish(user=self.user, log_action=True)
        if is_scheduled(row):
            row.revisions.update(approved_go_live_at=None)
        page.live = False
        page.expired = bool(page.expire_at and page.expire_at < timezone.now())
        page.save()
        page.save_revision(user=self.user, clean=False)

    def _value(self, key: Key, value):
        """The value as the model holds it: names and marks turned into primary keys."""
        if key.form == "user":
            return self.present.users.get(value)
        if key.form in ("slug", "slugs"):
            known = self.present.slugs.get(key.target, {})
            return [known[name] for name in value] if key.form == "slugs" else known.get(value)
        if key.form == "links" and not hasattr(key.target, "url_path") and hasattr(key.target, "slug"):
            return [self.present.slugs[key.target][name] for name in value]
        return self.marks.resolve(value)

    def _is_so(self, page: Page, key: Key, value) -> bool:
        wanted = self._value(key, value)
        if key.form in ("image", "user", "slug"):
            return getattr(page, f"{key.attribute}_id") == wanted
        if key.form == "slugs":
            return {row.pk for row in getattr(page, key.attribute).all()} == set(wanted)
        if key.form == "links":
            name = linked_field(key.field).attname
            return [getattr(row, name) for row in getattr(page, key.attribute).all()] == wanted
        if key.form in ("body", "structs"):
            return is_same_stream(key.field.stream_block, getattr(page, key.attribute), wanted)
        if key.form == "rich":
            return without_block_keys(getattr(page, key.attribute)) == wanted
        return getattr(page, key.attribute) == wanted

    def _set(self, page: Page, key: Key, value):
        wanted = self._value(key, value)
        if key.form in ("image", "user", "slug"):
            setattr(page, f"{key.attribute}_id", wanted)
        elif key.form == "slugs":
            getattr(page, key.attribute).set(self._rows(key.target, wanted))
        elif key.form == "links":
            name = linked_field(key.field).attname
            model = key.field.related_model
            links = [model(**{name: pk}, sort_order=place) for place, pk in enumerate(wanted)]
            setattr(page, key.attribute, links)
        elif key.form in ("body", "structs"):
            setattr(page, key.attribute, key.field.stream_block.to_python(wanted))
        else:
            setattr(page, key.attribute, wanted)

    def _rows(self, model: type, keys: list[int]) -> list:
        known = self.rows.setdefault(model, {})
        missing = [pk for pk in keys if pk not in known]
        if missing:
            known.update(model.objects.in_bulk(missing))
        return [known[pk] for pk in keys]


def is_scheduled(page: Page) -> bool:
    """Whether a version of this page waits for its moment to go live."""
    return not page.live and page.revisions.filter(approved_go_live_at__isnull=False).exists()


def current_state(row: Page) -> Page:
    """What the page says: the live version, else the version that waits for its moment, else the last draft."""
    if row.live:
        return row
    revision: Revision | None = row.revisions.filter(approved_go_live_at__isnull=False).first()
    revision = revision or row.get_latest_revision()
    return revision.as_object() if revision else row


def without_block_keys(html: str) -> str:
    return BLOCK_KEY.sub("", html)


def plain_stream(value):
    """The stored form of a stream without the keys that only the editor needs."""
    if isinstance(value, dict):
        kept = {
            name: plain_stream(inner) for name, inner in value.items() if name != "id" or "type" not in value
        }
        return kept
    if isinstance(value, list):
        return [plain_stream(item) for item in value]
    return without_block_keys(value) if isinstance(value, str) else value


def stored(block, stream) -> list:
    """A stream as the database holds it, whatever way it was made."""
    value = stream if hasattr(stream, "stream_block") else block.to_python(stream)
    for child in value:
        _ = child.value
    return plain_stream(block.get_prep_value(value))


def is_same_stream(block, stream, wanted: list) -> bool:
    """Whether a stream says what `wanted` (raw data) says, ids aside."""
    if plain_stream(list(stream.raw_data)) == plain_stream(wanted):
        return True
    return stored(block, stream) == stored(block, wanted)
