"""What stands on every page around its content: menu, themes, footer and the portal's identity.

Read once and kept in memory until more than items changed, so that header and footer cost a page no query.
"""

import threading
import time
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Exists, Q
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

from portal import generation
from portal.generation import FRAME
from portal.models import ContentPage, HomePage, Municipality, PortalSettings, StandardPage
from portal.pictures import Pictures

LONGEST_LIFE = 600  # seconds; covers a change that nothing announced, such as one by hand in the database


@dataclass(frozen=True)
class Link:
    """A page in the menu or the footer."""

    title: str
    url: str
    page_id: int
    #: The page's content type, which tells what lies there without asking for it.
    type_id: int | None = None


@dataclass
class Chrome:
    """The frame of every page.

    Its fields outlive the generations in which only items changed: no item and no rendition may be reached from them.
    """

    site: Site | None = None
    settings: PortalSettings | None = None
    themes: list = field(default_factory=list)
    #: The page that shows the themes.
    themes_door: Link | None = None
    sections: list[Link] = field(default_factory=list)
    #: Every page right under home of a type that belongs there, in the menu or not: where an item lies.
    rooms: list[Link] = field(default_factory=list)
    footer: list[Link] = field(default_factory=list)
    home_id: int | None = None
    private_paths: list[str] = field(default_factory=list)
    private_collections: frozenset[int] = frozenset()
    #: Of which generation it is.
    generation: int = 0
    #: By which reading of the database; generations in which only items changed share one.
    reading: object = field(default_factory=object)
    _municipalities: dict[int, Municipality] = field(default_factory=dict)

    @cached_property
    def home(self) -> HomePage:
        """The home page of this generation: it keeps the items and pictures that stand in its text."""
        return HomePage.objects.filter(pk=self.home_id).first() or self.site.root_page

    @cached_property
    def share_pictures(self) -> Pictures:
        """The renditions of the site's own picture, looked up once in a generation."""
        return Pictures([self.settings.share_image])

    @cached_property
    def themes_by_id(self) -> dict:
        return {theme.pk: theme for theme in self.themes}

    @cached_property
    def addresses(self) -> dict[int, str]:
        """The address of every page that is known here, by its primary key."""
        links = {link.page_id: link.url for link in [*self.sections, *self.footer]}
        return {**links, **{theme.pk: theme.address for theme in self.themes}}

    def municipalities(self, ids: set[int]) -> dict[int, Municipality]:
        """These municipalities with their outlines, each read once in a reading."""
        known = self._municipalities
        if missing := [pk for pk in ids if pk not in known]:
            known.update(Municipality.objects.in_bulk(missing))
        return {pk: known[pk] for pk in ids if pk in known}

    def is_open(self, page) -> bool:
        """Whether a page lies in no private part of the site."""
        return self.is_open_path(page.path)

    def is_open_path(self, path: str) -> bool:
        """The same of a place in the tree."""
        return not path.startswith(tuple(self.private_paths))

    def is_read(self, page) -> bool:
        """Whether readers see a page: it is live, and in no private part."""
        return page.live and self.is_open(page)

    def is_public(self, document) -> bool:
        """Whether a document lies in no private collection."""
        return document.collection_id not in self.private_collections

    def address_of(self, url_path: str) -> str:
        """The address of a page below home, from its place; "" for what lies elsewhere, such as under another site."""
        home = self.site.root_page.url_path if self.site else ""
        return f"/{url_path.removeprefix(home)}" if home and url_path.startswith(home) else ""

    def theme_of(self, page):
        """The theme a page lies under, or None."""
        return next((theme for theme in self.themes if page.path.startswith(theme.path)), None)


def theme_model():
    return ContentPage.themes.field.related_model


def _read_site() -> tuple[Site | None, PortalSettings | None]:
    """The site with its home page as what it is, and its settings; on the site whether it `has_private` pages and
    `has_closed` collections. One query.

    Wagtail keeps for an hour, in each process, where every site lies: that is forgotten here when it is no longer so.
    """
    sites = list(
        Site.objects.select_related(f"root_page__{HomePage._meta.model_name}", "portalsettings")
        .annotate(
            has_private=Exists(PageViewRestriction.objects.all()),
            has_closed=Exists(CollectionViewRestriction.objects.all()),
        )
        .order_by("-is_default_site")
    )
    lie = {(site.pk, site.root_page.url_path, site.root_url) for site in sites}
    if {known[:3] for known in Site.get_site_root_paths()} != lie:
        Site.clear_site_root_paths_cache()
    site = sites[0] if sites and sites[0].is_default_site else None
    if site is None:
        return None, None
    # The home page itself stands on the site, so that finding a page does not read it again.
    site.root_page = getattr(site.root_page, HomePage._meta.model_name, site.root_page)
    return site, getattr(site, "portalsettings", None)


def _private_collections() -> frozenset[int]:
    """The collections that not everyone may look in, with those below them."""
    private = Q()
    for path in CollectionViewRestriction.objects.values_list("collection__path", flat=True):
        private |= Q(path__startswith=path)
    return (
        frozenset(Collection.objects.filter(private).values_list("pk", flat=True)) if private else frozenset()
    )


#: What the frame asks of each page right under home and of each theme, and of themes alone.
PAGE_FIELDS = ("id", "path", "depth", "title", "slug", "content_type_id", "live", "url_path", "show_in_menus")
THEME_FIELDS = ("page_ptr_id", "introduction", "name", "colour")


@lru_cache(maxsize=8)
def _pages_query(home_path: str, depth: int, theme_type: int, types: tuple[int, ...]) -> tuple[str, tuple]:
    """The query for these fields of rooms and themes in the order of the tree, written once for each home.

    By type, of which there are few, and not by place: that would go through every page.
    """
    pages = Page.objects.live().filter(
        Q(depth=depth) | Q(content_type=theme_type),
        path__startswith=home_path,
        depth__gte=depth,
        content_type__in=types,
    )
    own = (f"{theme_model()._meta.model_name}__{name}" for name in THEME_FIELDS)
    return pages.order_by("path").values_list(*PAGE_FIELDS, *own).query.sql_with_params()


@cache
def _theme_fields() -> list[str]:
    """The fields of a theme that are read, as they follow each other on a theme; the others are asked when needed."""
    known = {*PAGE_FIELDS, *THEME_FIELDS}
    return [field.attname for field in theme_model()._meta.concrete_fields if field.attname in known]


def _read_pages(home) -> tuple[list[dict], list]:
    """Every page right under home, and the themes, as far as they are live."""
    theme, names = theme_model(), (*PAGE_FIELDS, *THEME_FIELDS)
    types = ContentType.objects.get_for_models(theme, *HomePage.allowed_subpage_models())
    ids = tuple(sorted(kind.pk for kind in types.values()))
    with connection.cursor() as cursor:
        cursor.execute(*_pages_query(home.path, home.depth + 1, types[theme].pk, ids))
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
    fields = _theme_fields()
    themes = [
        theme.from_db(connection.alias, fields, [row[name] for name in fields])
        for row in rows
        if row["page_ptr_id"]
    ]
    return [row for row in rows if row["depth"] == home.depth + 1], themes


def read_chrome() -> Chrome:
    """Read the frame from the database: two queries whatever its size, a few more where something is private."""
    site, settings = _read_site()
    if site is None:
        return Chrome()
    home = site.root_page
    private = PageViewRestriction.objects.order_by().values_list("page__path", flat=True).distinct()
    chrome = Chrome(
        site=site,
        settings=settings or PortalSettings(site=site),
        home_id=home.pk,
        private_paths=list(private) if site.has_private else [],
        private_collections=_private_collections() if site.has_closed else frozenset(),
    )
    rows, themes = _read_pages(home)
    chrome.themes = [theme for theme in themes if chrome.is_open(theme)]
    for theme in chrome.themes:
        theme.address = chrome.address_of(theme.url_path)
    standard = ContentType.objects.get_for_model(StandardPage).pk
    for row in rows:
        if chrome.is_open_path(row["path"]):
            link = Link(row["title"], chrome.address_of(row["url_path"]), row["id"], row["content_type_id"])
            chrome.rooms.append(link)
            if row["show_in_menus"]:
                (chrome.footer if link.type_id == standard else chrome.sections).append(link)
    first = chrome.themes[0].address if chrome.themes else ""
    doors = (room for room in chrome.rooms if first.startswith(room.url) and first != room.url)
    chrome.themes_door = next(doors, None)
    chrome.home = home
    return chrome


_lock = threading.Lock()
#: For which generation, None where items changed since; when it was read; and the frame.
_kept: tuple[int | None, float, Chrome] | None = None


def get_chrome() -> Chrome:
    """The frame of this generation, from memory where it is there."""
    global _kept
    now, number = time.monotonic(), generation.current()
    kept = _kept
    if kept and kept[0] == number and now - kept[1] < LONGEST_LIFE:
        return kept[2]
    with _lock:
        # Whoever had to wait takes what was read meanwhile, if that is of the generation that is now.
        now, number, kept = time.monotonic(), generation.current(), _kept
        if not kept or kept[0] != number or now - kept[1] >= LONGEST_LIFE:
            still = kept and now - kept[1] < LONGEST_LIFE and _is_the_same(kept[2].generation, number)
            read_at, frame = (kept[1], replace(kept[2])) if still else (now, read_chrome())
            frame.generation = number
            kept = _kept = (number, read_at, frame)
    return kept[2]


def _is_the_same(before: int, number: int) -> bool:
    """Whether nothing but items changed from one generation to another."""
    if before == number:
        return True  # this process saw an item change that is not told yet
    changed = generation.pages_changed(before, number)
    return changed is not None and FRAME not in changed


def renew():
    """Of the frame keep what hangs on no item, and have what was read of items looked at again."""
    global _kept
    if kept := _kept:
        _kept = (None, *kept[1:])


def forget():
    """Read the frame anew at the next page of this process."""
    global _kept
    _kept = None


def chrome(request) -> dict:
    """Context processor: `chrome` in every public template."""
    return {} if request.path.startswith("/beheer/") else {"chrome": get_chrome()}
