"""The piece of a text that shows why it was found, with the words that were looked for marked."""

import json
import re

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from portal.models import ContentPage
from portal.search.analysis import tokens
from portal.search.document import plain_words
from portal.search.query import Query
from portal.text import ELLIPSIS, clean_line, cut

LENGTH = 220
LONGEST_TEXT = 60_000
MOST_PLACES = 12
SHORTEST_HINT = 3
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


def _bodies(items) -> dict[int, str]:
    """The words of the bodies of these items, in one query."""
    from django.db.models import TextField
    from django.db.models.functions import Cast

    rows = ContentPage.objects.filter(pk__in=[item.pk for item in items]).values_list(
        "pk", Cast("body", TextField())
    )
    found = {}
    for pk, body in rows:
        try:
            stored = json.loads(body or "[]")
        except ValueError:
            continue
        found[pk] = running_text(plain_words(stored))[:LONGEST_TEXT]
    return found


def _hints(query: Query) -> re.Pattern | None:
    """What a word that is looked for probably looks like: enough to know where to read with care."""
    starts = {key[: max(SHORTEST_HINT, len(key) - 2)] for key in query.keys if key}
    starts |= {group.text.lower() for group in query.groups}
    return re.compile("|".join(re.escape(start) for start in sorted(starts) if start)) if starts else None


def _group_of(query: Query) -> dict[str, int]:
    """Which group of the query each key answers."""
    places = {}
    for place, group in enumerate(query.groups):
        for way in (*group.ways, group.parts):
            for key in way:
                places.setdefault(key, place)
    return places


def _found(text: str, query: Query) -> list[tuple[int, int, int]]:
    """Start, end and group of every word of a text that was looked for."""
    groups = _group_of(query)
    return [
        (token.start, token.end, next(groups[key] for key in token.keys if key in groups))
        for token in tokens(text)
        if any(key in groups for key in token.keys)
    ]


def marked(text: str, query: Query) -> SafeString:
    """The text, escaped, with the words that were looked for in `<mark>`."""
    pieces, place = [], 0
    for start, end, _ in _found(text, query):
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
    """About LENGTH characters around a place, cut at words, with an ellipsis where text is left out."""
    start = max(0, min(place - LENGTH // 4, len(text) - LENGTH))
    if start:
        start = text.find(" ", start) + 1
    piece = cut(text[start:], LENGTH)
    return f"{ELLIPSIS}{piece}" if start else piece


def _best_window(text: str, query: Query, hints: re.Pattern) -> tuple[int, str]:
    """The window of a long text that holds most of what was asked, with how many groups it holds."""
    best, end = (0, ""), -1
    lowered = text.lower()
    if len(lowered) != len(text):
        return best
    tried = 0
    for hint in hints.finditer(lowered):
        if hint.start() < end:
            continue
        piece = _window(text, hint.start())
        held = len({group for *_, group in _found(piece, query)})
        if held > best[0]:
            best = (held, piece)
        end, tried = hint.start() + LENGTH // 2, tried + 1
        if held == len(query.groups) or tried == MOST_PLACES:
            break
    return best


def add_snippets(items, query: Query):
    """Give each card a `snippet`: its summary or the part of its body that holds most of the words, marked.

    One query, and only where a summary does not hold every word.
    """
    wanted, hints = len(query.groups), _hints(query)
    held = {item.pk: len({group for *_, group in _found(item.list_teaser, query)}) for item in items}
    poor = [item for item in items if held[item.pk] < wanted] if hints else []
    bodies = _bodies(poor) if poor else {}
    for item in items:
        text = item.list_teaser
        if body := bodies.get(item.pk):
            count, piece = _best_window(body, query, hints)
            if count > held[item.pk]:
                text = piece
        item.snippet = marked(text, query)
