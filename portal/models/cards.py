"""What lists ask of content pages, and what their cards show beside the fields of a page."""

from collections.abc import Callable, Iterable
from functools import cache

from django.apps import apps
from django.db.models import F, OuterRef, Q, Subquery
from wagtail.models import PageQuerySet

from portal.models.kinds import Kind

#: What a card shows of any item; a type names what it adds as `card_fields`.
CARD_FIELDS = (
    *("path", "url_path", "title", "kind", "summary", "teaser", "published_on", "added_at"),
    *("is_example", "card_line"),
)
#: Of items the labels of a key ("thema") that each has.
LabelsOf = Callable[[str, list[int]], dict[int, list[int]]]


@cache
def event_model():
    """The page type whose items are meetings; the portal knows it by its kind only."""
    return next(model for model in apps.get_models() if getattr(model, "own_kind", None) == Kind.EVENT)


@cache
def _first_municipality(model) -> Subquery:
    """The key of the municipality that the card of an item shows: the first of its own."""
    links = model.municipality_links.rel.related_model.objects.filter(page_id=OuterRef("pk"))
    return Subquery(links.order_by("sort_order", "pk").values("municipality_id")[:1])


class ContentQuerySet(PageQuerySet):
    def for_readers(self):
        """What anyone may see: live, and not in a private part of the site.

        Which parts are private is kept for a generation, like the menu: `.public()` would ask it for every list.
        """
        from portal.chrome import get_chrome

        return self.outside(get_chrome().private_paths)

    def outside(self, private_paths: Iterable[str]):
        """What is live, and not in these parts of the tree."""
        private = Q()
        for path in private_paths:
            private |= Q(path__startswith=path)
        return self.live().exclude(private) if private else self.live()

    def recent(self):
        """The stream: what was added last, on top."""
        return self.for_readers().filter(show_in_recent=True).order_by("-added_at", "-pk")

    def with_ends(self):
        """Each item with `ends_at`: when it ends, if it is a meeting. A card says so of one that is over."""
        event = event_model()
        if self.model not in event._meta.all_parents:  # a meeting knows it by itself, other types have no end
            return self
        return self.annotate(ends_at=F(f"{event._meta.model_name}__ends_at"))

    def briefly(self, *more: str):
        """The fields of cards alone, and these: naming, reading and keeping all takes longer than finding the items.
        Any other is read when it is asked for."""
        return self.only(*CARD_FIELDS, *self.model.card_fields, *more)

    _are_cards = False
    _labels_of: LabelsOf | None = None

    def for_cards(self, labels_of: LabelsOf | None = None):
        """Everything a card shows, in two queries whatever the number of cards.

        `labels_of` tells how items are filed, where that is in memory: then it is one query.
        """
        cards = self.briefly().with_ends().annotate(card_place=_first_municipality(self.model))
        cards._are_cards, cards._labels_of = True, labels_of
        return cards

    def _clone(self):
        clone = super()._clone()
        clone._are_cards, clone._labels_of = self._are_cards, self._labels_of
        return clone

    def _fetch_all(self):
        is_read = self._result_cache is not None
        super()._fetch_all()
        if self._are_cards and not is_read:
            cards = [item for item in self._result_cache if isinstance(item, self.model)]
            label_cards(self.model, cards, self._labels_of)


def _read_themes(model, keys: Iterable[int]) -> dict[int, list[int]]:
    """The keys of the themes of items."""
    found: dict[int, list[int]] = {}
    links = model.themes.through.objects.filter(contentpage_id__in=keys)
    for page_id, theme_id in links.values_list("contentpage_id", "themepage_id"):
        found.setdefault(page_id, []).append(theme_id)
    return found


def label_cards(model, items: list, labels_of: LabelsOf | None = None):
    """Give cards their themes and the municipality they show; names and outlines are kept with the frame.

    A prefetch would read every theme and municipality again, and build a manager for each card.
    """
    from portal.chrome import get_chrome

    if not items:
        return
    chrome, keys = get_chrome(), [item.pk for item in items]
    themes = labels_of("thema", keys) if labels_of else _read_themes(model, keys)
    places = {item.pk: item.card_place for item in items if item.kind == Kind.EXPERIENCE and item.card_place}
    known = chrome.municipalities(set(places.values()))
    for item in items:
        own = [chrome.themes_by_id[pk] for pk in themes.get(item.pk, ()) if pk in chrome.themes_by_id]
        item.card_themes = sorted(own, key=lambda theme: theme.path)
        item.card_municipality = known.get(places.get(item.pk))
