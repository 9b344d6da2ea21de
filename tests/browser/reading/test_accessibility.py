"""axe on every template in seven modes, and text as large as a reader sets it, with rich content and long words."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.django_db(transaction=True)
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
#: How people read (BAR.md, section 0). "text" is how much larger they set the text of their browser.
MODES = {
    "phone": {"width": 320, "height": 640},
    "tablet": {"width": 768, "height": 1024},
    "desktop": {"width": 1280},
    "dark": {"width": 1280, "color_scheme": "dark"},
    "forced colours": {"width": 1280, "forced_colors": "active"},
    "large text": {"width": 1280, "text": 2},
    "large text on a phone": {"width": 320, "height": 640, "text": 2},
}
MORE = {"404": "/bestaat-niet/", "400": "/?q=%00"}
#: The mean size of the visible text, and how many pixels the page is too wide.
MEASURE = """() => {
  const root = document.documentElement, walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let size = 0, letters = 0;
  for (let node; (node = walk.nextNode());) {
    const count = node.data.trim().length, part = node.parentElement;
    if (!count || !part.checkVisibility({visibilityProperty: true})) continue;
    size += count * parseFloat(getComputedStyle(part).fontSize);
    letters += count;
  }
  return {size: size / letters, overflow: root.scrollWidth - root.clientWidth};
}"""


def open_in(open_page, mode: str):
    """A window as someone has it who reads in this mode."""
    options = dict(MODES[mode])
    text = options.pop("text", 1)
    page = open_page(bypass_csp=True, **options)
    if text > 1:
        session = page.context.new_cdp_session(page)
        session.send("Page.setFontSizes", {"fontSizes": {"standard": 16 * text, "fixed": 13 * text}})
    return page


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_on_any_template_and_all_of_it_fits(open_page, addresses, mode):
    page, axe, found = open_in(open_page, mode), Axe(), []

    for name, address in {**addresses, **MORE}.items():
        page.goto(address)
        page.evaluate("document.fonts.ready")
        for rule in axe.run(page, options=OPTIONS).response["violations"]:
            found += [f"{name}: {rule['id']}: {node['target']}" for node in rule["nodes"]]
        if (too_wide := page.evaluate(MEASURE)["overflow"]) > 0:
            found.append(f"{name}: {too_wide} px too wide")

    assert found == []


def test_text_grows_as_large_as_a_reader_sets_it(open_page, addresses):
    usual, large = open_in(open_page, "desktop"), open_in(open_page, "large text")
    grown = {}

    for name, address in {**addresses, **MORE}.items():
        sizes = []
        for page in (usual, large):
            page.goto(address)
            sizes.append(page.evaluate(MEASURE)["size"])
        grown[name] = sizes[1] / sizes[0]

    assert {name: times for name, times in grown.items() if times < 1.6} == {}


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
