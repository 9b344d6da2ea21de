"""Old and wrongly written addresses lead to the page they mean, in one hop."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect

from tests.factories import make_article, make_news


def leads_to(client, address: str) -> str:
    """Where the answer sends the reader for good, or the status when it sends her nowhere."""
    answer = client.get(address)
    return answer["Location"] if answer.status_code == 301 else str(answer.status_code)


@pytest.fixture
def article(tree):
    article = make_article(tree, title="Een referendum: waarom en hoe?", slug="een-referendum")
    Redirect.add_redirect("/oud/een-referendum", article)
    return article


@pytest.mark.parametrize(
    "written",
    [
        "/oud/een-referendum",
        "/oud/een-referendum/",
        "/Oud/Een-Referendum",
        "/oud/een%2Dreferendum",
        "/oud/een-referendum.html",
        "/OUD/EEN-REFERENDUM.HTM",
        "/oud//een-referendum/",
        "/oud/een-referendum?utm_source=nieuwsbrief",
        "/oud/een-referendum/?x=1",
    ],
)
def test_an_old_address_leads_to_its_page_however_it_is_written(client, article, written):
    assert leads_to(client, written) == article.url


@pytest.mark.parametrize("written", ["/Kennisbank/Een-Referendum/", "/kennisbank/een-referendum.html"])
def test_the_address_of_a_page_written_otherwise_leads_to_it(client, article, written):
    assert leads_to(client, written) == article.url


def test_an_address_that_ended_in_html_is_found_without_the_ending(client, tree, article):
    Redirect.add_redirect("/over-ons.html", tree.over)

    assert leads_to(client, "/over-ons") == tree.over.url


def test_a_query_can_be_part_of_an_old_address(client, tree, article):
    Redirect.add_redirect("/artikel?id=7&taal=nl", article)
    Redirect.add_redirect("/artikel", tree.knowledge)

    assert leads_to(client, "/artikel?taal=nl&id=7") == article.url
    assert leads_to(client, "/artikel?id=8") == tree.knowledge.url


def test_an_editor_who_writes_capitals_is_understood(client, tree):
    Redirect.objects.create(old_path="/Oude-Naam", redirect_page=tree.over)

    assert leads_to(client, "/oude-naam") == tree.over.url
    assert leads_to(client, "/Oude-Naam/") == tree.over.url


@pytest.mark.parametrize(
    "address",
    ["/de-raad", "/de-raad/", "/kennisbank/de-raad", "/kennisbank/aan-de-slag-met-de-raad/", "/De-Raad.html"],
)
def test_the_old_addresses_of_a_theme_lead_to_it(client, tree, address):
    assert leads_to(client, address) == tree.raad.url


def test_an_item_that_was_filed_under_a_theme_is_found_by_its_slug(client, tree, article):
    for address in (
        "/kennisbank/aan-de-slag-met-de-raad/een-referendum",
        "/kennisbank/aan-de-slag-met-participatie/een-referendum/",
        "/aan-de-slag-met/participatie/een-referendum",
    ):
        assert leads_to(client, address) == article.url


def test_an_item_that_was_filed_under_a_theme_is_found_by_its_old_address_too(client, tree, article):
    Redirect.add_redirect("/referendum-hoe", article)

    assert leads_to(client, "/kennisbank/aan-de-slag-met-de-raad/referendum-hoe") == article.url


def test_redirects_after_each_other_are_one_hop(client, tree, article):
    Redirect.add_redirect("/eerste", "/tweede/")
    Redirect.add_redirect("/tweede", "http://localhost:8000/derde")
    Redirect.add_redirect("/derde", "/oud/een-referendum")

    assert leads_to(client, "/eerste") == article.url


def test_redirects_in_a_circle_are_a_404(client, tree):
    Redirect.add_redirect("/kip", "/ei")
    Redirect.add_redirect("/ei", "/kip/")
    Redirect.add_redirect("/zelf", "/zelf/")

    assert [leads_to(client, address) for address in ("/kip", "/ei", "/zelf")] == ["404"] * 3


def test_a_chain_ends_somewhere_or_is_a_404(client, tree):
    for number in range(12):
        Redirect.add_redirect(f"/stap-{number}", f"/stap-{number + 1}")
    Redirect.add_redirect("/doodlopend", "/bestaat-niet")

    assert leads_to(client, "/stap-0") == "404"
    assert leads_to(client, "/doodlopend") == "404"


def test_a_redirect_may_lead_to_another_site_or_to_a_view(client, tree):
    Redirect.add_redirect("/vng", "https://vng.nl/raad")
    Redirect.add_redirect("/zoek", "/zoeken/?q=raad")
    Redirect.add_redirect("/kwaad", "javascript:alert(1)")

    assert leads_to(client, "/vng") == "https://vng.nl/raad"
    assert leads_to(client, "/zoek") == "/zoeken/?q=raad"
    assert leads_to(client, "/kwaad") == "404"


@pytest.mark.parametrize(("link", "place"), [("/", "/"), ("/?x=1", "/?x=1"), ("http://localhost:8000/", "/")])
def test_a_redirect_may_lead_to_home(client, tree, link, place):
    Redirect.add_redirect("/oud", link)

    assert leads_to(client, "/oud") == place


def test_a_temporary_redirect_stays_temporary(client, tree, article):
    Redirect.add_redirect("/even", "/oud/een-referendum", is_permanent=False)

    answer = client.get("/even")

    assert (answer.status_code, answer["Location"]) == (302, article.url)


def test_a_redirect_to_a_page_that_is_not_published_is_a_404(client, tree, article):
    article.unpublish()

    assert leads_to(client, "/oud/een-referendum") == "404"


@pytest.fixture
def rename(django_capture_on_commit_callbacks):
    """Give a page another address, as an editor does."""

    def rename(page, slug):
        with django_capture_on_commit_callbacks(execute=True):
            page.slug = slug
            page.save_revision().publish()

    return rename


def test_a_page_that_moves_twice_is_one_hop_away_from_every_old_address(client, tree, rename):
    page = make_news(tree, slug="eerst")
    rename(page, "daarna")
    rename(page, "nu")

    assert leads_to(client, "/actueel/eerst/") == "/actueel/nu/"
    assert leads_to(client, "/actueel/daarna/") == "/actueel/nu/"


def test_a_page_that_moves_back_answers_at_its_own_address(client, tree, rename):
    page = make_news(tree, slug="eerst")
    rename(page, "daarna")
    rename(page, "eerst")

    assert client.get("/actueel/eerst/").status_code == 200
    assert leads_to(client, "/actueel/daarna/") == "/actueel/eerst/"


def test_a_page_that_takes_the_old_address_of_another_answers_itself(client, tree, rename):
    rename(make_news(tree, slug="eerst"), "daarna")
    make_news(tree, slug="eerst", title="Een ander bericht")

    assert "Een ander bericht" in client.get("/actueel/eerst/").content.decode()


def test_a_page_that_moves_to_another_list_takes_its_readers_along(
    client, tree, django_capture_on_commit_callbacks
):
    page = make_news(tree, slug="eerst")
    other = tree.home.add_child(instance=type(tree.news)(title="Archief", slug="archief"))
    with django_capture_on_commit_callbacks(execute=True):
        page.move(other, pos="last-child")

    assert leads_to(client, "/actueel/eerst") == "/archief/eerst/"


def test_only_reading_is_redirected(client, article):
    assert client.post("/oud/een-referendum").status_code == 404
    assert client.head("/oud/een-referendum").status_code == 301


def test_an_old_address_costs_the_same_queries_with_many_redirects(client, tree, article):
    def count() -> int:
        client.get("/oud/een-referendum")
        with CaptureQueriesContext(connection) as queries:
            client.get("/oud/een-referendum")
        return len(queries)

    before = count()
    Redirect.objects.bulk_create(Redirect(old_path=f"/oud/{n}", redirect_page=article) for n in range(500))

    assert count() == before
    assert before <= 6
