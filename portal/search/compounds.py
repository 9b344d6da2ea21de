"""Taking compounds apart: "gemeenteraadsverkiezingen" is about a gemeente, a raad and verkiezingen."""

from functools import cache, lru_cache

from portal.search.forms import key_of
from portal.search.lexicon import COMMON_WORDS, LINKS, WHOLE, is_head, is_tail

SHORTEST = 6
#: A compound that is looked at: longer ones are no words.
LONGEST = 45


@cache
def _whole_keys() -> frozenset[str]:
    return frozenset(map(key_of, WHOLE))


@lru_cache(maxsize=30_000)
def split(word: str) -> tuple[str, ...]:
    """The parts of a folded compound, or () when it is none: fewest parts, then the longest shortest part.

    A part but the last keeps the letters that link it to the next ("raads").
    """
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha() or key_of(word) in _whole_keys():
        return ()
    best: tuple[str, ...] = ()
    for cut in range(3, len(word) - 2):
        first, rest = word[:cut], word[cut:]
        if not bare(first):
            continue
        ways = [(rest,)] if is_tail(rest) else []
        if deeper := split(rest):
            ways.append(deeper)
        for way in ways:
            found = (first, *way)
            if not best or _goodness(found) > _goodness(best):
                best = found
    return best


@lru_cache(maxsize=5_000)
def bare(part: str) -> str:
    """A first part without the letters that link it to the next; "" where what remains is no word."""
    for link in LINKS:
        word = part.removesuffix(link)
        if part.endswith(link) and is_head(word) and not (link == "s" and word.endswith("s")):
            return word
    return ""


def _goodness(parts: tuple[str, ...]) -> tuple[int, int, int]:
    words = [*map(bare, parts[:-1]), parts[-1]]
    return -len(parts), min(map(len, words)), sum(map(len, words))


@lru_cache(maxsize=30_000)
def part_keys(word: str) -> tuple[str, ...]:
    """The keys of the parts of a folded compound, and of what neighbouring parts form together."""
    parts = split(word)
    if not parts:
        return ()
    words = [*map(bare, parts[:-1]), parts[-1]]
    keys = dict.fromkeys(key_of(word) for word in words if word not in COMMON_WORDS)
    for start in range(len(parts)):
        for end in range(start + 2, len(parts) + 1):
            if end - start < len(parts):
                keys[key_of("".join(parts[start : end - 1]) + words[end - 1])] = None
    keys.pop(key_of(word), None)
    return tuple(keys)


def simple_part_keys(word: str) -> tuple[str, ...]:
    """The keys of the smallest parts of a folded compound: a page that holds all of them may be about it."""
    parts = split(word)
    words = [*map(bare, parts[:-1]), *parts[-1:]]
    return tuple(dict.fromkeys(key_of(word) for word in words if word not in COMMON_WORDS))
