"""One node of the old site read: its dates, how it is filed, its text and its files, as the values of a page."""

import datetime
import re
from dataclasses import dataclass, field

from django.utils.html import strip_tags
from django.utils.text import slugify

from portal.content.block_reading import give_ids
from portal.content.filing import Filed, Filing
from portal.content.jsonapi.answers import Resource
from portal.content.jsonapi.html_reading import HtmlReader, soup_of
from portal.content.jsonapi.mapping import LEFT_OUT, Mapping
from portal.content.jsonapi.surroundings import Surroundings
from portal.content.mistakes import Wrong
from portal.content.moments import localise, read_written_date
from portal.content.names import mark
from portal.content.old_kinds import OldKind, form_of
from portal.content.tidy import tidy_line
from portal.models import ContentPage
from portal.text import cut

#: Drupal's own bookkeeping, which a page here has in another way.
BOOKKEEPING = re.compile(
    r"(drupal_internal__|revision_|content_translation_|publish_|unpublish_)\w*"
    r"|status|title|langcode|default_langcode|created|changed|promote|sticky|path|metatag|comment|moderation_state"
    r"|behavior_settings|parent_\w+|metatag_normalized"
)
TITLE_FIELD = re.compile(r"(field_)?(\w+_)?(title|titel|heading|kop|header)")
OWN_RELATIONSHIPS = {
    "node_type",
    "revision_uid",
    "uid",
    "menu_link",
    "paragraph_type",
    "content_translation_uid",
}
DEEPEST = 5
SUMMARY_LENGTH = 300


@dataclass
class Node:
    """A node and what was found out about it before its text is read."""

    resource: Resource
    title: str
    kind: OldKind
    model: type
    date: datetime.date | None
    created: datetime.datetime
    address: str = ""
    aliases: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def was_published(self) -> bool:
        return self.resource.attributes.get("status") is True

    def note(self, text: str):
        if text not in self.notes:
            self.notes.append(text)


def moment_of(value) -> datetime.datetime | None:
    """A timestamp of JSON:API, as text or as seconds; None for none. Raises ValueError."""
    if value in (None, ""):
        return None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number or (isinstance(value, str) and value.isdigit()):
        try:
            moment = datetime.datetime.fromtimestamp(int(value), datetime.UTC)
        except (OverflowError, OSError) as error:
            raise ValueError(f"{value!r} is not a moment") from error
    else:
        try:
            moment = datetime.datetime.fromisoformat(str(value))
        except ValueError as error:
            raise ValueError(f"{value!r} is not a moment") from error
        moment = moment if moment.tzinfo else localise(moment)
    if not 1980 <= moment.year <= 2200:
        raise ValueError(f"{value!r} is not a moment of a site")
    return moment


class NodeReader:
    """Reads the values of one node; what cannot be carried over goes to its notes."""

    def __init__(self, node: Node, surroundings: Surroundings, mapping: Mapping, filing: Filing):
        self.node, self.surroundings, self.mapping, self.filing = node, surroundings, mapping, filing
        self.is_event = node.kind.type_name == "event"
        self.filed, self.found = Filed(), {}
        self.documents: list[str] = []
        self.related: list[str] = []
        self.images: list[tuple] = []
        self.pieces: list[tuple[str, object]] = []

    def values(self) -> dict[str, object]:
        """The values of the page, with marks. Raises Wrong for a date that is none."""
        self._gather(self.node.resource, 0)
        body, plain = self._body()
        node, values = self.node, {"title": self.node.title}
        body = give_ids(body, f"{node.address}#body")
        if not issubclass(node.model, ContentPage):
            return {**values, "introduction": self.found.get("summary", ""), "body": body}
        if not self.filed.themes and node.model.needs_theme:
            node.note("no theme; an editor is asked for one when the page is saved")
        values |= {
            "summary": self._summary(plain),
            "subtitle": self.found.get("subtitle", "")[:250],
            "body": body,
            "published_on": node.date,
            "added_at": node.created,
            "show_in_recent": False,
            "themes": self.filed.themes,
            "topics": self.filed.topics,
            "roles": self.filed.roles,
            "download_links": self.documents,
            "related_links": [mark("page", address) for address in self.related],
        }
        if self.images:
            values["image"] = self.images[0][0]
        return values | self._own_values()

    def _own_values(self) -> dict[str, object]:
        node = self.node
        if node.kind.type_name == "news":
            return {"kind": str(node.kind.kind)}
        if node.kind.type_name == "publication":
            return {"form": form_of(node.kind, node.title)}
        if node.kind.type_name != "event":
            return {}
        starts, ends = self.found.get("starts_at"), self.found.get("ends_at")
        if starts is None:
            node.note("a meeting without its moment stays a draft; it stands on the day the page was made")
            starts = node.created
        values = {"starts_at": starts, "ends_at": max(starts, ends or starts)}
        return values | ({"location": self.found["location"][:200]} if self.found.get("location") else {})

    @property
    def lacks_moment(self) -> bool:
        return self.is_event and self.found.get("starts_at") is None

    def _summary(self, plain: str) -> str:
        summary = self.found.get("summary", "")
        if summary:
            return summary
        self.node.note(
            f"no summary; {'the beginning of the text' if plain else 'the title'} stands in its place"
        )
        return cut(plain, SUMMARY_LENGTH) if plain else self.node.title

    # Gathering.

    def _gather(self, resource: Resource, depth: int):
        """Every field of a node, or of a paragraph inside it, in the order of the answer."""
        for name, value in resource.attributes.items():
            if not BOOKKEEPING.fullmatch(name) and value not in (None, "", [], {}, False):
                self._field(name, value, resource)
        for name in resource.relationships:
            if name not in OWN_RELATIONSHIPS:
                for target in resource.targets(name):
                    self._related(name, target, depth)

    def _field(self, name: str, value, resource: Resource):
        goal = self.mapping.fields.get(name, "")
        values = value if isinstance(value, list) else [value]
        if goal == LEFT_OUT:
            return
        if goal:
            self._mapped(goal, values[0])
            return
        for one in values:
            if isinstance(one, dict) and ("format" in one or "processed" in one):
                self._long_text(one)
            elif isinstance(one, dict) and isinstance(one.get("uri"), str):
                self.pieces.append(("link", (one["uri"], tidy_line(str(one.get("title") or "")))))
            elif (
                isinstance(one, dict)
                and self.node.kind.type_name == "event"
                and one.get("value")
                and "end_value" in one
            ):
                self._mapped("starts_at", one)
            elif (
                isinstance(one, str)
                and resource.type.startswith("paragraph--")
                and TITLE_FIELD.fullmatch(name)
            ):
                self.pieces.append(("heading", one))
            else:
                self.node.note(f"the field {name} of {resource.bundle} was left out: {str(one)[:60]}")

    def _long_text(self, value: dict):
        if value.get("summary") and "summary" not in self.found:
            self.found["summary"] = tidy_line(strip_tags(str(value["summary"])))
        text = value.get("value")
        text = text if isinstance(text, str) else value.get("processed")
        if not isinstance(text, str) or not text.strip():
            return
        if value.get("format") == "plain_text":
            text = "".join(f"<p>{part}</p>" for part in re.split(r"\n\s*\n", text.replace("<", "&lt;")))
        self.pieces.append(("html", text))

    def _mapped(self, goal: str, value):
        value = value if isinstance(value, dict) else {"value": value}
        text = str(value.get("value") or value.get("processed") or "")
        try:
            if goal == "date":
                self.node.date = read_written_date(text)
            elif goal in ("starts_at", "ends_at"):
                self.found[goal] = moment_of(value.get("value"))
                if value.get("end_value"):
                    self.found["ends_at"] = moment_of(value["end_value"])
            else:
                self.found[goal] = tidy_line(strip_tags(text))
        except ValueError as error:
            raise Wrong(f"{self.node.title}: {error}", 0) from error

    def _related(self, name: str, target: dict, depth: int):
        kind, found = str(target.get("type")), self.surroundings.answers.get(target)
        if self.mapping.fields.get(name) == LEFT_OUT:
            return
        if found is None and kind.startswith("node--") and target["id"] in self.surroundings.by_uuid:
            found = Resource(kind, target["id"], {}, {}, "")
        if found is None:
            self.node.note(f"what the field {name} points to ({kind}) was not saved")
        elif kind.startswith("taxonomy_term--"):
            self._term(found)
        elif kind.startswith("paragraph--") and depth < DEEPEST:
            self._gather(found, depth + 1)
        elif kind.startswith(("media--", "file--")):
            self._medium(found, target, depth)
        elif kind.startswith("node--") and found.id in self.surroundings.by_uuid:
            address = self.surroundings.by_uuid[found.id]
            is_item = issubclass(self.surroundings.names.pages[address], ContentPage)
            if is_item and address != self.node.address and address not in self.related:
                self.related.append(address)
        else:
            self.node.note(f"the field {name} was left out: {kind}")

    def _term(self, term: Resource):
        name = tidy_line(str(term.attributes.get("name") or ""))
        wanted = self.mapping.terms.get(name, name)
        if wanted == LEFT_OUT:
            return
        filed = self.filing.find(wanted)
        if filed is None:
            self.node.note(
                f"the term “{name}” ({term.bundle}) is not known here: say in mapping.yml what it is"
            )
        else:
            self.filed.add(filed)

    def _medium(self, found: Resource, target: dict, depth: int):
        alt = tidy_line(str((target.get("meta") or {}).get("alt") or ""))
        if found.type.startswith("file--"):
            path = self.surroundings.path_of(found)
            medium, problem = (
                self.surroundings.file(path, alt) if path else (None, "a file is not in the folder")
            )
        else:
            medium, problem = self.surroundings.medium(found, alt)
        if medium is None:
            self.node.note(
                f"{problem}: {found.attributes.get('name') or found.attributes.get('filename') or found.id}"
            )
        elif medium[0] == "image":
            if depth:
                self.pieces.append(("image", medium[1]))
            else:
                self.images.append(medium[1])
        elif "linktype" in medium[1][0] and not depth:
            if medium[1][0]["id"] not in self.documents:
                self.documents.append(medium[1][0]["id"])
        else:
            self.pieces.append(("stored_link", medium[1]))

    # The body.

    def _body(self) -> tuple[list[dict], str]:
        """The blocks, and all words of the text pieces."""
        html = [value for kind, value in self.pieces if kind == "html"]
        reader = HtmlReader(self.surroundings, self.node.note, self.node.title)
        reader.learn_levels(html)
        for kind, value in self.pieces:
            if kind == "html":
                reader.read(value)
            elif kind == "heading":
                reader.add_heading(value)
            elif kind == "image":
                reader.add_image(value)
            elif kind == "stored_link":
                reader.add_link(*value)
            else:
                attributes, problem = self.surroundings.link(value[0])
                if attributes:
                    reader.add_link(attributes, value[1] or value[0])
                else:
                    self.node.note(f"the link to {value[0]} {problem}")
        for image in self.images[1:]:
            reader.add_image(image)
        plain = " ".join(words_of(piece) for piece in html)
        return reader.finish(), tidy_line(plain)


def words_of(html: str) -> str:
    soup = soup_of(html)
    for tag in soup(["script", "style", "table", "figure", "h1", "h2", "h3", "h4", "h5", "h6"]):
        tag.extract()
    return soup.get_text(" ")


def slug_of_person(name: str) -> str:
    return slugify(name)[:80]
