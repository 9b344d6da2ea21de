"""From Dutch text to keys: the same for what is indexed, what is asked and what is marked.

A key is what all forms of a word share ("raadslid" and "raadsleden"). A compound has a key of its own and the keys of
its parts ("raad", "lid").
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from portal.search.lexicon import COMMON_WORDS, IRREGULAR, is_head, is_tail, is_whole

LONGEST_WORD = 60

_LETTER = r"[^\W_][\u0300-\u036f\u00ad]*"
_WORD = re.compile(rf"(?:{_LETTER})+(?:['’]s(?!\w))?")
_B_AND_W = re.compile(r"(?<![^\W_])[Bb] ?(?:&|[Ee][Nn](?= )) ?[Ww](?![^\W_])")
_DIGRAPHS = str.maketrans({"ĳ": "ij", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})
_stem = Stemmer.Stemmer("dutch_porter", 0).stemWord


@dataclass(frozen=True, slots=True)
class Token:
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


def fold_word(word: str) -> str:
    """A word in lower case without accents: only letters a-z and digits remain of most."""
    decomposed = unicodedata.normalize("NFKD", word.lower().translate(_DIGRAPHS))
    return "".join(c for c in decomposed if c.isalnum())


@lru_cache(maxsize=20_000)
def key_of(word: str) -> str:
    """The key of one folded word."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        word = word[:-1]
    key = _stem(word)
    if len(key) > 3 and key[-1] == key[-2] and key[-1] not in "aeiou":
        key = key[:-1]
    if len(key) > 2 and key[-1] in "vz":
        key = key[:-1] + ("f" if key[-1] == "v" else "s")
    return key


@lru_cache(maxsize=20_000)
def split(word: str) -> tuple[str, ...]:
    """The words that a folded compound is made of, or () when it is none: fewest parts, shortest part longest."""
    if len(word) < 8 or word.isdigit() or is_whole(word):
        return ()
    best: tuple[str, ...] = ()
    for cut in range(3, len(word) - 2):
        head, tail = word[:cut], word[cut:]
        if not is_head(head):
            continue
        for link in ("", "s", "en", "e", "n"):
            rest = tail.removeprefix(link) if tail.startswith(link) else None
            if not rest:
                continue
            ways = [(rest,)] if is_tail(rest) else []
            if deeper := split(rest):
                ways.append(deeper)
            for way in ways:
                found = (head, *way)
                if not best or _goodness(found) > _goodness(best):
                    best = found
    return best


def _goodness(parts: tuple[str, ...]) -> tuple[int, int]:
    return -len(parts), min(map(len, parts))


@lru_cache(maxsize=20_000)
def part_keys(word: str) -> tuple[str, ...]:
    """The keys of the parts of a folded compound, and of what neighbouring parts form together."""
    parts = split(word)
    keys = dict.fromkeys(key_of(part) for part in parts)
    for start in range(len(parts)):
        for end in range(start + 2, len(parts) + (start > 0)):
            first, last = parts[start], parts[end - 1]
            place = word.find(first)
            keys[key_of(word[place : word.find(last, place) + len(last)])] = None
    keys.pop(key_of(word), None)
    return tuple(keys)


def _words(text: str):
    """Each word with its place; "B&W" and its like are one word."""
    place = 0
    for match in _B_AND_W.finditer(text):
        yield from ((m.group(), m.start(), m.end()) for m in _WORD.finditer(text, place, match.start()))
        yield "benw", match.start(), match.end()
        place = match.end()
    yield from ((m.group(), m.start(), m.end()) for m in _WORD.finditer(text, place))


def tokens(text: str) -> list[Token]:
    """Every word of a text with its keys, in order."""
    found = []
    for surface, start, end in _words(text):
        word = fold_word(re.sub(r"['’]s$", "", surface))[:LONGEST_WORD]
        if not word:
            continue
        if word in COMMON_WORDS:
            found.append(Token(text[start:end], start, end, ""))
        else:
            found.append(Token(text[start:end], start, end, key_of(word), part_keys(word)))
    return found


def analyse(text: str) -> tuple[list[str], list[str]]:
    """The main keys of a text in order, and the keys of all parts."""
    found = tokens(text)
    return [token.key for token in found if token.key], [part for token in found for part in token.parts]
