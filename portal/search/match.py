"""Which items hold a reader's words, and in what order: what lists, counts, facets and Wagtail's search API ask."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from django.db import router
from wagtail.search.models import IndexEntry

from portal.models import ContentPage
from portal.search.engine import Engine, IdList, engine_of
from portal.search.query import Query, parse_query
from portal.search.ranking import Ranking
from portal.search.spelling import correct
from portal.selection.shelf import Picked, get_shelf

#: So many items are looked at closely to put the best first; from there on the database's own order holds.
WINDOW = 40
#: With fewer items that hold every word, items that hold some of them follow.
FEW = 10
#: So many unknown words of a search are corrected: looking for what is near them takes long.
MOST_CORRECTED = 3


@dataclass(frozen=True)
class Counted:
    """How many items answer each group of a query, which answer all of them, and how many there are at all."""

    counts: list[int]
    ids: Collection[int]
    total: int


@dataclass(frozen=True)
class Correction:
    """A query that was read otherwise than it was typed: "Resultaten voor … Zoek toch naar …"."""

    #: The words that were looked for.
    used: str
    #: What was typed.
    typed: str
    #: The words to search for to get what was typed after all.
    literal: str


class Match:
    """The matches of words in everything that a queryset holds."""

    def __init__(self, queryset, words: str, is_loose: bool = False):
        self.queryset = queryset
        self.words = words
        self._must_be_loose = is_loose

    @cached_property
    def engine(self) -> Engine:
        return engine_of(router.db_for_read(IndexEntry))

    @cached_property
    def everything(self) -> Collection[int]:
        """The primary keys of all that is searched."""
        return frozenset(self.queryset.order_by().values_list("pk", flat=True))

    def _matching(self, *expressions: str) -> list[Collection[int]]:
        """What of everything matches each expression, the newest first."""
        everything = self.everything
        if not everything:
            return [[] for _ in expressions]
        found = self.engine.found(expressions, self.queryset.model)
        return [dict.fromkeys(sorted(filter(everything.__contains__, ids), reverse=True)) for ids in found]

    def _count(self, query: Query) -> Counted:
        """What answers a query."""
        if not query.groups:
            return Counted([], [], 0)
        groups = [self.engine.of_group(group) for group in query.groups]
        whole = self.engine.of_query(query)
        if len(groups) == 1 and whole == self.engine.both(groups):
            groups = []
        *each, ids = self._matching(*groups, whole)
        return Counted([len(found) for found in each] or [len(ids)], ids, len(self.everything))

    @cached_property
    def _read(self) -> tuple[Query, Query, Correction | None, Counted]:
        """The words as they are looked for and as they are matched, how they were corrected, and what answers them.

        One statement for most searches; a second where a word is unknown and another is near it, or where no item
        holds a compound that may be taken apart.
        """
        query = parse_query(self.words)
        counted = self._count(query)
        if all(counted.counts):
            return query, query, None, counted
        in_pieces = query.in_pieces
        for is_last_resort in (False, True):
            used, literal = self._corrected(query, counted, is_last_resort)
            if used != self.words:
                corrected = parse_query(used)
                recounted = self._count(corrected)
                if any(recounted.counts):
                    return corrected, corrected, Correction(used, self.words, literal), recounted
            if any(counted.counts):
                break
            if not is_last_resort and in_pieces.groups != query.groups:
                pieces_counted = self._count(in_pieces)
                if any(pieces_counted.counts):
                    return query, in_pieces, None, pieces_counted
        return query, query, None, counted

    def _corrected(self, query: Query, counted: Counted, is_last_resort: bool) -> tuple[str, str]:
        """The words with each unknown one replaced by a near one, and with each such word in quotes."""
        used = literal = self.words
        counts = zip(query.groups, counted.counts, strict=True)
        unknown = (group for group, n in counts if not (n or group.is_literal or len(group.phrase) > 1))
        for group in islice(unknown, MOST_CORRECTED):
            if better := correct(group.text, is_last_resort):
                place = re.compile(rf"(?<!\w){re.escape(group.text)}(?!\w)")
                used = place.sub(better, used)
                literal = place.sub(f'"{group.text}"', literal)
        return used, literal

    @property
    def query(self) -> Query:
        """The words as they were looked for, after correction."""
        return self._read[0]

    @property
    def correction(self) -> Correction | None:
        """How the words were corrected; None when they were not."""
        return self._read[2]

    @property
    def _asked(self) -> Query:
        """The words as they are matched: a compound that nothing holds is taken apart."""
        return self._read[1]

    @property
    def _counted(self) -> Counted:
        return self._read[3]

    @cached_property
    def _strong_groups(self) -> list:
        """The groups that tell items apart: one that a quarter of all answers makes no item a match by itself."""
        limit = max(FEW, self._counted.total // 4)
        groups = list(zip(self._counted.counts, self._asked.groups, strict=True))
        strong = [group for count, group in groups if 0 < count <= limit]
        return strong or [group for count, group in groups if count]

    @cached_property
    def _expression(self) -> str:
        if self._is_widened:
            return self.engine.of_query(self._asked, self._strong_groups, is_loose=True)
        return self.engine.of_query(self._asked)

    @cached_property
    def _is_widened(self) -> bool:
        """Items that hold some of the words follow those that hold all."""
        if len(self._asked.groups) < 2 or not self._strong_groups:
            return False
        return self._must_be_loose or len(self._counted.ids) < FEW

    @cached_property
    def ids(self) -> Collection[int]:
        """The primary keys of every match, the newest first."""
        if not self._is_widened:
            return self._counted.ids
        return self._matching(self._expression)[0]

    @property
    def is_loose(self) -> bool:
        """No item holds all the words; these hold some of them."""
        return bool(self._is_widened and not self._counted.ids and self.ids)

    def restrict(self, queryset):
        return queryset.filter(pk__in=IdList(list(self.ids))) if self.ids else queryset.none()

    @cached_property
    def _ranking(self) -> Ranking:
        return Ranking(self._asked, self._counted.counts, self._counted.total)

    @property
    def _ranked_by(self) -> str:
        """What the database ranks by: every group, also those that make no match by themselves."""
        if not self._is_widened:
            return self._expression
        return self.engine.of_query(self._asked, is_loose=True)

    def _ids_in(self, queryset) -> Collection[int]:
        """The matches in a queryset; nothing is asked where that is everything that was searched."""
        asked, searched = queryset.query, self.queryset.query
        if queryset.model is self.queryset.model and asked.where == searched.where and not asked.is_sliced:
            return self.ids
        return dict.fromkeys(self.restrict(queryset).order_by("-pk").values_list("pk", flat=True))

    def ranked(self, queryset, start: int, stop: int) -> list[int]:
        """The primary keys of the matches in a queryset from `start` to `stop`, the best first."""
        if not self.ids or stop <= start:
            return []
        ids, model, expression = self._ids_in(queryset), self.queryset.model, self._ranked_by
        loose = self.engine.of_query(self._asked, is_loose=True)
        found: list[int] = []
        if start < WINDOW:
            near = self.engine.closest(expression, loose, model, ids, WINDOW)
            found = self._ranking.order(near)[start:stop]
        if stop > WINDOW:
            found += self.engine.best(expression, loose, model, ids, max(start, WINDOW), stop)
        return found


class DutchMatch(Match):
    """The items that hold the words of one search on the site.

    For templates: `query` (for snippets), `correction`, `refusal` and `note`. Whether items with only some of
    the words are shown is decided over everything readers may see, so that a filter never changes what a word finds.
    """

    def __init__(self, queryset, words: str):
        super().__init__(ContentPage.objects.for_readers(), words)

    @cached_property
    def everything(self):
        shelf = get_shelf()
        return Picked(shelf, shelf.everything)

    def _matching(self, *expressions):
        shelf, visible = self.everything.shelf, self.everything.items
        found = self.engine.found_on(shelf, expressions, self.queryset.model)
        return [Picked(shelf, items & visible) for items in found]

    def _ids_in(self, queryset):
        ids = super()._ids_in(queryset)
        shelf = self.everything.shelf
        return ids if isinstance(ids, Picked) else Picked(shelf, shelf.items(ids))

    @property
    def note(self) -> str:
        """What a reader should know of this result; "" for nothing."""
        return "Er is niets met al deze woorden. Dit lijkt erop." if self.is_loose else ""

    @property
    def refusal(self) -> str:
        """Why nothing can be found by these words; "" where something can."""
        if self.query.groups:
            return ""
        if self.query.excluded:
            return "Je sluit alleen woorden uit. Typ ook een woord dat je wel zoekt."
        if any(character.isalnum() for character in self.words):
            return (
                "Dit zijn woorden die in bijna elke tekst staan. Typ een woord dat zegt waar het over gaat."
            )
        return "Hier staat geen woord in om op te zoeken."


def find(queryset, words: str) -> DutchMatch:
    """What `register_word_search` asks for."""
    return DutchMatch(queryset, words)
