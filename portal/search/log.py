"""What people look for, without saying who: the words, how many items came of it, and which result was opened.

A search leaves a note in a file (see `portal.spool`) that the worker turns into rows. No address of a visitor, no
cookie, no browser. Words that look like personal data (a mail address, a long number) are not kept at all.
"""

import datetime
import re

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from portal import spool
from portal.search.models import SearchQuery

NOTES = "searches"
LONGEST_QUERY = 100
_PERSONAL = re.compile(r"@|(?:\d[ .-]?){8,}\d")
_ROBOT = re.compile(r"bot|crawl|spider|slurp|monitor|check|curl|wget|python", re.IGNORECASE)
_signer = Signer(salt="portal.search.opened", sep=".")


def may_keep(request, words: str) -> bool:
    """Whether this search is noted: by a person, short, and without what may be personal data."""
    return bool(
        settings.SEARCH_LOG
        and words
        and len(words) <= LONGEST_QUERY
        and not _PERSONAL.search(words)
        and not _ROBOT.search(request.headers.get("User-Agent", ""))
    )


def note_search(request, selection):
    """Note the first page of a search; paging on, or choosing another order, is the same search."""
    filters = selection.filters
    if filters.pagina == 1 and not filters.sorteer and may_keep(request, filters.q):
        _leave(filters.q, selection.total, filters)


def _leave(words: str, hits: int, filters, rank: int | None = None):
    chosen = filters.without_key("q").query if filters else ""
    spool.leave(
        NOTES,
        {"q": words, "n": hits, "s": chosen[:500], "r": rank, "at": timezone.now().isoformat()},
    )


def opened_token(words: str, hits: int, rank: int) -> str:
    """A signed text with which a result can say that it was opened; the same for everyone who sees the page."""
    return _signer.sign(f"{rank}.{hits}.{words}")


def note_opened(token: str, request) -> bool:
    """Note that a result was opened; False for a token that is not ours."""
    try:
        rank, hits, words = _signer.unsign(token).split(".", 2)
    except (BadSignature, ValueError):
        return False
    if may_keep(request, words):
        _leave(words, int(hits), None, int(rank))
    return True


def _row(note: dict) -> SearchQuery | None:
    """The row of a note; None for a note that is not whole."""
    words, hits, rank = note.get("q"), note.get("n"), note.get("r")
    at = parse_datetime(str(note.get("at", "")))
    if not isinstance(words, str) or not isinstance(hits, int) or at is None:
        return None
    return SearchQuery(
        query=words[:300].lower(),
        hits=hits,
        selection=str(note.get("s", ""))[:500],
        clicked_rank=rank,
        asked_at=at,
    )


def keep_searches() -> int:
    """Turn the notes into rows, and forget what is older than SEARCH_LOG_DAYS; the number of new rows."""
    with spool.taken(NOTES) as notes, transaction.atomic():
        rows = [row for note in notes if (row := _row(note))]
        SearchQuery.objects.bulk_create(rows, batch_size=500)
    oldest = timezone.now() - datetime.timedelta(days=settings.SEARCH_LOG_DAYS)
    SearchQuery.objects.filter(asked_at__lt=oldest).delete()
    return len(rows)
