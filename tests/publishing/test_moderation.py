"""A redacteur submits, an eindredacteur reads, corrects and approves; approved is published, and only what was read."""

import pytest
from django.test import Client
from django.urls import reverse

from news.models import NewsPage
from portal.accounts.people import CHIEF_EDITOR, WRITER, make_user, set_up_groups
from tests.factories import make_news
from tests.portal.test_admin import form_data

PASSWORD = "een-heel-lang-wachtwoord"
APPROVE = {"action-workflow-action": "true", "workflow-action-name": "approve"}
AUTH = "django.contrib.auth.backends.ModelBackend"
AUTOSAVE = {"headers": {"accept": "application/json"}}


@pytest.fixture
def desk(tree):
    """Groups and workflow, and a page that the redacteur submitted."""
    set_up_groups(tree.home)
    return Desk(make_news(tree, live=False))


class Desk:
    """The page, and the two who work on it, each with a browser of their own."""

    def __init__(self, page):
        self.page, self.edit = page, reverse("wagtailadmin_pages:edit", args=[page.pk])
        self.writer_user = make_user("redacteur", PASSWORD, group=WRITER)
        self.chief_user = make_user("eindredacteur", PASSWORD, group=CHIEF_EDITOR)
        self.writer, self.chief = Client(), Client()
        for client, user in ((self.writer, self.writer_user), (self.chief, self.chief_user)):
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.submit()

    def form(self, client) -> dict:
        return form_data(self.page, client.get(self.edit).content.decode())

    def submit(self, **fields):
        self.writer.post(self.edit, {**self.form(self.writer), **fields})
        self.writer.post(self.edit, {**self.form(self.writer), **fields, "action-submit": "1"})

    def approve(self, form: dict) -> str:
        """What the eindredacteur reads after it."""
        answer = self.chief.post(self.edit, {**form, **APPROVE}, follow=True)
        return " ".join(str(message) for message in answer.context["messages"])

    def autosave(self, form: dict, **fields) -> dict:
        """The form as the browser has it after it saved by itself."""
        saved = self.chief.post(self.edit, {**form, **fields}, **AUTOSAVE).json()
        return {**form, **fields, "overwrite_revision_id": saved["revision_id"]}

    @property
    def live(self) -> NewsPage:
        return NewsPage.objects.get(pk=self.page.pk)


@pytest.mark.parametrize("saved", ["by itself", "with the approval", "not"])
def test_approved_is_published_with_the_approvers_corrections(desk, saved):
    form = desk.form(desk.chief)
    if saved == "by itself":
        form = desk.autosave(form, summary="Verbeterd door de eindredactie.")
    elif saved == "with the approval":
        form["summary"] = "Verbeterd door de eindredactie."

    said = desk.approve(form)

    assert desk.live.live
    assert not desk.live.workflow_in_progress
    assert (desk.live.summary == "Verbeterd door de eindredactie.") is (saved != "not")
    assert "Goedgekeurd en gepubliceerd: ‘" in said
    assert "Terwijl je schreef" not in said


def test_an_approved_moment_of_publication_is_kept_and_named(desk):
    form = desk.autosave(desk.form(desk.chief), go_live_at="2099-03-02 10:00")

    said = desk.approve(form)

    assert not desk.live.live
    assert desk.live.approved_schedule
    assert "gaat online op 2 maart 2099 om 10:00" in said


def test_who_submitted_can_change_nothing_until_it_is_decided(desk):
    form = desk.form(desk.chief)

    desk.writer.post(desk.edit, {**form, "title": "Stiekem anders"})
    desk.approve(form)

    assert desk.live.live
    assert desk.live.title != "Stiekem anders"


def test_a_version_that_was_submitted_after_reading_does_not_go_live_unread(desk):
    form = desk.form(desk.chief)
    desk.writer.post(desk.edit, {**desk.form(desk.writer), "action-cancel-workflow": "true"})
    desk.submit(title="Heel iets anders")

    said = desk.approve({**form, "title": "Verbeterde titel"})

    assert not desk.live.live
    assert "nog niet goedgekeurd" in said
    assert "redacteur" in said
    assert desk.live.get_latest_revision().content["title"] == "Verbeterde titel"

    assert "Goedgekeurd en gepubliceerd: ‘" in desk.approve(desk.form(desk.chief))
    assert desk.live.title == "Verbeterde titel"


def test_the_preview_of_a_task_shows_the_corrected_version(desk):
    desk.autosave(desk.form(desk.chief), title="Verbeterde titel")
    task = desk.live.current_workflow_task

    shown = desk.chief.get(reverse("wagtailadmin_pages:workflow_preview", args=[desk.page.pk, task.pk]))

    assert "Verbeterde titel" in shown.content.decode()


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_a_decision_without_a_change_warns_of_nothing(desk, action):
    form = desk.form(desk.chief)

    answer = desk.chief.post(desk.edit, {**form, **APPROVE, "workflow-action-name": action}, follow=True)

    assert "Terwijl je schreef" not in answer.content.decode()
    assert ("Teruggestuurd: ‘" in answer.text) is (action == "reject")
    assert desk.live.get_latest_revision().user == desk.writer_user


@pytest.mark.parametrize(("comment", "read"), [("Noem de bron <b>", ": ‘Noem de bron &lt;b&gt;’"), ("", ".")])
def test_who_opens_a_page_that_was_sent_back_reads_why(desk, comment, read):
    task = desk.live.current_workflow_task_state

    desk.chief.post(
        reverse("wagtailadmin_pages:workflow_action", args=[desk.page.pk, "reject", task.pk]),
        {"comment": comment},
    )
    opened = desk.writer.get(desk.edit).content.decode()
    desk.submit()

    assert f"eindredacteur vraagt een wijziging{read}" in opened
    assert "vraagt een wijziging" not in desk.writer.get(desk.edit).content.decode()


def test_who_may_approve_sees_one_way_to_publish(desk):
    during = desk.chief.get(desk.edit).text
    desk.approve(desk.form(desk.chief))

    assert "Goedkeuren en publiceren" in during
    assert 'name="action-publish"' not in during
    assert 'name="action-publish"' in desk.chief.get(desk.edit).text


def test_an_approval_of_what_is_decided_already_says_so_and_keeps_a_draft(desk):
    form = desk.form(desk.chief)
    desk.approve(form)

    said = desk.approve({**form, "title": "Nog een verbetering"})

    assert "al behandeld" in said
    assert "Goedgekeurd" not in said
    assert desk.live.title != "Nog een verbetering"
    assert desk.live.get_latest_revision().content["title"] == "Nog een verbetering"


def test_a_form_that_keeps_itself_never_approves(desk):
    desk.autosave(desk.form(desk.chief), **APPROVE, summary="Ik schrijf eerst verder.")

    assert not desk.live.live
    assert desk.live.workflow_in_progress


@pytest.mark.parametrize("is_script", [True, False])
def test_what_a_colleague_changed_is_read_before_it_is_approved_from_the_dashboard(desk, is_script):
    task = desk.live.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[desk.page.pk, "approve", task.pk])
    headers = {"x-requested-with": "XMLHttpRequest"} if is_script else {}
    colleague = Client()
    colleague.force_login(make_user("collega", PASSWORD, group=CHIEF_EDITOR), AUTH)
    colleague.post(desk.edit, {**desk.form(colleague), "title": "Half af"}, **AUTOSAVE)

    answer = desk.chief.post(address, headers=headers)

    assert not desk.live.live
    assert (answer.json()["redirect"] if is_script else answer.url) == desk.edit
    assert "Lees haar" in desk.chief.get(desk.edit).text


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("approve", "Goedgekeurd en gepubliceerd: ‘{}’."),
        ("reject", "Teruggestuurd: ‘{}’. De auteur leest je verzoek."),
    ],
)
def test_who_decides_from_the_dashboard_reads_what_was_done(desk, action, said):
    task = desk.live.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[desk.page.pk, action, task.pk])
    home = reverse("wagtailadmin_home")

    answer = desk.chief.post(f"{address}?next={home}", {"comment": "Noem een bron."}, follow=True)
    again = desk.chief.post(f"{address}?next={home}", {"comment": "Nog eens."}, follow=True)

    assert desk.live.live is (action == "approve")
    assert said.format(desk.page.title) in answer.text
    assert said.format(desk.page.title) not in again.text
