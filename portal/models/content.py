"""ContentPage: the one concrete base of everything a reader looks for."""

from django.db import models, transaction
from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from django.utils.functional import cached_property
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.search import index

from portal.blocks import BodyBlock
from portal.models.base import PortalPage, is_draft_alone
from portal.models.cards import ContentQuerySet
from portal.models.kinds import Kind
from portal.text import cut, fold

HOME_LENGTH, THEME_LENGTH, LIST_LENGTH = 100, 150, 200


class ContentPageForm(WagtailAdminPageForm):
    """Asks for a theme where the type needs one, and what its picture shows; a draft may still be without."""

    def clean(self):
        cleaned = super().clean()
        if self.is_deferred_validation or self.data.get("workflow-action-name") == "reject":
            return cleaned
        if "themes" in self.fields and self.instance.needs_theme and not cleaned.get("themes"):
            self.add_error("themes", "Kies ten minste één thema.")
        if (image := cleaned.get("image")) and not image.description.strip():
            self.add_error(
                "image",
                "Niemand beschreef nog wat op deze afbeelding te zien is. Bewerk de afbeelding en vul dat in, "
                "of kies een andere.",
            )
        return cleaned


class ContentPage(PortalPage):
    """Something a reader looks for: an article, an instrument, an experience, a publication, news, an event.

    Lists, cards, search and exports use only this model; a type adds what is its own.
    """

    #: What templates of all kinds ask for and only some have: Django goes through all names for one that is missing.
    starts_at = place = when = organiser = shown_report = None

    kind = models.CharField("soort", max_length=20, choices=Kind)
    subtitle = models.CharField("ondertitel", max_length=250, blank=True)
    summary = models.TextField(
        "samenvatting",
        help_text="Waar gaat dit over, en wat heeft de lezer eraan? In een of twee zinnen, zonder opmaak.",
    )
    teaser = models.TextField(
        "eigen tekst op kaartjes",
        blank=True,
        help_text="Alleen nodig als het begin van de samenvatting niet goed past in een lijst.",
    )
    body = StreamField(BodyBlock(), verbose_name="tekst", blank=True)
    image = models.ForeignKey(
        "portal.PortalImage",
        verbose_name="afbeelding",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    published_on = models.DateField(
        "datum van het stuk",
        null=True,
        blank=True,
        help_text="Wanneer het stuk zelf verscheen. Leeg als dat niet bekend is.",
    )
    added_at = models.DateTimeField("toegevoegd op", default=timezone.now, editable=False)
    themes = ParentalManyToManyField(
        "themes.ThemePage", verbose_name="thema's", blank=True, related_name="content_pages"
    )
    topics = ParentalManyToManyField(
        "themes.TopicPage", verbose_name="onderwerpen", blank=True, related_name="content_pages"
    )
    roles = ParentalManyToManyField(
        "portal.Role", verbose_name="voor wie", blank=True, related_name="content_pages"
    )
    reviewed_on = models.DateField("gecontroleerd op", null=True, blank=True)
    review_due_on = models.DateField("opnieuw controleren op", null=True, blank=True)
    maintainer = models.ForeignKey(
        "auth.User",
        verbose_name="beheerder van deze pagina",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    show_in_recent = models.BooleanField(
        "toon bij ‘Recent toegevoegd’", default=False, help_text="Op de startpagina en op de pagina Recent."
    )
    is_example = models.BooleanField(
        "voorbeeld", default=False, help_text="Lezers zien er ‘Voorbeeld’ bij: dit is verzonnen."
    )
    card_line = models.CharField(max_length=250, blank=True, editable=False)
    title_key = models.CharField(max_length=255, editable=False, default="")

    objects = PageManager.from_queryset(ContentQuerySet)()

    is_creatable = False
    #: The kind of every item of a type, or None where the editor chooses it.
    own_kind: Kind | None = None
    #: The fields of a type that its card shows beside those of all.
    card_fields: tuple[str, ...] = ()
    #: Whether a new item of this type appears in "Recent toegevoegd" by itself.
    starts_in_recent = False
    #: Knowledge must be filed under a theme; news need not be.
    needs_theme = False

    #: What a search adds to its cards. Named here: Django lists every attribute of an item before it calls one missing.
    snippet = ""
    stored_body = ""
    opened_token = ""

    _awaits_first_publication = False

    base_form_class = ContentPageForm
    #: Its own `save()` brings the search index up to date, when themes and other links are saved too.
    search_auto_update = False
    exclude_fields_in_copy = ["added_at"]
    context_object_name = "item"

    intro_panels = [
        TitleFieldPanel("title", help_text="Kort en concreet, zoals een lezer het zou zoeken."),
        FieldPanel("subtitle"),
        FieldPanel("summary"),
        FieldPanel("image"),
    ]
    content_panels = [*intro_panels, FieldPanel("body")]
    classification_panels = [
        FieldPanel(
            "themes",
            widget=CheckboxSelectMultiple,
            help_text="Kies er een of twee. Het bovenste thema geeft de pagina haar kleur.",
        ),
        FieldPanel(
            "topics", widget=CheckboxSelectMultiple, help_text="Kies alleen waar het stuk echt over gaat."
        ),
        FieldPanel("roles", widget=CheckboxSelectMultiple, help_text="Wie kan hier morgen iets mee?"),
        MultipleChooserPanel(
            "municipality_links",
            chooser_field_name="municipality",
            label="Gemeenten",
            help_text="Alleen als het stuk over die gemeente gaat.",
        ),
        MultipleChooserPanel("author_links", chooser_field_name="person", label="Auteurs"),
        MultipleChooserPanel(
            "sender_links",
            chooser_field_name="organisation",
            label="Afzenders",
            help_text="De organisatie die het stuk maakte of uitgaf.",
        ),
    ]
    link_panels = [
        MultipleChooserPanel(
            "download_links",
            chooser_field_name="document",
            label="Downloads",
            help_text="Ze staan naast de tekst, met soort, grootte en aantal pagina’s.",
        ),
        MultipleChooserPanel(
            "related_links",
            chooser_field_name="related_page",
            label="Verwante pagina's",
            help_text="Wat je kiest staat vooraan. De rest vult de site zelf aan.",
        ),
    ]
    upkeep_panels = [
        MultiFieldPanel(
            [FieldPanel("published_on"), FieldPanel("show_in_recent"), FieldPanel("teaser")],
            heading="In lijsten",
        ),
        MultiFieldPanel(
            [FieldPanel("reviewed_on"), FieldPanel("review_due_on"), FieldPanel("maintainer")],
            heading="Onderhoud",
        ),
        FieldPanel("is_example"),
    ]
    #: Without Wagtail's tick for menus: only what lies right under the home page stands in one.
    promote_panels = [
        MultiFieldPanel(["slug", "seo_title", "search_description"], heading="Voor zoekmachines"),
    ]

    search_fields = [
        *PortalPage.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("subtitle", boost=2),
        index.SearchField("get_labels", boost=2),
        index.SearchField("body"),
        index.SearchField("get_public_download_text"),
        index.FilterField("kind"),
        index.FilterField("added_at"),
        index.FilterField("published_on"),
        index.FilterField("show_in_recent"),
        index.FilterField("is_example"),
        index.FilterField("title_key"),
    ]

    class Meta:
        verbose_name = "inhoud"
        # The last word of each order is the key, so that the index alone gives the order.
        indexes = [
            models.Index(fields=["-added_at", "-page_ptr"], name="content_added"),
            models.Index(
                fields=["-added_at", "-page_ptr"],
                name="content_recent",
                condition=models.Q(show_in_recent=True),
            ),
            models.Index(fields=["kind", "-added_at", "-page_ptr"], name="content_kind_added"),
            models.Index(fields=["title_key", "page_ptr"], name="content_title"),
            models.Index(fields=["published_on"], name="content_published"),
        ]

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.edit_handler = TabbedInterface(
            [
                ObjectList(cls.content_panels, heading="Tekst"),
                ObjectList(cls.classification_panels, heading="Indeling"),
                ObjectList(cls.link_panels, heading="Downloads en verwant"),
                ObjectList([*cls.upkeep_panels, *cls.promote_panels], heading="Vindbaar"),
                ObjectList([PublishingPanel()], heading="Publicatie"),
            ]
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.pk is None and not args:
            if "show_in_recent" not in kwargs:
                self.show_in_recent = self.starts_in_recent
            if self.own_kind and "kind" not in kwargs:
                self.kind = self.own_kind

    def full_clean(self, *args, **kwargs):
        self._derive()
        super().full_clean(*args, **kwargs)

    @transaction.atomic
    def save(self, *args, **kwargs):
        if self._awaits_first_publication and self.first_published_at:
            self.added_at = self.first_published_at
            self._awaits_first_publication = False
        self._derive()
        result = super().save(*args, **kwargs)
        # The words of a draft are no words of the page that readers see.
        if not (self.live and is_draft_alone(kwargs.get("update_fields"))):
            index.insert_or_update_object(self)
        return result

    def with_content_json(self, content):
        """A draft never carries its own moment of addition: that is the page's, from its first publication on."""
        draft = super().with_content_json(content)
        draft.added_at = self.added_at
        draft._awaits_first_publication = self.first_published_at is None
        return draft

    def _derive(self):
        """Fill what follows from other fields, so that lists and cards need no second query."""
        if self.own_kind:
            self.kind = self.own_kind
        self.title_key = fold(self.title)[:255]
        if type(self) is not ContentPage:
            self.card_line = self.get_card_line()[:250]

    def get_card_line(self) -> str:
        """What a card says of this item beside its kind and date; types override it."""
        return ""

    def get_context(self, request, *args, **kwargs):
        from portal.related import reading_context

        return {**super().get_context(request, *args, **kwargs), **reading_context(self, request)}

    @classmethod
    def get_indexed_objects(cls):
        """With all that `get_labels()` and `get_public_download_text()` read, in a constant number of queries."""
        return (
            super()
            .get_indexed_objects()
            .prefetch_related(
                "themes",
                "topics",
                "roles",
                "municipality_links__municipality__successor",
                "municipality_links__municipality__predecessors",
                "author_links__person",
                "sender_links__organisation",
                "download_links__document__words",
            )
        )

    def get_public_download_text(self) -> str:
        """The titles of its downloads that everyone may have, and their words once the worker has read them."""
        from portal.chrome import get_chrome

        texts = []
        for link in self.download_links.all():
            if not get_chrome().is_public(link.document):
                continue
            texts.append(link.document.title)
            if words := getattr(link.document, "words", None):
                texts.append(words.text)
        return "\n".join(texts)

    def get_labels(self) -> str:
        """The names an item is filed under, by which it is found: kind, themes, topics, roles, places, people."""
        names = [self.kind_label, *(theme.name for theme in self.themes.all())]
        names += [topic.name for topic in self.topics.all()]
        names += [role.name for role in self.roles.all()]
        for link in self.municipality_links.all():
            names += link.municipality.all_names
        names += [link.person.name for link in self.author_links.all()]
        for link in self.sender_links.all():
            names += [link.organisation.name, link.organisation.abbreviation]
        return "\n".join(names)

    @property
    def kind_label(self) -> str:
        """The kind as a word for readers."""
        return Kind(self.kind).label if self.kind in Kind else ""

    @property
    def has_text(self) -> bool:
        """Whether there is more to read on its page than a summary; types with texts of their own add those."""
        return bool(self.body)

    def teaser_of(self, length: int) -> str:
        """The editor's own teaser as it stands (it may hold a line break), else the summary cut to `length`."""
        return self.teaser.strip() or cut(self.summary, length)

    @property
    def home_teaser(self) -> str:
        return self.teaser_of(HOME_LENGTH)

    @property
    def theme_teaser(self) -> str:
        return self.teaser_of(THEME_LENGTH)

    @property
    def list_teaser(self) -> str:
        return self.teaser_of(LIST_LENGTH)

    @cached_property
    def card_themes(self) -> list:
        """The themes of this item in the order of the site; `for_cards()` gives them to all cards at once."""
        return sorted(self.themes.all(), key=lambda theme: theme.path)

    @cached_property
    def card_municipality(self):
        """The municipality whose outline stands on the card, or None."""
        return next((link.municipality for link in self.municipality_links.all()), None)

    @property
    def meta_description(self) -> str:
        """What a search engine shows: the editor's own text, else the summary."""
        return self.search_description or cut(self.summary, 160)
