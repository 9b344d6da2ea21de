"""The saved answers of a folder: every resource once, by type and id, and what is odd about the files."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from portal.content.folder import decode
from portal.content.mistakes import Mistake, Wrong

LARGEST = 50 * 1024 * 1024
#: The language of the portal, and what Drupal says of things without one.
OUR_LANGUAGES = ("nl", "und", "zxx", None, "")


@dataclass
class Resource:
    """One thing of the old site, with the file that it came from."""

    type: str
    id: str
    attributes: dict
    relationships: dict
    file: str

    @property
    def bundle(self) -> str:
        return self.type.partition("--")[2]

    def targets(self, name: str) -> list[dict]:
        """What a relationship points to, as {type, id, meta}; nothing for one that is empty or absent."""
        value = self.relationships.get(name)
        data = value.get("data") if isinstance(value, dict) else None
        found = data if isinstance(data, list) else [data]
        return [one for one in found if isinstance(one, dict) and isinstance(one.get("id"), str)]


@dataclass
class Answers:
    """What the folder holds."""

    resources: dict[tuple[str, str], Resource] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def get(self, target: dict) -> Resource | None:
        """The resource that a relationship points to, or None where it was not saved."""
        return self.resources.get((str(target.get("type")), target["id"]))

    def of_type(self, prefix: str) -> list[Resource]:
        return [one for one in self.resources.values() if one.type.startswith(prefix)]


def read_answers(root: Path) -> Answers:
    """Read every .json file of the folder, in order of name."""
    answers = Answers()
    offered, asked = set(), {}
    for path in sorted(root.rglob("*.json")):
        label = path.relative_to(root).as_posix()
        if path.is_symlink():
            answers.notes.append(f"{label} is a symbolic link and is not read")
            continue
        try:
            answer = _read(path)
        except Wrong as error:
            answers.mistakes.append(Mistake(label, error.line, error.reason))
            continue
        _keep(answers, answer, label)
        links = answer.get("links") if isinstance(answer.get("links"), dict) else {}
        offered.add(_page_of(links.get("self")))
        if links.get("next"):
            asked[_page_of(links["next"])] = label
    answers.notes += [
        f"{label} has a next page that was not saved" for page, label in asked.items() if page not in offered
    ]
    if not answers.of_type("node--") and not answers.mistakes:
        answers.mistakes.append(Mistake(root.name, 0, "there are no nodes in the .json files of this folder"))
    return answers


def _read(path: Path) -> dict:
    if path.stat().st_size > LARGEST:
        raise Wrong(f"the file is larger than {LARGEST // 2**20} MB", 0)
    text = decode(path.read_bytes())
    if text.lstrip()[:1] == "<":
        raise Wrong("this is a web page, perhaps an error, and no JSON: save the answer again", 1)
    try:
        answer = json.loads(text)
    except json.JSONDecodeError as error:
        raise Wrong(f"this is not valid JSON: {error.msg}", error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise Wrong(
            "this is not valid JSON: too many lists inside one another, or too long a number", 1
        ) from error
    if isinstance(answer, dict) and answer.get("errors"):
        raise Wrong("the old site answered with an error: save the answer again", 1)
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), (dict, list)):
        raise Wrong("this is no answer of JSON:API: it has no data", 1)
    return answer


def _keep(answers: Answers, answer: dict, label: str):
    data = answer["data"] if isinstance(answer["data"], list) else [answer["data"]]
    included = answer.get("included") if isinstance(answer.get("included"), list) else []
    for raw in [*data, *included]:
        if not (
            isinstance(raw, dict) and isinstance(raw.get("type"), str) and isinstance(raw.get("id"), str)
        ):
            answers.mistakes.append(Mistake(label, 0, "a thing in this answer has no type or id"))
            continue
        new = Resource(
            raw["type"], raw["id"], _dict(raw.get("attributes")), _dict(raw.get("relationships")), label
        )
        key = new.type, new.id
        known = answers.resources.get(key)
        if known is None:
            answers.resources[key] = new
            continue
        if known.type.startswith("node--") and known.file != label:
            answers.notes.append(
                f"{new.type} {new.id} stands in {known.file} and in {label}; the newest is used"
            )
        if _rank(new) > _rank(known):
            answers.resources[key] = new


def _rank(resource: Resource) -> tuple:
    """The Dutch version before a translation, the fullest, and of two the one that changed last."""
    attributes = resource.attributes
    return (
        attributes.get("langcode") in OUR_LANGUAGES,
        len(attributes) > 0,
        str(attributes.get("changed") or ""),
    )


def _dict(value) -> dict:
    return value if isinstance(value, dict) else {}


def _page_of(link) -> tuple:
    """Which page of which list an address of JSON:API asks for, whatever else stands in it."""
    href = link.get("href", "") if isinstance(link, dict) else link
    try:
        parts = urlsplit(href if isinstance(href, str) else "")
    except ValueError:
        return ()
    query = parse_qs(parts.query)
    return parts.path, tuple(query.get("page[offset]", ["0"])), tuple(query.get("page[limit]", []))
