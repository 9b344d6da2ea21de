"""From a word to its key: what all forms of the word share.

In order: forms that no rule brings back, plurals in -ies, Snowball's stemmer, doubled and voiced last letters, and the
forms of weak verbs ("geloot" and "loten", "evaluatie" and "geëvalueerd").
"""

import unicodedata
from functools import cache, lru_cache

import Stemmer

from portal.search.lexicon import IRREGULAR, NO_VERBS, VERBS, heads

#: What stands before the "ge" of a participle: "aangevraagd" belongs to "aanvragen".
SEPARABLE = (
    "aan", "achter", "af", "bij", "deel", "door", "in", "mee", "mede", "na", "om", "op", "open", "over", "plaats",
    "samen", "terug", "toe", "uit", "vast", "voor", "weg",
)  # fmt: skip
#: Verbs that begin with one of these have a participle without "ge".
PREFIXED = ("be", "er", "her", "mis", "ont", "over", "onder", "ver", "voor", "weer")
_VERB_ENDINGS = ("d", "t", "de", "te", "den", "ten", "e")
_LETTERS = str.maketrans({"ĳ": "ij", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})
_stem = Stemmer.Stemmer("dutch_porter", 0).stemWord


def fold_word(word: str) -> str:
    """A word in lower case without accents: of most, only the letters a-z and digits remain."""
    if word.isascii() and word.isalnum():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    return "".join(c for c in decomposed if c.isalnum())


def plain_key(word: str) -> str:
    """The key of a folded word by rule alone."""
    if word.endswith("ies") and len(word) > 4:
        word = word[:-1]
    key = _stem(word)
    if len(key) > 3 and key[-1] == key[-2] and key[-1] not in "aeiou":
        key = key[:-1]
    if len(key) > 2 and key[-1] in "vz":
        key = key[:-1] + ("f" if key[-1] == "v" else "s")
    return key


def undouble(key: str) -> str:
    """A key that lost its last letter, as the stemmer would leave it: "maak(t)" is "mak"."""
    if len(key) > 3 and key[-1] not in "aeiou" and key[-2] == key[-3] and key[-2] in "aeou":
        return key[:-2] + key[-1]
    return key


@cache
def _noun_keys() -> frozenset[str]:
    """The keys of words that are never taken for the form of a verb: among them all that others are made of."""
    return frozenset(map(plain_key, heads() | NO_VERBS))


def _verb_key(word: str, key: str) -> str:
    """The key of the verb that a form belongs to; the key itself where it is no form of a known verb."""
    if key.endswith("atie") and f"{key[:-4]}er" in VERBS:
        return f"{key[:-4]}er"
    if key.endswith("er") and key[:-2] in VERBS and key not in _noun_keys():
        return key[:-2]
    if key in VERBS or not word.endswith(_VERB_ENDINGS) or key in _noun_keys():
        return key
    stems = [key, undouble(key[:-1])] if key[-1] in "dt" else [key]
    for stem in stems:
        if stem in VERBS:
            return stem
    for before in ("", *SEPARABLE):
        if not key.startswith(f"{before}ge"):
            continue
        for stem in stems:
            infinitive = before + stem[len(before) + 2 :]
            if len(infinitive) > 2 and infinitive in VERBS:
                return infinitive
    return key


def _diminutive_base(word: str) -> str:
    """The word of which this is the small one: "kaartje" is a "kaart"; "" where it is none."""
    for ending in ("tje", "pje", "je"):
        base = word.removesuffix("s").removesuffix(ending)
        if base != word.removesuffix("s") and base in heads():
            return base
    return ""


@lru_cache(maxsize=20_000)
def key_of(word: str) -> str:
    """The key of one folded word."""
    if word.isdigit():
        return word
    if base := IRREGULAR.get(word):
        return plain_key(base)
    if len(word) > 5 and word.endswith(("je", "jes")):
        word = _diminutive_base(word) or word
    return _verb_key(word, plain_key(word))
