"""The sitemap names every public page once, and nothing else."""

import pytest
from lxml import etree
from wagtail.models import PageViewRestriction

from portal import sitemaps
from tests.factories import make_news

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def locations(answer) -> list[str]:
    return etree.fromstring(answer.content).xpath("//s:loc/text()", namespaces=NAMES)


def test_every_public_page_stands_in_it_once(client, tree):
    shown, draft, private = make_news(tree), make_news(tree, live=False), make_news(tree)
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)

    found = locations(client.get("/sitemap.xml"))

    assert "http://localhost:8000/" in found
    assert "http://localhost:8000/zoeken/" in found
    assert f"http://localhost:8000{shown.url}" in found
    assert len(found) == len(set(found))
    assert not [address for address in found if draft.slug in address or private.slug in address]


def test_many_pages_come_in_parts(client, tree, monkeypatch):
    monkeypatch.setattr(sitemaps.PageSitemap, "limit", 5)
    for _ in range(4):
        make_news(tree)

    parts = locations(client.get("/sitemap.xml"))
    found = [address for part in parts for address in locations(client.get(part.split("localhost:8000")[-1]))]

    assert len(parts) > 1
    assert len(found) == len(set(found)) == 17


@pytest.mark.parametrize("count", [2, 30])
def test_its_queries_do_not_grow(client, tree, django_assert_max_num_queries, count):
    for _ in range(count):
        make_news(tree)
    client.get("/over/")

    with django_assert_max_num_queries(10):
        client.get("/sitemap.xml")


@pytest.mark.parametrize(
    "address", ["/sitemap-onbekend.xml", "/sitemap-paginas.xml?p=abc", "/sitemap-paginas.xml?p=99"]
)
def test_a_part_that_is_not_there_is_a_404(client, tree, address):
    assert client.get(address).status_code == 404
