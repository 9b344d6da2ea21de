"""What a reader's words ask for."""

import re
from dataclasses import dataclass
from functools import cached_property

from portal.search.analysis import Token, tokens
from portal.search.compounds import simple_part_keys
from portal.search.forms import fold_word
from portal.search.synonyms import Phrase, others_of

LONGEST_QUERY = 300
MOST_GROUPS = 12
MOST_EXCLUDED = 6
_QUOTES = '"“”„«»'
_PIECE = re.compile(
    rf"\s*(?P<minus>(?<!\S)[-−–](?=[{_QUOTES}\w]))?(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]|(?P<words>[^{_QUOTES}]+?(?=$|[{_QUOTES}]|\s[-−–](?=[{_QUOTES}\w])))|[{_QUOTES}])"
)


@dataclass(frozen=True)
class Group:
    """One word or phrase that was asked, and the ways in which a page may answer it."""

    #: As it was typed.
    text: str
    #: The keys that must follow each other.
    phrase: Phrase
    #: Other phrases that mean the same.
    synonyms: tuple[Phrase, ...] = ()
    #: What a compound (or a known phrase) is made of, each with the keys that answer it: all of them together do too.
    pieces: tuple[tuple[str, ...], ...] = ()
    #: It stood in quotes: nothing but the phrase itself will do.
    is_literal: bool = False

    @property
    def ways(self) -> tuple[Phrase, ...]:
        return (self.phrase, *self.synonyms)

    @property
    def parts(self) -> tuple[str, ...]:
        """Every key of the pieces."""
        return tuple(key for piece in self.pieces for key in piece)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset([*self.parts, *(key for way in self.ways for key in way)])


@dataclass(frozen=True)
class Query:
    """A search in groups, of which a page should answer all, and groups that it may not hold."""

    text: str
    groups: tuple[Group, ...] = ()
    excluded: tuple[Group, ...] = ()

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every key by which a word of a page is one that was looked for."""
        return frozenset().union(*(group.keys for group in self.groups))

    @cached_property
    def group_of(self) -> dict[str, int]:
        """Which group, by its place, each key answers."""
        places: dict[str, int] = {}
        for place, group in enumerate(self.groups):
            for way in (*group.ways, group.parts):
                for key in way:
                    places.setdefault(key, place)
        return places

    @property
    def in_pieces(self) -> "Query":
        """The same with every compound taken apart, for when nothing holds the whole."""
        groups = [
            Group(group.text, piece[:1], tuple((key,) for key in piece[1:]))
            for group in self.groups
            for piece in (group.pieces if len(group.pieces) > 1 and not group.is_literal else (group.phrase,))
        ]
        return Query(self.text, tuple(groups[:MOST_GROUPS]), self.excluded)


def _parts_of(word: str) -> tuple[tuple[str, ...], ...]:
    """The parts of a compound, each with the single words that mean the same."""
    keys = simple_part_keys(fold_word(word))
    if len(keys) < 2:
        return ()
    return tuple(map(_with_others, keys))


def _with_others(key: str) -> tuple[str, ...]:
    """A key, and those of single words that mean the same."""
    return (key, *(other[0] for other in others_of((key,)) if len(other) == 1))


def _plain_groups(found: list[Token], text: str) -> list[Group]:
    """A group per word; words that together are a known phrase, such as the name of a law, are one."""
    groups, place = [], 0
    while place < len(found):
        for length in range(min(6, len(found) - place), 1, -1):
            phrase = tuple(token.key for token in found[place : place + length])
            if others := others_of(phrase):
                span = text[found[place].start : found[place + length - 1].end]
                groups.append(Group(span, phrase, others, tuple(map(_with_others, phrase))))
                place += length
                break
        else:
            token = found[place]
            groups.append(
                Group(token.surface, (token.key,), others_of((token.key,)), _parts_of(token.surface))
            )
            place += 1
    return groups


def _tied(found: list[Token], text: str) -> list[Token | Group]:
    """Words that a hyphen ties together are one group: "co-creatie" is "cocreatie" or both words in a row."""
    tied: list[Token | Group] = []
    place = 0
    while place < len(found):
        token = found[place]
        following = found[place + 1] if place + 1 < len(found) else None
        if following and text[token.end : following.start] in ("-", "‐", "‑") and token.parts:
            span = text[token.start : following.end]
            joined = token.parts[-1]
            parts = ((token.key,), (following.key, *following.parts[:1]))
            tied.append(Group(span, (token.key, following.key), ((joined,), *others_of((joined,))), parts))
            place += 2
        else:
            tied.append(token)
            place += 1
    return tied


def _groups_of(text: str, is_literal: bool) -> list[Group]:
    every = tokens(text)
    found = [token for token in every if token.key]
    if is_literal:
        return [Group(text.strip(), tuple(token.key for token in found), is_literal=True)] if found else []
    groups: list[Group] = []
    run: list[Token] = []
    for piece in [*_tied(found, text), None]:
        if isinstance(piece, Token):
            run.append(piece)
            continue
        groups += _plain_groups(run, text)
        run = []
        if piece:
            groups.append(piece)
    return groups


def parse_query(q: str) -> Query:
    """Read a reader's words: phrases in quotes, a minus before what must not be there, and plain words."""
    text = q.replace("\0", " ")[:LONGEST_QUERY]
    groups: list[Group] = []
    excluded: list[Group] = []
    for match in _PIECE.finditer(text):
        phrase, words = match["phrase"], match["words"]
        if phrase is not None:
            (excluded if match["minus"] else groups).extend(_groups_of(phrase, True))
        elif words and match["minus"]:
            first, _, rest = words.partition(" ")
            excluded += _groups_of(first, False)
            groups += _groups_of(rest, False)
        elif words:
            groups += _groups_of(words, False)
    unique = {group.phrase: group for group in groups if group.phrase}
    return Query(text, tuple(unique.values())[:MOST_GROUPS], tuple(excluded[:MOST_EXCLUDED]))
