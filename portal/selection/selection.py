"""A Selection: from an address to a page of items, with everything a reader can do next."""

from dataclasses import dataclass, field, replace
from urllib.parse import quote

from django.conf import settings
from django.core.paginator import EmptyPage, Paginator
from django.db.models import Count, QuerySet, Value
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from portal.models import Kind
from portal.selection import sentence
from portal.selection.filters import SORTS, Filters
from portal.selection.paging import CountedPaginator, KeptCards, KeptKeys, RankedCards
from portal.selection.parts import (
    FACET_LABELS,
    OUTPUT_FORMS,
    SORT_LABELS,
    Chip,
    Facet,
    Option,
    OutputForm,
    PageLink,
    PeriodLink,
    Shortcut,
    SortOption,
    Way,
    page_numbers,
    shortcuts,
)
from portal.selection.queries import FACET_KEYS, count_facets, narrow
from portal.selection.shelf import Shelf, get_shelf
from portal.selection.vocabulary import Choice, get_vocabulary, resolve
from portal.selection.words import search_items

NEWEST = ("-added_at", "-pk")
ORDERS = {"nieuw": NEWEST, "titel": ("title_key", "pk")}


@dataclass(eq=False)
class Selection:
    """The items of one list that a reader asked for. Everything is computed when it is asked for, and once."""

    base_items: QuerySet = field(repr=False)
    filters: Filters = field(default_factory=Filters)
    #: The page whose list this is; None for the search page.
    owner: object = None
    #: The path of the list, with its slashes.
    action: str = "/"
    #: Keys that the list itself fixes, with their values: said in the sentence, not offered as a facet.
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
    #: The name under which `base_items` are kept for a generation; "" for a list that also changes with the clock.
    kept_as: str = ""
    #: The shelf on which they stand; a list with an order of its own has its own.
    kept_on: type[Shelf] = Shelf

    @classmethod
    def from_request(cls, request, base_items: QuerySet, owner=None, **options) -> "Selection":
        """Read the reader's choice from the address. A page number that cannot be raises Http404.

        Options are the fields of this class, such as `action`, `fixed`, `noun`, `order` and `shows_facets`.
        """
        filters = Filters.parse(
            request.GET,
            periods=tuple(value for value in options.get("periods", {}) if value),
            sorts=() if options.get("order") else SORTS,
        )
        options.setdefault("action", request.path)
        return cls(base_items, filters, owner, **options)

    def with_filters(self, filters: Filters) -> "Selection":
        """Another choice from the same list."""
        return replace(self, filters=filters)

    def over(self, base_items: QuerySet) -> "Selection":
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
    def q_note(self) -> str:
        """What the search itself has to say of the words, such as a correction; "" for nothing."""
        return getattr(self.match, "note", "")

    @property
    def literal_url(self) -> str:
        """The address that looks for the words as they were typed, where they were corrected; else ""."""
        correction = getattr(self.match, "correction", None)
        return self.url_of(self.filters.change(q=correction.literal)) if correction else ""

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
        if ids is not None:
            return self.shelf.items(ids)
        return self.shelf.of(self.match.restrict(self.base_items.order_by()))

    @cached_property
    def _kept_base(self) -> int:
        return self.shelf.base(self.kept_as, self.base_items)

    def kept(self, skip: str = "") -> int:
        """The same as `items_without`, as a set of the shelf."""
        found = self._kept_base
        for key, chosen in self.choices.items():
            if key != skip:
                found &= self.shelf.chosen(key, chosen)
        return found & self._kept_match if self.match and skip != "q" else found

    def cards_of(self, keys: list[int]) -> list:
        """The cards of these items, in this order."""
        found = {item.pk: item for item in self.base_items.model.objects.filter(pk__in=keys).for_cards()}
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

    # What it is called.

    @cached_property
    def nouns(self) -> tuple[str, str]:
        """One and several of what is counted."""
        if chosen := self.choices.get("soort"):
            return sentence.kind_nouns(chosen)
        fixed = self.fixed_choices.get("soort", [])
        is_of_one_kind = len(fixed) == 1 and self.noun == sentence.ANYTHING
        return sentence.kind_nouns(fixed) if is_of_one_kind else self.noun

    @cached_property
    def tail(self) -> str:
        """What the sentence says behind the noun, e.g. "over Participatie voor griffiers"."""
        return sentence.tail(self.filters.q, self.nouns, [self.fixed_choices, self.choices])

    @cached_property
    def sentence(self) -> str:
        """The selection with its count, e.g. "34 praktijkvoorbeelden over Participatie voor griffiers"."""
        return sentence.name(self.total, self.nouns, self.tail)

    @cached_property
    def counted(self) -> str:
        """The beginning of the sentence: how many of what, e.g. "34 praktijkvoorbeelden"."""
        return sentence.name(self.total, self.nouns, "")

    @cached_property
    def heading(self) -> str:
        """The selection without its count, e.g. "Praktijkvoorbeelden over Participatie voor griffiers"."""
        return sentence.title(self.nouns, self.tail, self.filters.q)

    # Addresses.

    def url_of(self, filters: Filters) -> str:
        """The address of another choice from this list."""
        return f"{quote(self.action)}{filters.query}"

    @property
    def canonical_url(self) -> str:
        """The one absolute address of this selection and page."""
        return f"{settings.SITE_URL}{self.url_of(self.filters)}"

    @property
    def clear_url(self) -> str:
        return self.url_of(self.filters.cleared())

    @cached_property
    def robots(self) -> str:
        """What a crawler may do; "" is everything."""
        if self.filters.q or self.filters.sorteer or self.filters.value_count > 1:
            return "noindex, nofollow"
        if self.filters.value_count and not self.total:
            return "noindex"
        return ""

    # What a reader can do next.

    @cached_property
    def facet_counts(self) -> dict[str, dict[object, int]]:
        keys = [key for key in FACET_KEYS if key not in self.fixed or key == "soort"]
        if self.shelf:
            return {key: self.shelf.counts(key, self.kept(key), self.choices.get(key, [])) for key in keys}
        return count_facets(keys, self.items_without, get_vocabulary(), self.choices, self.date_field)

    def _counted_choices(self, key: str) -> list[tuple[Choice, int]]:
        counts = self.facet_counts[key]
        if key == "jaar":
            pairs = [
                (Choice(str(year), str(year), (year,)), n) for year, n in sorted(counts.items(), reverse=True)
            ]
        else:
            known = get_vocabulary().by_id.get(key, {})
            pairs = [(choice, counts[number]) for number, choice in known.items() if number in counts]
        shown = {choice.value for choice, _ in pairs}
        return pairs + [(choice, 0) for choice in self.choices.get(key, []) if choice.value not in shown]

    def _option(self, key: str, choice: Choice, count: int) -> Option:
        def lead(option: Option) -> str:
            change = self.filters.without_value if option.is_chosen else self.filters.with_value
            return self.url_of(change(key, option.value))

        is_chosen = choice.value in getattr(self.filters, key)
        return Option(choice.value, choice.label, count, is_chosen, lead, choice.words, choice.theme)

    @cached_property
    def facets(self) -> list[Facet]:
        """The keys that can narrow or widen this selection, with honest counts."""
        facets = []
        for key in FACET_KEYS:
            if key in self.fixed and (key != "soort" or len(self.fixed[key]) < 2):
                continue
            options = [self._option(key, choice, count) for choice, count in self._counted_choices(key)]
            if len(options) > 1 or self.choices.get(key):
                facets.append(Facet(key, FACET_LABELS[key], options))
        return facets

    @property
    def shortcuts(self) -> list[Shortcut]:
        return shortcuts(self.facets)

    @property
    def shortcut_fields(self) -> list[tuple[str, str]]:
        """Name and value of everything chosen, for the form in which a shortcut adds one value."""
        return self.filters.change().pairs()

    @cached_property
    def chips(self) -> list[Chip]:
        """What is chosen, each with a way to take it back."""
        chips = []
        if self.filters.q:
            chips.append(Chip(f"‘{self.filters.q}’", self.url_of(self.filters.without_key("q")), "q"))
        for key, chosen in self.choices.items():
            for choice in chosen:
                url = self.url_of(self.filters.without_value(key, choice.value))
                chips.append(Chip(choice.label, url, key, choice.theme))
        return chips

    @cached_property
    def hidden_fields(self) -> list[tuple[str, str]]:
        """Name and value of what the form of facets and words has no field for."""
        shown = {"q", "pagina", *(facet.key for facet in self.facets)}
        return [(key, value) for key, value in self.filters.pairs() if key not in shown]

    @cached_property
    def sorts(self) -> list[SortOption]:
        if self.order:
            return []
        return [
            SortOption(
                SORT_LABELS[sort],
                self.url_of(self.filters.change(sorteer=sort)),
                sort,
                sort == self.filters.sort,
            )
            for sort in SORTS
            if sort != "relevantie" or self.filters.q
        ]

    @cached_property
    def period_links(self) -> list[PeriodLink]:
        """The coming and the past, where the list has both."""
        return [
            PeriodLink(
                label, self.url_of(self.filters.change(periode=period)), period == self.filters.periode
            )
            for period, label in self.periods.items()
        ]

    def _page_url(self, number: int) -> str:
        return self.url_of(self.filters.change(pagina=number))

    @cached_property
    def page_links(self) -> list[PageLink]:
        """Links to pages by number; empty where everything fits on one."""
        if self.paginator.num_pages < 2:
            return []
        current = self.filters.pagina
        return [
            PageLink(None, "", is_gap=True)
            if number is None
            else PageLink(number, self._page_url(number), is_current=number == current)
            for number in page_numbers(current, self.paginator.num_pages)
        ]

    @property
    def previous_url(self) -> str:
        return self._page_url(self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self._page_url(self.page.next_page_number()) if self.page.has_next() else ""

    @cached_property
    def broader(self) -> list[Way]:
        """Ways out of an empty selection: label and address of lists that do hold something."""
        if self.total:
            return []
        keys = [*(["q"] if self.filters.q else []), *self.choices]
        ways = []
        if len(keys) > 1:
            counts = self._counts_without(keys)
            for key in keys:
                if counts.get(key):
                    wider = self.with_filters(self.filters.without_key(key))
                    wider.total = counts[key]
                    ways.append(Way(wider.sentence, wider.url_of(wider.filters)))
        if keys:
            ways.append(Way("Wis alle keuzes", self.clear_url))
        search = reverse("search")
        if self.owner is not None and keys:
            everywhere = self.filters.change(periode="", sorteer="")
            ways.append(Way("Zoek op de hele site", f"{search}{everywhere.query}"))
        return ways

    def _counts_without(self, keys: list[str]) -> dict[str, int]:
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

    # Other forms.

    @property
    def may_hold_events(self) -> bool:
        return Kind.EVENT in self.fixed.get("soort", [Kind.EVENT])

    def address(self, form: str) -> str:
        """The address of this selection as "atom", "csv", "json" or "ics"."""
        name = OUTPUT_FORMS[form][0]
        filters = self.filters.change(**({} if form in ("csv", "json") else {"sorteer": "", "periode": ""}))
        return f"{quote(self.action)}{name}{filters.query}"

    @cached_property
    def forms(self) -> list[OutputForm]:
        """The forms in which this selection can be followed or downloaded."""
        return [
            OutputForm(label, self.address(form), media_type, form)
            for form, (_, label, media_type) in OUTPUT_FORMS.items()
            if form != "ics" or self.may_hold_events
        ]
