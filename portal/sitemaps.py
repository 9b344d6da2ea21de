"""The sitemap: every public page with its last change, in parts when there are many."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from portal.chrome import get_chrome

PART = 5000


class CanonicalSitemap(Sitemap):
    """Addresses on the canonical host, whatever host was asked."""

    def get_urls(self, page=1, site=None, protocol=None):
        return super().get_urls(page=page, site=CanonicalSite(), protocol=CanonicalSite.protocol())


class SearchSitemap(CanonicalSitemap):
    """The one list that is not a page: everything on the site."""

    def items(self):
        return [reverse("search")]

    def location(self, address):
        return address


class PageSitemap(CanonicalSitemap):
    """Live pages that anyone may see; reads only what a line needs, never a page of its own type."""

    limit = PART

    def items(self):
        home_id = get_chrome().home_id
        if home_id is None:
            return Page.objects.none()
        home = Page.objects.get(pk=home_id)
        self.skip = len(home.url_path) - 1
        return (
            Page.objects.live()
            .public()
            .descendant_of(home, inclusive=True)
            .order_by("path")
            .values_list("url_path", "last_published_at", "latest_revision_created_at", named=True)
        )

    def location(self, page):
        return page.url_path[self.skip :]

    def lastmod(self, page):
        return page.last_published_at or page.latest_revision_created_at

    def get_latest_lastmod(self):
        return None


class CanonicalSite:
    """The canonical address of the portal, in the form that Django's sitemaps ask for."""

    @property
    def domain(self) -> str:
        return settings.SITE_URL.split("://", 1)[1]

    @staticmethod
    def protocol() -> str:
        return settings.SITE_URL.split("://", 1)[0]


SITEMAPS = {"paginas": PageSitemap, "zoeken": SearchSitemap}


@require_safe
def sitemap(request):
    """/sitemap.xml: the pages themselves, or the list of parts when one file would be too long."""
    if PageSitemap().items().count() > PageSitemap.limit:
        return sitemap_views.index(request, SITEMAPS, sitemap_url_name="sitemap_part")
    return sitemap_views.sitemap(request, SITEMAPS)


@require_safe
def sitemap_part(request, section):
    """/sitemap-paginas.xml?p=2: one part."""
    return sitemap_views.sitemap(request, SITEMAPS, section=section)
