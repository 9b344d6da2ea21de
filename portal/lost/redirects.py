"""Where an old or wrongly written address leads: in one step, however many redirects lie on the way."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models.signals import post_save, pre_save
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from portal.chrome import get_chrome
from portal.lost.addresses import bare, normal, ways_to_write
from portal.lost.models import LostAddress
from portal.lost.page_numbers import numbered, old_number
from portal.lost.rules import place_of
from portal.models import ContentPage

MOST_HOPS = 5
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Target:
    """An address, and whether it will stay."""

    url: str
    is_permanent: bool = True


def find_target(request) -> Target | None:
    """Where the address of this request leads; None when it leads nowhere, or only in a circle."""
    site = Site.find_for_request(request)
    if site is None:
        return None
    address, query = request.path, request.META.get("QUERY_STRING", "")
    seen: set[str] = set()
    is_permanent = True
    for _ in range(MOST_HOPS):
        path = normal(address).partition("?")[0]
        ways = ways_to_write(f"{address}?{query}" if query else address)
        if not ways or path in seen:
            return None
        seen.add(path)
        place = place_of(bare(path))
        row = _redirect(site, [*ways, *([f"/{place.slug}"] if place and place.slug else [])])
        if row is None:
            url = _without_redirect(site, path, place, is_asked=address == request.path)
            return (
                _answer(request, url, is_permanent, keeps_query=len(seen) == 1 and place is None)
                if url
                else None
            )
        is_permanent = is_permanent and row.is_permanent
        if row.redirect_page_id:
            page = row.redirect_page
            if not get_chrome().is_read(page):
                return None
            url = row.link if row.redirect_page_route_path else page.get_url(request)
            return _answer(request, url, is_permanent) if url else None
        inside = _inside(row.redirect_link)
        if inside is None:
            return Target(row.redirect_link, is_permanent) if row.redirect_link.startswith("http") else None
        if _answers(site, inside):
            return _answer(request, inside, is_permanent)
        address, _, query = inside.partition("?")
    return None


def _redirect(site: Site, ways: list[str]) -> Redirect | None:
    """The redirect of the most exact way to write the address; one of this site before one of all sites."""
    rows = Redirect.get_for_site(site).filter(old_path__in=ways).select_related("redirect_page")
    return min(rows, key=lambda row: (ways.index(row.old_path), row.site_id is None, -row.pk), default=None)


def _inside(link: str) -> str | None:
    """The path of a link within this portal, None for one to elsewhere."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.netloc and parts.netloc.lower() != urlsplit(settings.SITE_URL).netloc.lower():
        return None
    return (
        f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"
        if not parts.scheme or parts.netloc
        else None
    )


def _answers(site: Site, link: str) -> bool:
    """Whether a page or a view of the portal answers at this path."""
    path = link.partition("?")[0].partition("#")[0]
    return is_view(path) or _live_page(site, path) is not None


def is_view(path: str) -> bool:
    """Whether something else than the page tree answers at this path, such as /zoeken/."""
    try:
        return resolve(path).url_name != "wagtail_serve"
    except Resolver404:
        return False


def _live_page(site: Site, path: str) -> Page | None:
    """The page at a path; by its last part too, for which there is an index."""
    home, path = site.root_page, path.strip("/")
    slug, url_path = path.rpartition("/")[2] or home.slug, f"{home.url_path}{path}/".replace("//", "/")
    return Page.objects.live().filter(slug=slug, url_path=url_path).first()


def _without_redirect(site: Site, path: str, place, *, is_asked: bool) -> str:
    """What the path itself says: a page by another way of writing, a theme, or an item filed under one."""
    stem = bare(path)
    page = _live_page(site, stem) if stem != "/" else None
    if page is not None:
        return page.get_url()
    if is_asked and is_view(f"{stem}/"):
        return f"{stem}/"
    if place and place.slug:
        item = ContentPage.objects.for_readers().filter(slug=place.slug).order_by("pk").first()
        return item.get_url() if item else ""
    return place.theme.address if place else ""


def _answer(request, url: str, is_permanent: bool, *, keeps_query: bool = False) -> Target | None:
    """The address to go to, with the right page of a list; None when that is the address that was asked for."""
    url = numbered(request, url, keeps_query=keeps_query)
    is_there = urlsplit(url).path == request.path and old_number(request) is None
    return None if not url or is_there or url == request.get_full_path() else Target(url, is_permanent)


def write_small(sender, instance, **kwargs):
    """Old addresses are compared in small letters, so they are kept so."""
    instance.old_path = normal(instance.old_path) or instance.old_path


def forget(old_paths: list[str]):
    """Addresses that lead somewhere are not lost any more."""
    for start in range(0, len(old_paths), MOST_AT_ONCE):
        paths = [path.partition("?")[0] for path in old_paths[start : start + MOST_AT_ONCE]]
        LostAddress.objects.filter(path__in=paths).delete()


def forget_lost(sender, instance, **kwargs):
    forget([instance.old_path])


def connect():
    """Called once, when the app is ready."""
    pre_save.connect(write_small, sender=Redirect, dispatch_uid="lost-write-small")
    post_save.connect(forget_lost, sender=Redirect, dispatch_uid="lost-forget")
