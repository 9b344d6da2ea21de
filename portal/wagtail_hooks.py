"""What the portal adds to the Wagtail admin."""

from functools import partial

from django.conf import settings
from django.templatetags.static import static
from django.urls import path, re_path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from portal import components
from portal.admin import deleting, moderation
from portal.admin.editing import warn_of_another_version
from portal.admin.help import PAGES, help_item, help_routes, keep_what_helps_here
from portal.admin.lists import ContentGroup
from portal.admin.snippets import ClassificationGroup
from portal.page_links import PageAddressHandler
from portal.signals import looks_changed

register_snippet(ClassificationGroup)


@hooks.register("register_admin_viewset", order=100)
def register_content_lists():
    """Last, when every app has named its types."""
    return ContentGroup()


hooks.register("before_edit_page", moderation.approve_only_what_was_read)
hooks.register("before_edit_page", moderation.show_what_was_asked)
hooks.register("after_edit_page", warn_of_another_version)
hooks.register("after_edit_page", moderation.keep_task_with_latest)
hooks.register("after_edit_page", moderation.say_what_approval_did)
hooks.register("after_edit_page", moderation.say_what_was_asked)
hooks.register("construct_page_action_menu", moderation.offer_one_way_to_publish)
hooks.register("before_delete_page", deleting.tell_what_a_page_takes_along)
hooks.register("before_delete_snippet", deleting.tell_what_a_snippet_takes_along)
hooks.register("before_bulk_action", deleting.keep_subjects_from_bulk)


@hooks.register("after_bulk_action")
def start_a_generation(request, action_type, objects, action):
    """Wagtail moves many documents to another collection in one statement, of which no signal tells."""
    looks_changed()


@hooks.register("insert_global_admin_css")
def admin_stylesheet():
    """The portal's own look in the admin, on the login page too."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/admin.css"))


@hooks.register("insert_global_admin_js")
def admin_scripts():
    """What the portal adds to the forms of the admin."""
    return format_html(
        '<script src="{}"></script><script src="{}" data-image="{}" data-document="{}"></script>',
        static("js/admin/dates.js"),
        static("js/admin/uploads.js"),
        settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE,
        settings.WAGTAILDOCS_MAX_UPLOAD_SIZE,
    )


@hooks.register("register_admin_urls")
def register_component_page():
    return [
        *help_routes(),
        path("componenten/", components.component_page, name="portal_components"),
        path("componenten/fout/<int:code>/", components.error_example, name="portal_error_example"),
        re_path(
            r"^componenten/mail\.(?P<form>html|txt)$", components.mail_example, name="portal_mail_example"
        ),
    ]


@hooks.register("register_help_menu_item")
def link_component_page():
    return MenuItem("Alle onderdelen van de site", reverse("portal_components"), icon_name="clipboard-list")


for name in PAGES:
    hooks.register("register_help_menu_item", partial(help_item, name))
hooks.register("construct_help_menu", keep_what_helps_here)


@hooks.register("construct_main_menu")
def hide_plain_snippets(request, menu_items):
    """Every snippet has its place under "Indeling"."""
    menu_items[:] = [item for item in menu_items if item.name != "snippets"]


@hooks.register("register_rich_text_features", order=100)
def link_pages_by_address(features):
    """After Wagtail's own, in whose place it comes."""
    features.register_link_type(PageAddressHandler)


@hooks.register("construct_page_chooser_queryset")
def read_states_at_once(pages, request):
    """Whether a page is scheduled or in a workflow, asked for all that are offered instead of for each."""
    return pages.annotate_approved_schedule().prefetch_workflow_states()
