"""The four themes "Aan de slag met …" and the topics below them."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultipleChooserPanel, TitleFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable

from portal.blocks import BodyBlock
from portal.chrome import get_chrome
from portal.models import ContentPage, IndexPage, Kind
from portal.selection import Filters
from portal.selection.meetings import get_meetings
from portal.selection.shelf import Picked, get_shelf
from portal.selection.vocabulary import get_vocabulary
from portal.text import cut


class ThemeIndexPage(IndexPage):
    """The door to the four themes, at /aan-de-slag-met/."""

    parent_page_types = ["portal.HomePage"]
    subpage_types = ["themes.ThemePage"]
    max_count = 1

    class Meta:
        verbose_name = "overzicht van thema's"
        verbose_name_plural = "overzichten van thema's"

    def get_context(self, request, *args, **kwargs):
        return {
            **super(IndexPage, self).get_context(request, *args, **kwargs),
            "themes": get_chrome().themes,
        }


class Colour(models.TextChoices):
    """The colour and drawing in which a theme speaks; see docs/design.md."""

    RAAD = "raad", "Bordeaux (de raadzaal)"
    PARTICIPATIE = "participatie", "Oker (wie een plek inneemt)"
    SAMENSPEL = "samenspel", "Groen (de driehoek)"
    BALANS = "balans", "Paars (de balans)"


class SubjectPage(IndexPage):
    """What a theme and a topic share: a short name, an introduction, featured items and a Selection."""

    name = models.CharField(
        "korte naam", max_length=60, help_text="Zoals in het menu, bijvoorbeeld: De Raad."
    )
    body = StreamField(BodyBlock(), verbose_name="tekst", blank=True)

    content_panels = [
        TitleFieldPanel("title"),
        FieldPanel("name"),
        FieldPanel("introduction"),
        FieldPanel("body"),
        MultipleChooserPanel("featured_links", chooser_field_name="item", label="Uitgelicht"),
    ]

    class Meta(IndexPage.Meta):
        abstract = True

    @property
    def meta_description(self) -> str:
        return self.search_description or cut(self.introduction, 160)

    def featured_items(self) -> list[ContentPage]:
        """The editor's choice, in her order, only what readers may see."""
        order = [link.item_id for link in self.featured_links.all()]
        found = {item.pk: item for item in ContentPage.objects.for_readers().filter(pk__in=order).for_cards()}
        return [found[pk] for pk in order if pk in found]


class ThemePage(SubjectPage):
    """One of the four sections, e.g. "Aan de slag met De Raad"."""

    colour = models.CharField("kleur en tekening", max_length=20, choices=Colour, default=Colour.RAAD)

    parent_page_types = ["themes.ThemeIndexPage"]
    subpage_types = ["themes.TopicPage"]
    content_panels = [*SubjectPage.content_panels, FieldPanel("colour")]
    items_per_kind = 3

    class Meta:
        verbose_name = "thema"
        verbose_name_plural = "thema's"

    def __str__(self):
        return self.name

    def base_items(self):
        """What is filed under this theme; by a subquery, so that words can be laid over it."""
        rows = ContentPage.themes.through.objects.filter(themepage_id=self.pk)
        return ContentPage.objects.for_readers().filter(pk__in=rows.values("contentpage_id"))

    def selection_options(self):
        return {"fixed": {"thema": (self.slug,)}}

    def items_by_kind(self, shown: list[ContentPage]) -> list[tuple[Kind, list[ContentPage]]]:
        """The newest items of each kind beside those `shown`, in two queries whatever their number.

        Of meetings the next ones, and then those that were last.
        """
        shelf = get_shelf()
        own = shelf.having("thema", [self.pk]) & ~shelf.items([item.pk for item in shown])
        newest = {
            kind: shelf.newest(own & shelf.having("soort", [kind.value]), 0, self.items_per_kind)
            for kind in Kind
        }
        coming, over = get_meetings().in_turn(Picked(shelf, own & shelf.having("soort", [Kind.EVENT.value])))
        newest[Kind.EVENT] = [*coming, *over][: self.items_per_kind]
        keys = [pk for group in newest.values() for pk in group]
        cards = {item.pk: item for item in ContentPage.objects.filter(pk__in=keys).for_cards()}
        groups = [(kind, [cards[pk] for pk in keys if pk in cards]) for kind, keys in newest.items()]
        return [(kind, group) for kind, group in groups if group]

    @property
    def agenda_address(self) -> str:
        """The meetings of this theme in the agenda, at what is over where nothing is to come; "" without an agenda."""
        meetings, shelf = get_meetings(), get_shelf()
        own = shelf.having("thema", [self.pk]) & shelf.having("soort", [Kind.EVENT.value])
        is_coming = meetings.are_coming(Picked(shelf, own))
        filters = Filters(thema=(self.slug,), periode="" if is_coming else meetings.over_period)
        return meetings.address and f"{meetings.address}{filters.query}"

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        if not context["selection"].is_narrowed:
            topics = get_vocabulary().topics
            context["topics"] = [topic for topic in topics if topic.path.startswith(self.path)]
            context["featured"] = self.featured_items()
            context["groups"] = self.items_by_kind(context["featured"])
        return context


class TopicPage(SubjectPage):
    """A topic within a theme, e.g. uitdaagrecht."""

    parent_page_types = ["themes.ThemePage"]
    subpage_types = []

    class Meta:
        verbose_name = "onderwerp"
        verbose_name_plural = "onderwerpen"

    def __str__(self):
        return self.name

    def base_items(self):
        rows = ContentPage.topics.through.objects.filter(topicpage_id=self.pk)
        return ContentPage.objects.for_readers().filter(pk__in=rows.values("contentpage_id"))

    def selection_options(self):
        choice = get_vocabulary().by_id.get("onderwerp", {}).get(self.pk)
        return {"fixed": {"onderwerp": (choice.value if choice else self.slug,)}}

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["theme"] = get_chrome().theme_of(self)
        if not context["selection"].is_narrowed:
            context["featured"] = self.featured_items()
        return context


class FeaturedItem(Orderable):
    item = models.ForeignKey(
        "portal.ContentPage", verbose_name="pagina", on_delete=models.CASCADE, related_name="+"
    )

    class Meta(Orderable.Meta):
        abstract = True


class ThemeFeaturedItem(FeaturedItem):
    page = ParentalKey(ThemePage, on_delete=models.CASCADE, related_name="featured_links")


class TopicFeaturedItem(FeaturedItem):
    page = ParentalKey(TopicPage, on_delete=models.CASCADE, related_name="featured_links")
