"""Search in the admin: the synonyms that editors keep, and the report of what people look for."""

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from portal.models import PortalDocument
from portal.search.admin import SynonymViewSet, admin_urls, may_see
from portal.search.labels import note_changed

register_snippet(SynonymViewSet)


@hooks.register("register_admin_urls")
def report_urls():
    return admin_urls


@hooks.register("after_bulk_action")
def note_moved_documents(request, action_type, objects, action):
    """Many documents are moved to another collection in one statement, of which no signal tells."""
    if documents := [item.pk for item in objects if isinstance(item, PortalDocument)]:
        note_changed(PortalDocument, documents)


class SearchReportItem(MenuItem):
    def is_shown(self, request):
        return may_see(request.user)


@hooks.register("register_reports_menu_item")
def report_item():
    return SearchReportItem(
        "Wat mensen zoeken", reverse("search_report"), name="search-report", icon_name="search", order=100
    )


@hooks.register("construct_reports_menu")
def hide_stock_report(request, menu_items):
    """Wagtail's own list of search terms counts with its own table, which this site does not fill."""
    menu_items[:] = [item for item in menu_items if item.name != "search-terms"]
