"""Every list is a Selection: content pages chosen by words and filters, in an order, in one of several forms."""

from portal.selection.filters import Filters
from portal.selection.selection import Selection
from portal.selection.words import WordMatch, register_word_search

__all__ = ["Filters", "Selection", "WordMatch", "register_word_search"]
