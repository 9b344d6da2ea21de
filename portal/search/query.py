"""What a reader's words ask for."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from portal.search.analysis import tokens

MOST_GROUPS = 12
_PIECE = re.compile(
    r'(?P<minus>(?<!\S)[-−–](?=\S))?(?:["“”„](?P<phrase>[^"“”„]*)["“”„]|(?P<word>[^\s"“”„]+))'
)


@dataclass(frozen=True)
class Group:
    """One word or phrase that was asked, and the ways in which a page may answer it.

    Each way is a phrase: keys that follow each other. Parts are the keys that together make up a compound.
    """

    text: str
    ways: tuple[tuple[str, ...], ...]
    parts: tuple[str, ...] = ()
    is_literal: bool = False


@dataclass(frozen=True)
class Query:
    """A search in groups, of which a page should answer all, and groups that it may not hold."""

    text: str
    groups: tuple[Group, ...] = ()
    excluded: tuple[Group, ...] = field(default=())

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every key that marks a word of a page as found; see `marks()`."""
        return frozenset(key for group in self.groups for way in (*group.ways, group.parts) for key in way)

    def marks(self, token) -> bool:
        """Whether a token of a page's text is one of the words that were looked for."""
        return any(key in self.keys for key in token.keys)


def _groups_of(text: str, is_literal: bool) -> list[Group]:
    found = [token for token in tokens(text) if token.key]
    if is_literal:
        return [Group(text.strip(), (tuple(token.key for token in found),), (), True)] if found else []
    return [Group(token.surface, ((token.key,),), token.parts) for token in found]


def parse_query(q: str) -> Query:
    """Read a reader's words: phrases in quotes, a minus before what must not be there, and plain words."""
    text = q.replace("\0", " ")[:300]
    groups, excluded = [], []
    for match in _PIECE.finditer(text):
        phrase, word = match["phrase"], match["word"]
        found = _groups_of(phrase if phrase is not None else word, phrase is not None)
        (excluded if match["minus"] else groups).extend(found)
    return Query(text, tuple(groups[:MOST_GROUPS]), tuple(excluded[:MOST_GROUPS]))
