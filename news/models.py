"""What passes: news, columns, interviews and reports under /actueel/, meetings under /agenda/."""

from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.search import index

from news.moments import day_line, moment_line, month_line
from portal.blocks import BodyBlock
from portal.models import ContentPage, IndexPage, Kind
from portal.models.cards import ContentQuerySet
from portal.models.content import ContentPageForm
from portal.selection import Selection

NEWS_KINDS = [Kind.NEWS, Kind.COLUMN, Kind.INTERVIEW, Kind.REPORT]


class NewsIndexPage(IndexPage):
    template = "portal/index_page.html"
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["news.NewsPage"]
    max_count = 1

    class Meta:
        verbose_name = "actueel"
        verbose_name_plural = "actueel"

    def base_items(self):
        return ContentPage.objects.for_readers().filter(kind__in=NEWS_KINDS)

    def selection_options(self):
        return {
            "fixed": {"soort": tuple(kind.value for kind in NEWS_KINDS)},
            "noun": ("bericht", "berichten"),
        }


class NewsPageForm(ContentPageForm):
    """Offers only the kinds that news may have."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in NEWS_KINDS]


class NewsPage(ContentPage):
    """News, a column, an interview or a report of something that was."""

    starts_in_recent = True
    place = models.CharField("plaats", max_length=120, blank=True, help_text="Plaats in de datumregel.")

    parent_page_types = ["news.NewsIndexPage"]
    subpage_types = []
    base_form_class = NewsPageForm
    exclude_fields_in_copy = [*ContentPage.exclude_fields_in_copy, "published_on"]
    content_panels = [
        FieldPanel("kind"),
        ContentPage.intro_panels[0],
        FieldRowPanel(
            [
                FieldPanel(
                    "published_on", help_text="Laat je het leeg, dan is het de dag waarop dit online komt."
                ),
                FieldPanel("place"),
            ]
        ),
        *ContentPage.intro_panels[1:],
        FieldPanel("body"),
    ]
    upkeep_panels = [
        MultiFieldPanel([FieldPanel("show_in_recent"), FieldPanel("teaser")], heading="In lijsten"),
        *ContentPage.upkeep_panels[1:],
    ]

    class Meta:
        verbose_name = "nieuws of column"
        verbose_name_plural = "nieuws en columns"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.kind:
            self.kind = Kind.NEWS

    def clean(self):
        super().clean()
        if self.kind not in NEWS_KINDS:
            raise ValidationError({"kind": "Kies nieuws, column, interview of verslag."})

    def save(self, *args, **kwargs):
        if not self.published_on:
            if self._awaits_first_publication and self.first_published_at:
                self.published_on = timezone.localdate(self.first_published_at)
            elif self.pk:  # a version of before its first publication knows no date
                self.published_on = (
                    NewsPage.objects.filter(pk=self.pk).values_list("published_on", flat=True).first()
                )
        return super().save(*args, **kwargs)

    def get_card_line(self) -> str:
        return ", ".join(link.person.name for link in self.author_links.all()[:3])


class EventQuerySet(ContentQuerySet):
    def upcoming(self, now=None):
        """Not ended yet, the first to start on top."""
        return self.filter(ends_at__gte=now or timezone.now()).order_by("starts_at", "pk")

    def past(self, now=None):
        """Ended, the last one on top."""
        return self.filter(ends_at__lt=now or timezone.now()).order_by("-starts_at", "-pk")


class EventStatus(models.TextChoices):
    PLANNED = "gepland", "Gaat door"
    FULL = "vol", "Vol"
    MOVED = "verplaatst", "Verplaatst"
    CANCELLED = "afgelast", "Afgelast"


class EventIndexPage(IndexPage):
    """The agenda: what is coming, by month; what is past is kept at `?periode=voorbij`, the last one on top."""

    template = "portal/index_page.html"
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["news.EventPage"]
    max_count = 1
    past = "voorbij"

    class Meta:
        verbose_name = "agenda"
        verbose_name_plural = "agenda's"

    def base_items(self):
        return EventPage.objects.for_readers()

    def selection_for(self, request, action=None):
        from news.timetable import Coming, Past

        is_past = request.GET.get("periode") == self.past
        events = self.base_items().past() if is_past else self.base_items().upcoming()
        return Selection.from_request(
            request,
            events,
            owner=self,
            action=action or request.path,
            fixed={"soort": (Kind.EVENT.value,)},
            noun=(
                ("afgelopen bijeenkomst", "afgelopen bijeenkomsten")
                if is_past
                else ("komende bijeenkomst", "komende bijeenkomsten")
            ),
            order=events.query.order_by,
            kept_as="agenda",
            kept_on=Past if is_past else Coming,
            date_field="starts_at",
            periods={"": "Komende bijeenkomsten", self.past: "Afgelopen bijeenkomsten"},
            shows_facets=True,
        )

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        selection = context["selection"]
        by_month = groupby(selection.page.object_list, lambda event: month_line(event.starts_at))
        context["months"] = [(label, list(events)) for label, events in by_month]
        return context


class EventPage(ContentPage):
    """A meeting or webinar that people can put in their calendar."""

    own_kind = Kind.EVENT
    card_fields = ("starts_at", "ends_at", "all_day", "status")
    starts_in_recent = True
    starts_at = models.DateTimeField("begint op")
    ends_at = models.DateTimeField("eindigt op")
    all_day = models.BooleanField(
        "hele dag", default=False, help_text="Alleen de dagen tellen, niet de tijden."
    )
    location = models.CharField("plaats", max_length=200, blank=True, help_text="Zaal, adres en plaats.")
    online_url = models.URLField("online via", blank=True)
    organiser = models.CharField("organisator", max_length=160, blank=True)
    signup_url = models.URLField("aanmelden via", blank=True)
    signup_email = models.EmailField("aanmelden per e-mail", blank=True)
    status = models.CharField(
        "gaat het door?", max_length=20, choices=EventStatus, default=EventStatus.PLANNED
    )
    status_note = models.CharField(
        "toelichting", max_length=250, blank=True, help_text="Bijvoorbeeld: was eerst op 3 december."
    )
    sequence = models.PositiveIntegerField(default=0, editable=False)
    report = StreamField(BodyBlock(), verbose_name="verslag achteraf", blank=True)

    objects = PageManager.from_queryset(EventQuerySet)()

    parent_page_types = ["news.EventIndexPage"]
    subpage_types = []
    content_panels = [
        *ContentPage.intro_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldPanel("all_day"),
                FieldPanel("location"),
                FieldPanel(
                    "online_url", help_text="Het adres waarop je online meedoet, zoals van een videogesprek."
                ),
                FieldPanel("organiser"),
            ],
            heading="Wanneer en waar",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel(
                            "signup_url", help_text="Het adres van een formulier om je aan te melden."
                        ),
                        FieldPanel("signup_email"),
                    ]
                ),
                FieldPanel("status"),
                FieldPanel("status_note"),
            ],
            heading="Aanmelden",
        ),
        FieldPanel("body"),
        FieldPanel("report", help_text="Na afloop: wat is er besproken? Zet presentaties bij Downloads."),
    ]
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("location"),
        index.SearchField("organiser"),
        index.SearchField("report"),
        index.FilterField("starts_at"),
        index.FilterField("ends_at"),
    ]

    #: What a calendar shows; a change of one of these is a new version of the appointment (RFC 5545 SEQUENCE).
    calendar_fields = ("title", "starts_at", "ends_at", "all_day", "location", "online_url", "status")

    class Meta:
        verbose_name = "bijeenkomst"
        verbose_name_plural = "bijeenkomsten"
        indexes = [
            models.Index(fields=["starts_at"], name="event_starts"),
            models.Index(fields=["ends_at"], name="event_ends"),
        ]

    def clean(self):
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            raise ValidationError({"ends_at": "Het einde ligt voor het begin. Controleer datum en tijd."})
        if self.status == EventStatus.MOVED and not self.status_note.strip():
            raise ValidationError(
                {"status_note": "Zeg wat er verplaatst is, bijvoorbeeld: was eerst op 3 december."}
            )

    def save(self, *args, **kwargs):
        if self.pk:
            before = EventPage.objects.filter(pk=self.pk).values(*self.calendar_fields, "sequence").first()
            if before:
                changed = any(before[name] != getattr(self, name) for name in self.calendar_fields)
                self.sequence = before["sequence"] + changed
        return super().save(*args, **kwargs)

    @property
    def is_past(self) -> bool:
        return self.ends_at < timezone.now()

    @property
    def has_text(self) -> bool:
        """What a meeting has to say is when and where it is."""
        return True

    @property
    def shown_report(self):
        """The report, once the meeting is over; None before."""
        return self.report if self.is_past and self.report else None

    @property
    def is_cancelled(self) -> bool:
        return self.status == EventStatus.CANCELLED

    @property
    def when(self) -> str:
        """Day and time in words, e.g. "woensdag 3 december 2025, 13.00–16.30 uur"."""
        return moment_line(self.starts_at, self.ends_at, all_day=self.all_day)

    def get_card_line(self) -> str:
        if not self.starts_at:
            return ""
        where = self.location or ("Online" if self.online_url else "")
        status = self.get_status_display().lower() if self.status != EventStatus.PLANNED else ""
        return " · ".join(filter(None, [day_line(self.starts_at, self.ends_at), where, status]))
