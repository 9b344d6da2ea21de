"""What lists ask of content pages, and what their cards show beside the fields of a page."""

from django.db.models import Q
from wagtail.models import PageQuerySet

from portal.models.kinds import Kind


class ContentQuerySet(PageQuerySet):
    def for_readers(self):
        """What anyone may see: live, and not in a private part of the site.

        Which parts are private is kept for a generation, like the menu: `.public()` would ask it for every list.
        """
        from portal.chrome import get_chrome

        private = Q()
        for path in get_chrome().private_paths:
            private |= Q(path__startswith=path)
        return self.live().exclude(private) if private else self.live()

    def recent(self):
        """The stream: what was added last, on top."""
        return self.for_readers().filter(show_in_recent=True).order_by("-added_at", "-pk")

    _are_cards = False

    def for_cards(self):
        """Everything a card shows, without the texts, in three queries whatever the number of cards."""
        cards = self.defer_streamfields()
        cards._are_cards = True
        return cards

    def _clone(self):
        clone = super()._clone()
        clone._are_cards = self._are_cards
        return clone

    def _fetch_all(self):
        is_read = self._result_cache is not None
        super()._fetch_all()
        if self._are_cards and not is_read:
            label_cards(self.model, [item for item in self._result_cache if isinstance(item, self.model)])


def label_cards(model, items: list):
    """Give cards their themes and the municipality they show; names and outlines are kept for a generation.

    A prefetch would read every theme and municipality again, and build a manager for each card.
    """
    from portal.chrome import get_chrome

    if not items:
        return
    chrome, themes, places = get_chrome(), {}, {}
    links = model.themes.through.objects.filter(contentpage_id__in=[item.pk for item in items])
    for page_id, theme_id in links.values_list("contentpage_id", "themepage_id"):
        if theme := chrome.themes_by_id.get(theme_id):
            themes.setdefault(page_id, []).append(theme)
    experiences = [item.pk for item in items if item.kind == Kind.EXPERIENCE]
    if experiences:
        links = model.municipality_links.rel.related_model.objects.filter(page_id__in=experiences)
        for page_id, municipality_id in links.order_by("-sort_order", "-pk").values_list(
            "page_id", "municipality_id"
        ):
            places[page_id] = municipality_id
    known = chrome.municipalities(set(places.values()))
    for item in items:
        item.card_themes = sorted(themes.get(item.pk, []), key=lambda theme: theme.path)
        item.card_municipality = known.get(places.get(item.pk))
