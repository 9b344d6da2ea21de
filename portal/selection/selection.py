"""A Selection: from an address to a page of items, with everything a reader can do next."""

from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.functional import cached_property

from portal.models import Kind
from portal.selection import sentence
from portal.selection.filters import SORTS, Filters
from portal.selection.found import Found
from portal.selection.meetings import get_meetings
from portal.selection.parts import (
    FACET_LABELS,
    FIRST_OPTIONS,
    MOST_BOXES,
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
from portal.selection.queries import FACET_KEYS
from portal.selection.shelf import Picked
from portal.selection.vocabulary import Choice, get_vocabulary
from portal.text import fold


class Selection(Found):
    """The items of one list that a reader asked for: what it is called, where it stands, and what can be done next."""

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
        return sentence.tail(self.words, self.nouns, [self.fixed_choices, self.choices])

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
    def literal_url(self) -> str:
        """The address that looks for the words as they were typed, where they were corrected; else ""."""
        correction = getattr(self.match, "correction", None)
        return self.url_of(self.filters.change(q=correction.literal)) if correction else ""

    @property
    def canonical_url(self) -> str:
        """The one absolute address of this selection and page."""
        return f"{settings.SITE_URL}{self.url_of(self.filters)}"

    @property
    def plain_url(self) -> str:
        """The address of everything in this list."""
        return self.url_of(self.filters.cleared())

    @property
    def clear_url(self) -> str:
        """The address without what the chips name."""
        return self.url_of(self.filters.cleared(keeps_words=self.owner is None))

    @cached_property
    def robots(self) -> str:
        """What a crawler may do; "" is everything. The plain list leads to all that a narrowed one holds."""
        if self.filters.q or self.filters.sorteer or self.filters.value_count > 1:
            return "noindex, nofollow"
        if self.filters.value_count:
            return "nofollow" if self.total else "noindex, nofollow"
        return ""

    # What a reader can do next.

    def _counted_choices(self, key: str) -> list[tuple[Choice, int]]:
        counts = self.facet_counts[key]
        if key == "jaar":
            pairs = [
                (Choice(str(year), str(year), (year,)), n) for year, n in sorted(counts.items(), reverse=True)
            ]
        else:
            known = get_vocabulary().by_id.get(key, {})
            pairs = [(choice, counts[number]) for number, choice in known.items() if number in counts]
        if chosen := self.choices.get(key):
            shown = {choice.value for choice, _ in pairs}
            pairs += [(choice, 0) for choice in chosen if choice.value not in shown]
        return pairs

    def _facet(self, key: str) -> Facet:
        def lead(option: Option) -> str:
            change = self.filters.without_value if option.is_chosen else self.filters.with_value
            return self.url_of(change(key, option.value))

        chosen, counted, menu = getattr(self.filters, key), self._counted_choices(key), []
        if len(counted) > MOST_BOXES:
            order = sorted(counted, key=lambda pair: (pair[0].value not in chosen, -pair[1]))
            first = {choice.value for choice, _ in order[: max(FIRST_OPTIONS, len(chosen))]}
            menu = [pair for pair in counted if pair[0].value not in first]
            counted = [pair for pair in counted if pair[0].value in first]
        options = [Option(choice, count, choice.value in chosen, lead) for choice, count in counted]
        return Facet(key, FACET_LABELS[key], options, menu)

    @cached_property
    def facets(self) -> list[Facet]:
        """The keys that can narrow or widen this selection, with honest counts."""
        facets = []
        for key in FACET_KEYS:
            if key in self.fixed and (key != "soort" or len(self.fixed[key]) < 2):
                continue
            facet = self._facet(key)
            if len(facet.options) > 1 or self.choices.get(key):
                facets.append(facet)
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
        """What is chosen, each with a way to take it back; the words of the search page stand in its field."""
        chips = []
        if self.filters.q and self.owner is not None:
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
            counts = self.counts_without(keys)
            for key in keys:
                if counts.get(key):
                    wider = self.with_filters(self.filters.without_key(key))
                    wider.total = counts[key]
                    ways.append(Way(wider.sentence, wider.url_of(wider.filters)))
        if keys:
            ways.append(Way("Bekijk alles" if keys == ["q"] else "Wis alle keuzes", self.plain_url))
        search = reverse("search")
        if self.owner is not None and keys:
            everywhere = self.filters.change(periode="", sorteer="")
            ways.append(Way("Zoek op de hele site", f"{search}{everywhere.query}"))
        return ways

    @property
    def unheard_place(self) -> str:
        """The municipality that was looked for, where nothing stands here of it; "" for other words."""
        asked = fold(self.words) if not self.total else ""
        places = get_vocabulary().choices.get("gemeente", {}) if asked else {}
        return next((choice.label for choice in places.values() if fold(choice.label) == asked), "")

    # Other forms.

    @property
    def may_hold_events(self) -> bool:
        return Kind.EVENT in self.fixed.get("soort", [Kind.EVENT])

    @property
    def has_coming_events(self) -> bool:
        """Whether a meeting that is to come stands here, as far as that is known without the database."""
        if not self.shelf or not self.may_hold_events:
            return self.may_hold_events
        events = Picked(self.shelf, self.kept() & self.shelf.having("soort", [Kind.EVENT.value]))
        return get_meetings().are_coming(events)

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
            if form != "ics" or self.has_coming_events
        ]
