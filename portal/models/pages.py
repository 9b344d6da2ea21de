"""The pages that are not content themselves: home, standard pages and the indexes, each a Selection."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.html import strip_tags
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from portal.blocks import LINE_FEATURES, BodyBlock
from portal.models.base import PortalPage
from portal.models.content import ContentPage
from portal.text import cut

MOST_TYPES = 2  # of a section that are tried before the database is asked what lies at an address


def _readable(model):
    """The pages of a type with what reading one of them takes."""
    pages = model._default_manager.all()
    return pages.select_related("image") if issubclass(model, ContentPage) else pages


class HomePage(PortalPage):
    """The front door: an introduction, the themes, and what was added last."""

    introduction = RichTextField("inleiding", features=LINE_FEATURES)
    read_more_label = models.CharField(
        "tekst van de link bij een thema", max_length=40, default="Lees verder"
    )
    stream_title = models.CharField(
        "kop boven wat nieuw is", max_length=120, default="Recent toegevoegd op Lokale Democratie"
    )
    stream_count = models.PositiveSmallIntegerField("aantal berichten", default=6)
    body = StreamField(BodyBlock(), verbose_name="tekst onder de berichten", blank=True)

    parent_page_types = ["wagtailcore.Page"]
    max_count = 1
    content_panels = [
        *PortalPage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("read_more_label"),
        MultiFieldPanel(
            [FieldPanel("stream_title"), FieldPanel("stream_count")], heading="Recent toegevoegd"
        ),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = "startpagina"

    @property
    def meta_description(self) -> str:
        return self.search_description or cut(strip_tags(self.introduction), 160)

    def route(self, request, path_components):
        """Find a page by its whole address at once; level by level would cost two queries for each level."""
        from portal.chrome import get_chrome

        if not path_components:
            chrome = get_chrome()
            home = chrome.home if self.pk == chrome.home_id else self
            return super(HomePage, home).route(request, path_components)
        place = {
            "slug": path_components[-1],
            "depth": self.depth + len(path_components),
            "url_path": f"{self.url_path}{'/'.join(path_components)}/",
        }
        page = self._page_of_known_type(place, path_components)
        if page is None:
            row = Page.objects.filter(**place).order_by().values_list("pk", "content_type_id").first()
            model = row and ContentType.objects.get_for_id(row[1]).model_class()
            if model is None:
                raise Http404
            page = get_object_or_404(_readable(model), pk=row[0])
        return page.route(request, [])

    @staticmethod
    def _page_of_known_type(place: dict, path_components: list[str]) -> Page | None:
        """The page where the section it lies in tells of what type it is: one query instead of two, or two of three.

        An address that is not there costs as many more.
        """
        from portal.chrome import get_chrome

        address = f"/{path_components[0]}/"
        room = next((room for room in get_chrome().rooms if room.url == address), None)
        if room is None or len(path_components) > 2:
            return None
        own = ContentType.objects.get_for_id(room.type_id).model_class()
        models = [own] if len(path_components) == 1 else own.allowed_subpage_models()
        for model in models[:MOST_TYPES]:
            page = _readable(model).filter(**place).order_by().first()
            if page and page.cached_content_type.model_class() is model:
                return page
        return None

    def recent_items(self):
        """The first items of the stream, ready for cards."""
        return ContentPage.objects.recent().for_cards()[: self.stream_count]

    def selection_for(self, request, action: str | None = None):
        """The stream as a Selection, so that it can be followed from the front page too."""
        from portal.selection import Selection

        return Selection.from_request(
            request,
            ContentPage.objects.recent(),
            owner=self,
            action=action or request.path,
            noun=("bericht", "berichten"),
            kept_as="recent",
        )

    def get_context(self, request, *args, **kwargs):
        from portal.chrome import get_chrome

        return {
            **super().get_context(request, *args, **kwargs),
            "themes": get_chrome().themes,
            "items": list(self.recent_items()),
        }


class StandardPage(PortalPage):
    """A page about the site itself: over, contact, privacy, toegankelijkheid, colofon."""

    introduction = models.TextField("inleiding", blank=True)
    body = StreamField(BodyBlock(), verbose_name="tekst", blank=True)

    parent_page_types = ["portal.HomePage", "portal.StandardPage"]
    subpage_types = ["portal.StandardPage"]
    content_panels = [*PortalPage.content_panels, FieldPanel("introduction"), FieldPanel("body")]

    class Meta:
        verbose_name = "gewone pagina"
        verbose_name_plural = "gewone pagina's"

    @property
    def meta_description(self) -> str:
        return self.search_description or cut(self.introduction, 160)


class IndexPage(PortalPage):
    """A list of items: a Selection with a fixed part, which `base_items()` gives."""

    introduction = models.TextField("inleiding", blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("introduction")]

    class Meta:
        abstract = True

    @property
    def meta_description(self) -> str:
        return self.search_description or cut(self.introduction, 160)

    def base_items(self):
        """Every item this list may show, before a reader's filters."""
        raise NotImplementedError

    def selection_options(self) -> dict:
        """What this list fixes or calls otherwise: options of `Selection.from_request`."""
        return {}

    def selection_for(self, request, action: str | None = None):
        """The Selection that a reader asks of this page; `action` is the page's path where the request has another."""
        from portal.selection import Selection

        options = {
            "shows_facets": True,
            "kept_as": f"page-{self.pk}",
            **self.selection_options(),
            "action": action or request.path,
        }
        return Selection.from_request(request, self.base_items(), owner=self, **options)

    def get_context(self, request, *args, **kwargs):
        selection = self.selection_for(request)
        if selection.filters.pagina > 1:
            _ = selection.page  # a page that is not there is a 404 before anything is rendered
        return {**super().get_context(request, *args, **kwargs), "selection": selection}


class RecentIndexPage(IndexPage):
    """Everything the stream holds, page after page."""

    template = "portal/index_page.html"
    parent_page_types = ["portal.HomePage"]
    subpage_types = []
    max_count = 1

    class Meta:
        verbose_name = "lijst van wat nieuw is"
        verbose_name_plural = "lijsten van wat nieuw is"

    def base_items(self):
        return ContentPage.objects.recent()

    def selection_options(self):
        return {"noun": ("bericht", "berichten"), "kept_as": "recent"}
