"""Two editors on one page: each writes it whole, one after the other, and the later one hears of the other."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from wagtail.admin import messages
from wagtail.models import Page

from portal.admin.deleting import answer_held
from portal.admin.incomplete import answer_incomplete
from portal.admin.moderation import act_from_dashboard, name_of
from portal.middleware import answer_without_database
from portal.signals import something_changed

PAGE_ROUTES = "wagtailadmin_pages"


class WholePageMiddleware:
    """A form that changes a page runs in one transaction that holds the page's row.

    Wagtail writes the page, its relations, the revision and the log in steps of their own: two editors who publish at
    once could mix them, and a killed process could leave half of them. It stands last, so that all that refuses a
    request comes first.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        if request.method != "POST" or PAGE_ROUTES not in match.namespaces:
            return None
        try:
            with transaction.atomic():
                page_id = kwargs.get("page_id") or kwargs.get("pk")
                if page_id:
                    Page.objects.select_for_update().filter(pk=page_id).first()
                act = partial(view, request, *args, **kwargs)
                if match.url_name == "workflow_action":
                    return act_from_dashboard(request, page_id, kwargs["action_name"], act)
                return act()
        except Exception as exception:
            if not isinstance(exception, Http404 | PermissionDenied):
                something_changed()  # what anyone read of the change while it was made goes with it
            if response := (
                answer_without_database(exception)
                or answer_incomplete(exception)
                or answer_held(request, exception)
            ):
                return response
            raise


def warn_of_another_version(request, page):
    """Say to who saved last that someone else saved in the meantime; both versions are kept."""
    loaded = request.POST.get("loaded_revision_id", "")
    if not loaded.isdigit() or request.POST.get("overwrite_revision_id"):
        return
    own, *before = page.revisions.order_by("-created_at", "-pk").select_related("user")[:2]
    if own.user_id != request.user.pk or own.pk <= int(loaded):
        return  # nothing was saved now, as when a page is approved as it stands
    if before and before[0].pk != int(loaded) and before[0].user_id != request.user.pk:
        other = before[0]
        name = name_of(other.user) or "Iemand anders"
        messages.warning(
            request,
            f"Terwijl je schreef, bewaarde {name} ook een versie van deze pagina. Jouw versie kwam daarna en geldt nu. "
            "Er is niets verloren: vergelijk de twee en neem over wat erbij hoort.",
            buttons=[
                messages.button(
                    reverse("wagtailadmin_pages:revisions_compare", args=(page.pk, other.pk, own.pk)),
                    "Vergelijk de versies",
                )
            ],
        )
