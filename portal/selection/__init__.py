"""Every list is a Selection: content pages chosen by words and filters, in an order, in one of several forms."""

from portal.selection.selection import Selection

__all__ = ["Selection"]
