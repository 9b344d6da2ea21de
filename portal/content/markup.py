"""A content file taken apart: YAML in front matter and blocks, each value with its line, and the Markdown between.

YAML is read as text: what a value means (a date, a number, a title that looks like one) depends on the key it stands
under, so nothing is guessed here. Aliases are refused: they can make a small file endless.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from portal.content.mistakes import Wrong

FENCE = "---"
OPENING = re.compile(r"^:::[ \t]*(\S.*?)[ \t]*$")
MAX_DEPTH = 12


def is_control(character: str) -> bool:
    """Whether no file may hold this character: nobody can see it, and databases and XML refuse some of them."""
    return unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n"


def as_in_file(text: str) -> str:
    """The text as a file holds it: plain line ends, and no control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isprintable() else "".join(c for c in text if not is_control(c))


@dataclass(frozen=True)
class Text:
    """A single value: its text as written, and whether YAML took it for nothing (null) or marked it as rich text."""

    text: str
    line: int
    is_null: bool = False
    is_html: bool = False
    is_block: bool = False

    @property
    def first(self) -> int:
        """The line of the file on which the text itself begins: below the `|` of a block."""
        return self.line + self.is_block


@dataclass(frozen=True)
class Items:
    """A list of values."""

    values: list
    line: int


@dataclass(frozen=True)
class Keys:
    """A mapping: key to value, in the order of the file."""

    values: dict
    line: int
    lines: dict = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


@dataclass(frozen=True)
class Piece:
    """A part of a body: Markdown when `name` is empty, else the block `::: name` with the text inside it."""

    name: str
    text: str
    line: int


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent, index):
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Wrong(
                "YAML anchors (&) and aliases (*) are not used here: put the text in quotes",
                event.start_mark.line,
            )
        return super().compose_node(parent, index)


def parse_yaml(text: str, line: int):
    """The value that `text` says, whose first line is line `line` of the file; None when it says nothing.

    Raises Wrong with the line of the file.
    """
    try:
        loader = _Loader(text + "\n")  # the end of the last line, which a cut into lines takes away
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Wrong(f"this is not valid YAML: {error.problem or error.context}", line + mark.line) from error
    except yaml.reader.ReaderError as error:
        at = line + text[: error.position].count("\n")
        raise Wrong(f"this is not valid YAML: {error.reason}", at) from error
    except RecursionError as error:
        raise Wrong("this is not valid YAML: too many lists inside one another", line) from error
    except Wrong as error:
        raise Wrong(error.reason, line + error.line) from error
    return None if node is None else _value(node, line, 0)


def _value(node, first: int, depth: int):
    line = first + node.start_mark.line
    if depth > MAX_DEPTH:
        raise Wrong("too many lists inside one another", line)
    if isinstance(node, yaml.ScalarNode):
        is_null = node.tag == "tag:yaml.org,2002:null"
        if not node.tag.startswith("tag:yaml.org,2002:") and node.tag != "!html":
            raise Wrong(f"unknown YAML tag {node.tag}", line)
        odd = next((c for c in node.value if is_control(c)), None)
        if odd is not None:
            raise Wrong(f"a control character (U+{ord(odd):04X}) stands here", line)
        return Text(
            "" if is_null else node.value, line, is_null, node.tag == "!html", node.style in ("|", ">")
        )
    if isinstance(node, yaml.SequenceNode):
        return Items([_value(child, first, depth + 1) for child in node.value], line)
    values, lines = {}, {}
    for key_node, value_node in node.value:
        key_line = first + key_node.start_mark.line
        if not isinstance(key_node, yaml.ScalarNode):
            raise Wrong("a key must be a single word", key_line)
        if any(map(is_control, key_node.value)):
            raise Wrong("a control character stands in this key", key_line)
        if key_node.value in values:
            raise Wrong(f"the key {key_node.value} stands here twice", key_line)
        values[key_node.value] = _value(value_node, first, depth + 1)
        lines[key_node.value] = key_line
    return Keys(values, line, lines)


def split_file(text: str) -> tuple[Keys, str, int]:
    """The front matter, the body and the line on which the body begins. Raises Wrong."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        raise Wrong("the file must begin with --- and its front matter", 1)
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.rstrip() == FENCE), None)
    if end is None:
        raise Wrong("the front matter is not closed: a line --- is missing", 1)
    keys = parse_yaml("\n".join(lines[1:end]), 2)
    if keys is None:
        keys = Keys({}, 1)
    if not isinstance(keys, Keys):
        raise Wrong("the front matter must be a list of `key: value`", 2)
    return keys, "\n".join(lines[end + 1 :]), end + 2


def split_body(text: str, first: int) -> Iterator[Piece]:
    """The pieces of a body whose first line is line `first` of the file. Raises Wrong."""
    markdown: list[str] = []
    start = first
    lines = iter(enumerate(text.split("\n"), start=first))
    for number, line in lines:
        if not line.startswith(":::"):
            markdown.append(line)
            continue
        opening = OPENING.match(line)
        if not opening:
            raise Wrong("::: closes a block, but none is open here", number)
        if any(part.strip() for part in markdown):
            yield Piece("", "\n".join(markdown), start)
        inside: list[str] = []
        for _, inner in lines:
            if inner.rstrip() == ":::":
                break
            inside.append(inner)
        else:
            raise Wrong(f"the block {opening[1]} is not closed: a line ::: is missing", number)
        yield Piece(opening[1], "\n".join(inside), number + 1)
        markdown, start = [], number + len(inside) + 2
    if any(part.strip() for part in markdown):
        yield Piece("", "\n".join(markdown), start)
