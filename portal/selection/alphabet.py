"""Items from A to Z, in memory from the first list in that order."""

from typing import Self

from portal.kept import Kept
from portal.models import ContentPage


class Alphabet:
    """The titles that readers see as they are sorted, each with its item."""

    def __init__(self, rows: list[tuple[str, int]]):
        self.rows = sorted(rows)  # in Python: each database has an order of letters of its own

    @classmethod
    def read(cls) -> Self:
        """Every title; one query."""
        return cls(_titles(ContentPage.objects.for_readers()))

    def renewed(self, changed: set[int]) -> Self:
        """With these titles as they are now; one query."""
        staying = [row for row in self.rows if row[1] not in changed]
        return type(self)(staying + _titles(ContentPage.objects.for_readers().filter(pk__in=changed)))


def _titles(items) -> list[tuple[str, int]]:
    return list(items.order_by().values_list("title_key", "pk"))


#: The titles of this generation.
get_alphabet = Kept(Alphabet.read, Alphabet.renewed).get
