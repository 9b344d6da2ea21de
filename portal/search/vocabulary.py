"""The words of the site as readers see them, from live public pages only: for corrections and suggestions.

Kept up with the index: a page that is indexed brings its words, one that goes takes along what stood nowhere else. The
worker counts them anew, which also takes away what an edit removed.
"""

import time
from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from portal import generation
from portal.chrome import get_chrome
from portal.models import ContentPage
from portal.search.analysis import different_words
from portal.search.compounds import word_key
from portal.search.forms import fold_word
from portal.search.models import SearchTerm

CHUNK = 500
SHORTEST, LONGEST = 3, 40
#: So many of the most common words are kept in memory for corrections.
MOST_KEPT = 40_000
#: A process reads the words anew at most this often, in seconds.
SHORTEST_LIFE = 30


def surfaces_of(text: str) -> set[str]:
    """The different words of a text, in lower case."""
    return {
        surface
        for surface in different_words(text)
        if SHORTEST <= len(surface) <= LONGEST and surface.isalpha()
    }


def _chunks(words: Iterable[str]):
    words = sorted(words)
    for start in range(0, len(words), CHUNK):
        yield words[start : start + CHUNK]


def learn(pages: list[set[str]], are_new: bool):
    """Add the words of pages; those of new pages count, those of changed ones only where they are new."""
    counts = Counter(word for words in pages for word in words)
    for chunk in _chunks(counts):
        known = dict(SearchTerm.objects.filter(surface__in=chunk).values_list("surface", "pk"))
        if are_new:
            by_count: dict[int, list[int]] = {}
            for word in known:
                by_count.setdefault(counts[word], []).append(known[word])
            for count, keys in by_count.items():
                SearchTerm.objects.filter(pk__in=keys).update(df=F("df") + count)
        SearchTerm.objects.bulk_create(
            [
                SearchTerm(surface=word, key=word_key(fold_word(word))[:60], df=counts[word])
                for word in chunk
                if word not in known
            ],
            ignore_conflicts=True,
        )


def unlearn(pages: list[set[str]]):
    """Take away the words of pages that readers no longer see."""
    counts = Counter(word for words in pages for word in words)
    for chunk in _chunks(counts):
        SearchTerm.objects.filter(surface__in=chunk, df__lte=1).delete()
        SearchTerm.objects.filter(surface__in=chunk).update(df=F("df") - 1)


def is_read(page) -> bool:
    """Whether readers see this page."""
    return page.live and not page.path.startswith(tuple(get_chrome().private_paths))


def keep_words(objs: list, documents: dict, known):
    """Learn the words of the pages among these objects that readers see.

    `documents` are by the primary key as text; `known` holds the keys of those that were indexed before.
    """
    pages = [obj for obj in objs if isinstance(obj, ContentPage) and is_read(obj)]
    for are_new in (True, False):
        words = [
            surfaces_of(documents[str(page.pk)].text)
            for page in pages
            if (str(page.pk) not in known) == are_new
        ]
        if words:
            learn(words, are_new)


def forget_pages(pages: Iterable):
    """Unlearn the words of pages that readers no longer see."""
    from portal.search.document import text_of

    unlearn([surfaces_of(text_of(page.specific)) for page in pages])


def refresh() -> int:
    """Count the words of every live public page anew; the number of words."""
    from portal.search.document import text_of

    counts: Counter[str] = Counter()
    pages = ContentPage.objects.for_readers().order_by("pk")
    last = 0
    while chunk := list(pages.filter(pk__gt=last)[:200].specific()):
        for page in chunk:
            counts.update(surfaces_of(text_of(page)))
        last = chunk[-1].pk
    with transaction.atomic():
        SearchTerm.objects.all().delete()
        SearchTerm.objects.bulk_create(
            (
                SearchTerm(surface=word, key=word_key(fold_word(word))[:60], df=df)
                for word, df in counts.items()
            ),
            batch_size=CHUNK,
        )
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
