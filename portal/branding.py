"""The portal's own look in the Wagtail admin, for the hook `insert_global_admin_css`."""

from django.templatetags.static import static
from django.utils.html import format_html


def admin_css() -> str:
    """The link to the stylesheet of the admin."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/admin.css"))
