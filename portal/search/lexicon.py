"""What analysis knows of Dutch: common words, irregular forms, and which words a compound may be split into."""

from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
#: What may stand between two parts of a compound.
LINKS = ("", "s", "en", "e", "n")


def lines_of(name: str) -> list[str]:
    """The lines of one list, without comments."""
    text = (DATA / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def words_of(name: str) -> set[str]:
    """The words of one list, however many stand on a line."""
    return {word for line in lines_of(name) for word in line.split()}


#: Words that say nothing by themselves, and the words of a question.
COMMON_WORDS = frozenset(words_of("common.txt"))
#: Forms that no rule brings back: form to the word whose key they share.
IRREGULAR = {
    form: base
    for line in lines_of("irregular.txt")
    for base, *forms in [line.split()]
    for form in (base, *forms)
}
#: Words that look like a compound but are none to a reader.
WHOLE = frozenset(words_of("nosplit.txt"))
#: Words that look like the form of a weak verb but are something else.
NO_VERBS = frozenset(words_of("noverb.txt"))
#: The keys of weak verbs; see portal.search.forms.
VERBS = frozenset(words_of("verbs.txt"))


@cache
def _blocks() -> tuple[frozenset[str], frozenset[str]]:
    """The words that may stand first, and those that may stand last."""
    lines = lines_of("lexicon.txt")
    first = frozenset(line.removesuffix("-") for line in lines if not line.startswith("-"))
    last = frozenset(line.removeprefix("-") for line in lines if not line.endswith("-"))
    return first, last


def heads() -> frozenset[str]:
    """The words that may stand first in a compound."""
    return _blocks()[0]


def is_head(word: str) -> bool:
    return word in _blocks()[0]


def is_tail(word: str) -> bool:
    return word in _blocks()[1]
