"""Taking compounds apart: "gemeenteraadsverkiezingen" is about a gemeente, a raad and verkiezingen."""

from functools import cache, lru_cache

from portal.search.forms import key_of
from portal.search.lexicon import COMMON_WORDS, IRREGULAR, LINKS, WHOLE, is_head, is_tail

SHORTEST = 6
#: Words whose last letter does not link them to the next, though a word remains without it.
KEEPS_S = {"plaats"}
#: A compound that is looked at: longer ones are no words.
LONGEST = 45


@cache
def _whole_keys() -> frozenset[str]:
    return frozenset(map(key_of, WHOLE))


@lru_cache(maxsize=20_000)
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
    shorter = part.removesuffix("s")
    if shorter != part and is_head(shorter) and not shorter.endswith("s") and part not in KEEPS_S:
        return shorter
    return next(
        (word for link in LINKS if (word := part.removesuffix(link)) + link == part and is_head(word)), ""
    )


def _goodness(parts: tuple[str, ...]) -> tuple[int, int, int]:
    words = [*map(bare, parts[:-1]), parts[-1]]
    return -len(parts), min(map(len, words)), sum(map(len, words))


def _bare_parts(word: str) -> list[str]:
    """The smallest words a compound is made of, without what links them; [] when it is none."""
    *first, last = split(word) or ("",)
    parts = [*map(bare, first), last] if last else []
    return [small for part in parts for small in (_bare_parts(part) or [part])]


@lru_cache(maxsize=20_000)
def word_key(word: str) -> str:
    """The key of a folded word; of a compound without the letters between its parts, which writers often forget."""
    if word in IRREGULAR:
        return key_of(word)
    parts = _bare_parts(word)
    return "".join(parts[:-1]) + key_of(parts[-1]) if parts else key_of(word)


@lru_cache(maxsize=20_000)
def part_keys(word: str) -> tuple[str, ...]:
    """The keys of the parts of a folded compound, and of what neighbouring parts form together."""
    parts = _bare_parts(word)
    keys = dict.fromkeys(key_of(part) for part in parts if part not in COMMON_WORDS)
    for start in range(len(parts)):
        for end in range(start + 2, len(parts) + 1):
            if end - start < len(parts):
                keys["".join(parts[start : end - 1]) + key_of(parts[end - 1])] = None
    keys.pop(word_key(word), None)
    return tuple(keys)


def simple_part_keys(word: str) -> tuple[str, ...]:
    """The keys of the smallest parts of a folded compound: a page that holds all of them may be about it."""
    return tuple(dict.fromkeys(key_of(part) for part in _bare_parts(word) if part not in COMMON_WORDS))
