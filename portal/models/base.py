"""What every page of the portal shares, whatever its type."""

from wagtail.models import Page, PageViewRestriction


class PortalPage(Page):
    """A page that readers see."""

    class Meta:
        abstract = True

    def get_view_restrictions(self):
        """Who may see this page; a site without any private part answers that without a query."""
        from portal.chrome import get_chrome

        return (
            super().get_view_restrictions()
            if get_chrome().private_paths
            else PageViewRestriction.objects.none()
        )
