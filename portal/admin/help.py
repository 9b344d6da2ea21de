"""The editors' own help: how we write, and how a page goes live."""

from django.shortcuts import render
from django.urls import path, reverse
from wagtail.admin.menu import DismissibleMenuItem, MenuItem

#: name of the route: (address, title, template, icon)
PAGES = {
    "portal_help_writing": ("schrijven", "Zo schrijven we", "portal/help/writing.html", "edit"),
    "portal_help_publishing": ("publiceren", "Zo publiceer je", "portal/help/publishing.html", "upload"),
}


def help_page(request, title: str, template: str):
    return render(request, template, {"page_title": title, "header_title": title})


def help_routes() -> list:
    return [
        path(f"hulp/{address}/", help_page, {"title": title, "template": template}, name=name)
        for name, (address, title, template, _) in PAGES.items()
    ]


def help_item(name: str) -> MenuItem:
    _, title, _, icon = PAGES[name]
    return MenuItem(title, reverse(name), icon_name=icon, order=list(PAGES).index(name))


def keep_what_helps_here(request, menu_items):
    """Wagtail's own news and guide are in English, and count as unread for ever."""
    menu_items[:] = [item for item in menu_items if not isinstance(item, DismissibleMenuItem)]
