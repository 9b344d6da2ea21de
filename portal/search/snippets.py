"""The piece of a text that shows why it was found, with the words that were looked for marked."""

import contextlib
import json
import re
from collections.abc import Iterator

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from portal.search.analysis import find_keys
from portal.search.document import plain_words
from portal.search.query import Query
from portal.text import ELLIPSIS, clean_line, cut

LENGTH = 220
LONGEST_TEXT = 60_000
#: So much of a body is read first: most words stand there too.
BEGINNING = 1_500
MOST_PLACES = 12
SHORTEST_HINT = 3
_DECODER = json.JSONDecoder()
_SENTENCE_END = tuple(".!?:;…")


def running_text(parts) -> str:
    """Texts of blocks on one line; a dot in the middle where one ends without a sign of its own."""
    found: list[str] = []
    for part in parts:
        if text := clean_line(part):
            if found and not found[-1].endswith(_SENTENCE_END):
                found.append("·")
            found.append(text)
    return " ".join(found)


def _bodies(items, starts: list[str]) -> dict[int, str]:
    """The bodies of these items in which a word may be found, as they are stored."""
    is_plain = all(map(str.isascii, starts))  # what is not stands in another form in what is stored
    found = {}
    for item in items:
        stored = item.stored_body.lower().replace("&amp;", "&")
        if not is_plain or any(start in stored for start in starts):
            found[item.pk] = item.stored_body
    return found


def _words(body: str) -> Iterator[str]:
    """The texts of a stored body; a block is read when it is asked for, for most bodies are not read to their end."""
    place = 0
    with contextlib.suppress(ValueError):
        while (start := body.find("{", place)) >= 0:
            block, place = _DECODER.raw_decode(body, start)
            yield from plain_words(block)


def _texts(body: str) -> Iterator[tuple[str, int]]:
    """The words of a body with how far windows may begin: the beginning, and then, if that is asked for, all of it."""
    parts = _words(body)
    first, length = [], 0
    for part in parts:
        first.append(part)
        length += len(part)
        if length > BEGINNING:
            text = running_text(first)
            yield text, len(text) - LENGTH
            break
    text = running_text([*first, *parts])[:LONGEST_TEXT]
    yield text, len(text)


def _hints(query: Query) -> list[str]:
    """How a word that is looked for probably begins: enough to know where to read with care."""
    starts = {key[: max(SHORTEST_HINT, len(key) - 2)] for key in query.keys if key}
    starts |= {group.text.lower() for group in query.groups}
    return sorted(filter(None, starts))


Found = list[tuple[int, int, int]]


def _found(text: str, query: Query) -> Found:
    """Start, end and group of every word of a text that was looked for."""
    groups = query.group_of
    return [(start, end, groups[key]) for start, end, key in find_keys(text, groups)]


def _held(found: Found) -> int:
    """How many groups of the query are among these words."""
    return len({group for *_, group in found})


def marked(text: str, query: Query, found: Found | None = None) -> SafeString:
    """The text, escaped, with the words that were looked for in `<mark>`; `found` where they are known."""
    pieces, place = [], 0
    for start, end, _ in _found(text, query) if found is None else found:
        pieces += [
            conditional_escape(text[place:start]),
            "<mark>",
            conditional_escape(text[start:end]),
            "</mark>",
        ]
        place = end
    pieces.append(conditional_escape(text[place:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped above


def _window(text: str, place: int) -> str:
    """About LENGTH characters of a text on one line, cut at words, with an ellipsis where some is left out."""
    start = max(0, min(place - LENGTH // 4, len(text) - LENGTH))
    if start:
        start = text.find(" ", start) + 1
    piece = cut(text[start : start + 2 * LENGTH], LENGTH)
    return f"{ELLIPSIS}{piece}" if start else piece


def _best_of_body(body: str, query: Query, hints: re.Pattern) -> tuple[str, Found]:
    """The window of a body that holds most of what was asked, and the words found in it."""
    best = ("", [])
    for text, until in _texts(body):
        best = _best_window(text, until, query, hints)
        if _held(best[1]) == len(query.groups):
            break
    return best


def _best_window(text: str, until: int, query: Query, hints: re.Pattern) -> tuple[str, Found]:
    """The same of a text, among the windows for a place before `until`."""
    best, most, end = ("", []), 0, -1
    lowered = text.lower()
    if len(lowered) != len(text):
        return best
    tried = 0
    for hint in hints.finditer(lowered):
        if hint.start() < end:
            continue
        if hint.start() >= until:
            break
        piece = _window(text, hint.start())
        found = _found(piece, query)
        held = _held(found)
        if held > most:
            best, most = (piece, found), held
        end, tried = hint.start() + LENGTH // 2, tried + 1
        if held == len(query.groups) or tried == MOST_PLACES:
            break
    return best


def add_snippets(items, query: Query):
    """Give each card a `snippet`: its summary or the part of its body that holds most of the words, marked.

    A body is looked through only where the summary does not hold every word.
    """
    wanted, starts = len(query.groups), _hints(query)
    hints = re.compile("|".join(map(re.escape, starts)))
    shown = {item.pk: (item.list_teaser, _found(item.list_teaser, query)) for item in items}
    poor = [item for item in items if _held(shown[item.pk][1]) < wanted] if starts else []
    bodies = _bodies(poor, starts) if poor else {}
    for item in items:
        text, found = shown[item.pk]
        if body := bodies.get(item.pk):
            piece, there = _best_of_body(body, query, hints)
            if _held(there) > _held(found):
                text, found = piece, there
        item.snippet = marked(text, query, found)
