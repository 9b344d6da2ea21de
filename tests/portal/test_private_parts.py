"""What lies in a private part of the site is named nowhere outside it."""

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from portal.models import ContentAuthor, ContentDownload, PortalDocument
from tests.factories import make_article, make_person, make_publication

TITLE = "Besloten dossier"


def close(page):
    PageViewRestriction.objects.create(page=page, restriction_type="login")


@pytest.fixture
def document(tree):
    """A document in a collection below a private one."""
    closed = Collection.get_first_root_node().add_child(name="Besloten")
    below = closed.add_child(name="Nog dieper")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    return PortalDocument.objects.create(
        title=TITLE, collection=below, file=ContentFile(b"%PDF-1.4", "a.pdf")
    )


def test_a_private_page_that_an_editor_chose_is_left_out(client, tree):
    private, live = make_article(tree, title=TITLE), make_article(tree, title="Voor iedereen")
    page = make_article(tree, body=[("related", {"title": "Lees ook", "pages": [private, live]})])
    assert TITLE in client.get(page.url).text

    close(private)

    shown = client.get(page.url).text
    assert TITLE not in shown
    assert private.url not in shown
    assert "Voor iedereen" in shown


def test_an_item_does_not_name_its_private_topic(client, tree):
    page = make_article(tree, topics=[tree.topic])
    assert tree.topic.url in client.get(page.url).text

    close(tree.topic)

    shown = client.get(page.url).text
    assert tree.topic.url not in shown
    assert tree.topic.name not in shown


def test_an_old_address_does_not_tell_where_a_private_page_lies_now(client, tree):
    private = make_article(tree, title=TITLE)
    Redirect.objects.create(old_path="/plan-a", redirect_page=private)
    assert client.get("/plan-a/").headers["Location"].endswith(private.url)

    close(private)

    assert client.get("/plan-a/").status_code == 404


def test_a_person_by_whom_readers_see_nothing_is_unknown(client, tree):
    person = make_person(TITLE, "besloten")
    private = make_article(tree)
    ContentAuthor.objects.create(page=private, person=person)
    assert TITLE in client.get("/zoeken/?auteur=besloten").text

    close(private)

    assert TITLE not in client.get("/zoeken/?auteur=besloten").text


def test_a_private_document_is_named_only_to_who_is_logged_in(client, admin_client, tree, document):
    page = make_publication(tree, body=[("download", {"title": "", "document": document})])
    ContentDownload.objects.create(page=page, document=document)

    for_all, for_colleagues = client.get(page.url).text, admin_client.get(page.url).text

    assert TITLE not in for_all
    assert document.url not in for_all
    assert for_colleagues.count(document.url) == 3  # as the publication, in the text and beside it
    assert (
        TITLE
        not in client.get(page.url, headers={"cookie": f"{settings.SESSION_COOKIE_NAME}=verzonnen"}).text
    )


def test_on_a_private_page_it_is_named_to_who_is_let_in(client, tree, document):
    page = make_publication(tree)
    ContentDownload.objects.create(page=page, document=document)
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="geheim")
    session = client.session
    session["passed_page_view_restrictions"] = [PageViewRestriction.objects.get().pk]
    session.save()

    assert TITLE in client.get(page.url).text
