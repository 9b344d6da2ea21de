"""What a visitor does: open every page, filter, follow links, with and without JavaScript, on a phone and a desktop."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

PHONE, DESKTOP = 390, 1280
pytestmark = pytest.mark.django_db(transaction=True)


def wait_for_sentence(page, words: str):
    expect(page.locator("#zin")).to_have_text(words)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_page_opens_fits_and_leaves_nothing_behind(open_page, addresses, server_url, width, javascript):
    page = open_page(width=width, javascript=javascript)
    hosts, complaints = set(), []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    too_wide, without_heading = [], []

    for name, address in addresses.items():
        answer = page.goto(address)
        assert answer.status == 200, name
        if page.locator("main h1:visible").count() != 1:
            without_heading.append(name)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            too_wide.append(name)

    assert (without_heading, too_wide, complaints) == ([], [], [])
    assert hosts == {urlsplit(server_url).netloc}
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_an_address_that_leads_nowhere_opens_with_a_way_on(open_page, addresses):
    for javascript in (True, False):
        page = open_page(width=PHONE, javascript=javascript)

        assert page.goto("/bestaat-niet/").status == 404
        page.locator("main input[name=q]").fill("dialoog")
        page.locator("main input[name=q]").press("Enter")

        assert urlsplit(page.url).path == "/zoeken/"
        assert page.get_by_role("link", name="Dialoogtafel").is_visible()


def test_filters_apply_without_a_reload_and_keep_focus_and_the_way_back(open_page, addresses):
    page = open_page(width=DESKTOP)
    page.goto("/instrumenten/")
    page.evaluate("window.isTheSamePage = true")

    page.locator("input[name=thema][value=participatie]").check()
    page.wait_for_url("**/instrumenten/?thema=participatie")

    wait_for_sentence(page, "2 instrumenten over Participatie")
    assert page.title().startswith("2 instrumenten over Participatie")
    assert page.evaluate("document.activeElement.value") == "participatie"

    page.keyboard.press("Tab")
    page.locator("input[name=rol][value=griffier]").check()
    page.wait_for_url("**/instrumenten/?thema=participatie&rol=griffier")
    wait_for_sentence(page, "1 instrument over Participatie voor griffiers")
    page.go_back()
    wait_for_sentence(page, "2 instrumenten over Participatie")

    assert not page.locator("input[name=rol][value=griffier]").is_checked()
    assert page.evaluate("window.isTheSamePage") is True

    page.get_by_role("link", name="Haal weg: Participatie").click()
    page.wait_for_url("**/instrumenten/")
    wait_for_sentence(page, "3 instrumenten")
    assert page.evaluate("document.activeElement.id") == "resultaten"


@pytest.fixture
def slow_modules(open_page):
    """A page whose modules come when they are let go."""
    page, held = open_page(width=DESKTOP), []
    page.route("**/static/js/**", lambda route: held.append(route))

    def let_go(number: int):
        while len(held) < number:
            page.wait_for_timeout(20)
        for route in held:
            route.continue_()

    return page, let_go


def test_what_was_typed_before_the_modules_came_gets_its_suggestions(slow_modules, addresses):
    page, let_go = slow_modules
    page.goto("/zoeken/")
    field = page.locator("main input[name=q]")
    field.press_sequentially("dialoog")
    assert field.get_attribute("role") is None

    let_go(2)

    expect(page.get_by_role("option", name="Dialoogtafel")).to_be_visible()
    assert field.input_value() == "dialoog"


def test_what_was_chosen_before_the_modules_came_is_applied(slow_modules, addresses):
    page, let_go = slow_modules
    page.goto("/instrumenten/")
    page.locator("input[name=thema][value=participatie]").check()
    page.locator("input[name=rol][value=griffier]").check()
    assert urlsplit(page.url).query == ""

    let_go(2)

    page.wait_for_url("**/instrumenten/?thema=participatie&rol=griffier")
    wait_for_sentence(page, "1 instrument over Participatie voor griffiers")


def test_the_skip_link_jumps_and_leaves_the_list_alone(open_page, addresses):
    page = open_page()
    page.goto("/instrumenten/")
    requests = []
    page.on("request", lambda request: requests.append(request.url))

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/instrumenten/#inhoud")
    page.wait_for_timeout(200)  # nothing may happen in it

    assert page.evaluate("document.activeElement.id") == "inhoud"
    assert [url for url in requests if "/instrumenten/" in url] == []


def test_the_same_filters_work_as_a_plain_form_without_javascript(open_page, addresses):
    for width in (PHONE, DESKTOP):
        page = open_page(width=width, javascript=False)
        page.goto("/instrumenten/")
        if width == PHONE:
            page.get_by_text("Filters", exact=True).click()

        page.locator("input[name=thema][value=participatie]").check()
        page.locator("input[name=rol][value=griffier]").check()
        page.get_by_role("button", name="Filters toepassen").click()

        wait_for_sentence(page, "1 instrument over Participatie voor griffiers")
        assert page.get_by_role("link", name="Dialoogtafel").is_visible()
        page.get_by_role("link", name="Haal weg: griffier").click()
        wait_for_sentence(page, "2 instrumenten over Participatie")
        page.go_back()
        wait_for_sentence(page, "1 instrument over Participatie voor griffiers")


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_the_button_of_the_filters_is_answered_by_the_results(open_page, addresses, javascript):
    phone = open_page(width=PHONE, height=844, javascript=javascript, has_touch=True, is_mobile=True)
    phone.goto("/instrumenten/")
    phone.get_by_text("Filters", exact=True).tap()
    phone.locator("input[name=rol][value=griffier]").check()
    if javascript:
        wait_for_sentence(phone, "2 instrumenten voor griffiers")
        assert phone.locator("details.filters").get_attribute("open") is not None  # there is more to choose

    phone.get_by_role("button", name="Filters toepassen").tap()

    wait_for_sentence(phone, "2 instrumenten voor griffiers")
    expect(phone.locator("details.filters")).not_to_have_attribute("open", "")
    expect(phone.locator("#zin")).to_be_in_viewport()
    assert 0 <= phone.locator("#resultaten").bounding_box()["y"] <= 844 / 2
    if javascript:
        assert phone.evaluate("document.activeElement.id") == "resultaten"
        assert phone.get_by_role("status").last.text_content() == "2 instrumenten voor griffiers"
        assert phone.url.endswith("/instrumenten/?rol=griffier")
        phone.go_back()
        wait_for_sentence(phone, "3 instrumenten")  # the same list is one step of the way back
    else:
        assert phone.url.endswith("rol=griffier#resultaten")


@pytest.mark.parametrize("javascript", [True, False])
def test_the_words_of_a_list_have_a_button_beside_them(open_page, addresses, javascript):
    page = open_page(width=DESKTOP, javascript=javascript)
    page.goto("/instrumenten/")
    field, button = page.locator("#filter-q"), page.get_by_role("button", name="Zoek in deze lijst")

    assert field.bounding_box()["y"] == button.bounding_box()["y"]
    field.fill("dialoogtafel")
    button.click()

    wait_for_sentence(page, "1 instrument met ‘dialoogtafel’")
    expect(page.locator("#zin")).to_be_in_viewport()


def test_enter_in_the_words_of_a_list_keeps_the_place(open_page, addresses):
    page = open_page(width=DESKTOP)
    page.goto("/instrumenten/")
    expect(page.locator("body > [role=status]")).to_be_attached()  # the module came

    page.locator("#filter-q").fill("dialoogtafel")
    page.locator("#filter-q").press("Enter")

    wait_for_sentence(page, "1 instrument met ‘dialoogtafel’")
    assert page.evaluate("document.activeElement.id") == "filter-q"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_griffier_finds_instruments_in_three_taps_and_shares_the_address(open_page, addresses, javascript):
    phone = open_page(width=PHONE, javascript=javascript, has_touch=True, is_mobile=True)
    phone.goto("/")

    phone.get_by_role("main").get_by_role("link", name="instrumenten").first.tap()
    phone.get_by_role("navigation", name="Snel kiezen").get_by_role("link", name="Participatie").tap()
    phone.wait_for_url("**thema=participatie")
    phone.get_by_role("navigation", name="Snel kiezen").get_by_role("button", name="griffiers").tap()
    phone.wait_for_url("**rol=griffier")
    wait_for_sentence(phone, "1 instrument over Participatie voor griffiers")
    shared = phone.url
    phone.get_by_role("link", name="Dialoogtafel").tap()
    phone.wait_for_url(f"**{addresses['instrument']}")
    expect(phone.locator("h1")).to_have_text("Dialoogtafel")

    desktop = open_page(width=DESKTOP, javascript=not javascript)
    desktop.goto(shared)
    wait_for_sentence(desktop, "1 instrument over Participatie voor griffiers")
    assert desktop.locator("main .row__link").all_inner_texts() == ["Dialoogtafel"]


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_from_home_by_read_more_to_a_theme_a_topic_an_item_and_back(open_page, addresses, width, javascript):
    page = open_page(width=width, javascript=javascript)
    page.goto("/")

    page.get_by_role("link", name="Lees verder over Participatie").click()
    expect(page.locator("h1")).to_have_text("Aan de slag met Participatie")
    page.get_by_role("main").get_by_role("link", name="Uitdaagrecht", exact=True).click()
    expect(page.locator("h1")).to_have_text("Uitdaagrecht")
    page.get_by_role("link", name="Dialoogtafel").first.click()
    expect(page.locator("h1")).to_have_text("Dialoogtafel")
    page.get_by_role("link", name="Terug naar Instrumenten").click()
    expect(page.locator("h1")).to_have_text("Instrumenten")
    for _ in range(4):
        page.go_back()

    assert urlsplit(page.url).path == "/"


def test_the_agenda_shows_months_and_keeps_what_is_past(open_page, addresses):
    page = open_page(width=PHONE)
    page.goto("/agenda/")

    assert page.get_by_role("heading", level=3).all_inner_texts() == ["Maart 2090", "April 2090"]
    page.get_by_role("link", name="Afgelopen bijeenkomsten").click()
    page.wait_for_url("**periode=voorbij")
    page.get_by_role("link", name="Themadag").click()
    assert page.get_by_role("heading", name="Verslag").is_visible()
    assert page.get_by_role("link", name="Zet in je agenda").count() == 0
