"""What lasts: articles, publications, instruments and the experiences of municipalities."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from knowledgebase.blocks import InstrumentStepsBlock
from portal.models import ContentPage, IndexPage, Kind

YEAR_VALIDATORS = [MinValueValidator(1800), MaxValueValidator(2200)]


class KnowledgeIndexPage(IndexPage):
    """The kennisbank: articles and publications."""

    template = "portal/index_page.html"
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["knowledgebase.ArticlePage", "knowledgebase.PublicationPage"]
    max_count = 1

    class Meta:
        verbose_name = "kennisbank"
        verbose_name_plural = "kennisbanken"

    def base_items(self):
        return ContentPage.objects.for_readers().filter(kind__in=[Kind.ARTICLE, Kind.PUBLICATION])

    def selection_options(self):
        return {
            "fixed": {"soort": (Kind.ARTICLE.value, Kind.PUBLICATION.value)},
            "noun": ("artikel of publicatie", "artikelen en publicaties"),
        }


class InstrumentIndexPage(IndexPage):
    template = "portal/index_page.html"
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["knowledgebase.InstrumentPage"]
    max_count = 1

    class Meta:
        verbose_name = "lijst van instrumenten"
        verbose_name_plural = "lijsten van instrumenten"

    def base_items(self):
        return ContentPage.objects.for_readers().filter(kind=Kind.INSTRUMENT)

    def selection_options(self):
        return {"fixed": {"soort": (Kind.INSTRUMENT.value,)}}


class ExperienceIndexPage(IndexPage):
    template = "portal/index_page.html"
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["knowledgebase.ExperiencePage"]
    max_count = 1

    class Meta:
        verbose_name = "lijst van praktijkvoorbeelden"
        verbose_name_plural = "lijsten van praktijkvoorbeelden"

    def base_items(self):
        return ContentPage.objects.for_readers().filter(kind=Kind.EXPERIENCE)

    def selection_options(self):
        return {"fixed": {"soort": (Kind.EXPERIENCE.value,)}}


class ArticlePage(ContentPage):
    """Verdieping: a subject explained."""

    own_kind = Kind.ARTICLE
    needs_theme = True
    parent_page_types = ["knowledgebase.KnowledgeIndexPage"]
    subpage_types = []

    class Meta:
        verbose_name = "verdieping"
        verbose_name_plural = "verdiepende artikelen"


class PublicationForm(models.TextChoices):
    REPORT = "rapport", "Rapport"
    GUIDE = "handreiking", "Handreiking"
    ESSAY = "essay", "Essay"
    FACTSHEET = "factsheet", "Factsheet"
    BOOK = "boek", "Boek"
    MAGAZINE = "magazine", "Magazine"


class PublicationPage(ContentPage):
    """Something published as a whole, with its files; the body is its summary in HTML."""

    own_kind = Kind.PUBLICATION
    needs_theme = True
    starts_in_recent = True
    form = models.CharField(
        "vorm", max_length=20, choices=PublicationForm, blank=True, help_text="Leeg als dat niet bekend is."
    )
    year_of_issue = models.PositiveSmallIntegerField(
        "jaar van uitgave", null=True, blank=True, validators=YEAR_VALIDATORS
    )

    parent_page_types = ["knowledgebase.KnowledgeIndexPage"]
    subpage_types = []
    content_panels = [
        *ContentPage.intro_panels,
        FieldRowPanel([FieldPanel("form"), FieldPanel("year_of_issue")], heading="De publicatie"),
        FieldPanel("body", heading="Samenvatting als tekst"),
    ]
    search_fields = [*ContentPage.search_fields, index.SearchField("get_form_display")]

    class Meta:
        verbose_name = "publicatie"
        verbose_name_plural = "publicaties"

    def get_card_line(self) -> str:
        return self.get_form_display()


class Effort(models.TextChoices):
    LOW = "laag", "weinig werk"
    MIDDLE = "middel", "enkele dagen werk"
    HIGH = "hoog", "weken of maanden werk"


class Cost(models.TextChoices):
    FREE = "gratis", "gratis"
    LOW = "laag", "tot € 1.000"
    MIDDLE = "middel", "€ 1.000 tot € 10.000"
    HIGH = "hoog", "meer dan € 10.000"


class Rung(models.TextChoices):
    """The rungs of the participation ladder, from knowing to doing."""

    INFORM = "informeren", "Informeren"
    CONSULT = "raadplegen", "Raadplegen"
    ADVISE = "adviseren", "Adviseren"
    COPRODUCE = "coproduceren", "Coproduceren"
    DECIDE = "meebeslissen", "Meebeslissen"
    DO = "zelf-doen", "Zelf doen"


class InstrumentPage(ContentPage):
    """Something a municipality can put to use."""

    own_kind = Kind.INSTRUMENT
    needs_theme = True
    yields = models.TextField("wat levert het op", blank=True)
    steps = StreamField(InstrumentStepsBlock(), verbose_name="stappen", blank=True)
    group_min = models.PositiveIntegerField("met hoeveel mensen: van", null=True, blank=True)
    group_max = models.PositiveIntegerField("tot", null=True, blank=True)
    duration = models.CharField("hoelang duurt het", max_length=80, blank=True)
    effort = models.CharField("hoeveel werk is het", max_length=10, choices=Effort, blank=True)
    cost = models.CharField("wat kost het", max_length=10, choices=Cost, blank=True)
    rung = models.CharField("trede van de participatieladder", max_length=20, choices=Rung, blank=True)

    parent_page_types = ["knowledgebase.InstrumentIndexPage"]
    subpage_types = []
    content_panels = [
        *ContentPage.intro_panels,
        FieldPanel("yields"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("group_min"), FieldPanel("group_max")]),
                FieldPanel("duration"),
                FieldRowPanel([FieldPanel("effort"), FieldPanel("cost")]),
                FieldPanel("rung"),
            ],
            heading="In het kort",
        ),
        FieldPanel("steps"),
        FieldPanel("body"),
    ]
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("yields"),
        index.SearchField("steps"),
        index.SearchField("get_rung_display"),
    ]

    class Meta:
        verbose_name = "instrument"
        verbose_name_plural = "instrumenten"

    def clean(self):
        super().clean()
        if self.group_min and self.group_max and self.group_max < self.group_min:
            raise ValidationError(
                {"group_max": "Dit is minder dan het kleinste aantal. Draai de getallen om."}
            )

    @property
    def has_text(self) -> bool:
        return bool(super().has_text or self.yields or self.steps)

    @property
    def group_size(self) -> str:
        """With how many people, in words; "" when unknown."""
        if self.group_min and self.group_max:
            if self.group_min == self.group_max:
                return f"{self.group_min} mensen"
            return f"{self.group_min} tot {self.group_max} mensen"
        if self.group_min:
            return f"vanaf {self.group_min} mensen"
        return f"tot {self.group_max} mensen" if self.group_max else ""

    def get_card_line(self) -> str:
        return " · ".join(filter(None, [self.group_size, self.duration, self.get_effort_display()]))


class ExperiencePage(ContentPage):
    """What a municipality did, and what it learnt."""

    own_kind = Kind.EXPERIENCE
    needs_theme = True
    year_from = models.PositiveSmallIntegerField("jaar", null=True, blank=True, validators=YEAR_VALIDATORS)
    year_to = models.PositiveSmallIntegerField(
        "tot en met", null=True, blank=True, validators=YEAR_VALIDATORS
    )
    occasion = models.TextField("aanleiding", blank=True)
    approach = models.TextField("aanpak", blank=True)
    result = models.TextField("resultaat", blank=True)
    lessons = models.TextField("lessen", blank=True)
    is_evaluated = models.BooleanField(
        "geëvalueerd",
        null=True,
        blank=True,
        choices=[(True, "Ja"), (False, "Nee"), (None, "Niet bekend")],
    )
    evaluation_source = models.CharField("bron van de evaluatie", max_length=250, blank=True)
    contact = models.TextField("contact", blank=True, help_text="Wie kan er meer over vertellen?")

    parent_page_types = ["knowledgebase.ExperienceIndexPage"]
    subpage_types = []
    content_panels = [
        *ContentPage.intro_panels,
        FieldRowPanel([FieldPanel("year_from"), FieldPanel("year_to")], heading="Wanneer"),
        FieldPanel("occasion"),
        FieldPanel("approach"),
        FieldPanel("result"),
        FieldPanel("lessons"),
        MultiFieldPanel([FieldPanel("is_evaluated"), FieldPanel("evaluation_source")], heading="Evaluatie"),
        FieldPanel("body"),
        FieldPanel("contact"),
    ]
    search_fields = [
        *ContentPage.search_fields,
        *(index.SearchField(name) for name in ("occasion", "approach", "result", "lessons")),
    ]

    class Meta:
        verbose_name = "praktijkvoorbeeld"
        verbose_name_plural = "praktijkvoorbeelden"

    def clean(self):
        super().clean()
        if self.year_from and self.year_to and self.year_to < self.year_from:
            raise ValidationError({"year_to": "Dit jaar ligt voor het eerste jaar."})
        if self.is_evaluated and not self.evaluation_source.strip():
            raise ValidationError({"evaluation_source": "Noem waar de evaluatie te vinden is."})

    @property
    def has_text(self) -> bool:
        return super().has_text or any([self.occasion, self.approach, self.result, self.lessons])

    @property
    def years(self) -> str:
        """The year, or first and last year; "" when unknown."""
        if self.year_from and self.year_to and self.year_to != self.year_from:
            return f"{self.year_from}–{self.year_to}"
        return str(self.year_from or self.year_to or "")

    def get_card_line(self) -> str:
        names = [link.municipality.name for link in self.municipality_links.all()[:3]]
        return " · ".join(
            filter(None, [", ".join(names), self.years, "geëvalueerd" if self.is_evaluated else ""])
        )
