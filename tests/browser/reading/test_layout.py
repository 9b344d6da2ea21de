"""What a picture would show: parts that stand beside each other and fit, at every width and on paper."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (*range(320, 1401, 40), 991, 992, 1024, 1151, 1152, 1920)
#: The words and fields of the header as they are seen: a name and its edges.
PARTS = """() => [...document.querySelectorAll(
    ".brand__mark, .brand__name, .menu__button, .menu__theme, .menu__section, .search--header > :is(input, button)")]
  .filter((part) => part.checkVisibility({ contentVisibilityAuto: true }))
  .map((part) => {
    const range = document.createRange();
    range.selectNodeContents(part);
    const seen = part.matches("a, summary, .brand__name") ? range : part;
    const { left, right, top, bottom } = seen.getBoundingClientRect();
    return { name: part.textContent.trim() || part.getAttribute("class"), left, right, top, bottom };
  })"""


def overlap(one, other) -> bool:
    """Whether two boxes share more than the edge of a letter."""
    return (
        min(one["right"], other["right"]) - max(one["left"], other["left"]) > 1
        and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 1
    )


@pytest.mark.parametrize("is_open", [False, True])
def test_nothing_in_the_header_lies_over_anything_else_at_any_width(open_page, addresses, is_open):
    page = open_page()
    page.goto(addresses["thema"])
    page.evaluate("document.fonts.ready")
    wrong = []

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("(open) => { document.querySelector('.menu').open = open; }", is_open)
        parts = page.evaluate(PARTS)
        names = [part["name"] for part in parts]
        assert ("Instrumenten" in names) is (is_open or width >= 992), width
        assert ("Menu" in names) is (width < 992), width
        for place, one in enumerate(parts):
            wrong += [
                (width, one["name"], other["name"]) for other in parts[place + 1 :] if overlap(one, other)
            ]
            if one["left"] < 0 or one["right"] > width:
                wrong.append((width, one["name"], "the edge"))
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append((width, "page", "the edge"))

    assert wrong == []


def test_a_header_with_wider_letters_takes_a_second_line_and_lies_over_nothing(open_page, addresses):
    page = open_page(bypass_csp=True)
    page.goto("/")
    page.add_style_tag(content="* { letter-spacing: .12em !important; word-spacing: .16em !important; }")
    wrong = []

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        parts = page.evaluate(PARTS)
        for place, one in enumerate(parts):
            wrong += [
                (width, one["name"], other["name"]) for other in parts[place + 1 :] if overlap(one, other)
            ]
            if one["right"] > width:
                wrong.append((width, one["name"], "the edge"))

    assert wrong == []


def test_what_stands_in_a_square_fits_it(open_page, addresses):
    page, cut = open_page(), []

    for width in (390, 800, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for name in ("thema", "agenda", "recent", "onderwerp"):
            page.goto(addresses[name])
            cut += page.locator(".square").evaluate_all(
                "squares => squares.filter(s => s.scrollHeight > s.clientHeight).map(s => s.dataset.day || s.innerHTML)"
            )

    assert cut == []


def test_the_edge_of_a_plate_is_whole_where_colours_are_forced(open_page, addresses):
    page = open_page(forced_colors="active")
    page.goto(addresses["komend"])
    box = page.locator(".when").bounding_box()
    edge = {"x": box["x"], "y": box["y"] + box["height"] - 1, "width": box["width"], "height": 1}

    picture = Image.open(io.BytesIO(page.screenshot(clip=edge, full_page=True))).convert("RGB")

    assert len(picture.getcolors()) == 1


def test_a_table_that_is_cut_off_shows_it_at_its_edge(open_page, addresses):
    page = open_page(width=390)
    page.goto(addresses["verdieping"])
    table = page.locator(".table").first

    assert table.evaluate("t => getComputedStyle(t).backgroundAttachment") == "local, local, scroll, scroll"
    page.emulate_media(forced_colors="active")
    assert table.evaluate("t => getComputedStyle(t).backgroundImage") == "none"


def words_on_paper(page) -> str:
    """The words of a page as it is printed, without what stands between them."""
    sheets = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    return "".join("".join(sheet.extract_text() for sheet in sheets).split())


def test_paper_shows_what_is_folded_away_and_where_to_sign_up(open_page, addresses):
    page = open_page()
    page.goto(addresses["instrument"])
    answer = page.locator("main details:not([open]) .accordion__text").first.text_content()

    assert "".join(answer.split())[:30] in words_on_paper(page)
    page.goto(addresses["komend"])
    assert "https://example.org/aanmelden" in words_on_paper(page)


def test_a_browser_that_cannot_unfold_by_style_opens_for_paper_and_closes_again(open_page, addresses):
    page = open_page()
    page.add_init_script("CSS.supports = () => false")
    with page.expect_response("**/js/print.js"):
        page.goto(addresses["instrument"])
    page.wait_for_timeout(100)  # the module runs
    closed = page.locator("main details:not([open])")
    number = closed.count()
    assert number

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert closed.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")

    assert closed.count() == number


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("instrument", ["In het kort", "Zo werkt het"]),
        ("praktijkvoorbeeld", ["In het kort", "Aanleiding", "Aanpak", "Resultaat", "Lessen"]),
    ],
)
def test_the_contents_name_every_heading_of_the_text_and_fold_on_a_phone(
    open_page, addresses, name, expected
):
    page = open_page(width=390, javascript=False)
    page.goto(addresses[name])
    contents = page.get_by_role("navigation", name="Op deze pagina")
    first = contents.get_by_role("link", name=expected[-1], exact=True)
    asides = ".call h2, .related h2, .video h2"

    assert not first.is_visible()
    contents.get_by_text("Op deze pagina").locator("visible=true").click()
    links = contents.get_by_role("link").all_text_contents()
    assert links[: len(expected)] == expected
    headings = page.locator(f".reading__text h2:not({asides})").all_text_contents()
    assert links == headings
    first.click()
    assert page.locator(":target").text_content() == expected[-1]

    page.set_viewport_size({"width": 1280, "height": 900})
    assert first.is_visible()
    text, beside = page.locator(".reading__text").bounding_box(), contents.bounding_box()
    about = page.locator(".reading__about").bounding_box()
    assert beside["x"] + beside["width"] <= text["x"]
    assert about["y"] + about["height"] <= beside["y"] <= about["y"] + about["height"] + 60
