"""From Dutch text to keys: the same for what is indexed, what is asked and what is marked.

A key is what all forms of a word share ("raadslid" and "raadsleden"). A compound has a key of its own and the keys of
its parts ("raad", "lid").
"""

import re
from collections.abc import Container, Iterator
from functools import lru_cache
from typing import NamedTuple

from portal.search.compounds import part_keys, split, word_key
from portal.search.forms import fold_word
from portal.search.lexicon import COMMON_WORDS

LONGEST_WORD = 60
B_AND_W = "benw"

_LETTER = r"[^\W_][\u0300-\u036f\u00ad\u200b-\u200d]*"
_WORD = re.compile(rf"(?:{_LETTER})+(?:['’`´](?:s|er|ers|tje|tjes|n)(?!\w))?")
_B_AND_W = re.compile(r"(?<![^\W_])[Bb](?: ?& ?| [Ee][Nn] )[Ww](?![^\W_])")
_POSSESSIVE = re.compile(r"['’`´]s$")
#: What stands between "raads" and "commissieleden" in "raads- en commissieleden".
_ELLIPSIS = re.compile(r"-,? (?:en|of|en/of|als|and|tot)? ?")
_HYPHENS = ("-", "‐", "‑", "/")


class Token(NamedTuple):
    """A word of a text, where it stands, and its keys; a word that says nothing ("de") has none."""

    surface: str
    start: int
    end: int
    key: str
    parts: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The main key, then those of the parts."""
        return (self.key, *self.parts) if self.key else ()


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word, folded, with its place; "B&W" and its like are one word."""
    place = 0
    for found in [*_B_AND_W.finditer(text), None]:
        stop = found.start() if found else len(text)
        for match in _WORD.finditer(text, place, stop):
            word = match.group()
            if not word.isalnum():
                word = _POSSESSIVE.sub("", word)
            if word := fold_word(word)[:LONGEST_WORD]:
                yield word, match.start(), match.end()
        if found:
            yield B_AND_W, found.start(), found.end()
            place = found.end()


def _completed(word: str, next_word: str) -> str:
    """The word that "raads-" stands for before "en commissieleden"; "" where the next word is no compound."""
    parts = split(next_word)
    return word + parts[-1] if parts else ""


def _joined(text: str, words: list, place: int) -> str:
    """The word with the one that a hyphen ties to it, as one: "co-creatie" is also "cocreatie"."""
    if place + 1 == len(words):
        return ""
    word, _, end = words[place]
    next_word, start, _ = words[place + 1]
    if text[end:start] in _HYPHENS[:3] and not (word.isdigit() and next_word.isdigit()):
        return (word + next_word)[:LONGEST_WORD]
    return ""


@lru_cache(maxsize=10_000)
def _keys_of(word: str, *extra: str) -> tuple[str, tuple[str, ...]]:
    """The key of a folded word, and those of its parts and of what else it stands for."""
    key = word_key(word)
    return key, tuple(part for part in dict.fromkeys([*part_keys(word), *extra]) if part != key)


def tokens(text: str) -> list[Token]:
    """Every word of a text with its keys, in order."""
    words = list(_words(text))
    found = []
    for place, (word, start, end) in enumerate(words):
        surface, extra = text[start:end], ()
        if text[end : end + 1] in _HYPHENS:
            if joined := _joined(text, words, place):
                extra = (word_key(joined),)
            else:
                gap = _ELLIPSIS.match(text, end)
                following = next(
                    (w for w, s, _ in words[place + 1 : place + 3] if gap and s == gap.end()), ""
                )
                if following and (whole := _completed(word, following)):
                    extra = (*part_keys(whole), word_key(word))
                    word = whole
        if word in COMMON_WORDS:
            found.append(Token(surface, start, end, ""))
            continue
        found.append(Token(surface, start, end, *_keys_of(word, *extra)))
    return found


#: A line with none of these has words of letters and digits only, and none that another completes.
_NOT_PLAIN = re.compile(r"[-‐‑/&'’`´\u0300-\u036f\u00ad\u200b-\u200d]|\b[Bb] [Ee][Nn] [Ww]\b")
_PLAIN_WORD = re.compile(r"[^\W_]+")
SHORTEST_KNOWN, LONGEST_KNOWN = 3, 40


@lru_cache(maxsize=20_000)
def _known(surface: str) -> str:
    """A word as readers may get it back in a correction: in lower case; "" for what is no such word."""
    word = surface.lower()
    is_word = SHORTEST_KNOWN <= len(word) <= LONGEST_KNOWN and word.isalpha()
    return word if is_word and fold_word(word) not in COMMON_WORDS else ""


@lru_cache(maxsize=20_000)
def _plain(surface: str) -> tuple[str, tuple[str, ...], str]:
    """Key, keys of the parts and `_known()` of a word that stands by itself."""
    word = fold_word(surface)[:LONGEST_WORD]
    key, parts = _keys_of(word) if word and word not in COMMON_WORDS else ("", ())
    return key, parts, _known(surface)


def find_keys(text: str, wanted: Container[str]) -> Iterator[tuple[int, int, str]]:
    """Start and end of each word of a text with a key that is wanted, and that key; plain texts go by a shorter way."""
    if _NOT_PLAIN.search(text):
        for token in tokens(text):
            for key in token.keys:
                if key in wanted:
                    yield token.start, token.end, key
                    break
        return
    for match in _PLAIN_WORD.finditer(text):
        key, parts, _ = _plain(match.group())
        if key in wanted:
            yield *match.span(), key
        elif parts and (part := next((part for part in parts if part in wanted), "")):
            yield *match.span(), part


class Analysis(NamedTuple):
    """What is kept of a text."""

    #: The main keys in order.
    keys: list[str]
    #: The keys of all parts.
    parts: list[str]
    #: The different words as they stand, in lower case.
    words: set[str]


def analyse(text: str) -> Analysis:
    """The same as `tokens()`, for a whole text to keep: most lines go by a shorter way."""
    found = Analysis([], [], set())
    for line in text.split("\n"):
        if _NOT_PLAIN.search(line):
            each = [(token.key, token.parts, _known(token.surface)) for token in tokens(line)]
        else:
            each = map(_plain, _PLAIN_WORD.findall(line))
        for key, parts, word in each:
            if key:
                found.keys.append(key)
                found.parts.extend(parts)
            if word:
                found.words.add(word)
    return found
