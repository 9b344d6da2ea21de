"""A list of its own for each type of item, with the columns and filters that suit it.

An app registers its types with `register_list()` in its wagtail_hooks; the lists stand together under "Inhoud".
"""

from django.utils.formats import date_format
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.pages import PageListingViewSet


class DayColumn(Column):
    """A day in words; Wagtail's own says how long ago it was."""

    def get_value(self, instance) -> str:
        day = super().get_value(instance)
        return date_format(day, "j M Y").lower() if day else ""  # Django writes some months with a capital


TITLE = [
    BulkActionsColumn("bulk_actions"),
    PageTitleColumn("title", label="Titel", sort_key="title", classname="title"),
]
STATUS = [
    DateColumn(
        "latest_revision_created_at", label="Bijgewerkt", sort_key="latest_revision_created_at", width="12%"
    ),
    PageStatusColumn("status", label="Status", sort_key="live", width="12%"),
]
FILTERS = ["themes", "roles", "is_example"]

_lists: list[type[PageListingViewSet]] = []


def register_list(page_model, *, icon: str, columns: list[Column], filters: list[str]):
    """Give a page type its list: its own columns between title and status, its own filters before the shared ones."""
    name = page_model._meta.model_name
    _lists.append(
        type(
            f"{page_model.__name__}ListingViewSet",
            (PageListingViewSet,),
            {
                "model": page_model,
                "icon": icon,
                "name": f"lijst_{name}",
                "url_prefix": f"lijst/{name}",
                "menu_label": page_model._meta.verbose_name_plural.capitalize(),
                "columns": [*TITLE, *columns, *STATUS],
                "list_filter": [*filters, *FILTERS],
                "add_to_admin_menu": False,
            },
        )
    )


class ContentGroup(ViewSetGroup):
    """The lists of all types, in the order in which the apps registered them."""

    menu_label = "Inhoud"
    menu_icon = "doc-full"
    menu_order = 110

    @property
    def items(self):
        return tuple(_lists)


__all__ = ["BooleanColumn", "Column", "ContentGroup", "DayColumn", "register_list"]
