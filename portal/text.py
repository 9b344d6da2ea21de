"""What the portal knows of plain text: folding it for sorting, cutting it for cards, and the months in it."""

import re
import unicodedata
from datetime import date

ELLIPSIS = "…"
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


def clean_line(text: str) -> str:
    """The text on one line: control characters gone, white space collapsed."""
    line = " ".join(text.split())
    return line if line.isprintable() else BLANK.sub(" ", text).strip()


def fold(text: str) -> str:
    """A key that sorts and compares the same on every database: no accents, no case, no leading quotation marks."""
    decomposed = unicodedata.normalize("NFKD", clean_line(text))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).lower()
    return plain.lstrip("'\"‘’“”„`´ -–.…(")


def cut(text: str, length: int) -> str:
    """The text if it fits in `length` characters, else cut at a word boundary and closed with one ellipsis."""
    text = clean_line(text)
    if len(text) <= length:
        return text
    room = length - len(ELLIPSIS)
    kept = text[:room]
    if not text[room].isspace() and " " in kept:
        kept = kept[: kept.rindex(" ")]
    return kept.rstrip(" ,;:.!?-–…") + ELLIPSIS


def in_words(day: date) -> str:
    """A day as readers read it, whatever the language of who is logged in: "4 juni 2018"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
