"""What every page of the portal shares, whatever its type."""

from collections.abc import Iterable

from wagtail.models import COMMENTS_RELATION_NAME, Page, PageViewRestriction

#: What saving a draft writes on the page itself; readers see none of it.
DRAFT_FIELDS = {
    *("draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at"),
    COMMENTS_RELATION_NAME,
}


def is_draft_alone(update_fields: Iterable[str] | None) -> bool:
    """Whether a save with these fields keeps a draft and leaves the page as it is."""
    return bool(update_fields) and DRAFT_FIELDS.issuperset(update_fields)


class PortalPage(Page):
    """A page that readers see."""

    class Meta:
        abstract = True

    def get_url_parts(self, request=None):
        """Where this page is; on a portal with one site that follows from its place, and nothing is looked up."""
        sites = self._get_site_root_paths(request)
        if len(sites) == 1 and self.url_path.startswith(sites[0].root_path):
            return sites[0].site_id, sites[0].root_url, f"/{self.url_path.removeprefix(sites[0].root_path)}"
        return super().get_url_parts(request)

    def get_view_restrictions(self):
        """Who may see this page; a site without any private part answers that without a query."""
        from portal.chrome import get_chrome

        return (
            super().get_view_restrictions()
            if get_chrome().private_paths
            else PageViewRestriction.objects.none()
        )
