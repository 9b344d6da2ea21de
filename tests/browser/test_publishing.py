"""An editor writes a column with a picture and a quote; a visitor sees it first."""

import pytest
from PIL import Image
from playwright.sync_api import expect

from portal.models import PortalImage
from tests.browser.conftest import PASSWORD
from tests.factories import make_news


@pytest.fixture
def picture(filled, tmp_path, settings):
    path = tmp_path / "raadzaal.png"
    Image.new("RGB", (1200, 800), "#8e1538").save(path)
    return path


def log_in(page, username="eindredacteur"):
    page.goto("/beheer/")
    page.locator("#id_username").fill(username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form button[type=submit]").click()
    page.wait_for_url("**/beheer/")


def wait_until_edits_count(page):
    """Wagtail compares edits with the form as it was two seconds after opening; what is typed earlier is no edit."""
    page.evaluate(
        """() => new Promise(resolve => {
            const look = () =>
                window.wagtail.app.queryController("w-unsaved")?.initialFormData ? resolve() : setTimeout(look, 50);
            look();
        })"""
    )


def add_block(page, name):
    """Open the last "add block" menu of the body and choose a block by its Dutch label."""
    page.locator(
        "#panel-child-tekst-body-content button[title='Voeg een blok in'], "
        "#panel-child-tekst-body-content .c-sf-add-button"
    ).last.click()
    page.get_by_role("option", name=name, exact=True).click()


def test_an_editor_publishes_a_column_and_a_visitor_sees_it_first(open_page, filled, picture):
    make_news(filled, title="Een ouder bericht")
    page = open_page()
    log_in(page)

    page.goto(f"/beheer/pages/add/news/newspage/{filled.news.pk}/")
    wait_until_edits_count(page)
    page.locator("#id_kind").select_option(label="Column")
    page.locator("#id_title").fill("Lof van de lege stoel")
    page.locator("#id_summary").fill("In elke raad blijft een stoel vrij voor wie nog binnenkomt.")
    add_block(page, "Citaat")
    page.get_by_label("Citaat").last.fill("Democratie houdt een plek vrij.")
    page.get_by_label("Wie zegt dit?").fill("Sanne de Wit")
    add_block(page, "Afbeelding")
    page.get_by_label("Wat is er te zien?").wait_for()
    page.get_by_role("button", name="Kies een afbeelding").last.click()
    page.get_by_role("tab", name="Upload").click()
    page.locator("#id_image-chooser-upload-file").set_input_files(str(picture))
    title = page.locator("#id_image-chooser-upload-title")
    expect(title).to_have_value("raadzaal")  # Wagtail fills it in from the name of the file
    title.fill("Raadzaal")
    page.locator(
        "[data-chooser-modal-creation-form] button[type=submit], #tab-upload button[type=submit]"
    ).first.click()
    page.locator("[data-chooser-title]", has_text="Raadzaal").wait_for()
    page.get_by_label("Wat is er te zien?").first.fill("De raadzaal met een lege stoel")
    page.locator("[data-side-panel-toggle=preview]").click()
    preview = page.frame_locator("#w-preview-iframe")
    preview.get_by_role("heading", name="Lof van de lege stoel").first.wait_for()
    preview.get_by_text("Democratie houdt een plek vrij.").wait_for()

    page.wait_for_url("**/edit/")  # the draft was kept by itself
    page.wait_for_load_state("networkidle")
    page.locator("[name=action-publish]").evaluate("button => button.click()")
    page.wait_for_url("**/beheer/pages/*/")

    assert PortalImage.objects.get().title == "Raadzaal"
    for width in (390, 1280):
        for javascript in (True, False):
            visitor = open_page(width=width, javascript=javascript)
            visitor.goto("/")
            first = visitor.locator("main article, main .row").first
            assert "Lof van de lege stoel" in first.inner_text()
            first.get_by_role("link").first.click()
            assert visitor.locator("h1").inner_text() == "Lof van de lege stoel"
            assert "Democratie houdt een plek vrij." in visitor.locator("main").inner_text()
            assert visitor.get_by_alt_text("De raadzaal met een lege stoel").count() == 1
            assert visitor.context.cookies() == []
