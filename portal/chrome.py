"""What stands on every page around its content: menu, themes, footer and the portal's identity.

Read once per generation and kept in memory, so that header and footer cost a page no query.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from wagtail.models import Page, PageViewRestriction, Site

from portal import generation
from portal.models import ContentPage, Municipality, PortalSettings, StandardPage

LONGEST_LIFE = 600  # seconds; covers a change that nothing announced, such as one by hand in the database


@dataclass(frozen=True)
class Link:
    """A page in the menu or the footer."""

    title: str
    url: str
    page_id: int


@dataclass
class Chrome:
    """The frame of every page."""

    site: Site | None = None
    settings: PortalSettings | None = None
    themes: list = field(default_factory=list)
    #: The page that shows the themes.
    themes_door: Link | None = None
    sections: list[Link] = field(default_factory=list)
    #: Every page right under home, in the menu or not: where an item lies.
    rooms: list[Link] = field(default_factory=list)
    footer: list[Link] = field(default_factory=list)
    home_id: int | None = None
    private_paths: list[str] = field(default_factory=list)
    _municipalities: dict[int, Municipality] = field(default_factory=dict)

    @cached_property
    def themes_by_id(self) -> dict:
        return {theme.pk: theme for theme in self.themes}

    @cached_property
    def addresses(self) -> dict[int, str]:
        """The address of every page that is known here, by its primary key."""
        links = {link.page_id: link.url for link in [*self.sections, *self.footer]}
        return {**links, **{theme.pk: theme.address for theme in self.themes}}

    def municipalities(self, ids: set[int]) -> dict[int, Municipality]:
        """These municipalities with their outlines, each read once in a generation."""
        known = self._municipalities
        if missing := [pk for pk in ids if pk not in known]:
            known.update(Municipality.objects.in_bulk(missing))
        return {pk: known[pk] for pk in ids if pk in known}

    def is_open(self, page) -> bool:
        """Whether a page lies in no private part of the site."""
        return not page.path.startswith(tuple(self.private_paths))

    def theme_of(self, page):
        """The theme a page lies under, or None."""
        return next((theme for theme in self.themes if page.path.startswith(theme.path)), None)


def theme_model():
    return ContentPage.themes.field.related_model


def read_chrome() -> Chrome:
    """Read the frame from the database: seven queries, whatever the size of the site."""
    Site.clear_site_root_paths_cache()  # Wagtail keeps where home lies for an hour, in each process
    site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
    if site is None:
        return Chrome()
    home = site.root_page
    _ = home.specific  # read now and kept on the site, so that finding a page does not read it again
    standard = StandardPage.objects.live().public().in_menu().child_of(home).values_list("pk", flat=True)
    footer_ids = set(standard)
    rooms = list(Page.objects.live().public().child_of(home).order_by("path"))
    links = {page.pk: Link(page.title, page.url, page.pk) for page in rooms}
    in_menu = [links[page.pk] for page in rooms if page.show_in_menus]
    themes = list(theme_model().objects.live().public().descendant_of(home).order_by("path"))
    for theme in themes:
        theme.address = theme.url
    return Chrome(
        site=site,
        settings=PortalSettings.objects.filter(site=site).first() or PortalSettings(site=site),
        themes=themes,
        themes_door=next(
            (links[room.pk] for room in rooms if themes and themes[0].is_descendant_of(room)), None
        ),
        sections=[link for link in in_menu if link.page_id not in footer_ids],
        footer=[link for link in in_menu if link.page_id in footer_ids],
        rooms=list(links.values()),
        home_id=home.pk,
        private_paths=list(PageViewRestriction.objects.values_list("page__path", flat=True).distinct()),
    )


_lock = threading.Lock()
_kept: tuple[int, float, Chrome] | None = None


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
            kept = _kept = (number, now, read_chrome())
    return kept[2]


def forget():
    """Read the frame anew at the next page of this process."""
    global _kept
    _kept = None


class Kept[Read]:
    """What is read once in a generation and then kept in memory: it lives and dies with the frame of the site."""

    def __init__(self, read: Callable[[], Read]):
        self._read, self._lock = read, threading.RLock()
        self._kept: tuple[Chrome | None, Read | None] = (None, None)

    def get(self) -> Read:
        """What was read in this generation; readers who come while it is being read wait for it."""
        chrome, kept = get_chrome(), self._kept
        if kept[0] is not chrome:
            with self._lock:
                if self._kept[0] is not chrome:
                    self._kept = (chrome, self._read())
                kept = self._kept
        return kept[1]


def chrome(request) -> dict:
    """Context processor: `chrome` in every public template."""
    return {} if request.path.startswith("/beheer/") else {"chrome": get_chrome()}
