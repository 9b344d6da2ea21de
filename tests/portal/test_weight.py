"""What a first view weighs, compressed as a reader's browser gets it and without the pictures of editors."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from portal import stylesheet
from tests.browser.reading.site import LISTS, fill

KIB = 1024
#: The quality at which pages are compressed when they are kept.
QUALITY = 5
LINKED = re.compile(r'<(?:link|script)[^>]+(?:href|src)="/static/([^"?]+)"|[" ]/static/(js/[^"? ]+)')
ICONS = ("img/apple-touch-icon.png", "img/favicon-32.png")  # a browser takes the drawing


def names(markup: str) -> list[str]:
    """The static files of a page: those of its head, and the modules that follow when it is painted."""
    return [head or module for head, module in LINKED.findall(markup)]


def weight_of(name: str) -> int:
    if name == stylesheet.NAME:
        return len(brotli.compress(stylesheet.join().encode(), quality=QUALITY))
    content = Path(finders.find(name)).read_bytes()
    return (
        len(content) if name.endswith((".woff2", ".png")) else len(brotli.compress(content, quality=QUALITY))
    )


@pytest.fixture
def addresses(tree):
    return {**LISTS, **fill(tree)}


def test_every_first_view_is_light(client, addresses):
    too_heavy, smallest = {}, 10**9

    for name, address in addresses.items():
        answer = client.get(address)
        linked = {found for found in names(answer.content.decode()) if found not in ICONS}
        assert stylesheet.NAME in linked
        assert "js/suggest.js" in linked
        files = {found: weight_of(found) for found in linked}
        page = len(brotli.compress(answer.content, quality=QUALITY))
        font = sum(size for found, size in files.items() if found.startswith("fonts/"))
        rest = page + sum(files.values()) - font
        smallest = min(smallest, font)
        if rest > 30 * KIB or rest + font > 60 * KIB:
            too_heavy[name] = (rest, font)

    assert too_heavy == {}
    assert smallest > 10 * KIB  # the typeface was counted


def test_a_page_of_a_full_list_is_light_too(client, addresses):
    answer = client.get("/recent/")

    assert answer.context["selection"].total > settings.PAGE_SIZE
    assert len(brotli.compress(answer.content, quality=QUALITY)) < 12 * KIB


def test_a_page_that_is_not_kept_goes_compressed_and_the_admin_as_it_is(client, tree):
    plain = client.get("/zoeken/?q=raad")
    sent = client.get("/zoeken/?q=raad", headers={"Accept-Encoding": "gzip, br"})
    login = client.get("/beheer/login/", headers={"Accept-Encoding": "gzip, br"})

    assert sent["Content-Encoding"] == "gzip"
    assert sent["Vary"] == "Accept-Encoding"
    assert int(sent["Content-Length"]) == len(sent.content) < len(plain.content) / 2
    assert gzip.decompress(sent.content) == plain.content
    assert not login.has_header("Content-Encoding")
