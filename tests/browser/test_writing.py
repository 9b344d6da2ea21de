"""What an editor types stays: in fields for dates, and in a form that cannot be sent."""

from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.browser.test_publishing import log_in, wait_until_edits_count
from tests.factories import make_event, make_news


def fill(page, name, typed):
    """Type into a field and go on to the next, as someone at a keyboard does; returns what then stands there."""
    field = page.locator(f"#id_{name}")
    field.fill("")
    field.press_sequentially(typed)
    field.press("Tab")
    return field.input_value()


def open_form(open_page, item):
    """The form of a page in the browser of someone who is logged in."""
    page = open_page()
    log_in(page)
    page.goto(f"/beheer/pages/{item.pk}/edit/")
    wait_until_edits_count(page)
    return page


def says_who_is_logged_out(page) -> bool:
    """Whether the form comes to say that nobody is logged in, with the way back in."""
    notice = page.get_by_role("alert")
    notice.get_by_text("Je bent uitgelogd").wait_for()
    return notice.get_by_role("link", name="Log in een nieuw tabblad in").is_visible()


def publish(page):
    page.locator("[name=action-publish]").evaluate("button => button.click()")


def test_a_moment_stays_as_it_is_typed_and_is_kept(open_page, filled):
    item = make_event(filled)
    page = open_form(open_page, item)

    for typed in (
        "2-1-2027 9:05",
        "12/01/2027 13:30",
        "2027-01-12 13:30",
        "30-02-2027 10:00",
        "12-1-2027 13:30",
    ):
        assert fill(page, "starts_at", typed) == typed
    fill(page, "ends_at", "31-12-2027 17:00")
    publish(page)
    page.wait_for_url("**/beheer/pages/*/")
    page.goto(f"/beheer/pages/{item.pk}/edit/")

    assert page.locator("#id_starts_at").input_value() == "12-01-2027 13:30"
    item.refresh_from_db()
    assert f"{timezone.localtime(item.starts_at):%Y-%m-%d %H:%M}" == "2027-01-12 13:30"


def test_who_is_logged_out_keeps_the_text_and_saves_it_after_logging_in_elsewhere(open_page, filled):
    item = make_news(filled, title="Een bericht")
    page = open_form(open_page, item)

    Session.objects.all().delete()
    page.locator("#id_summary").fill("Wat ik net schreef.")
    publish(page)
    page.get_by_role("alert").get_by_text("Je bent uitgelogd").wait_for()
    kept = page.locator("#id_summary").input_value()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Log in een nieuw tabblad in").click()
    log_in(opened.value)
    publish(page)
    page.wait_for_url("**/beheer/pages/*/")

    assert kept == "Wat ik net schreef."
    item.refresh_from_db()
    assert item.summary == "Wat ik net schreef."


def test_an_approval_that_was_held_back_is_forgotten(open_page, filled):
    item = make_news(filled, title="Een bericht")
    page = open_form(open_page, item)

    Session.objects.all().delete()
    page.evaluate(
        """() => {
          const form = document.querySelector("form[data-edit-form]");
          form.insertAdjacentHTML("beforeend", '<input type="hidden" name="action-workflow-action" value="true">');
          form.requestSubmit();
        }"""
    )  # as Wagtail does on a click on "Goedkeuren"
    page.get_by_role("alert").get_by_text("Je bent uitgelogd").wait_for()

    assert page.locator("[name=action-workflow-action]").count() == 0


def test_a_form_is_sent_once_however_often_it_is_asked_and_without_an_answer_about_the_session(
    open_page, filled
):
    item = make_news(filled, title="Een bericht")
    page = open_form(open_page, item)
    page.route("**/beheer/sessie/", lambda route: None)  # never answers
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.is_navigation_request() else None)

    page.locator("#id_summary").fill("Wat ik net schreef.")
    with page.expect_navigation():
        page.evaluate(
            """() => {
              const form = document.querySelector("form[data-edit-form]");
              const button = form.querySelector("[name=action-publish]");
              for (let click = 0; click < 4; click++) form.requestSubmit(button);
            }"""
        )
    page.wait_for_url("**/beheer/pages/*/")

    item.refresh_from_db()
    assert item.summary == "Wat ik net schreef."
    assert sum(url.endswith("/edit/") for url in sent) == 1


def test_an_editor_that_keeps_by_itself_says_that_nobody_is_logged_in(open_page, filled):
    item = make_news(filled, title="Een bericht")
    page = open_form(open_page, item)

    Session.objects.all().delete()
    page.locator("#id_summary").fill("Wat ik net schreef.")
    page.locator("form[data-edit-form]").dispatch_event(
        "w-unsaved:add"
    )  # as Wagtail does a while after an edit

    assert says_who_is_logged_out(page)
    assert page.locator("#id_summary").input_value() == "Wat ik net schreef."


def test_a_chooser_that_opens_for_nobody_says_so_too(open_page, filled):
    item = make_news(filled)
    page = open_form(open_page, item)

    Session.objects.all().delete()
    page.get_by_role("button", name="Kies een afbeelding").first.click()

    assert says_who_is_logged_out(page)


def test_a_file_that_is_too_large_is_refused_beside_its_field(open_page, filled, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 1024 * 1024
    item = make_news(filled)
    page = open_form(open_page, item)

    page.get_by_role("button", name="Kies een afbeelding").first.click()
    page.get_by_role("tab", name="Upload").click()
    field = page.locator("#id_image-chooser-upload-file")
    large = {"name": "zaal.png", "mimeType": "image/png", "buffer": bytes(1536 * 1024)}
    field.set_input_files(large)

    page.get_by_text("‘zaal.png’ is 1,5 MB. Hier mag een bestand hoogstens 1 MB zijn.").wait_for()
    assert field.evaluate("field => field.files.length") == 0
    field.set_input_files(large | {"buffer": bytes(1024)})
    assert page.get_by_text("Hier mag een bestand hoogstens").count() == 0
    assert field.evaluate("field => field.files.length") == 1
