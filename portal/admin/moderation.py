"""A submitted page on its way through the eindredactie: what an approval publishes, and what it says."""

from collections.abc import Callable

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail.admin import messages
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.models import Page, TaskState, WorkflowState

ACTION, ACTION_NAME = "action-workflow-action", "workflow-action-name"


def name_of(user) -> str:
    """What colleagues call this user; "" for an account that is gone."""
    return (user.get_full_name() or user.get_username()) if user else ""


def approve_only_what_was_read(request, page):
    """An approval of a form that was opened before someone else's version becomes a save: nothing goes live unread.

    Wagtail publishes the latest version, whichever it is; a reader of an older one hears so and keeps what they wrote.
    """
    if ACTION not in request.POST or request.POST.get(ACTION_NAME) != "approve":
        return
    latest, task = page.get_latest_revision(), page.current_workflow_task_state
    if not request.accepts("text/html"):
        _only_save(request)  # what a click left behind in a form that keeps itself
    elif not task:
        _only_save(request)
        messages.error(request, "Deze pagina is al behandeld. Wat je wijzigde, is als concept bewaard.")
    elif latest and latest.user_id != request.user.pk and not _holds(request.POST, latest):
        _only_save(request)
        messages.error(
            request,
            "Deze pagina is nog niet goedgekeurd: intussen is een andere versie bewaard, die jij nog niet zag. "
            "Vergelijk de twee versies, en keur daarna goed.",
        )
    else:
        request.approved = task.pk


def _only_save(request):
    request.POST = request.POST.copy()
    del request.POST[ACTION]


def act_from_dashboard(request, page_id: int, action: str, act: Callable):
    """The answer to an approval or a refusal without the form of the page; Wagtail itself says nothing of it."""
    page = Page.objects.get(pk=page_id)
    task = page.current_workflow_task_state
    if action == "approve":
        if answer := _answer_unread(request, page):
            return answer
        if task:
            request.approved = task.pk
    answer = act()
    say_what_approval_did(request, page)
    if action == "reject" and task:
        _say_sent_back(request, page)
    return answer


def _answer_unread(request, page):
    """What a colleague changed since the page was submitted is to be read first."""
    latest, state = page.get_latest_revision(), page.current_workflow_state
    if not latest or not state or latest.user_id in (request.user.pk, state.requested_by_id):
        return None
    form = reverse("wagtailadmin_pages:edit", args=[page.pk])
    messages.warning(
        request,
        "Een collega veranderde deze pagina nadat zij was ingediend. Lees haar, en keur haar hier goed.",
    )
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        return render_modal_workflow(request, "", None, {}, json_data={"step": "success", "redirect": form})
    return redirect(form)


def _holds(form, revision) -> bool:
    """Whether the form was opened on this version, as it was when it was last saved."""
    moment = revision.created_at.isoformat()
    return (
        form.get("loaded_revision_id") == str(revision.pk)
        and form.get("loaded_revision_created_at", moment) == moment
    )


def keep_task_with_latest(request, page):
    """The task is about the corrected version: its preview shows that, and the log names it."""
    state = page.current_workflow_task_state
    if state and state.revision_id != page.latest_revision_id:
        TaskState.objects.filter(pk=state.pk, status=TaskState.STATUS_IN_PROGRESS).update(
            revision=page.latest_revision_id
        )


def say_what_was_asked(request, page):
    """Who sent a page back from its form hears that the author was asked; Wagtail only says that it was changed."""
    if ACTION in request.POST and request.POST.get(ACTION_NAME) == "reject":
        _say_sent_back(request, page)


def _say_sent_back(request, page):
    state = page.current_workflow_state
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        name = page.get_admin_display_title()
        messages.success(request, f"Teruggestuurd: ‘{name}’. De auteur leest je verzoek.")


def say_what_approval_did(request, page):
    """Approved is published, now or at its moment; Wagtail only says that the page was changed."""
    if not hasattr(request, "approved"):
        return
    task, now = TaskState.objects.get(pk=request.approved), Page.objects.get(pk=page.pk)
    is_mine = task.status == TaskState.STATUS_APPROVED and task.finished_by_id == request.user.pk
    if not is_mine or now.workflow_in_progress:
        return
    if scheduled := now.scheduled_revision:
        moment = date_format(localtime(scheduled.approved_go_live_at), r"j F Y \o\m H:i")
        messages.success(request, f"Goedgekeurd: ‘{now.get_admin_display_title()}’ gaat online op {moment}.")
    elif now.live:
        messages.success(request, f"Goedgekeurd en gepubliceerd: ‘{now.get_admin_display_title()}’.")


def show_what_was_asked(request, page):
    """Who opens a page that was sent back reads first what has to change."""
    state = page.current_workflow_state if request.method == "GET" else None
    if not state or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return
    asked = state.current_task_state
    name = name_of(asked.finished_by) or "De eindredactie"
    comment = f": ‘{asked.comment}’" if asked.comment else "."
    messages.warning(request, f"{name} vraagt een wijziging{comment}")


def offer_one_way_to_publish(menu_items, request, context):
    """Who may approve a submitted page publishes it by that: a second button beside it would ask which is meant."""
    if any(item.name == "approve" for item in menu_items):
        menu_items[:] = [item for item in menu_items if item.name != "action-publish"]
