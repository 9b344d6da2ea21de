"""YAML for content files: the same text each time, and read back as exactly the value that was written."""

import re

import yaml

from portal.content.markup import as_in_file

#: What YAML itself takes for the end of a line, or cannot hold as it is; such a text is written in double quotes.
ODD = re.compile("[\u2028\u2029\ufeff\ufffe\uffff]")
LONGEST_LINE = 2**30


class Html(str):
    """Rich text that Markdown cannot say."""


class Bare(str):
    """A text that is never quoted: a date, a moment, a number."""


class InLine(list):
    """A list that stands on one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow=False, indentless=False):
        """A list below a key goes in by two spaces."""
        return super().increase_indent(flow, False)


def write_yaml(values: dict) -> str:
    """The lines that say these values; "" when there are none."""
    if not values:
        return ""
    return yaml.serialize(_node(values), Dumper=_Dumper, allow_unicode=True, width=LONGEST_LINE)


def _node(value) -> yaml.Node:
    if isinstance(value, dict):
        pairs = [(_node(key), _node(inner)) for key, inner in value.items()]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)
    if isinstance(value, list):
        is_in_line = isinstance(value, InLine) or not value
        return yaml.SequenceNode("tag:yaml.org,2002:seq", [_node(v) for v in value], flow_style=is_in_line)
    if value is None:
        return yaml.ScalarNode("tag:yaml.org,2002:null", "null")
    if isinstance(value, bool):
        return yaml.ScalarNode("tag:yaml.org,2002:bool", "true" if value else "false")
    if isinstance(value, Html):
        return yaml.ScalarNode("!html", str(value), style='"')
    if isinstance(value, Bare):
        resolved = yaml.SafeDumper("").resolve(yaml.ScalarNode, str(value), (True, False))
        return yaml.ScalarNode(resolved, str(value))
    text = as_in_file(str(value))
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=_style(text))


def _style(text: str) -> str | None:
    """A block for lines that can stand as they are, double quotes for what cannot; else what YAML needs."""
    if ODD.search(text):
        return '"'
    if "\n" not in text:
        return None
    stands_as_it_is = (
        text[0] not in " \n" and not text.endswith("\n\n") and "\t" not in text and " \n" not in text
    )
    return "|" if stands_as_it_is and not text.endswith(" ") else '"'
