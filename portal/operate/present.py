"""What is here that the migrations did not make: what a restore would delete."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from wagtail.models import Page

from portal.operate import rows
from portal.operate.media_snapshot import media_files

#: Tables that have rows in every migrated database, or get them without anybody writing something.
_OF_THEMSELVES = {
    "auth_group",
    "auth_permission",
    "django_content_type",
    "django_session",
    "lost_lostaddress",
    "portal_heartbeat",
    "search_synonym",
    "wagtailcore_collection",
    "wagtailcore_groupapprovaltask",
    "wagtailcore_groupcollectionpermission",
    "wagtailcore_grouppagepermission",
    "wagtailcore_locale",
    "wagtailcore_site",
    "wagtailcore_task",
    "wagtailcore_workflow",
    "wagtailcore_workflowpage",
    "wagtailcore_workflowtask",
}


def _other_tables() -> list[str]:
    """Tables with rows that are not of accounts or pages, nor of what joins or logs others."""
    return [
        model._meta.db_table
        for model in rows.tables()
        if not issubclass(model, (User, Page))
        and not model._meta.auto_created
        and model._meta.app_label != "axes"
        and model._meta.db_table not in _OF_THEMSELVES
        and model._base_manager.exists()
    ]


def _counted(number: int, one: str, many: str) -> list[str]:
    return [f"{number} {one if number == 1 else many}"] if number else []


def what_is_here() -> str:
    """In words for the operator: accounts, pages, files and filled tables; empty when nothing would be lost."""
    files = sum(1 for _ in media_files(Path(settings.MEDIA_ROOT)))
    pages = Page.objects.exclude(content_type__app_label="wagtailcore", content_type__model="page")
    found = [
        *_counted(User.objects.count(), "account", "accounts"),
        *_counted(pages.count(), "page", "pages"),
        *_counted(files, f"file in {settings.MEDIA_ROOT}", f"files in {settings.MEDIA_ROOT}"),
    ]
    if tables := _other_tables():
        more = f" and {len(tables) - 3} more tables" if len(tables) > 3 else ""
        found.append(f"rows in {', '.join(tables[:3])}{more}")
    return ", ".join(found)
