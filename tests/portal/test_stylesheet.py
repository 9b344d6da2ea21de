"""What the look costs a reader, and that none of it is for nothing."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from portal import stylesheet
from tests.factories import MAKERS, NOON, make_role

pytestmark = pytest.mark.once
WITH_FONT, WITHOUT_FONT = 60 * 1024, 30 * 1024
LISTS = [
    "/",
    "/aan-de-slag-met/",
    "/aan-de-slag-met/de-raad/",
    "/kennisbank/",
    "/zoeken/?q=raad",
    "/over/",
    "/niets/",
]
CLASS = re.compile(r"\.(-?[a-zA-Z][\w-]*)")


def weight(client, url: str) -> tuple[int, int]:
    """The bytes of a first view as they travel: the page with its styles and scripts, and its fonts."""
    markup = client.get(url).content
    named = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js|woff2))"', markup.decode()))
    page, font = len(gzip.compress(markup)), 0
    for name in named:
        content = Path(finders.find(name)).read_bytes()
        if name.endswith("woff2"):
            font += len(content)
        else:
            page += len(gzip.compress(content))
    return page, font


def fill(tree):
    """Twenty items and more, with all that a card can show."""
    role = make_role()
    pages = []
    for number in range(4):
        for make in MAKERS.values():
            pages.append(
                make(
                    tree,
                    title=f"Een titel van gewone lengte over de gemeenteraad {number}",
                    summary="De raad beslist, het college bestuurt. " * 5,
                    published_on=NOON.date(),
                    themes=[tree.raad, tree.participatie],
                    topics=[tree.topic],
                    roles=[role],
                )
            )
    return pages


@pytest.mark.parametrize("url", LISTS)
def test_the_first_view_of_a_list_fits_a_slow_phone(client, tree, url):
    fill(tree)

    page, font = weight(client, url)

    assert page <= WITHOUT_FONT
    assert 0 < font <= WITH_FONT - page


@pytest.mark.parametrize("kind", MAKERS)
def test_the_first_view_of_an_item_fits_a_slow_phone(client, tree, kind):
    fill(tree)
    item = MAKERS[kind](tree, body=[("text", "<p>" + "De raad beslist over de begroting. " * 400 + "</p>")])

    page, font = weight(client, item.url)

    assert page <= WITHOUT_FONT
    assert 0 < font <= WITH_FONT - page


def test_every_class_of_the_stylesheet_is_used():
    css = re.sub(r"url\([^)]*\)", "", stylesheet.join())
    classes = {name for selector in re.findall(r"([^{};]+)\{", css) for name in CLASS.findall(selector)}
    places = [
        *Path(settings.BASE_DIR, "templates").rglob("*.*"),
        *Path(settings.BASE_DIR, "static", "js").glob("*.js"),
        *Path(settings.BASE_DIR, "portal", "templatetags").glob("*.py"),
    ]
    words = set(re.findall(r"[\w-]+", " ".join(place.read_text() for place in places)))

    assert sorted(classes - words) == []


def test_readers_are_sent_every_rule_and_no_comment():
    sources = "".join(path.read_text(encoding="utf-8") for path in stylesheet.sources())
    rules = "".join(re.sub(r"/\*.*?\*/", "", sources, flags=re.S).split())

    assert "/*" in sources
    assert "".join(stylesheet.join().split()) == rules


def test_nothing_moves_by_itself():
    assert not re.search(r"\b(animation|transition|scroll-behavior)\b|@keyframes", stylesheet.join())


def test_every_picture_of_the_documents_is_there_and_small():
    folder = Path(settings.BASE_DIR, "docs")
    texts = [folder / "design.md", Path(settings.BASE_DIR, "README.md")]
    named = {
        name
        for text in texts
        for name in re.findall(r"screens/([\w-]+\.png)", text.read_text(encoding="utf-8"))
    }
    sizes = {path.name: path.stat().st_size for path in (folder / "screens").glob("*.png")}

    assert named == set(sizes)
    assert max(sizes.values()) <= 200_000
    assert sum(sizes.values()) <= 4_000_000
