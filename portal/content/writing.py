"""A plan carried out: all of it in one transaction, files included, or nothing. What is right is not touched."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction, Site

from portal.content.mistakes import ContentMistakes, Mistake
from portal.content.names import Marks
from portal.content.page_rows import PageRows
from portal.content.page_writing import PageWriter
from portal.content.plan import PagePlan, Plan, SnippetPlan
from portal.content.present import Present, read_addresses, subject_models
from portal.content.row_writing import RowWriter
from portal.content.schema import keys_of, name_field, type_name
from portal.content.upload_writing import UploadWriter
from portal.lost.redirects import forget
from portal.models import HomePage, PortalSettings
from portal.signals import something_changed

CHUNK = 500
WELCOME = "welkom-van-wagtail"
Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """What was done, by type: `created["article"]`, `updated[...]`, `unchanged[...]`."""

    created: Counter = field(default_factory=Counter)
    updated: Counter = field(default_factory=Counter)
    unchanged: Counter = field(default_factory=Counter)

    def count(self, kind: str, what: str):
        getattr(self, what)[kind] += 1

    @property
    def is_quiet(self) -> bool:
        return not self.created and not self.updated


def write_plan(
    plan: Plan, present: Present, user=None, *, is_trial: bool = False, progress: Progress | None = None
) -> Outcome:
    """Write everything the plan asks for. Raises ContentMistakes, with nothing written, when a model refuses a page.

    A trial does all of it and takes it back; `progress` hears after each page how many of how many steps are done.
    """
    uploads = UploadWriter()
    try:
        with transaction.atomic():
            writer = _Writer(plan, present, uploads, user, progress)
            writer.write()
            if writer.mistakes:
                raise ContentMistakes(writer.mistakes)
            transaction.set_rollback(is_trial)
    except BaseException:
        uploads.remove_new_files()
        raise
    if is_trial:
        uploads.remove_new_files()
    else:
        transaction.on_commit(uploads.remove_replaced_files)
    return writer.outcome


class _Writer:
    def __init__(self, plan: Plan, present: Present, uploads: UploadWriter, user, progress):
        self.plan, self.present, self.uploads, self.user = plan, present, uploads, user
        self.progress = progress or (lambda done, total: None)
        self.outcome = Outcome()
        self.marks = Marks()
        self.rows = RowWriter(present, self.marks)
        self.mistakes: list[Mistake] = []

    def write(self):
        for kind in ("images", "documents"):
            known = getattr(self.present, kind)
            keys = getattr(self.marks, kind.removesuffix("s"))
            keys.update({name: upload.pk for name, upload in known.items()})
            for upload in getattr(self.plan, kind):
                keys[upload.name], what = self.uploads.write(kind, upload, known.get(upload.name))
                self.outcome.count(kind.removesuffix("s"), what)
        self._write_pages()
        self._write_settings()
        self._write_redirects()

    def _write_snippet(self, plan: SnippetPlan):
        """A snippet with the values of its file; its key is known to the pages that are filled afterwards."""
        field = name_field(plan.model)
        name = plan.slug if field == "slug" else plan.values[field]
        row = plan.model.objects.filter(**{field: name}).first()
        what = "unchanged" if row else "created"
        row = row or plan.model(**{field: name})
        if self._set_all(row, plan):
            what = "updated" if row.pk else "created"
            row.full_clean()
            row.save()
        if field == "slug":
            self.present.slugs.setdefault(plan.model, {})[plan.slug] = row.pk
        self.outcome.count(type_name(plan.model), what)

    def _set_all(self, row, plan: SnippetPlan) -> bool:
        """Give the row the values of the plan; whether it has changed, or is new."""
        wrong = [
            (key, plan.values[key.attribute])
            for key in keys_of(plan.model).values()
            if key.attribute in plan.values and not self.rows.is_so(row, key, plan.values[key.attribute])
        ]
        for key, value in wrong:
            self.rows.set(row, key, value)
        return bool(wrong) or row.pk is None

    def _write_pages(self):
        plans = sorted(self.plan.pages.values(), key=_reading_order)
        pages = PageWriter(self.rows, self.user)
        fresh = set()
        if self.plan.is_bulk:
            new = [plan for plan in plans if plan.address not in self.present.pages]
            plans = [plan for plan in plans if plan.address in self.present.pages]
            self._create_in_bulk(new, pages)
        steps = 2 * len(plans)
        for done, plan in enumerate(plans):
            self.progress(done, steps)
            if plan.address not in self.present.pages:
                with self._naming(plan):
                    self._create(plan, pages)
                    fresh.add(plan.address)
        if self.mistakes:
            raise ContentMistakes(self.mistakes)
        self.marks.page.update({address: pk for address, (pk, _) in self.present.pages.items()})
        for model in subject_models():
            slugs = self.present.slugs.setdefault(model, {})
            for address, (pk, kind) in self.present.pages.items():
                if kind is model:
                    slugs[address.rstrip("/").rpartition("/")[2]] = pk
        for snippet in self.plan.snippets:
            with self._naming(snippet):
                self._write_snippet(snippet)
        for done, plan in enumerate(plans, start=len(plans) + 1):
            with self._naming(plan):
                is_new = plan.address in fresh
                is_changed = pages.fill(plan, is_new=is_new)
                is_changed = self._restrict(plan) or is_changed
                what = "created" if is_new else "updated" if is_changed else "unchanged"
                self.outcome.count(type_name(plan.model), what)
            self.progress(done, steps)
        self._put_in_order(plans)

    def _create_in_bulk(self, plans: list[PagePlan], pages: PageWriter):
        """Write pages that refer to no page of the plan, `CHUNK` at a time."""
        addresses = {plan.model: self.present.pages[plan.parent][0] for plan in plans}
        parents = {model: Page.objects.get(pk=pk).specific for model, pk in addresses.items()}
        rows = PageRows(parents, Locale.get_default(), self.user)
        for start in range(0, len(plans), CHUNK):
            built = []
            for plan in plans[start : start + CHUNK]:
                with self._naming(plan):
                    built.append((plan, pages.build(plan)))
            if self.mistakes:
                continue  # the rest is checked, so that every mistake is named
            rows.write([page for _, page in built])
            for plan, page in built:
                self.present.pages[plan.address] = (page.pk, plan.model)
                self.outcome.count(type_name(plan.model), "created")
            self.progress(start + len(built), len(plans))
        if plans:
            something_changed()

    def _naming(self, plan: PagePlan | SnippetPlan):
        return _Naming(plan, self.mistakes)

    def _create(self, plan: PagePlan, pages: PageWriter):
        if issubclass(plan.model, HomePage):
            self._create_home(plan, pages)
        else:
            parent = Page.objects.get(pk=self.present.pages[plan.parent][0])
            pages.create(plan, parent, plan.slug)

    def _create_home(self, plan: PagePlan, pages: PageWriter):
        """The home page as the root of the site, in the place of the page that Wagtail starts with."""
        root = Page.objects.get(depth=1)
        welcome = Page.objects.filter(depth=2, slug="home", content_type__model="page").first()
        if welcome:
            Page.objects.filter(pk=welcome.pk).update(slug=WELCOME)
        home = pages.create(plan, root, "home")
        site = self.present.site or Site(
            hostname=settings.SITE_URL.partition("//")[2].partition(":")[0],
            port=80,
            is_default_site=True,
            site_name=settings.WAGTAIL_SITE_NAME,
        )
        site.root_page, site.site_name = home, site.site_name or settings.WAGTAIL_SITE_NAME
        site.save()
        self.present.site, self.present.home = site, home
        if welcome and not welcome.get_children().exists():
            Page.objects.get(pk=welcome.pk).delete()
        self.present.pages = read_addresses(HomePage.objects.get(pk=home.pk))

    def _restrict(self, plan: PagePlan) -> bool:
        """Put the page behind the login, or take that away; other restrictions are the editors' own."""
        pk = self.present.pages[plan.address][0]
        present = PageViewRestriction.objects.filter(page_id=pk, restriction_type=PageViewRestriction.LOGIN)
        if plan.is_private == present.exists():
            return False
        if not plan.is_private:
            for restriction in present:
                restriction.delete(user=self.user)
        elif PageViewRestriction.objects.filter(page_id=pk).exists():
            return False
        else:
            PageViewRestriction(page_id=pk, restriction_type=PageViewRestriction.LOGIN).save(user=self.user)
        return True

    def _put_in_order(self, plans: list[PagePlan]):
        """Where files say an order, let siblings stand in it."""
        families = defaultdict(list)
        for plan in plans:
            if plan.address != "/":
                families[plan.parent].append(plan)
        for family in families.values():
            if all(plan.order is None for plan in family):
                continue
            wanted = [self.present.pages[plan.address][0] for plan in family]
            now = list(Page.objects.filter(pk__in=wanted).order_by("path").values_list("pk", flat=True))
            for position, pk in enumerate(wanted):
                if now[position] == pk:
                    continue
                target = Page.objects.get(pk=now[position])
                Page.objects.get(pk=pk).specific.move(target, pos="left", user=self.user)
                now.remove(pk)
                now.insert(position, pk)

    def _write_settings(self):
        if self.plan.settings is None or self.present.site is None:
            return
        row = PortalSettings.for_site(self.present.site)
        is_changed = self._set_all(row, self.plan.settings)
        if is_changed:
            row.save()
        self.outcome.count("site", "updated" if is_changed else "unchanged")

    def _write_redirects(self):
        own = Q(site=None) | Q(site=self.present.site)
        rows = {row.old_path: row for row in Redirect.objects.filter(own).order_by("pk")}
        new = []
        for plan in self.plan.redirects:
            wanted = {
                "redirect_page_id": self.marks.page[plan.target] if plan.is_page else None,
                "redirect_link": "" if plan.is_page else plan.target,
                "redirect_page_route_path": "",
                "is_permanent": plan.is_permanent,
            }
            row = rows.get(plan.old)
            if row and all(getattr(row, name) == value for name, value in wanted.items()):
                self.outcome.count("redirect", "unchanged")
                continue
            self.outcome.count("redirect", "updated" if row else "created")
            if not row:
                new.append(Redirect(old_path=plan.old, **wanted))
                continue
            for name, value in wanted.items():
                setattr(row, name, value)
            row.save()
        Redirect.objects.bulk_create(new, batch_size=CHUNK)
        forget([row.old_path for row in new])


class _Naming:
    """Turns what a model refuses into mistakes with the file and the line of the key."""

    def __init__(self, plan: PagePlan | SnippetPlan, mistakes: list[Mistake]):
        self.plan, self.mistakes = plan, mistakes

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if not isinstance(error, ValidationError):
            return False
        # Only what is told is in English: what is written, such as the date on a card, is for Dutch readers.
        with translation.override("en"):
            fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            for name, messages in fields.items():
                line = self.plan.lines.get(name, 1)
                reason = f"{name}: {' '.join(map(str, messages))}" if name else " ".join(map(str, messages))
                self.mistakes.append(Mistake(self.plan.file, line, reason))
        return True


def _reading_order(plan: PagePlan):
    """Parents before children; siblings by their order, then by their file."""
    depth = plan.address.count("/")
    return depth, plan.parent, plan.order is None, plan.order or 0, plan.slug
