"""Page numbers of the old lists lead to the right page of the new ones."""

import pytest
from wagtail.contrib.redirects.models import Redirect

from tests.factories import make_article, make_experience


@pytest.fixture
def three_pages(tree, settings):
    settings.PAGE_SIZE = 2
    for _ in range(5):
        make_experience(tree)
    return tree


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/inspiratie/?page=0", "/inspiratie/"),
        ("/inspiratie/?page=1", "/inspiratie/?pagina=2"),
        ("/inspiratie?page=2", "/inspiratie/?pagina=3"),
        ("/inspiratie?page=3", "/inspiratie/?pagina=3"),
        ("/inspiratie/?page=999999999", "/inspiratie/?pagina=3"),
        ("/Inspiratie?page=1", "/inspiratie/?pagina=2"),
        (
            "/inspiratie/?page=1&soort=praktijkvoorbeeld&f[0]=x",
            "/inspiratie/?soort=praktijkvoorbeeld&pagina=2",
        ),
        ("/inspiratie?soort=praktijkvoorbeeld&page=1", "/inspiratie/?soort=praktijkvoorbeeld&pagina=2"),
        ("/zoeken?page=1", "/zoeken/?pagina=2"),
        ("/zoeken/?q=samenvatting&page=1", "/zoeken/?q=samenvatting&pagina=2"),
        ("/de-raad?page=1", "/aan-de-slag-met/de-raad/?pagina=2"),
        ("/aan-de-slag-met/de-raad?page=1", "/aan-de-slag-met/de-raad/?pagina=2"),
    ],
)
def test_an_old_page_number_leads_to_the_page_of_the_new_list(client, three_pages, old, new):
    answer = client.get(old)

    assert (answer.status_code, answer["Location"]) == (301, new)
    assert client.get(new).status_code == 200


def test_an_old_list_that_is_redirected_keeps_its_page_number(client, three_pages):
    Redirect.add_redirect("/kennisbank/alles", three_pages.experiences)

    answer = client.get("/kennisbank/alles?page=1")

    assert (answer.status_code, answer["Location"]) == (301, "/inspiratie/?pagina=2")


@pytest.mark.parametrize("page", ["", "abc", "-1", "1e9", "٣", "1" * 40, "1;2"])
def test_an_old_page_number_that_cannot_be_is_ignored(client, three_pages, page):
    assert client.get("/inspiratie/", {"page": page}).status_code == 200


@pytest.mark.parametrize(
    "address", ["/?page=1", "/over/?page=1", "/aan-de-slag-met/?page=1", "/recent/?page=1&pagina=1"]
)
def test_what_is_no_list_or_has_a_new_number_is_left_alone(client, three_pages, address):
    assert client.get(address).status_code == 200


def test_an_address_without_slash_keeps_its_filters(client, three_pages):
    make_article(three_pages)

    assert client.get("/kennisbank?soort=verdieping")["Location"] == "/kennisbank/?soort=verdieping"
