"""The words of a document are found with the page that offers it, as long as everyone may have the document."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction

from portal.models import ContentDownload, PortalDocument
from portal.search.labels import index_outdated
from portal.search.models import DocumentText, SearchTerm
from tests.factories import make_article

WORD = "kraanmachinist"


@pytest.fixture
def closed(db):
    return Collection.get_first_root_node().add_child(name="Besloten")


@pytest.fixture
def document(tree):
    """A document on a public page, with a word that stands nowhere else."""
    document = PortalDocument.objects.create(title="Gids", file=ContentFile(b"%PDF-1.4", "gids.pdf"))
    DocumentText.objects.create(document=document, text=f"Over een {WORD}.", file_hash=document.file_hash)
    page = make_article(tree, title="Met een bijlage")
    ContentDownload.objects.create(page=page, document=document)
    type(page).objects.get(pk=page.pk).save()
    return document


def close(document, closed, admin_client, how: str):
    if how == "collection":
        CollectionViewRestriction.objects.create(collection=document.collection, restriction_type="login")
        return
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    if how == "moved":
        document.collection = closed
        document.save()
    elif how == "many":
        address = reverse("wagtail_bulk_action", args=["portal", "portaldocument", "add_to_collection"])
        admin_client.post(f"{address}?id={document.pk}", {"collection": closed.pk})


@pytest.mark.parametrize("how", ["collection", "moved", "many"])
def test_what_becomes_private_is_no_longer_found(titles_for, document, closed, admin_client, how):
    assert titles_for(WORD) == ["Met een bijlage"]

    close(document, closed, admin_client, how)
    index_outdated()

    assert titles_for(WORD) == []
    assert not SearchTerm.objects.filter(surface=WORD).exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_closed_or_opened_as_a_whole_changes_at_once(titles_for, document):
    limited = CollectionViewRestriction.objects.create(
        collection=document.collection, restriction_type="login"
    )
    hidden = titles_for(WORD)
    limited.delete()

    assert hidden == []
    assert titles_for(WORD) == ["Met een bijlage"]


def test_a_document_is_found_by_its_new_title(titles_for, document):
    assert titles_for("gids") == ["Met een bijlage"]

    document.title = "Wegwijzer"
    document.save()
    index_outdated()

    assert titles_for("wegwijzer") == ["Met een bijlage"]
    assert titles_for("gids") == []
