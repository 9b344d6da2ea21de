"""Public documents outlive the database; private ones are never remembered, and a change is seen at once."""

import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction

from portal import chrome, generation
from portal.cache.copies import CACHE_CONTROL
from portal.cache.warming import Warmer
from portal.models import PortalDocument

PDF = b"%PDF-1.4\n" + b"tekst " * 20_000 + b"\n%%EOF"


def make_document(name="gids.pdf", body=PDF, **fields) -> PortalDocument:
    return PortalDocument.objects.create(title="Gids", file=ContentFile(body, name), **fields)


@pytest.fixture
def document(tree):
    return make_document()


@pytest.fixture
def closed(tree):
    """A private collection."""
    collection = Collection.get_first_root_node().add_child(name="Besloten")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    return collection


@pytest.fixture
def take_away_database(layer, monkeypatch):
    def take_away():
        def refuse(*args, **kwargs):
            raise OperationalError("weg")

        monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", refuse)
        layer.pulse.is_down = True

    return take_away


def change_something():
    chrome.forget()
    generation.raise_now()


@pytest.mark.parametrize("name", ["gids.pdf", "Gids_2.Deel-1.PDF", "tabel.csv", "Coördinatie – één.pdf"])
def test_a_document_that_was_read_is_answered_without_a_database(read, tree, take_away_database, name):
    document = make_document(name)
    before = read(document.url)
    change_something()
    take_away_database()

    after, head = read(document.url), read(document.url, method="HEAD")

    assert (before.code, after.code, head.code) == (200, 200, 200)
    assert before.raw == after.raw == PDF
    assert head.raw == b""
    assert int(after.headers.pop("age")) >= 1
    assert after.headers == before.headers
    assert head.headers["content-length"] == str(len(PDF))


def test_a_document_goes_out_as_the_file_that_it_is_and_may_be_kept_like_a_page(read, document, layer):
    answer = read(document.url, accept_encoding="br, gzip")

    assert answer.headers["cache-control"] == CACHE_CONTROL
    assert answer.headers["etag"] == f'"{document.file_hash}"'
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="gids.pdf"'
    assert answer.headers["content-security-policy"] == "default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "last-modified" in answer.headers
    assert not {"content-encoding", "x-portal-file", "set-cookie"} & set(answer.headers)
    kept = [path for path in layer.store.root.rglob("*") if path.is_file() and path.suffix != ".html"]
    assert kept
    assert all(path.stat().st_size < 2000 for path in kept)


def test_the_warm_worker_remembers_documents_nobody_has_read(read, document, layer, take_away_database):
    warmer = Warmer(layer)
    warmer.begin()
    assert warmer.work()[1] == 0
    take_away_database()

    assert read(document.url).raw == PDF


def test_a_reader_who_has_the_document_is_told_so(read, document):
    first = read(document.url)

    by_tag = read(document.url, if_none_match=first.headers["etag"])
    by_moment = read(document.url, if_modified_since=first.headers["last-modified"])
    other = read(document.url, if_none_match='"anders"')

    assert [(answer.code, answer.raw) for answer in (by_tag, by_moment)] == [(304, b"")] * 2
    assert by_tag.headers["etag"] == first.headers["etag"]
    assert (other.code, other.raw) == (200, PDF)


def test_a_document_in_a_private_collection_is_never_remembered(read, closed, layer, admin_client):
    document = make_document(collection=closed)

    outside, inside = read(document.url), admin_client.get(document.url)

    assert outside.code == 302
    assert outside.headers["cache-control"] == "private, no-store"
    assert b"".join(inside.streaming_content) == PDF
    assert inside.headers["Cache-Control"] == "private, no-store"
    assert not inside.has_header("Content-Encoding")
    assert layer.memory.get(document.url) is None
    assert layer.store.lasting_keys() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["restriction", "moved", "groups", "many", "above"])
def test_a_document_that_becomes_private_stops_at_once(read, document, closed, admin_client, how):
    assert read(document.url).code == 200
    root = Collection.get_first_root_node()
    if how == "restriction":
        CollectionViewRestriction.objects.create(collection=root, restriction_type="login")
    elif how == "moved":
        document.collection = closed
        document.save()
    elif how == "groups":
        limited = CollectionViewRestriction.objects.create(collection=root, restriction_type="groups")
        limited.groups.set([])
    elif how == "many":
        address = reverse("wagtail_bulk_action", args=["portal", "portaldocument", "add_to_collection"])
        admin_client.post(f"{address}?id={document.pk}", {"collection": closed.pk})
    else:
        CollectionViewRestriction.objects.create(collection=root, restriction_type="password", password="x")

    answer = read(document.url)

    assert answer.raw != PDF
    assert "no-store" in answer.headers["cache-control"]
    assert read.app.layer.store.lasting_keys() == []


@pytest.mark.django_db(transaction=True)
def test_a_replaced_document_is_read_anew_and_a_deleted_one_is_gone(read, document, take_away_database):
    first = read(document.url)
    old_url = document.url
    document.file = ContentFile(b"%PDF-1.4 anders", "gids.pdf")
    document.save()

    replaced = read(document.url)
    old = read(old_url) if old_url != document.url else replaced
    address = document.url
    document.delete()
    gone = read(address)
    take_away_database()

    assert first.raw == PDF
    assert replaced.raw == b"%PDF-1.4 anders"
    assert old.raw != PDF
    assert gone.code == 404
    assert read(address).code == 503


def test_a_name_that_is_not_the_documents_takes_nothing_away(read, document, take_away_database):
    read(document.url)
    assert read(document.url.replace("gids", "ander")).code == 404
    change_something()
    take_away_database()

    assert read(document.url).raw == PDF


def test_a_file_that_is_not_there_is_not_found(read, document, layer):
    read(document.url)
    document.file.storage.delete(document.file.name)

    assert read(document.url).code == 404


def test_sweeping_takes_documents_that_are_deleted_or_private_and_leaves_others(
    read, document, closed, layer
):
    other, secret = make_document("weg.pdf"), make_document("geheim.pdf")
    for each in (document, other, secret):
        assert read(each.url).code == 200
    PortalDocument.objects.filter(pk=secret.pk).update(collection=closed)
    other.delete()
    change_something()

    Warmer(layer).sweep()

    assert layer.store.lasting_keys() == [document.url]


def test_without_a_generation_the_document_itself_is_sent(read, document, monkeypatch):
    monkeypatch.setattr(generation, "current", lambda: 0)

    answer = read(document.url)

    assert answer.raw == PDF
    assert "x-portal-file" not in answer.headers


def test_another_file_under_the_name_of_the_one_that_was_read_is_not_sent(read, document, take_away_database):
    read(document.url)
    with open(document.file.path, "wb") as file:
        file.write(b"%PDF-1.4 geheim")
    take_away_database()

    answer = read(document.url)

    assert answer.code == 503
    assert b"geheim" not in answer.raw


@pytest.mark.parametrize("padded", ["01", "0000001", "0" * 150 + "1"])
def test_a_number_with_noughts_before_it_is_kept_nowhere(read, document, layer, padded):
    address = document.url.replace(f"/{document.pk}/", f"/{padded[:-1]}{document.pk}/")

    assert read(address).raw == PDF
    assert not [path for path in layer.store.root.rglob("*") if padded[:-1] + str(document.pk) in path.name]
    assert not list(layer.store.root.rglob("*.head"))


def test_warming_leaves_out_a_name_that_cannot_be_kept(tree, layer):
    make_document("coördinatie.pdf")
    warmer = Warmer(layer)
    warmer.begin()

    assert warmer.work()[1] == 0
