"""What a picture would show: at every width the parts of the frame stand beside each other and fit."""

import pytest

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
