"""Hunspell with its Dutch list and our own, asked once for all words."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

OWN_WORDS = Path(__file__).parent / "woorden.txt"
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
COMMAND = ["hunspell", "-d", "nl_NL", "-i", "utf-8", "-l"]


def is_installed() -> bool:
    """Whether hunspell is here with its Dutch list."""
    return (
        bool(shutil.which("hunspell"))
        and subprocess.run(COMMAND, input=b"raad", capture_output=True).returncode == 0
    )


def words_in(text: str) -> list[str]:
    """The words of a text, with one kind of apostrophe."""
    return [word.replace("’", "'") for word in WORD.findall(text)]


def own_words() -> list[str]:
    return OWN_WORDS.read_text("utf-8").splitlines()


def unknown_to_hunspell(words: Iterable[str]) -> set[str]:
    """The words that hunspell's Dutch list does not know."""
    answer = subprocess.run(
        COMMAND,
        input="\n".join(sorted(set(words))),
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=True,
    )
    return set(answer.stdout.split())


def unknown(words: Iterable[str]) -> set[str]:
    """The words that neither list knows; at the start of a sentence a word may have a capital."""
    known = set(own_words())
    left = unknown_to_hunspell(words) - known
    small = {word: word[:1].lower() + word[1:] for word in left if word[1:].islower()}
    still = unknown_to_hunspell(small.values()) - known
    return {word for word in left if small.get(word, word) in still or word not in small}
