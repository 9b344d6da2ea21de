"""What a generation keeps: read in few queries, and never older or wider than what readers may see."""

import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY, SITE_ROOT_PATHS_CACHE_VERSION, SiteRootPath

from knowledgebase.models import ArticlePage
from portal import chrome
from portal.chrome import get_chrome, read_chrome
from portal.models import ContentMunicipality, ContentPage, PortalSettings
from portal.search.directory import read_directory
from portal.selection.shelf import get_shelf
from portal.selection.vocabulary import get_vocabulary
from portal.templatetags.look import drawing
from portal.templatetags.meetings import event_flag
from portal.text import in_words
from tests import factories
from tests.selection.conftest import select
from themes.models import TopicPage

#: What a page may ask of the database when nothing is in memory.
MOST_ANEW = {"/": 4, "/kennisbank/": 6, "/kennisbank/stuk/": 6, "/agenda/": 7, "/zoeken/?q=stuk": 9}


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

    answer = client.get("/agenda/verhuisd/")

    assert answer.status_code == 200
    assert "Verhuisd" in answer.text


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


@pytest.mark.parametrize("is_private", [True, False])
def test_a_topic_that_readers_do_not_see_never_shows_the_items_of_its_namesake(tree, is_private):
    hidden = tree.raad.add_child(
        instance=TopicPage(title="Uitdaagrecht", slug="uitdaagrecht", name="Uitdaagrecht")
    )
    factories.make_article(tree, topics=[tree.topic])
    item = factories.make_article(tree, topics=[hidden])
    if is_private:
        private(hidden)
    else:
        hidden.unpublish()

    kept = select(
        "", hidden.base_items(), owner=hidden, kept_as=f"page-{hidden.pk}", **hidden.selection_options()
    )

    assert [card.pk for card in kept.page] == [item.pk]


def test_an_item_of_a_kind_that_only_another_release_knows_stops_no_list(client, tree):
    factories.make_article(tree, title="Gewoon stuk")
    strange = factories.make_article(tree, title="Vreemd stuk")
    ContentPage.objects.filter(pk=strange.pk).update(kind="podcast")

    assert "Gewoon stuk" in client.get("/kennisbank/").text
    assert client.get("/zoeken/").status_code == 200


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

    new.successor = old  # two that name each other are neither of today
    new.save()
    assert get_shelf().counts("gemeente", get_shelf().everything, []) == {}


def test_a_meeting_is_over_on_every_card_whatever_it_was_read_with(tree, django_assert_num_queries):
    day = datetime.timedelta(days=1)
    past, coming = (
        factories.make_event(tree, starts_at=timezone.now() + moment, ends_at=timezone.now() + moment)
        for moment in (-day, day)
    )

    for page, flag in ((past, "geweest"), (coming, "")):
        row = ContentPage.objects.filter(pk=page.pk)
        assert event_flag(row.get()) == event_flag(page) == flag
        card = row.for_cards().get()
        chrome.forget()
        with django_assert_num_queries(0):
            assert event_flag(card) == flag
    assert event_flag(ArticlePage(title="Stuk")) == ""


@pytest.mark.parametrize("name", factories.MAKERS)
def test_items_of_one_type_can_be_cards_too(tree, name):
    item = factories.MAKERS[name](tree)

    assert [card.pk for card in type(item).objects.for_cards()] == [item.pk]


def test_a_day_is_dutch_whatever_an_editor_reads_in():
    with translation.override("en"):
        assert in_words(datetime.date(2018, 6, 4)) == "4 juni 2018"
    assert in_words(datetime.date(2026, 12, 31)) == "31 december 2026"


def test_without_a_site_a_promoted_page_is_left_out(client, tree):
    page = factories.make_article(tree, title="De beste gids")
    SearchPromotion.objects.create(query=Query.get("burgerberaad"), page=page)
    Site.objects.update(is_default_site=False)

    assert read_directory().promotions == {}


def test_bodies_are_read_for_the_search_page_alone(tree):
    factories.make_article(tree, title="Over de raad")

    [found] = select("?q=raad", kept_as="all").page
    [listed] = select("?q=raad", owner=tree.knowledge, kept_as="all").page

    assert "stored_body" in vars(found)
    assert "stored_body" not in vars(listed)


def test_a_card_shows_the_first_of_its_municipalities_without_asking_for_it(tree, django_assert_num_queries):
    zeist, rhenen = factories.make_municipality(), factories.make_municipality("Rhenen", code="0340")
    item = factories.make_experience(tree)
    for place, municipality in enumerate((rhenen, zeist)):
        ContentMunicipality.objects.create(page=item, municipality=municipality, sort_order=place)
    alone = factories.make_experience(tree)
    ContentMunicipality.objects.create(page=alone, municipality=zeist, sort_order=0)
    nowhere = factories.make_experience(tree)

    cards = {card.pk: card.card_municipality for card in select("", kept_as="all").page}

    assert cards == {item.pk: rhenen, alone.pk: zeist, nowhere.pk: None}
    with django_assert_num_queries(1):
        assert len(select("", kept_as="all").page.object_list) == 3


def test_a_drawing_stands_as_it_is_and_a_strange_name_draws_nothing():
    assert drawing("sign", "raad").startswith("<svg")
    assert drawing("sign", "") == drawing("../../base") == drawing("kind", "onbekend") == ""
