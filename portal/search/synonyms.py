"""What editors say means the same, read once per generation."""

from functools import lru_cache

from portal import generation
from portal.search.analysis import tokens

Phrase = tuple[str, ...]

_kept: tuple[int, dict[Phrase, tuple[Phrase, ...]]] | None = None


@lru_cache(maxsize=10_000)
def phrase_of(text: str) -> Phrase:
    """The keys of a synonym, in order."""
    return tuple(token.key for token in tokens(text) if token.key)


def read_synonyms() -> dict[Phrase, tuple[Phrase, ...]]:
    """Every phrase that has others, with them."""
    from portal.search.models import Synonym

    found: dict[Phrase, dict[Phrase, None]] = {}
    for synonym in Synonym.objects.all():
        term = phrase_of(synonym.term)
        every = dict.fromkeys([term, *map(phrase_of, synonym.others)])
        every.pop((), None)
        for phrase in every if synonym.is_mutual else [term]:
            found.setdefault(phrase, {}).update(dict.fromkeys(other for other in every if other != phrase))
    return {phrase: tuple(others) for phrase, others in found.items() if phrase}


def others_of(phrase: Phrase) -> tuple[Phrase, ...]:
    """The phrases that mean the same as this one."""
    global _kept
    number, kept = generation.current(), _kept
    if kept is None or kept[0] != number:
        kept = _kept = (number, read_synonyms())
    return kept[1].get(phrase, ())


def forget():
    """Read the synonyms anew at the next search of this process."""
    global _kept
    _kept = None
