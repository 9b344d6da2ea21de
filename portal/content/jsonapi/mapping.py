"""The small file that says what the old site's types, terms, people and fields are here: mapping.yml."""

from dataclasses import dataclass, field
from pathlib import Path

from portal.content.folder import decode
from portal.content.markup import Items, Keys, Text, parse_yaml
from portal.content.mistakes import Mistake, Wrong

PARTS = ("hosts", "types", "terms", "authors", "fields")
LEFT_OUT = "-"
#: Where the value of an old field can go.
FIELD_TARGETS = ("summary", "subtitle", "date", "starts_at", "ends_at", "location", LEFT_OUT)


@dataclass
class Mapping:
    """What the file says; a part that it does not hold is empty."""

    hosts: list[str] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


def read_mapping(path: Path) -> Mapping:
    """Read the file; none is an empty mapping."""
    mapping = Mapping()
    if not path.exists():
        return mapping
    try:
        keys = parse_yaml(decode(path.read_bytes()), 1) or Keys({}, 1)
        if not isinstance(keys, Keys):
            raise Wrong("the file must hold the parts hosts, types, terms, authors and fields", 1)
        for name, value in keys.values.items():
            if name not in PARTS:
                raise Wrong(
                    f"there is no part {name!r}; the parts are {', '.join(PARTS)}", keys.line_of(name)
                )
            setattr(mapping, name, _texts(value, name) if name == "hosts" else _pairs(value, name))
    except Wrong as error:
        mapping.mistakes.append(Mistake(path.name, error.line, error.reason))
    return mapping


def _texts(value, name: str) -> list[str]:
    if not isinstance(value, Items) or not all(isinstance(one, Text) for one in value.values):
        raise Wrong(f"{name} must be a list", value.line)
    return [one.text for one in value.values]


def _pairs(value, name: str) -> dict[str, str]:
    if not isinstance(value, Keys):
        raise Wrong(f"{name} must be a list of `old: new`", value.line)
    pairs = {}
    for old, new in value.values.items():
        if not isinstance(new, Text):
            raise Wrong(f"{old} must be a single text", value.line_of(old))
        if name == "fields" and new.text not in FIELD_TARGETS:
            raise Wrong(
                f"a field can go to {', '.join(FIELD_TARGETS)}, not to {new.text!r}", value.line_of(old)
            )
        pairs[old] = new.text
    return pairs
