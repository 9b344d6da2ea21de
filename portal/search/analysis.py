"""From Dutch text to keys: the same for what is indexed, what is asked and what is marked.

A key is what all forms of a word share ("raadslid" and "raadsleden"). A compound has a key of its own and the keys of
its parts ("raad", "lid").
"""

import re
from collections.abc import Iterator
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
            word = fold_word(_POSSESSIVE.sub("", match.group()))[:LONGEST_WORD]
            if word:
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


def different_words(text: str) -> set[str]:
    """The words of a text as they stand, in lower case, each once, without those that say nothing."""
    surfaces = {surface.lower() for surface in _WORD.findall(text)}
    return {surface for surface in surfaces if fold_word(surface) not in COMMON_WORDS}


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


def analyse(text: str) -> tuple[list[str], list[str]]:
    """The main keys of a text in order, and the keys of all parts."""
    found = tokens(text)
    return [token.key for token in found if token.key], [part for token in found for part in token.parts]
