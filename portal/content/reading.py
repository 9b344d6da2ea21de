"""From a folder to a plan: every file read, every key checked, every reference known, all mistakes at once."""

from pathlib import Path

from django.utils import timezone

from portal.content.block_reading import read_flag
from portal.content.folder import Folder, TextFile, read_folder, read_redirect_rows
from portal.content.markup import Keys, split_file
from portal.content.mistakes import ContentMistakes, Wrong
from portal.content.moments import localise
from portal.content.names import is_taken, leads_somewhere, problem_of_old
from portal.content.plan import PagePlan, Plan, RedirectPlan, SnippetPlan
from portal.content.present import Present, subject_models
from portal.content.schema import (
    LEFT_ALONE,
    PAGE_KEYS,
    SNIPPET_BODY,
    Key,
    default_of,
    keys_of,
    name_field,
    page_types,
    snippet_models,
    stands_in_menu,
    type_name,
)
from portal.content.upload_reading import read_uploads
from portal.content.values import ValueReader, is_optional, several, single
from portal.lost.addresses import normal
from portal.models import ContentPage, HomePage, PortalSettings


def read_plan(root: Path, present: Present) -> Plan:
    """What the folder asks for. Raises ContentMistakes with every mistake; OSError when the folder cannot be read."""
    folder = read_folder(root)
    reader = _FolderReader(folder, present)
    plan = reader.read()
    if folder.mistakes:
        raise ContentMistakes(folder.mistakes)
    return plan


class _FolderReader:
    """Reads one folder; what is wrong goes to `folder.mistakes`."""

    def __init__(self, folder: Folder, present: Present):
        self.folder, self.present = folder, present
        self.names = present.names()
        self.plan = Plan()

    def read(self) -> Plan:
        opened = {address: self._open(file) for address, file in self.folder.pages.items()}
        types = {address: self._type_of(address, *opened[address]) for address in opened if opened[address]}
        self._name_all({address: model for address, model in types.items() if model})
        for address, model in types.items():
            if model:
                self._read_page(address, model, *opened[address])
        for kind, files in self.folder.snippets.items():
            self._read_snippets(kind, files)
        read_uploads(self.folder, self.plan)
        if self.folder.site:
            self.plan.settings = self._read_snippet(PortalSettings, self.folder.site)
        if self.folder.redirects:
            self._read_redirects(self.folder.redirects)
        self._check_tree()
        self._check_redirects()
        return self.plan

    def _open(self, file: TextFile) -> tuple[TextFile, Keys, str, int] | None:
        try:
            return file, *split_file(file.text)
        except Wrong as error:
            self.folder.add(file.name, error.reason, error.line)
            return None

    def _type_of(self, address: str, file: TextFile, keys: Keys, body: str, line: int) -> type | None:
        types = page_types()
        try:
            if "type" not in keys.values:
                raise Wrong("type is missing: which kind of page is this?", keys.line)
            name = single(keys.values["type"], "type").text
            if name not in types:
                known = ", ".join(sorted(types))
                raise Wrong(f"there is no type {name!r}; the types are {known}", keys.line_of("type"))
        except Wrong as error:
            self.folder.add(file.name, error.reason, error.line)
            return None
        known = self.present.pages.get(address)
        if known and known[1] is not types[name]:
            self.folder.add(
                file.name,
                f"the page at {address} is of type {type_name(known[1])} and cannot become {name}",
                keys.line_of("type"),
            )
        return types[name]

    def _name_all(self, types: dict[str, type]):
        """Make known what the folder itself adds, so that files may refer to each other in any order."""
        names, folder = self.names, self.folder
        names.pages.update(types)
        names.images.update(folder.uploads["images"])
        names.documents.update(folder.uploads["documents"])
        for kind, files in folder.snippets.items():
            names.slugs.setdefault(snippet_models()[kind], set()).update(file.stem for file in files)
        seen: dict[tuple[type, str], str] = {}
        subjects = subject_models()
        for address, model in sorted(types.items()):
            if model in subjects:
                slug = address.rstrip("/").rpartition("/")[2]
                first = seen.setdefault((model, slug), address)
                if first != address:
                    folder.add(
                        folder.pages[address].name, f"there is already a {type_name(model)} {slug!r}: {first}"
                    )
                names.slugs.setdefault(model, set()).add(slug)

    def _read_page(self, address: str, model: type, file: TextFile, keys: Keys, body: str, body_line: int):
        plan = PagePlan(address, file.name, model, {}, dict(keys.lines))
        self.plan.pages[address] = plan
        plan.is_live = self._flag(file, keys, "live", default=True)
        known = keys_of(model)
        self._check_keys(file, keys, {*known, *PAGE_KEYS})
        reader = self._reader(file, plan)
        for key in known.values():
            self._read_key(plan, reader, file, keys, key)
        self._read_body(plan, reader, file, body, body_line)
        self._read_page_keys(plan, file, keys)
        self._fill_in(plan, keys)
        self._check_page(plan, file, keys)

    def _reader(self, file: TextFile, plan: PagePlan | None = None) -> ValueReader:
        return ValueReader(
            self.names,
            lambda wrong: self.folder.add(file.name, wrong.reason, wrong.line),
            identity=plan.address if plan else file.name,
            is_draft=bool(plan) and not plan.is_live,
        )

    def _check_keys(self, file: TextFile, keys: Keys, known: set[str]):
        for name in keys.values:
            if name not in known:
                self.folder.add(
                    file.name, f"there is no key {name!r} on this type of file", keys.line_of(name)
                )

    def _read_key(self, plan, reader: ValueReader, file: TextFile, keys: Keys, key: Key):
        if key.name == "body":
            if "body" in keys.values:
                self.folder.add(file.name, "the body stands below the front matter", keys.line_of("body"))
            return
        value = keys.values.get(key.name)
        if value is None:
            is_asked = not is_optional(key) and getattr(plan, "is_live", True)
            if is_asked or (key.form == "moment" and not is_optional(key)):
                self.folder.add(file.name, f"{key.name} is missing", keys.line)
            elif key.name not in LEFT_ALONE:
                plan.values[key.attribute] = default_of(plan.model, key)
            return
        try:
            plan.values[key.attribute] = reader.read(key, value)
        except Wrong as error:
            self.folder.add(file.name, error.reason, error.line)

    def _read_body(self, plan: PagePlan, reader: ValueReader, file: TextFile, body: str, line: int):
        key = keys_of(plan.model).get("body")
        if key:
            plan.values["body"] = reader.body(key, body, line)
        elif body.strip():
            first = line + len(body) - len(body.lstrip("\n"))
            self.folder.add(file.name, f"a page of type {type_name(plan.model)} has no body", first)

    def _flag(self, file: TextFile, keys: Keys, name: str, *, default: bool) -> bool:
        if name not in keys.values:
            return default
        try:
            return read_flag(keys.values[name], name)
        except Wrong as error:
            self.folder.add(file.name, error.reason, error.line)
            return default

    def _read_page_keys(self, plan: PagePlan, file: TextFile, keys: Keys):
        try:
            if "order" in keys.values:
                text = single(keys.values["order"], "order")
                if not (text.text.isascii() and text.text.isdigit() and len(text.text) <= 6):
                    raise Wrong(f"order must be a whole number, not {text.text!r}", text.line)
                plan.order = int(text.text)
            if "private" in keys.values:
                text = single(keys.values["private"], "private")
                if text.text not in ("login", ""):
                    raise Wrong("private can only be: login", text.line)
                plan.is_private = text.text == "login"
            if "redirect_from" in keys.values:
                for text in several(keys.values["redirect_from"], "redirect_from"):
                    self._add_redirect(RedirectPlan(text.text, plan.address, file.name, text.line))
        except Wrong as error:
            self.folder.add(file.name, error.reason, error.line)

    def _fill_in(self, plan: PagePlan, keys: Keys):
        """What follows from other keys: the menu from the place in the tree, added_at from the date of the piece."""
        values = plan.values
        plan.was_published = "added_at" in keys.values
        if "show_in_menus" not in keys.values:
            values["show_in_menus"] = stands_in_menu(plan.address, plan.model)
        if issubclass(plan.model, ContentPage) and "added_at" not in values and values.get("published_on"):
            noon = timezone.datetime.combine(values["published_on"], timezone.datetime.min.time()).replace(
                hour=12
            )
            values["added_at"] = localise(noon)

    def _check_page(self, plan: PagePlan, file: TextFile, keys: Keys):
        values = plan.values
        if getattr(plan.model, "needs_theme", False) and plan.is_live and not values.get("themes", True):
            self.folder.add(file.name, "themes is missing: this type is filed under at least one", keys.line)
        if (
            values.get("go_live_at")
            and values.get("expire_at")
            and values["expire_at"] <= values["go_live_at"]
        ):
            self.folder.add(file.name, "expire_at lies before go_live_at", keys.line_of("expire_at"))
        for first, last in (("starts_at", "ends_at"), ("year_from", "year_to"), ("group_min", "group_max")):
            low, high = values.get(first), values.get(last)
            if low is not None and high is not None and high < low:
                self.folder.add(file.name, f"{last} lies before {first}", keys.line_of(last))

    def _read_snippets(self, kind: str, files: list[TextFile]):
        model = snippet_models()[kind]
        field = model._meta.get_field(name_field(model))
        seen: dict[str, str] = {}
        for file in files:
            plan = self._read_snippet(model, file)
            if plan is None:
                continue
            self.plan.snippets.append(plan)
            name = plan.slug if field.name == "slug" else plan.values.get(field.name, plan.slug)
            if len(name) > field.max_length:
                self.folder.add(file.name, f"{name!r} is longer than {field.max_length} characters")
            first = seen.setdefault(name, file.name)
            if first != file.name:
                self.folder.add(
                    file.name, f"{name!r} stands in {first} already", plan.lines.get(field.name, 1)
                )

    def _read_snippet(self, model: type, file: TextFile) -> SnippetPlan | None:
        """The values of a file without blocks: a snippet, or the settings of the site."""
        opened = self._open(file)
        if not opened:
            return None
        _, keys, body, line = opened
        plan = SnippetPlan(file.stem, file.name, model, {}, dict(keys.lines))
        known = dict(keys_of(model))
        below = known.pop(SNIPPET_BODY, None) if model is not PortalSettings else None
        self._check_keys(file, keys, set(known))
        reader = self._reader(file)
        for key in known.values():
            self._read_key(plan, reader, file, keys, key)
        if below:
            plan.values[SNIPPET_BODY] = body.strip()
        elif body.strip():
            self.folder.add(file.name, "there is no place for text below the front matter here", line)
        return plan

    def _read_redirects(self, file: TextFile):
        rows, mistakes = read_redirect_rows(file)
        self.folder.mistakes.extend(mistakes)
        for row in rows:
            is_page = row.new in self.names.pages
            if is_page or leads_somewhere(row.new, self.names.pages):
                self._add_redirect(
                    RedirectPlan(row.old, row.new, file.name, row.line, is_page, row.is_permanent)
                )
            else:
                self.folder.add(file.name, f"there is no page at {row.new}", row.line)

    def _add_redirect(self, plan: RedirectPlan):
        problem = problem_of_old(plan.old)
        if problem:
            self.folder.add(plan.file, problem, plan.line)
            return
        plan.old = normal(plan.old)
        self.plan.redirects.append(plan)

    def _check_redirects(self):
        seen: dict[str, RedirectPlan] = {}
        for plan in self.plan.redirects:
            first = seen.setdefault(plan.old, plan)
            if first is not plan:
                self.folder.add(plan.file, f"{plan.old} is already redirected in {first.file}", plan.line)
            if is_taken(plan.old, self.names.pages):
                self.folder.add(
                    plan.file, f"{plan.old} is the address of a page, so it cannot lead away", plan.line
                )

    def _check_tree(self):
        """Every page has a parent that may hold it, and there is one home page."""
        pages, add = self.names.pages, self.folder.add
        if "/" not in pages and self.plan.pages:
            add("pages/index.md", "the site has no home page yet, and the folder has none either")
        for plan in self.plan.pages.values():
            is_home = issubclass(plan.model, HomePage)
            if (plan.address == "/") != is_home:
                add(plan.file, "the home page is pages/index.md, and only that", plan.lines.get("type", 1))
            elif not is_home:
                self._check_place(plan)
        self._check_counts()

    def _check_place(self, plan: PagePlan):
        parent = self.names.pages.get(plan.parent)
        if parent is None:
            self.folder.add(plan.file, f"there is no page at {plan.parent} to put this one under")
        elif parent not in plan.model.allowed_parent_page_models() or (
            plan.model not in parent.allowed_subpage_models()
        ):
            self.folder.add(
                plan.file,
                f"a page of type {type_name(plan.model)} cannot stand under one of type {type_name(parent)}",
                plan.lines.get("type", 1),
            )

    def _check_counts(self):
        for model in {plan.model for plan in self.plan.pages.values()}:
            addresses = [address for address, other in self.names.pages.items() if other is model]
            if model.max_count and len(addresses) > model.max_count:
                for address in addresses:
                    if address in self.plan.pages:
                        self.folder.add(
                            self.plan.pages[address].file,
                            f"the site has room for {model.max_count} page of type {type_name(model)}",
                        )
