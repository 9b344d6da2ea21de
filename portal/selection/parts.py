"""What a template gets to show of a selection: facets, chips, links and forms; nothing here asks the database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.functional import cached_property

from portal.selection.vocabulary import Choice

#: How many options of a facet stand open; the rest folds away, unless it is one: "Meer" takes as much room as that one.
FIRST_OPTIONS = 8
#: Of more options than this only the chosen ones and those that find most are boxes, and the others are in a menu:
#: three hundred boxes are too long to look through.
MOST_BOXES = 40


@dataclass(eq=False)
class Option:
    """One value of a facet; following `url` chooses it, or takes it back."""

    choice: Choice
    count: int
    is_chosen: bool
    #: Where it leads; asked only where it is shown as a link.
    lead: Callable[["Option"], str]

    @property
    def value(self) -> str:
        return self.choice.value

    @property
    def label(self) -> str:
        return self.choice.label

    @property
    def words(self) -> str:
        """The label as a sentence about a list uses it: "griffiers"."""
        return self.choice.words

    @property
    def theme(self):
        """The theme whose colour it carries, or None."""
        return self.choice.theme

    @cached_property
    def url(self) -> str:
        return self.lead(self)


@dataclass(frozen=True)
class Facet:
    """One key with the values that still find something: to tick, and where they are very many, to choose one from."""

    key: str
    label: str
    options: list[Option]
    #: The choices of the menu, and how many items have each.
    menu: list[tuple[Choice, int]] = field(default_factory=list)

    @property
    def first(self) -> int:
        """How many options stand open."""
        return FIRST_OPTIONS if len(self.options) > FIRST_OPTIONS + 1 else len(self.options)

    @property
    def is_open(self) -> bool:
        """Whether a chosen option stands among those that a long list folds away."""
        return any(option.is_chosen for option in self.options[self.first :])


@dataclass(frozen=True)
class Shortcut:
    """A few values to choose by one tap, where the form of filters is folded away."""

    key: str
    label: str
    options: list[Option]


@dataclass(frozen=True)
class Chip:
    """One chosen value, with the address of the list without it."""

    label: str
    remove_url: str
    key: str
    theme: object = None


@dataclass(frozen=True)
class SortOption:
    label: str
    url: str
    value: str
    is_current: bool


@dataclass(frozen=True)
class PageLink:
    """A page number to go to; a gap has none."""

    number: int | None
    url: str
    is_current: bool = False
    is_gap: bool = False


@dataclass(frozen=True)
class PeriodLink:
    """The coming or the past of an agenda."""

    label: str
    url: str
    is_current: bool


class Way(NamedTuple):
    """A way out of an empty list."""

    label: str
    url: str


@dataclass(frozen=True)
class OutputForm:
    """The same selection in another form: `type` is its media type."""

    label: str
    url: str
    type: str
    form: str


FACET_LABELS = {
    "thema": "Thema",
    "onderwerp": "Onderwerp",
    "soort": "Soort",
    "rol": "Voor wie",
    "gemeente": "Gemeente",
    "jaar": "Jaar",
}
#: The keys that a reader may choose by one tap, with the word before their values.
SHORTCUTS = {"thema": "Over", "rol": "Voor", "soort": "Alleen"}
MOST_SHORTCUTS = 2
SORT_LABELS = {
    "relevantie": "Beste resultaat eerst",
    "nieuw": "Laatst toegevoegd",
    "titel": "Titel, van A tot Z",
}
#: Name of the file, what a reader reads, and the media type of each form of output.
OUTPUT_FORMS = {
    "atom": ("feed.atom", "Volg deze lijst (Atom-feed)", "application/atom+xml"),
    "ics": ("agenda.ics", "Zet de bijeenkomsten in je agenda (ics)", "text/calendar"),
    "csv": ("lijst.csv", "Download als spreadsheet (csv)", "text/csv"),
    "json": ("lijst.json", "Download als gegevens (json)", "application/json"),
}


def shortcuts(facets: list[Facet]) -> list[Shortcut]:
    """The first keys of which nothing is chosen yet, each with the values that still find something."""
    by_key = {facet.key: facet.options for facet in facets}
    found = [
        Shortcut(key, label, [option for option in by_key[key] if option.count])
        for key, label in SHORTCUTS.items()
        if key in by_key and not any(option.is_chosen for option in by_key[key])
    ]
    return [shortcut for shortcut in found if len(shortcut.options) > 1][:MOST_SHORTCUTS]


def page_numbers(current: int, last: int) -> list[int | None]:
    """The numbers to show: first, last and the neighbours of the current one; None is a gap of two pages or more."""
    shown = sorted({1, last, *range(max(1, current - 1), min(last, current + 1) + 1)})
    numbers: list[int | None] = []
    for number in shown:
        before = numbers[-1] if numbers else 0
        if number - before == 2:
            numbers.append(number - 1)
        elif number - before > 2:
            numbers.append(None)
        numbers.append(number)
    return numbers
