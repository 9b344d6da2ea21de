"""What a generation keeps: read in few queries, and never older or wider than what readers may see."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY, SITE_ROOT_PATHS_CACHE_VERSION, SiteRootPath

from knowledgebase.models import ArticlePage
from portal import chrome
from portal.chrome import get_chrome, read_chrome
from portal.models import ContentMunicipality, ContentPage, PortalSettings
from portal.selection.shelf import get_shelf
from portal.selection.vocabulary import get_vocabulary
from portal.templatetags.look import drawing, event_flag
from tests import factories
from tests.selection.conftest import select

#: What a page may ask of the database when nothing is in memory.
MOST_ANEW = {"/": 6, "/kennisbank/": 9, "/kennisbank/stuk/": 9, "/agenda/": 9}


def private(page):
    return PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


@pytest.mark.parametrize("address", MOST_ANEW)
def test_the_first_answer_of_a_generation_asks_little_too(client, tree, address):
    PortalSettings.objects.create(site=tree.site)
    factories.make_article(tree, slug="stuk", themes=[tree.raad], topics=[tree.topic])
    factories.make_event(tree)
    client.get(address)
    chrome.forget()

    with CaptureQueriesContext(
        connection,
    ) as first:
        client.get(address)
    with CaptureQueriesContext(connection) as second:
        client.get(address)

    assert len(second) < len(first) <= MOST_ANEW[address]


def test_the_frame_is_read_in_two_queries_and_one_more_for_private_parts(tree, django_assert_num_queries):
    PortalSettings.objects.create(site=tree.site, name="Proef")
    read_chrome()

    with django_assert_num_queries(2):
        frame = read_chrome()
        assert [theme.name for theme in frame.themes] == ["De Raad", "Participatie"]
        assert [theme.introduction for theme in frame.themes] == ["Over de raad.", "Over participatie."]
    assert frame.settings.name == "Proef"
    assert frame.themes_door.url == "/aan-de-slag-met/"

    private(tree.knowledge)
    private(tree.participatie)
    with django_assert_num_queries(3):
        frame = read_chrome()
    assert [theme.address for theme in frame.themes] == ["/aan-de-slag-met/de-raad/"]
    assert "/kennisbank/" not in {room.url for room in frame.rooms}


def test_a_site_that_another_process_moved_is_seen(tree):
    stale = [SiteRootPath(tree.site.pk, "/elders/", "http://oud.example", "nl")]
    cache.set(SITE_ROOT_PATHS_CACHE_KEY, stale, 3600, version=SITE_ROOT_PATHS_CACHE_VERSION)

    get_chrome()

    assert Site.get_site_root_paths()[0].root_path == tree.home.url_path
    assert Page.objects.get(pk=tree.knowledge.pk).url == "/kennisbank/"


def test_addresses_are_whole_where_there_is_a_second_site(tree):
    assert tree.knowledge.url == "/kennisbank/"
    assert tree.knowledge.full_url == "http://localhost/kennisbank/"

    second = tree.root.add_child(instance=Page(title="Elders", slug="elders"))
    Site.objects.create(hostname="elders.example", root_page=second)

    page = Page.objects.get(pk=tree.knowledge.pk).specific
    assert page.url == "http://localhost/kennisbank/"
    assert second.url == "http://elders.example/"


def test_a_page_of_a_type_that_its_section_does_not_expect_is_found(client, tree):
    page = factories.make_article(tree, title="Verhuisd", slug="verhuisd")
    page.move(tree.agenda, pos="last-child")

    assert "Verhuisd" in client.get("/agenda/verhuisd/").text


def test_a_draft_is_found_by_nobody(client, tree):
    factories.make_article(tree, slug="kladje", live=False)

    assert client.get("/kennisbank/kladje/").status_code == 404


@pytest.mark.parametrize("section", ["knowledge", "instruments", "experiences", "news", "raad", "topic"])
def test_a_list_in_memory_holds_what_its_page_says(tree, section):
    for make in factories.MAKERS.values():
        make(tree, themes=[tree.raad], topics=[tree.topic])
        make(tree, themes=[tree.participatie], live=False)
    page = Page.objects.get(pk=getattr(tree, section).pk).specific

    kept = select("", page.base_items(), owner=page, kept_as=f"page-{page.pk}", **page.selection_options())

    assert 0 < kept.total < 6 or section in ("raad", "topic")
    assert {item.pk for item in kept.page} == set(page.base_items().values_list("pk", flat=True))


def test_a_theme_that_is_a_draft_shows_what_is_filed_under_it(tree):
    item = factories.make_article(tree, themes=[tree.raad])
    tree.raad.unpublish()
    page = Page.objects.get(pk=tree.raad.pk).specific

    kept = select("", page.base_items(), owner=page, kept_as=f"page-{page.pk}", **page.selection_options())

    assert [card.pk for card in kept.page] == [item.pk]


def test_cards_of_a_list_know_their_themes_from_memory(tree, django_assert_num_queries):
    factories.make_article(tree, themes=[tree.participatie, tree.raad])
    factories.make_article(tree, themes=[])
    selection = select("", kept_as="all")
    _ = selection.total

    with django_assert_num_queries(1):
        both, none = sorted(selection.page, key=lambda card: not card.card_themes)

    assert [theme.name for theme in both.card_themes] == ["De Raad", "Participatie"]
    assert none.card_themes == []


def test_a_municipality_that_gets_another_name_or_merges_is_read_anew(tree):
    old, new = factories.make_municipality("Oud"), factories.make_municipality("Nieuw", code="0002")
    ContentMunicipality.objects.create(page=factories.make_article(tree), municipality=old)
    assert get_vocabulary().choices["gemeente"]["oud"].label == "Oud"

    old.name, old.successor = "Voorheen", new
    old.save()

    assert get_vocabulary().choices["gemeente"]["oud"].note == "Voorheen hoort nu bij de gemeente Nieuw."
    assert get_shelf().counts("gemeente", get_shelf().everything, []) == {new.pk: 1}


def test_a_meeting_is_over_on_every_card_whatever_it_was_read_with(tree):
    factories.make_event(tree)  # long ago
    page = ContentPage.objects.get()

    for card in (page, page.specific, ContentPage.objects.for_cards().get()):
        assert event_flag(card) == "geweest"
    assert event_flag(ArticlePage(title="Stuk")) == ""


def test_a_drawing_stands_as_it_is_and_a_strange_name_draws_nothing():
    assert drawing("sign", "raad").startswith("<svg")
    assert drawing("sign", "") == drawing("../drawing") == drawing("kind", "onbekend") == ""
