"""What a search found is remembered for a generation; nothing old, private or half-made is."""

import threading

import pytest
from django.db import DatabaseError, connection
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import PageViewRestriction
from wagtail.search import index

from portal import chrome, generation
from portal.models import ContentAuthor, ContentPage, Person
from portal.search import labels
from portal.search.models import OutdatedEntry, SearchTerm
from portal.selection import inventory
from portal.selection import shelf as shelves
from portal.selection.shelf import Shelf, get_shelf
from tests.conftest import make_tree
from tests.factories import make_article, make_news, make_role
from tests.selection.conftest import select


def in_a_thread(work):
    """As a reader who is served at the same moment."""

    def run():
        try:
            work()
        finally:
            connection.close()

    return threading.Thread(target=run)


def test_searches_go_on_when_no_more_can_be_remembered(client, tree, monkeypatch):
    monkeypatch.setattr(shelves, "MOST_RECALLED", 4)
    make_article(tree, title="Raad en burger en griffier")

    for words in ("raad burger", "raad griffier", "burger griffier", "griffier raad burger"):
        assert "Raad en burger en griffier" in client.get("/zoeken/", {"q": words}).text


def test_a_draft_of_a_published_page_is_not_found_by_its_words(tree, titles_for):
    make_article(tree, title="Gewoon stuk")
    page = ContentPage.objects.get().specific
    page.title = "Geheimwoord"
    page.save_revision()

    assert titles_for("geheimwoord") == []
    assert titles_for("gewoon stuk") == ["Gewoon stuk"]
    assert not SearchTerm.objects.filter(surface="geheimwoord").exists()

    page.get_latest_revision().publish()

    assert titles_for("geheimwoord") == ["Geheimwoord"]


def test_editors_find_a_page_that_was_never_published_by_its_draft(tree):
    page = make_article(tree, title="Gewoon stuk", live=False)
    page.title = "Geheimwoord"
    page.save_revision()

    assert [found.pk for found in ContentPage.objects.search("geheimwoord")] == [page.pk]


def test_editors_find_a_draft_that_was_made_since_the_first_search_of_a_generation(tree):
    make_article(tree, title="Raad en burger")
    number = generation.current()
    assert len(ContentPage.objects.search("raad")) == 1

    draft = make_article(tree, title="Raad in een kladje", live=False)

    assert generation.current() == number
    assert draft.pk in [found.pk for found in ContentPage.objects.search("raad")]


def test_what_is_private_is_told_by_the_question_and_not_by_the_moment_it_is_written(tree):
    """The query is kept for as long as the process lives: for these private parts it must leave out these."""
    closed, open_one = make_article(tree), make_news(tree)
    inventory._query_of_all.cache_clear()

    found = {}
    for paths in ((), (tree.knowledge.path,)):
        with connection.cursor() as cursor:
            cursor.execute(*inventory._query_of_all(paths))
            [text] = [text for place, _, text in cursor if place == inventory.IN_ORDER]
        found[paths] = text.partition("|")[2]

    assert found == {(): f"{open_one.pk},{closed.pk}", (tree.knowledge.path,): str(open_one.pk)}


def test_a_list_that_was_asked_before_a_part_closed_shows_nothing_private_to_later_readers(tree):
    make_article(tree, title="Geheim verslag")
    make_news(tree, title="Open verslag")
    slow = select("", path="/zoeken/", kept_as="all")
    PageViewRestriction.objects.create(page=tree.knowledge, restriction_type="login")

    assert slow.total == 1
    assert [item.title for item in select("", path="/zoeken/", kept_as="all").page] == ["Open verslag"]


def test_items_that_were_indexed_before_the_work_failed_are_found(tree, titles_for, monkeypatch):
    role = make_role("kraanmachinist")
    for number in range(3):
        make_article(tree, title=f"Stuk {number}", roles=[role])
    monkeypatch.setattr(labels, "AT_ONCE", 1)
    role.name = "Ooievaar"
    role.save()
    assert titles_for("ooievaar") == []
    backends, done = labels.get_search_backends, []

    def until_it_fails(**options):
        done.append(1)
        if len(done) == 3:
            raise DatabaseError("gone")
        return backends(**options)

    monkeypatch.setattr(labels, "get_search_backends", until_it_fails)
    with pytest.raises(DatabaseError):
        labels.index_outdated()

    assert OutdatedEntry.objects.count() == 1
    assert len(titles_for("ooievaar")) == 2


@pytest.mark.django_db(transaction=True)
def test_a_reader_between_saving_and_indexing_is_not_remembered(titles_for, monkeypatch):
    page = make_article(make_tree(), title="Gewoon stuk")
    write = index.insert_or_update_object

    def write_later(instance):
        reader = in_a_thread(lambda: titles_for("ooievaar"))
        reader.start()
        reader.join()
        write(instance)

    monkeypatch.setattr(index, "insert_or_update_object", write_later)
    page.title = "Ooievaar"
    page.save()

    assert titles_for("ooievaar") == ["Ooievaar"]


@pytest.mark.django_db(transaction=True)
def test_a_new_generation_is_read_once_however_many_wait_for_it(monkeypatch):
    make_tree()
    read, make, done = chrome.read_chrome, Shelf.__init__, []
    everyone = threading.Barrier(4)

    def read_slowly():
        done.append("frame")
        threading.Event().wait(0.2)
        return read()

    def make_noted(shelf, *what):
        done.append("shelf")
        make(shelf, *what)

    def ask():
        everyone.wait()
        get_shelf()

    monkeypatch.setattr(chrome, "read_chrome", read_slowly)
    monkeypatch.setattr(Shelf, "__init__", make_noted)
    generation.raise_now()
    readers = [in_a_thread(ask) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert done == ["frame", "shelf"]


@pytest.mark.django_db(transaction=True)
def test_a_promoted_page_is_shown_as_it_was_published_last(client):
    page = make_article(make_tree(), title="De beste gids")
    SearchPromotion.objects.create(query=Query.get("burgerberaad"), page=page)
    shown = []
    for change in (None, "Een betere gids", page.unpublish, "De gids van toen"):
        if isinstance(change, str):
            page.title = change
            page.save_revision().publish()
        elif change:
            change()
        top = client.get("/zoeken/", {"q": "burgerberaad"}).text
        shown.append(
            [title for title in ("De beste gids", "Een betere gids", "De gids van toen") if title in top]
        )

    assert shown == [["De beste gids"], ["Een betere gids"], [], ["De gids van toen"]]


@pytest.mark.django_db(transaction=True)
def test_someone_is_named_from_the_first_item_that_is_by_them(client):
    tree, person = make_tree(), Person.objects.create(name="Sanne de Wit", slug="sanne-de-wit")
    item = make_article(tree)
    assert "auteur=sanne" not in client.get("/zoeken/", {"q": "sanne de wit"}).text

    item.author_links = [ContentAuthor(person=person)]
    item.save_revision().publish()

    assert "/zoeken/?auteur=sanne-de-wit" in client.get("/zoeken/", {"q": "sanne de wit"}).text


def test_this_process_reads_anew_what_could_not_be_announced(tree, monkeypatch):
    before = chrome.get_chrome()
    monkeypatch.setattr(generation, "_write", lambda pages: (_ for _ in ()).throw(OSError("disk full")))

    generation.raise_now()

    assert chrome.get_chrome() is not before
