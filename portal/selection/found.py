"""What a choice finds in a list: its items, how many, in what order, and what they are filed under."""

from dataclasses import dataclass, field, replace
from typing import Self

from django.core.paginator import EmptyPage, Paginator
from django.db.models import Count, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.http import Http404
from django.utils.functional import cached_property

from portal.selection import sentence
from portal.selection.filters import SORTS, Filters
from portal.selection.paging import CountedPaginator, KeptCards, KeptKeys, RankedCards
from portal.selection.queries import FACET_KEYS, count_facets, narrow
from portal.selection.shelf import Picked, Shelf, get_shelf
from portal.selection.vocabulary import Choice, get_vocabulary, resolve
from portal.selection.words import search_items

NEWEST = ("-added_at", "-pk")
ORDERS = {"nieuw": NEWEST, "titel": ("title_key", "pk")}


@dataclass(eq=False)
class Found:
    """The items that a choice finds in a list: how many, which ones, and what they are filed under.

    Everything is computed when it is asked for, and once.
    """

    base_items: QuerySet = field(repr=False)
    filters: Filters = field(default_factory=Filters)
    #: The page whose list this is; None for the search page.
    owner: object = None
    #: The path of the list, with its slashes.
    action: str = "/"
    #: Keys that the list itself fixes, with their values: said in the sentence, not offered as a facet. A list that is
    #: kept holds exactly what has these.
    fixed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: One and several of what the list holds, where it is more than one kind.
    noun: tuple[str, str] = sentence.ANYTHING
    #: The only order of this list, such as time for an agenda; None leaves it to the reader.
    order: tuple[str, ...] | None = None
    #: The field whose year `jaar` means.
    date_field: str = "published_on"
    #: Labels of the periods of an agenda by their value in the address; "" is the plain one.
    periods: dict[str, str] = field(default_factory=dict)
    #: The list shows facets: its count then comes with theirs, in one query.
    shows_facets: bool = False
    #: The name under which `base_items` are kept for a generation; "" for a list that is asked of the database.
    kept_as: str = ""
    #: The shelf on which they stand; a list with an order of its own has its own.
    kept_on: type[Shelf] = Shelf

    @classmethod
    def from_request(cls, request, base_items: QuerySet, owner=None, **options) -> Self:
        """Read the reader's choice from the address. A page number that cannot be raises Http404.

        Options are the fields of this class, such as `action`, `fixed`, `noun`, `order` and `shows_facets`.
        """
        filters = Filters.parse(
            request.GET,
            periods=tuple(value for value in options.get("periods", {}) if value),
            sorts=() if options.get("order") else SORTS,
        )
        options.setdefault("action", request.path)
        # For the page cache: an answer for which nobody read a choice is the same whatever was asked.
        request.selection = cls(base_items, filters, owner, **options)
        return request.selection

    def with_filters(self, filters: Filters) -> Self:
        """Another choice from the same list."""
        return replace(self, filters=filters)

    def over(self, base_items: QuerySet) -> Self:
        """The same choice from other items."""
        return replace(self, base_items=base_items, kept_as="")

    # What is chosen.

    @cached_property
    def choices(self) -> dict[str, list[Choice]]:
        """What the chosen values stand for."""
        return resolve(self.filters.chosen)

    @cached_property
    def fixed_choices(self) -> dict[str, list[Choice]]:
        return resolve(self.fixed)

    @property
    def has_unknown(self) -> bool:
        """Whether some chosen value stands for nothing on this site."""
        return not all(choice.is_known for chosen in self.choices.values() for choice in chosen)

    @property
    def notes(self) -> list[str]:
        """Who the chosen people and organisations are, and what became of a chosen municipality."""
        return [choice.note for chosen in self.choices.values() for choice in chosen if choice.note]

    @property
    def is_narrowed(self) -> bool:
        """Whether this is anything else than the first page of the plain list."""
        return not self.filters.is_plain

    # The items.

    def narrowed(self, skip: str = "") -> QuerySet:
        """The items of every choice but that of `skip`, before the words."""
        return narrow(self.base_items.order_by(), self.choices, skip, self.date_field)

    @cached_property
    def match(self):
        """How the words were found (see portal.selection.words); None without words."""
        return search_items(self.narrowed(), self.filters.q) if self.filters.q else None

    @property
    def words(self) -> str:
        """The words that were looked for: as they were typed, or as they were corrected."""
        correction = getattr(self.match, "correction", None)
        return correction.used if correction else self.filters.q

    @property
    def q_note(self) -> str:
        """What the search itself has to say: why nothing can be found by these words, or how well they were; or ""."""
        return getattr(self.match, "refusal", "") or (getattr(self.match, "note", "") if self.total else "")

    def items_without(self, key: str) -> QuerySet:
        """The items narrowed by everything but the values of `key` (or "q" for the words), in no order."""
        items = self.narrowed(skip=key)
        return self.match.restrict(items) if self.match and key != "q" else items

    @cached_property
    def shelf(self):
        """The items in memory; None where this list is asked of the database."""
        return get_shelf(self.kept_on) if self.kept_as else None

    @cached_property
    def _kept_match(self) -> int:
        """The matches of the words as a set of the shelf; a search that knows them by number is not asked again."""
        ids = getattr(self.match, "ids", None)
        if isinstance(ids, Picked) and ids.shelf is self.shelf:
            return ids.items
        if ids is not None:
            return self.shelf.items(ids)
        return self.shelf.of(self.match.restrict(self.base_items.order_by()))

    @cached_property
    def _kept_base(self) -> int:
        """What the list holds: what has its fixed values. A list without any is asked by its name, and so is that of a
        theme or topic which readers do not see: its slug may be that of another."""
        base, is_fixed = self.shelf.everything, bool(self.fixed) and self.kept_on is Shelf
        for key, chosen in self.fixed_choices.items() if is_fixed else ():
            is_own = key == "soort" or all(self.owner and self.owner.pk in choice.ids for choice in chosen)
            is_fixed &= is_own and all(choice.is_known for choice in chosen)
            base &= self.shelf.chosen(key, chosen)
        return base if is_fixed else self.shelf.base(self.kept_as, self.base_items)

    def kept(self, skip: str = "") -> int:
        """The same as `items_without`, as a set of the shelf."""
        found = self._kept_base
        for key, chosen in self.choices.items():
            if key != skip:
                found &= self.shelf.chosen(key, chosen)
        return found & self._kept_match if self.match and skip != "q" else found

    def cards_of(self, keys: list[int]) -> list:
        """The cards of these items, in this order; on the search page with the bodies that show why they were found."""
        labels_of = self.shelf.labels_of if self.shelf else None
        cards = self.base_items.model.objects.filter(pk__in=keys).for_cards(labels_of)
        if self.match and self.owner is None:
            cards = cards.annotate(stored_body=Cast("body", TextField()))
        found = {item.pk: item for item in cards}
        return [found[pk] for pk in keys if pk in found]

    @cached_property
    def newest_keys(self):
        """The primary keys of every item, newest first, for a paginator."""
        return (
            KeptKeys(self)
            if self.shelf and not self.order
            else self.items.order_by(*NEWEST).values_list("pk", flat=True)
        )

    @cached_property
    def items(self) -> QuerySet:
        """Every item of the selection, in no order."""
        return self.items_without("")

    @cached_property
    def ordered_items(self) -> QuerySet:
        """Every item in the order of the list; by relevance is an order of cards only, so here it is newest first."""
        return self.items.order_by(*(self.order or ORDERS.get(self.filters.sort, NEWEST)))

    @cached_property
    def total(self) -> int:
        """How many items there are."""
        if self.shelf:
            return self.kept().bit_count()
        if self.shows_facets:
            chosen = self.filters.soort
            return sum(n for kind, n in self.facet_counts["soort"].items() if not chosen or kind in chosen)
        return self.items.count()

    @cached_property
    def paginator(self) -> Paginator:
        if self.match and not self.order and self.filters.sort == "relevantie":
            return CountedPaginator(RankedCards(self), self)
        return CountedPaginator(KeptCards(self) if self.shelf else self.ordered_items.for_cards(), self)

    @cached_property
    def page(self):
        """The asked page of cards; a number past the last one raises Http404."""
        try:
            return self.paginator.page(self.filters.pagina)
        except EmptyPage as error:
            raise Http404("Deze pagina van de lijst bestaat niet.") from error

    # How many there are of what.

    @cached_property
    def facet_counts(self) -> dict[str, dict[object, int]]:
        keys = [key for key in FACET_KEYS if key not in self.fixed or key == "soort"]
        if self.shelf:
            return {key: self.shelf.counts(key, self.kept(key), self.choices.get(key, [])) for key in keys}
        return count_facets(keys, self.items_without, get_vocabulary(), self.choices, self.date_field)

    def counts_without(self, keys: list[str]) -> dict[str, int]:
        """How many items there are without the choice of each key, in one query."""
        parts = [
            self.items_without(key)
            .annotate(without=Value(key))
            .values("without")
            .annotate(items=Count("pk"))
            .values_list("without", "items")
            for key in keys
        ]
        return dict(parts[0].union(*parts[1:], all=True))
