"""What the addresses of the site before this one had in common: themes and the items filed under them."""

import re
from dataclasses import dataclass

from portal.chrome import get_chrome

THEME_PATH = re.compile(r"(?:/kennisbank)?/(?:aan-de-slag-met[-/])?([a-z0-9-]+)")
ITEM_PATH = re.compile(r"(?:/kennisbank)?/aan-de-slag-met[-/]([a-z0-9-]+)/([a-z0-9-]+)")


@dataclass(frozen=True)
class Place:
    """A theme, or an item that was filed under it."""

    theme: object
    slug: str = ""


def place_of(path: str) -> Place | None:
    """What an old path without its query says, e.g. `/de-raad` or `/kennisbank/aan-de-slag-met-samenspel/lezing`."""
    themes = {theme.slug: theme for theme in get_chrome().themes}
    if match := THEME_PATH.fullmatch(path):
        return Place(themes[match[1]]) if match[1] in themes else None
    match = ITEM_PATH.fullmatch(path)
    return Place(themes[match[1]], match[2]) if match and match[1] in themes else None
