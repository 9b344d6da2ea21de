"""What analysis knows of Dutch: common words, irregular forms, and which words a compound may be split into."""

from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


def _lines(name: str) -> list[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


#: Words that say nothing by themselves, and the words of a question.
COMMON_WORDS = frozenset(_lines("common.txt"))
#: Forms that no rule brings back: form to key.
IRREGULAR = {
    form: key for line in _lines("irregular.txt") for key, *forms in [line.split()] for form in forms
}
_WHOLE = frozenset(_lines("nosplit.txt"))


@cache
def _words() -> frozenset[str]:
    return frozenset(_lines("lexicon.txt"))


def is_whole(word: str) -> bool:
    """Whether a word looks like a compound but is not one to a reader."""
    return word in _WHOLE


def is_head(word: str) -> bool:
    return word in _words()


def is_tail(word: str) -> bool:
    return word in _words()
