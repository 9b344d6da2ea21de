"""What accounts add to the admin: the pages on one's own second step, and the way back in that a beheerder gives."""

from django.core.exceptions import PermissionDenied
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import AdminOnlyMenuItem
from wagtail.admin.widgets.button import Button

from portal.accounts import sessions, views
from portal.accounts.journal import ACTIONS


@hooks.register("register_log_actions")
def register_actions(actions):
    for action, (label, message) in ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("register_admin_urls")
def account_urls():
    return [
        path("sessie/", sessions.state, name="session_state"),
        path("tweede-stap/", views.SecondStepView.as_view(), name="second_step"),
        path("tweede-stap/instellen/", views.ReplaceView.as_view(), name="second_step_replace"),
        path("geblokkeerd/", views.LockOutsView.as_view(), name="lock_outs"),
        path("tweede-stap/<int:pk>/weghalen/", views.RemoveView.as_view(), name="second_step_remove"),
    ]


@hooks.register("insert_editor_js")
def keep_what_is_written():
    return format_html('<script type="module" src="{}"></script>', static("js/admin/session.js"))


@hooks.register("register_account_menu_item")
def link_own_second_step(request):
    return {
        "url": reverse("second_step"),
        "label": "Inloggen in twee stappen",
        "help_text": "Stel een andere telefoon in of maak nieuwe herstelcodes.",
    }


@hooks.register("register_user_listing_buttons")
def link_removal(user, request_user):
    if request_user.is_superuser:
        yield Button(
            "Tweede stap weghalen",
            reverse("second_step_remove", args=[user.pk]),
            icon_name="key",
            priority=40,
        )


@hooks.register("register_settings_menu_item")
def link_lock_outs():
    return AdminOnlyMenuItem(
        "Geblokkeerd bij inloggen", reverse("lock_outs"), name="lock-outs", icon_name="lock", order=610
    )


@hooks.register("before_move_page")
def ask_before_the_question(request, page, destination):
    """Wagtail asks whether someone may move a page when it is done, not when it asks "Weet je het zeker?"."""
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied
