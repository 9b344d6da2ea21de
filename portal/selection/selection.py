"""A Selection: from an address to a page of items."""

from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.utils.functional import cached_property


@dataclass
class Selection:
    """The items of one list that a reader asked for."""

    base_items: object
    page_number: int = 1
    owner: object = None

    @classmethod
    def from_request(cls, request, base_items, owner=None) -> "Selection":
        """Read the reader's choice from the address; a page number that cannot be is a 404."""
        text = request.GET.get("pagina", "1")
        if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) > 0):
            raise Http404
        return cls(base_items, int(text), owner)

    @property
    def is_narrowed(self) -> bool:
        return self.page_number > 1

    @cached_property
    def paginator(self):
        items = self.base_items
        if not items.query.order_by:
            items = items.order_by("-added_at", "-pk")
        return Paginator(items.for_cards(), settings.PAGE_SIZE)

    @cached_property
    def page(self):
        if self.page_number > self.paginator.num_pages:
            raise Http404
        return self.paginator.page(self.page_number)
