"""Someone sends a form while the editor keeps it by itself too: there is one page, and nothing is kept afterwards.

Every answer comes when the test says so, and what Wagtail does a while after an edit is asked for at that moment.
"""

import re

import pytest
from playwright.sync_api import expect

from news.models import NewsPage
from portal.accounts.people import WRITER, make_user
from tests.browser.conftest import PASSWORD
from tests.browser.test_publishing import log_in, wait_until_edits_count
from tests.factories import make_news

ADD, EDIT, SESSION = "**/beheer/pages/add/**", "**/beheer/pages/*/edit/", "**/beheer/sessie/"
SAVE = "button.action-save"
APPROVE = "[data-workflow-action-name=approve]"
CLICK = "button => { document.activeElement.blur(); button.click(); }"
SCRIPT = """() => {
  const form = document.querySelector("form[data-edit-form]");
  const controller = window.wagtail.app.getControllerForElementAndIdentifier(form, "w-autosave");
  const real = window.fetch;
  const only = (event) => event.detail === "asked" || event.stopImmediatePropagation();
  window.addEventListener("w-unsaved:add", only, { capture: true });
  window.edit = () => form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, detail: "asked" }));
  window.untilKept = () => controller.submitPromise;
  window.untilHeld = () => new Promise((held) => (window.fetch = async (...asked) => {
    const answer = await real(...asked);
    if (asked[0] !== form.action) return answer;
    return new Promise((go) => held(void (window.letGo = () => go(answer))));
  }));
  window.editOnceSent = () => window.addEventListener("submit", (event) => event.defaultPrevented || setTimeout(
    async () => {
      window.edit();
      await window.untilKept();
      console.log("kept, or not");
    }));
}"""


class Form:
    """A form in a browser, and what it sends: kept by itself, or sent by someone."""

    def __init__(self, page, path):
        self.page, self.kept, self.sent = page, [], []
        log_in(page)
        page.goto(path)
        wait_until_edits_count(page)
        page.evaluate(SCRIPT)
        page.on("request", self._note)

    def _note(self, request):
        is_form = request.url.endswith("/edit/") or re.search(r"/pages/add/\w+/\w+/\d+/$", request.url)
        if request.method == "POST" and is_form:
            (self.sent if request.is_navigation_request() else self.kept).append(request.url)

    def click(self, button):
        """Press a button, also one in the closed menu of the footer."""
        self.page.locator(button).first.evaluate(CLICK)


@pytest.fixture
def new(open_page, filled):
    """The form of a new page, filled in."""
    form = Form(open_page(), f"/beheer/pages/add/news/newspage/{filled.news.pk}/")
    form.page.locator("#id_title").fill("Lof van de lege stoel")
    form.page.locator("#id_summary").fill("Een stoel blijft vrij.")
    expect(form.page.locator("#id_slug")).to_have_value("lof-van-de-lege-stoel")
    return form


@pytest.fixture
def submitted(open_page, filled):
    """The form of a page that a redacteur submitted, with a correction in it."""
    item = make_news(filled, title="Een bericht", live=False)
    writer = make_user("redacteur", PASSWORD, group=WRITER)
    item.save_revision(user=writer)
    item.get_workflow().start(item, writer)
    form = Form(open_page(), f"/beheer/pages/{item.pk}/edit/")
    form.page.locator("#id_summary").fill("Verbeterd.")
    return form


def test_a_new_page_that_is_being_kept_is_saved_as_that_page(new):
    page = new.page
    # The draft is there; the form does not know its address yet.
    page.evaluate("() => { const held = untilHeld(); edit(); return held; }")
    page.locator("#id_summary").fill("Een stoel blijft altijd vrij.")

    with page.expect_response(SESSION):
        new.click(SAVE)
    page.evaluate("letGo()")
    page.get_by_text("Pagina 'Lof van de lege stoel' is").first.wait_for()

    assert [url.endswith("/edit/") for url in new.sent] == [True]
    assert NewsPage.objects.get().get_latest_revision().content["summary"] == "Een stoel blijft altijd vrij."


@pytest.mark.parametrize("moment", ["just before", "after"])
def test_nothing_is_kept_by_itself_from_the_moment_a_new_page_is_sent(new, moment):
    page, asked = new.page, []
    page.route(SESSION, lambda route: asked.append(route))
    if moment == "just before":
        page.evaluate("edit()")
    with page.expect_request(SESSION):
        new.click(SAVE)
    if moment == "after":
        page.evaluate("edit()")
    page.evaluate("untilKept()")
    asked[0].continue_()
    page.wait_for_url(EDIT)

    assert new.kept == []
    assert len(new.sent) == 1
    assert NewsPage.objects.get().title == "Lof van de lege stoel"


def test_nothing_is_kept_by_itself_after_an_approval(submitted):
    page, answers = submitted.page, []

    def hold(route):
        if route.request.is_navigation_request():
            answers.append((route, route.fetch(max_redirects=0)))
        else:
            route.continue_()

    page.route(EDIT, hold)
    page.evaluate("editOnceSent()")
    with page.expect_console_message(lambda message: message.text == "kept, or not"):
        submitted.click(f"{APPROVE}:not([data-workflow-action-modal-url])")
    while not answers:  # the server is still publishing
        page.wait_for_timeout(20)
    answers[0][0].fulfill(response=answers[0][1])
    page.get_by_text("Goedgekeurd en gepubliceerd").wait_for()

    item = NewsPage.objects.get()
    assert submitted.kept == []
    assert (item.live, item.has_unpublished_changes, item.summary) == (True, False, "Verbeterd.")


def test_what_is_never_kept_holds_a_save_up_for_a_while_only(new):
    page = new.page
    page.route(ADD, lambda route: route.continue_() if route.request.is_navigation_request() else None)
    with page.expect_request(ADD):
        page.evaluate("edit()")

    new.click(SAVE)
    page.wait_for_url(EDIT)

    assert NewsPage.objects.get().title == "Lof van de lege stoel"


def test_an_approval_with_a_comment_is_sent_as_any_other(submitted):
    page, questions = submitted.page, []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))

    submitted.click(f"{APPROVE}[data-workflow-action-modal-url]")
    page.locator(".modal-content textarea").fill("Mooi.")
    with page.expect_response(SESSION):
        page.locator(".modal-content [type=submit]").click()
    page.get_by_text("Goedgekeurd en gepubliceerd").wait_for()

    assert questions == []  # as "leave this page?"
    assert (submitted.kept, len(submitted.sent)) == ([], 1)
    assert NewsPage.objects.get().summary == "Verbeterd."
