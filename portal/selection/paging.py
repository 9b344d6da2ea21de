"""What a paginator takes its slices from: cards by relevance, cards or keys of a list in memory."""

from django.conf import settings
from django.core.paginator import Paginator
from django.utils.functional import cached_property


class RankedCards:
    """The cards of a search by relevance, for a paginator: only the asked slice is fetched."""

    def __init__(self, selection):
        self.selection = selection

    def __getitem__(self, part: slice) -> list:
        if part.stop <= part.start:
            return []
        items = self.selection.narrowed()
        return self.selection.cards_of(self.selection.match.ranked(items, part.start, part.stop))


class KeptCards:
    """The cards of a list that is kept in memory, for a paginator: only the asked slice is fetched."""

    def __init__(self, selection):
        self.selection = selection

    def __getitem__(self, part: slice) -> list:
        selection = self.selection
        by_title = selection.filters.sort == "titel" and not selection.order
        ordered = selection.shelf.titled if by_title else selection.shelf.newest
        return selection.cards_of(ordered(selection.kept(), part.start, part.stop))


class KeptKeys:
    """The primary keys of a list that is kept in memory, newest first, for a paginator."""

    def __init__(self, selection):
        self.selection = selection

    def count(self) -> int:
        return self.selection.kept().bit_count()

    def __getitem__(self, part: slice) -> list[int]:
        return self.selection.shelf.newest(self.selection.kept(), part.start, part.stop)


class CountedPaginator(Paginator):
    """A paginator that takes its count from the selection, which may know it from the facets."""

    def __init__(self, cards, selection):
        super().__init__(cards, settings.PAGE_SIZE)
        self.selection = selection

    @cached_property
    def count(self) -> int:
        return self.selection.total
