"""What editors say means the same, read with the names."""

from functools import lru_cache

from portal.kept import Kept, as_it_was
from portal.search.analysis import tokens

Phrase = tuple[str, ...]


@lru_cache(maxsize=10_000)
def phrase_of(text: str) -> Phrase:
    """The keys of a synonym, in order."""
    return tuple(token.key for token in tokens(text) if token.key)


def read_synonyms() -> dict[Phrase, tuple[Phrase, ...]]:
    """Every phrase that has others, with them."""
    from portal.search.models import Synonym
    from portal.search.names import SYNONYM, get_names

    found: dict[Phrase, dict[Phrase, None]] = {}
    for is_mutual, _, _, name, also, *_ in sorted(get_names()[SYNONYM], key=lambda row: row[3]):
        term = phrase_of(name)
        every = dict.fromkeys([term, *map(phrase_of, Synonym.words_in(also))])
        every.pop((), None)
        for phrase in every if is_mutual else [term]:
            found.setdefault(phrase, {}).update(dict.fromkeys(other for other in every if other != phrase))
    return {phrase: tuple(others) for phrase, others in found.items() if phrase}


#: The synonyms of this generation.
get_synonyms = Kept(read_synonyms, as_it_was, has_names=True).get


def others_of(phrase: Phrase) -> tuple[Phrase, ...]:
    """The phrases that mean the same as this one."""
    return get_synonyms().get(phrase, ())
