"""Importing the saved answers: every node of a Dutch page becomes a page here, all of them or none."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from portal.content.filing import Filing
from portal.content.jsonapi.answers import OUR_LANGUAGES, Resource, read_answers
from portal.content.jsonapi.files import Files
from portal.content.jsonapi.mapping import LEFT_OUT, read_mapping
from portal.content.jsonapi.nodes import Node, NodeReader, moment_of, slug_of_person
from portal.content.jsonapi.surroundings import Surroundings
from portal.content.mistakes import ContentMistakes, Mistake, Wrong
from portal.content.old_addresses import OldAddresses, host_of
from portal.content.old_kinds import OLD_KINDS, old_kind
from portal.content.places import Places
from portal.content.plan import PagePlan, Plan, RedirectPlan, SnippetPlan
from portal.content.present import read_present
from portal.content.schema import page_types
from portal.content.tidy import tidy_line, title_key
from portal.content.writing import Outcome, Progress, write_plan
from portal.lost.addresses import normal
from portal.models import ContentPage, Person

MAPPING = "mapping.yml"


@dataclass
class PageReport:
    """What becomes of one node."""

    title: str
    address: str
    is_new: bool
    is_live: bool
    redirects: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class Report:
    """All pages, what was skipped and what is to be known of the folder as a whole."""

    pages: list[PageReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)


def import_answers(
    root: Path,
    user=None,
    *,
    files: Path | None = None,
    mapping: Path | None = None,
    is_live: bool = False,
    is_trial: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Import every node of the folder, or nothing. Raises ContentMistakes."""
    root = Path(root)
    if not root.is_dir():
        raise ContentMistakes([Mistake(str(root), 0, "there is no such folder")])
    importer = _Importer(root, mapping or root / MAPPING, files or root / "files", is_live)
    plan = importer.read()
    if importer.mistakes:
        raise ContentMistakes(importer.mistakes)
    importer.report.outcome = write_plan(plan, importer.present, user, is_trial=is_trial, progress=progress)
    return importer.report


class _Importer:
    def __init__(self, root: Path, mapping: Path, files: Path, is_live: bool):
        self.answers, self.mapping, self.is_live = read_answers(root), read_mapping(mapping), is_live
        self.present = read_present()
        self.plan, self.report, self.filing = Plan(), Report(notes=self.answers.notes), Filing()
        self.mistakes = [*self.answers.mistakes, *self.mapping.mistakes]
        self.places = Places(self.present)
        self.hosts = {host_of(f"https://{host_of(host) or host}") for host in self.mapping.hosts}
        self.surroundings = Surroundings(
            self.answers, Files(files, self.plan, self.present), self.present.names(), self.hosts
        )

    def read(self) -> Plan:
        nodes = [node for one in self.answers.of_type("node--") if (node := self._understand(one))]
        self._find_aliases(nodes)
        self._place(nodes)
        for node in nodes:
            if node.address:
                self._read_node(node)
        self._read_redirects(nodes)
        return self.plan

    def _understand(self, one: Resource) -> Node | None:
        """The node with its kind and dates; None for one that is left out or wrong."""
        attributes = one.attributes
        title = tidy_line(str(attributes.get("title") or ""))
        label = title or f"{one.type} {one.id}"
        if attributes.get("langcode") not in OUR_LANGUAGES:
            self.report.notes.append(f"left out: {label}, in the language {attributes['langcode']}")
            return None
        word = self.mapping.types.get(one.bundle, one.bundle.replace("_", "-"))
        if word == LEFT_OUT:
            self.report.notes.append(f"left out: {label}, of the type {one.bundle}")
            return None
        kind = old_kind(word)
        if kind is None:
            known = ", ".join(OLD_KINDS)
            reason = f"the type {word!r} is not known: say in {MAPPING} which of {known} it is, or {LEFT_OUT}"
            self.mistakes.append(Mistake(one.file, 0, reason))
            return None
        if not title or len(title) > 255:
            reason = f"{one.type} {one.id} has {'no title' if not title else 'a title of more than 255 characters'}"
            self.mistakes.append(Mistake(one.file, 0, reason))
            return None
        try:
            created = moment_of(attributes.get("created"))
        except ValueError as error:
            self.mistakes.append(Mistake(one.file, 0, f"{label}: created: {error}"))
            return None
        node = Node(one, title, kind, page_types()[kind.type_name], None, created or timezone.now())
        node.date = timezone.localtime(created, timezone.get_default_timezone()).date() if created else None
        if created is None:
            node.note("it has no date")
        return node

    def _find_aliases(self, nodes: list[Node]):
        """The old paths of each node: its own alias, those kept apart, and /node/12."""
        kept: dict[str, list[str]] = {}
        for one in self.answers.of_type("path_alias--"):
            path, alias = one.attributes.get("path"), one.attributes.get("alias")
            if (
                isinstance(path, str)
                and isinstance(alias, str)
                and one.attributes.get("langcode") in OUR_LANGUAGES
            ):
                kept.setdefault(path, []).append(alias)
        for node in nodes:
            attributes = node.resource.attributes
            number = attributes.get("drupal_internal__nid")
            path = attributes.get("path") if isinstance(attributes.get("path"), dict) else {}
            found = [path.get("alias"), *kept.get(f"/node/{number}", []), f"/node/{number}" if number else ""]
            node.aliases = list(dict.fromkeys(normal(one) for one in found if isinstance(one, str) and one))

    def _place(self, nodes: list[Node]):
        """The address of every page before any text is read, so that texts may link to each other."""
        titles = Counter((node.model, node.kind.kind, title_key(node.title)) for node in nodes)
        for node in nodes:
            identity = node.model, node.kind.kind, title_key(node.title)
            number = node.aliases[-1] if node.aliases else ""
            address = self.places.known(
                node.model, str(node.kind.kind), node.title, node.date, number, is_alone=titles[identity] == 1
            )
            is_new = not address
            if is_new:
                for there in self.places.by_key.get(title_key(node.title), ()):
                    node.note(f"the site has a page of nearly this title: {there}")
                try:
                    address = self.places.new(
                        node.model, node.title, f"item-{number.rpartition('/')[2] or 'oud'}"
                    )
                except Wrong as error:
                    self.mistakes.append(Mistake(node.resource.file, 0, error.reason))
                    continue
            node.address = address
            surroundings = self.surroundings
            surroundings.names.pages[address] = node.model
            surroundings.by_uuid[node.resource.id] = address
            surroundings.titles[address] = node.title
            for alias in node.aliases:
                surroundings.by_path.setdefault(alias, address)
            self.report.pages.append(PageReport(node.title, address, is_new, False, [], node.notes))

    def _read_node(self, node: Node):
        report = next(one for one in self.report.pages if one.address == node.address)
        self.surroundings.base = node.aliases[0] if node.aliases else "/"
        reader = NodeReader(node, self.surroundings, self.mapping, self.filing)
        try:
            values = reader.values()
        except Wrong as error:
            self.mistakes.append(Mistake(node.resource.file, 0, error.reason))
            return
        if not report.is_new:
            return
        if issubclass(node.model, ContentPage):
            values["author_links"] = self._authors(node)
        page = PagePlan(node.address, node.resource.file, node.model, values, {})
        page.was_published = node.was_published
        page.is_live = report.is_live = self.is_live and node.was_published and not reader.lacks_moment
        if not node.was_published:
            node.note("it was not published on the old site and stays a draft")
        self.plan.pages[node.address] = page

    def _authors(self, node: Node) -> list[str]:
        """The slug of the person who wrote it; a person that the site does not have yet is made."""
        slugs = []
        for target in node.resource.targets("uid"):
            user = self.answers.get(target)
            old = str(
                (user.attributes.get("display_name") or user.attributes.get("name") or "") if user else ""
            )
            name = tidy_line(self.mapping.authors.get(old, old))
            if not user:
                node.note("its author was not saved with the answers")
            if not name or name == LEFT_OUT or not slug_of_person(name):
                continue
            slug = slug_of_person(name)
            known = self.present.slugs.setdefault(Person, {})
            if slug not in known and all(one.slug != slug for one in self.plan.snippets):
                self.plan.snippets.append(
                    SnippetPlan(slug, node.resource.file, Person, {"name": name[:120]}, {})
                )
            slugs.append(slug)
        return slugs

    # Old addresses.

    def _read_redirects(self, nodes: list[Node]):
        pages = self.surroundings.names.pages
        wanted: dict[str, tuple[str, bool, list[str]]] = {}
        reports = {one.address: one for one in self.report.pages}
        for node in nodes:
            for alias in node.aliases if node.address else ():
                wanted.setdefault(alias, (node.address, True, node.notes))
        for one in self.answers.of_type("redirect--"):
            self._read_redirect(one, wanted)
        rule = OldAddresses(list(wanted), self.hosts, pages, self.places.redirects)
        for old, (target, is_page, notes) in wanted.items():
            reason = rule.refusal(old)
            if reason:
                notes.append(f"no redirect from {old}: {reason}")
                continue
            self.plan.redirects.append(RedirectPlan(old, target, MAPPING, 0, is_page))
            if is_page and target in reports:
                reports[target].redirects.append(old)

    def _read_redirect(self, one: Resource, wanted: dict):
        """A redirect of the old site: to a page here, or to elsewhere; one that leads nowhere is told."""
        source, target = one.attributes.get("redirect_source"), one.attributes.get("redirect_redirect")
        path = source.get("path") if isinstance(source, dict) else None
        uri = target.get("uri") if isinstance(target, dict) else None
        if not isinstance(path, str) or not isinstance(uri, str):
            self.report.notes.append(f"a redirect without its addresses was left out: {one.id}")
            return
        query = source.get("query")
        pairs = (
            "&".join(f"{name}={value}" for name, value in query.items()) if isinstance(query, dict) else ""
        )
        old = normal(f"/{path.lstrip('/')}{'?' * bool(pairs)}{pairs}")
        attributes, problem = self.surroundings.link(uri)
        if attributes is None:
            self.report.notes.append(f"the redirect from {old} {problem}: {uri}")
        elif attributes.get("linktype") == "page":
            address = attributes["id"].strip("\0").partition(":")[2]
            wanted.setdefault(old, (address, True, self.report.notes))
        elif attributes.get("href", "").startswith("http"):
            wanted.setdefault(old, (attributes["href"], False, self.report.notes))
        else:
            self.report.notes.append(f"the redirect from {old} was left out: {uri}")
