"""Correcting a word that the site does not know to one that it does."""

from itertools import islice

from portal.search.compounds import bare, split
from portal.search.forms import fold_word
from portal.search.lexicon import is_tail
from portal.search.vocabulary import Words, get_words, letters

SHORTEST = 5
SHORTEST_PART = 4
LONGEST = 40
#: At so many places a compound is cut to look for the part that is misspelt.
MOST_CUTS = 4


def distance(one: str, other: str, most: int) -> int:
    """How many letters must be added, dropped, replaced or swapped with their neighbour; `most` + 1 for more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _allowed(word: str) -> int:
    return 1 if len(word) < 8 else 2


def _nearest(word: str, words: Words) -> str:
    """The known word nearest to a folded one, the most common of equally near ones; "" for none."""
    most, bits = _allowed(word), letters(word)
    best: tuple[int, int, int, str] | None = None
    for length in range(len(word) - most, len(word) + most + 1):
        for candidate, its_bits, surface, df in words.by_length.get(length, ()):
            if (bits ^ its_bits).bit_count() > 2 * most:
                continue
            away = distance(word, candidate, most)
            if away > most or (away == 2 and candidate[0] != word[0]):
                continue
            found = (away, int(candidate[0] != word[0]), -df, surface)
            if best is None or found < best:
                best = found
    return best[3] if best else ""


def _by_part(word: str, words: Words) -> str:
    """A compound of which one part is misspelt: the other part is known, this one is near a known word."""
    known_first = (cut for cut in range(len(word) - SHORTEST_PART, 2, -1) if bare(word[:cut]))
    for cut in islice(known_first, MOST_CUTS):
        if better := _nearest(word[cut:], words):
            return word[:cut] + better
    rests = range(SHORTEST_PART, len(word) - 3)
    known_rest = (cut for cut in rests if is_tail(word[cut:]) or split(word[cut:]))
    for cut in islice(known_rest, MOST_CUTS):
        if better := _nearest(word[:cut], words):
            return better + word[cut:]
    return ""


def _related(word: str, words: Words) -> str:
    """A known word that holds this one, or else one that begins for the greater part as it does; the most common."""
    best: tuple[int, int, str] | None = None
    shared = max(SHORTEST, -(-len(word) * 3 // 5))
    for known in words.by_length.values():
        for candidate, _, surface, df in known:
            if word in candidate:
                found = (0, -df, surface)
            elif candidate[:shared] == word[:shared]:
                found = (1, -df, surface)
            else:
                continue
            if best is None or found < best:
                best = found
    return best[2] if best else ""


def correct(word: str, is_last_resort: bool = False) -> str:
    """The word that was probably meant by one that the site does not know; "" for none.

    As a last resort, when nothing at all is found, a word that is made with this one will do.
    """
    folded = fold_word(word)
    if not SHORTEST <= len(folded) <= LONGEST or not folded.isalpha() or not folded.isascii():
        return ""
    words = get_words()
    found = words.recall(folded, lambda: _nearest(folded, words) or _by_part(folded, words))
    if not found and is_last_resort:
        found = words.recall(f"{folded}*", lambda: _related(folded, words))
    return "" if fold_word(found) == folded else found
