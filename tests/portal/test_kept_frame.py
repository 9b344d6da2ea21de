"""What outlives a generation in which only items changed shows none of what those items and their pictures were."""

import threading

import pytest
from django.db import connection, transaction
from wagtail.models import Page, PageViewRestriction

from portal import chrome, generation, pictures
from portal.models import PortalSettings
from tests import factories
from tests.conftest import make_tree
from tests.portal.test_pictures import make_image


@pytest.fixture
def standing(transactional_db):
    return make_tree()


def body_of_home(client) -> str:
    markup = client.get("/").text
    return markup[markup.index('class="body"') : markup.index("</main>")]


@pytest.fixture
def item(standing, client):
    """An item that stands in the text of the home page, as readers saw it."""
    item = factories.make_article(standing, title="Eerste titel", slug="eerste")
    call = {"title": "Doe mee", "text": "", "label": "Ga", "page": Page.objects.get(pk=item.pk), "url": ""}
    standing.home.body = [("related", {"title": "Lees ook", "pages": [item]}), ("call_to_action", call)]
    standing.home.save_revision().publish()
    assert "Eerste titel" in body_of_home(client)
    assert "/eerste/" in body_of_home(client)
    return item


def _rename(item):
    item.title, item.slug = "Tweede titel", "tweede"
    item.save_revision().publish()


@pytest.mark.parametrize("deed", [_rename, lambda item: item.unpublish(), lambda item: item.delete()])
def test_home_shows_the_items_in_its_text_as_they_are(item, client, deed):
    deed(item)

    assert "Eerste titel" not in body_of_home(client)
    assert "/eerste/" not in body_of_home(client)
    assert ("Tweede titel" in body_of_home(client)) == (deed is _rename)


def test_home_asks_for_itself_once_in_a_generation(item, client, django_assert_num_queries):
    generation.raise_now(pages=())
    for queries in (1, 0):
        with django_assert_num_queries(queries):
            assert chrome.get_chrome().home.title


def test_home_shows_a_picture_once_it_was_made(standing, client):
    standing.home.body = [("image", {"image": make_image(), "alt": "Zaal", "caption": ""})]
    with pictures.left_for_later():
        standing.home.save_revision().publish()
    assert "image/avif" not in body_of_home(client)

    pictures.make_renditions(standing.home)

    assert "image/avif" in body_of_home(client)


def test_every_page_names_the_picture_of_the_site_once_it_was_made(standing, client, monkeypatch):
    settings = PortalSettings.for_site(standing.site)
    settings.share_image = make_image()
    with monkeypatch.context() as patch:
        patch.setattr(pictures, "make_share_image", lambda: 0)
        settings.save()
    assert "img/share" in client.get("/over/").text

    pictures.make_share_image()

    assert "img/share" not in client.get("/over/").text


def test_a_publication_tells_of_what_a_process_that_died_did_not(standing, client, monkeypatch):
    factories.make_article(standing, title="Geheim stuk")
    other = factories.make_news(standing)
    assert "Geheim stuk" in client.get("/zoeken/").text
    seen = chrome._kept
    with monkeypatch.context() as patch:
        patch.setattr(generation._Change, "__call__", lambda self: None)
        with transaction.atomic():
            PageViewRestriction.objects.create(page=standing.knowledge, restriction_type="login")
    chrome._kept = seen  # as it is in another process

    _in_a_thread(lambda: generation.raise_on_commit([other.pk]))

    assert "Geheim stuk" not in client.get("/zoeken/").text


def test_a_name_that_was_taken_back_is_forgotten_with_the_next_publication(standing, client):
    other = factories.make_news(standing)
    client.get("/")

    def take_back():
        with transaction.atomic():
            standing.raad.name = "Nooit"
            standing.raad.save()
            assert "Nooit" in [theme.name for theme in chrome.get_chrome().themes]
            transaction.set_rollback(True)

    _in_a_thread(take_back)
    other.save_revision().publish()

    assert "Nooit" not in [theme.name for theme in chrome.get_chrome().themes]


def _in_a_thread(work):
    """As another process does it."""

    def run():
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    failed: list[BaseException] = []
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert not failed
