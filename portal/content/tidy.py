"""Text of an old site made tidy: one kind of quotation mark, plain spaces, nothing that cannot be seen."""

import html
import re
import unicodedata

from django.utils.text import slugify

from portal.text import clean_line, fold

ARTICLES = {"de", "het", "een", "t"}
DOUBLE = '"“”„‟«»″'
ODD_SINGLE = str.maketrans(dict.fromkeys("`´′‛‚", "'"))
LONGEST_SLUG = 60


def tidy_line(text: str) -> str:
    """The text on one line: entities read, invisible characters gone, spaces single, quotation marks in pairs."""
    text = unicodedata.normalize("NFC", html.unescape(text))
    seen = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Co", "Cs", "Cn"))
    return _tidy_quotes(clean_line(seen))


def _tidy_quotes(text: str) -> str:
    """Double marks become ‘ and ’; a straight mark that closes a curly one becomes curly; apostrophes stay."""
    text = re.sub(r",,(?=\w)", "„", text).translate(ODD_SINGLE)
    written, is_open = [], False
    for place, character in enumerate(text):
        before = text[place - 1] if place else " "
        after = text[place + 1] if place + 1 < len(text) else " "
        if character in DOUBLE:
            is_open = not is_open if is_open else before.isspace() or before in "([/-–—"
            character = "‘" if is_open else "’"
        elif character == "‘":
            is_open = True
        elif character in "'’" and is_open and not (before.isalnum() and after.isalnum()):
            character, is_open = "’", False
        written.append(character)
    return "".join(written)


def title_key(title: str) -> str:
    """What two titles share that differ in an article, quotation marks, accents, case or spaces only."""
    words = re.findall(r"\w+", fold(title))
    while len(words) > 1 and words[0] in ARTICLES:
        words.pop(0)
    return " ".join(words)


def slug_of(title: str) -> str:
    """A slug of at most 60 characters, cut between words; "" when the title has no letter that can stand in one."""
    slug = slugify(title).strip("-_")
    if len(slug) <= LONGEST_SLUG:
        return slug
    kept = slug[: LONGEST_SLUG + 1].rpartition("-")[0]
    return (kept or slug)[:LONGEST_SLUG].strip("-_")
