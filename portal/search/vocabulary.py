"""The words of the site as readers see them, from live public pages only: for corrections and suggestions.

Kept up with the index: a page that is indexed brings its words, and takes along those that an edit removed or that went
with it where they stood nowhere else.
"""

import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable

from django.db import connection, transaction
from django.db.models import F

from portal import generation
from portal.chrome import get_chrome
from portal.models import ContentPage
from portal.search.compounds import word_key
from portal.search.forms import fold_word
from portal.search.models import PageWords, SearchTerm

CHUNK = 500
#: So many of the most common words are kept in memory for corrections.
MOST_KEPT = 40_000
#: So many corrections are remembered.
MOST_CORRECTIONS = 5_000
#: A process reads the words anew at most this often, in seconds.
SHORTEST_LIFE = 30
#: The lock of PostgreSQL under which words are counted.
COUNTING = zlib.crc32(b"lokale-democratie:words")


def _chunks(words: Iterable[str]):
    words = sorted(words)
    for start in range(0, len(words), CHUNK):
        yield words[start : start + CHUNK]


def _count_alone():
    """Be the only one who counts words until the transaction ends.

    Nearly all pages share words: two editors who publish at once would each hold words that the other waits for.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COUNTING])


def _change(changes: dict[str, int]):
    """Let these words stand on so many pages more, or fewer; a word that stands on none goes."""
    for chunk in _chunks(word for word, change in changes.items() if change):
        with transaction.atomic():
            _count_alone()
            _change_some(chunk, changes)


def _change_some(chunk: list[str], changes: dict[str, int]):
    known = dict(SearchTerm.objects.filter(surface__in=chunk).values_list("surface", "pk"))
    by_change: dict[int, list[int]] = {}
    for word, pk in known.items():
        by_change.setdefault(changes[word], []).append(pk)
    for change, keys in by_change.items():
        terms = SearchTerm.objects.filter(pk__in=keys)
        if change < 0:
            terms.filter(df__lte=-change).delete()
        terms.update(df=F("df") + change)
    SearchTerm.objects.bulk_create(
        [
            SearchTerm(surface=word, key=word_key(fold_word(word))[:60], df=changes[word])
            for word in chunk
            if word not in known and changes[word] > 0
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def keep_words(objs: list, documents: dict, may_wait: bool = False):
    """Keep the words of the pages among these objects, and count those that readers see.

    `documents` are by the primary key as text. What may wait is counted by the next `refresh()`.
    """
    pages = {obj.pk: obj for obj in objs if isinstance(obj, ContentPage)}
    words = {pk: documents[str(pk)].words for pk in pages}
    shown = {pk for pk, page in pages.items() if get_chrome().is_read(page)}
    if not may_wait:
        _count_alone()
        held = PageWords.objects.filter(page__in=list(pages), is_read=True)
        before = {row.page_id: row.words for row in held}
        changes: Counter[str] = Counter()
        for pk in pages:
            old, new = before.get(pk, set()), words[pk] if pk in shown else set()
            changes.update(new - old)
            changes.subtract(old - new)
        _change(changes)
    PageWords.objects.bulk_create(
        [PageWords(page_id=pk, packed=PageWords.pack(words[pk]), is_read=pk in shown) for pk in pages],
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=["packed", "is_read"],
    )


@transaction.atomic
def forget_pages(pages: Iterable[ContentPage]):
    """Do not count the words of pages that readers no longer see."""
    _count_alone()
    changes: Counter[str] = Counter()
    held = PageWords.objects.filter(page__in=pages, is_read=True)
    for row in held:
        changes.subtract(row.words)
    held.update(is_read=False)
    _change(changes)


def refresh() -> int:
    """Count the words of every page anew by what readers may see now; the number of words."""
    readers = set(ContentPage.objects.for_readers().values_list("pk", flat=True))
    counts: Counter[str] = Counter()
    shown, hidden = [], []
    for row in PageWords.objects.iterator(chunk_size=CHUNK):
        is_seen = row.page_id in readers
        if is_seen:
            counts.update(row.words)
        if is_seen != row.is_read:
            (shown if is_seen else hidden).append(row.pk)
    for keys, is_seen in ((shown, True), (hidden, False)):
        for start in range(0, len(keys), CHUNK):
            PageWords.objects.filter(pk__in=keys[start : start + CHUNK]).update(is_read=is_seen)
    known = dict(SearchTerm.objects.values_list("surface", "df"))
    _change({word: counts[word] - known.get(word, 0) for word in counts.keys() | known.keys()})
    return len(counts)


_refreshed: int | None = None


def refresh_when_changed():
    """The worker's job: count anew when readers may see something else than at the last count."""
    global _refreshed
    number = generation.current()
    if number != _refreshed:
        refresh()
        _refreshed = number


class Words:
    """The words in memory."""

    def __init__(self):
        rows = SearchTerm.objects.order_by("-df", "surface").values_list("surface", "df")[:MOST_KEPT]
        #: By length: the folded word, which letters it has, the word as it stands and its number of pages.
        self.by_length: dict[int, list[tuple[str, int, str, int]]] = {}
        for surface, df in rows:
            word = fold_word(surface)
            self.by_length.setdefault(len(word), []).append((word, letters(word), surface, df))
        self._corrections: dict[str, str] = {}

    def recall(self, asked: str, correct: Callable[[], str]) -> str:
        """What a word is corrected to among these words, worked out once."""
        known = self._corrections.get(asked)
        if known is None:
            if len(self._corrections) >= MOST_CORRECTIONS:
                self._corrections = {}
            known = self._corrections[asked] = correct()
        return known


def letters(word: str) -> int:
    """Which letters a word has, as bits: words that differ little in letters differ little in bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits


_kept: tuple[int, float, Words] | None = None


def get_words() -> Words:
    """The words of the site, read once per generation and process."""
    global _kept
    now, number, kept = time.monotonic(), generation.current(), _kept
    if kept is None or (kept[0] != number and now - kept[1] > SHORTEST_LIFE):
        kept = _kept = (number, now, Words())
    return kept[2]


def forget():
    """Read the words anew at the next correction of this process."""
    global _kept, _refreshed
    _kept = _refreshed = None
