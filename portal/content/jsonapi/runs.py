"""Runs of text, each in one style, written as the paragraphs of rich text that an editor could have made."""

import re
from html import escape
from itertools import groupby

from portal.content.markdown import attributes_to_html

#: A style is a tuple of marks: "b", "i", "" for nothing, or the attributes of a link as pairs.
Run = tuple[tuple, str]


def paragraphs(line: list[Run]) -> list[str]:
    """The runs of a line as paragraphs of HTML: two line breaks begin a new one; empty ones are none."""
    parts: list[list[Run]] = [[]]
    breaks = 0
    for style, text in line:
        if text.strip("\n") == "":
            breaks += len(text)
            continue
        if text == " " and breaks:
            continue
        if breaks and parts[-1]:
            parts.append([]) if breaks > 1 else parts[-1].append(((), "\n"))
        breaks = 0
        parts[-1].append((style, text))
    return [html for part in parts if (html := _html_of(part))]


def _html_of(runs: list[Run]) -> str:
    """Runs of one style together; spaces between words stay, those at the ends go."""
    merged: list[list] = []
    for style, text in runs:
        plain = _plain_style(style)
        if merged and merged[-1][0] == plain:
            merged[-1][1] += text
        else:
            merged.append([plain, text])
    text = "".join(part[1] for part in merged)
    if not text.strip():
        return ""
    merged[0][1], merged[-1][1] = merged[0][1].lstrip(), merged[-1][1].rstrip()
    html = "".join(
        _linked(link, "".join(_styled(style, re.sub(r" +", " ", part)) for style, part in group if part))
        for link, group in groupby(merged, key=lambda run: _link_of(run[0]))
    )
    return re.sub(r"  +", " ", html)


def _plain_style(style: tuple) -> tuple:
    """Each mark once; of links inside one another the innermost."""
    return (*_link_of(style), *(name for name in ("b", "i") if name in style))


def _link_of(style: tuple) -> tuple:
    return tuple([mark for mark in style if isinstance(mark, tuple)][-1:])


def _linked(link: tuple, html: str) -> str:
    return f"<a{attributes_to_html(dict(link[0]))}>{html}</a>" if link and html.strip() else html


def _styled(style: tuple, text: str) -> str:
    html = escape(text, quote=False).replace("\n", "<br/>")
    for mark in ("i", "b"):
        html = f"<{mark}>{html}</{mark}>" if mark in style and html.strip() else html
    return html
