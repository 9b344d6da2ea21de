"""axe on every template, in light and dark, with rich content and long words."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.django_db(transaction=True)
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_axe_finds_nothing_on_any_template(open_page, addresses, scheme, width):
    page = open_page(width=width, color_scheme=scheme, bypass_csp=True)
    axe, found = Axe(), []

    for name, address in {**addresses, "404": "/bestaat-niet/", "400": "/?q=%00"}.items():
        page.goto(address)
        page.evaluate("document.fonts.ready")
        for rule in axe.run(page, options=OPTIONS).response["violations"]:
            found += [f"{name}: {rule['id']}: {node['target']}" for node in rule["nodes"]]

    assert found == []


def test_axe_finds_nothing_on_the_component_page_and_the_admin_login(open_page, addresses):
    from tests.browser.test_publishing import log_in

    page = open_page(bypass_csp=True)
    axe, found = Axe(), []

    page.goto("/beheer/login/")
    found += [rule["id"] for rule in axe.run(page, options=OPTIONS).response["violations"]]
    log_in(page)
    page.goto("/beheer/componenten/")
    for rule in axe.run(page, options=OPTIONS, context="main").response["violations"]:
        found += [f"componenten: {rule['id']}: {node['target']}" for node in rule["nodes"]]

    assert found == []
