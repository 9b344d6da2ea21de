"""One page written: made as a draft first, so that pages can refer to each other, then filled and published.

A page is saved several times on the way; what it refers to is indexed once, at the end.
"""

from django.utils import timezone
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update

from portal.content.plan import PagePlan
from portal.content.row_writing import RowWriter
from portal.content.schema import keys_of
from portal.models import ContentPage

SCALARS = ("text", "flag", "number", "date", "moment")
#: What a page gets from its place in the tree.
PLACE = {"path", "depth", "url_path", "numchild", "translation_key"}


class PageWriter:
    """Makes and fills pages; what is present grows with what it makes."""

    def __init__(self, rows: RowWriter, user=None):
        self.rows, self.user = rows, user
        self.present = rows.present

    def create(self, plan: PagePlan, parent: Page, slug: str) -> Page:
        """A draft with the plain fields of the plan, below `parent`."""
        keys = keys_of(plan.model)
        page = plan.model(slug=slug, live=False, owner=self.user)
        for key in keys.values():
            if key.form in (*SCALARS, "image", "user") and key.attribute in plan.values:
                self.rows.set(page, key, plan.values[key.attribute])
        is_out = plan.is_live and not (page.go_live_at and page.go_live_at > timezone.now())
        if isinstance(page, ContentPage) and (is_out or plan.was_published):
            page.first_published_at = page.added_at
        with disable_reference_index_auto_update():
            parent.add_child(instance=page)
        self.present.pages[plan.address] = (page.pk, plan.model)
        return page

    def build(self, plan: PagePlan) -> Page:
        """The page with every value of the plan, checked and not yet written, for a write in bulk."""
        now = timezone.now()
        page = plan.model(slug=plan.slug, live=plan.is_live, has_unpublished_changes=not plan.is_live)
        for key in keys_of(plan.model).values():
            if key.attribute in plan.values:
                self.rows.set(page, key, plan.values[key.attribute])
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
            if not self.rows.is_so(page, key, plan.values[key.attribute]):
                self.rows.set(page, key, plan.values[key.attribute])
                is_changed = True
        was_live = row.live or is_scheduled(row)
        if not is_changed and was_live == plan.is_live:
            return False
        with disable_reference_index_auto_update():
            if plan.is_live:
                page.save_revision(user=self.user).publish(user=self.user, skip_permission_checks=True)
            else:
                self._keep_as_draft(row, page)
        ReferenceIndex.create_or_update_for_object(page)
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
