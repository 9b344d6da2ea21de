"""What is found follows what readers may see, at once."""

import datetime
import inspect

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from modelsearch import index as wagtail_index
from wagtail.models import Page, PageViewRestriction

from portal.models import ContentDownload, ContentMunicipality, ContentPage, Municipality, PortalDocument
from portal.search import upkeep, vocabulary
from portal.search.engine import engine_of
from portal.search.models import DocumentText, SearchTerm
from portal.search.pdf import read_new_documents
from portal.selection.words import search_items
from tests.factories import make_article, make_municipality, make_role


def find(words):
    items = ContentPage.objects.for_readers()
    return search_items(items, words)


def test_a_page_is_found_as_soon_as_it_is_published(tree, titles_for):
    page = make_article(tree, title="Oefening", live=False)
    page.title = "Kraanvogelberaad"
    page.save_revision().publish()

    assert titles_for("kraanvogelberaad") == ["Kraanvogelberaad"]


def test_what_a_publication_files_it_under_is_found_at_once(tree, titles_for):
    page = make_article(tree, title="Oefening")
    draft = page.get_latest_revision_as_object()
    draft.themes = [tree.participatie]
    draft.roles = [make_role("kraanmachinist")]
    draft.save_revision().publish()

    assert titles_for("kraanmachinisten") == ["Oefening"]


def test_a_page_that_goes_is_not_found_and_takes_its_words_along(tree, titles_for):
    page = make_article(tree, title="Kraanvogelberaad")
    page.unpublish()

    assert titles_for("kraanvogelberaad") == []
    assert not SearchTerm.objects.filter(surface="kraanvogelberaad").exists()


def test_a_deleted_page_leaves_no_trace_in_the_index(tree, titles_for):
    page = make_article(tree, title="Kraanvogelberaad")
    entries = page.index_entries.all()
    assert entries.exists()

    page.delete()

    assert not entries.exists()
    assert not SearchTerm.objects.filter(surface="kraanvogelberaad").exists()


def test_private_draft_and_expired_pages_are_in_no_result_count_or_correction(tree, titles_for):
    private = make_article(tree, title="Kraanvogelberaad")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    make_article(tree, title="Kraanvogelberaden", live=False)
    make_article(tree, title="Kraanvogelberaad oud", live=False, expired=True)
    make_article(tree, title="Iets anders")
    vocabulary.forget()

    match = find("kraanvogelberaat")

    assert match.correction is None
    assert not match.ids
    assert titles_for("kraanvogelberaad") == []


def test_words_that_an_editor_removes_are_no_longer_known(tree):
    page = make_article(tree, title="Kraanvogelberaad", summary="Over ooievaars en kraanvogels.")
    make_article(tree, title="Iets anders", summary="Ook over ooievaars.")

    page.title, page.summary = "Beraad", "Over ooievaars."
    page.save_revision().publish()

    assert not SearchTerm.objects.filter(surface__in=["kraanvogelberaad", "kraanvogels"]).exists()
    assert SearchTerm.objects.get(surface="ooievaars").df == 2


def test_words_of_a_part_of_the_site_that_opens_are_counted_again(tree):
    page = make_article(tree, title="Kraanvogelberaad")
    closed = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert not SearchTerm.objects.filter(surface="kraanvogelberaad").exists()

    closed.delete()
    vocabulary.refresh()

    assert SearchTerm.objects.get(surface="kraanvogelberaad").df == 1


def test_an_index_that_is_made_anew_counts_every_word_once(tree):
    make_article(tree, title="Kraanvogelberaad")
    make_article(tree, title="Nog een kraanvogelberaad")

    call_command("update_index", verbosity=0)

    assert SearchTerm.objects.get(surface="kraanvogelberaad").df == 2


def test_words_are_counted_anew_from_what_readers_see(tree):
    make_article(tree, title="Kraanvogelberaad")
    SearchTerm.objects.create(surface="spook", key="spok", df=3)

    vocabulary.refresh()

    assert SearchTerm.objects.filter(surface="kraanvogelberaad", df=1).exists()
    assert not SearchTerm.objects.filter(surface="spook").exists()


def test_an_item_is_found_by_the_municipality_that_its_own_went_up_in(tree, titles_for):
    new = make_municipality("Meierijstad", "1948")
    old = make_municipality("Schijndel", "0844", successor=new, ended_on=datetime.date(2017, 1, 1))
    page = make_article(tree, title="Een buurtplan")
    ContentMunicipality.objects.create(page=page, municipality=old)
    ContentPage.objects.get(pk=page.pk).specific.save()

    assert titles_for("meierijstad") == titles_for("schijndel") == ["Een buurtplan"]


def test_a_broken_index_shows_when_a_page_is_saved(tree, monkeypatch):
    def broken(*args):
        raise RuntimeError("no index")

    page = make_article(tree)
    monkeypatch.setattr("portal.search.document.analyse", broken)

    with pytest.raises(RuntimeError):
        page.save()


def test_the_index_knows_which_analysis_made_it(db, monkeypatch):
    upkeep.note_made()
    assert upkeep.check_index() == []

    monkeypatch.setattr(upkeep, "version", lambda: "another")

    assert [warning.id for warning in upkeep.check_index()] == ["search.W001"]


def test_the_worker_makes_an_index_of_another_version_anew(tree, titles_for):
    make_article(tree, title="Kraanvogelberaad").index_entries.all().delete()
    assert titles_for("kraanvogelberaad") == []

    upkeep.keep_index()

    assert titles_for("kraanvogelberaad") == ["Kraanvogelberaad"]
    assert upkeep.check_index() == []


def test_wagtail_still_calls_an_index_as_we_expect():
    """Not a public API: when one of these changes, read what changed before going on."""
    if connection.vendor == "sqlite":
        from modelsearch.backends.database.sqlite import sqlite as upstream

        stock, results = upstream.SQLiteIndex, upstream.SQLiteSearchResults
    else:
        from modelsearch.backends.database.postgres import postgres as upstream

        stock, results = upstream.PostgresIndex, upstream.PostgresSearchResults

    assert list(inspect.signature(stock.add_items).parameters) == ["self", "model", "objs"]
    assert list(inspect.signature(stock._refresh_title_norms).parameters) == ["self", "full"]
    assert list(inspect.signature(results._do_search).parameters) == ["self"]
    assert list(inspect.signature(results._do_count).parameters) == ["self"]
    assert list(inspect.signature(results.facet).parameters) == ["self", "field_name"]
    assert list(inspect.signature(wagtail_index.insert_or_update_object).parameters) == ["instance"]


def test_the_words_of_a_pdf_are_found_with_the_page_that_offers_it(tree, titles_for):
    stored = (settings.BASE_DIR / "portal/content/demo/documents/modelregeling-uitdaagrecht.pdf").read_bytes()
    document = PortalDocument(title="Modelregeling")
    document.file.save("model.pdf", ContentFile(stored))
    page = make_article(tree, title="Een regeling")
    ContentDownload.objects.create(page=page, document=document)

    assert titles_for("uitdaagrecht") == []
    assert read_new_documents() == 1
    assert read_new_documents() == 0
    assert "uitdaagrecht" in DocumentText.objects.get().text.lower()
    assert titles_for("uitdaagrecht") == ["Een regeling"]


def test_a_file_that_is_no_pdf_has_no_words_and_stops_nothing(tree):
    document = PortalDocument(title="Kapot")
    document.file.save("kapot.pdf", ContentFile(b"%PDF-1.4 kapot"))

    assert read_new_documents() == 1
    assert DocumentText.objects.get().text == ""


def test_another_field_to_look_in_is_another_version_of_the_index(monkeypatch):
    before = upkeep.version()
    monkeypatch.setattr(Municipality, "search_fields", Municipality.search_fields[:-1])
    upkeep.version.cache_clear()

    after = upkeep.version()

    monkeypatch.undo()
    upkeep.version.cache_clear()
    assert after != before
    assert upkeep.version() == before


@pytest.mark.parametrize("words", ["den haag", "Den Ha", "gravenhage"])
def test_a_municipality_is_chosen_by_the_name_people_use(admin_client, tree, words):
    make_municipality("'s-Gravenhage", "0518", aliases="Den Haag")

    answer = admin_client.get("/beheer/snippets/choose/portal/municipality/results/", {"q": words})

    assert "&#x27;s-Gravenhage" in answer.content.decode()


@pytest.mark.parametrize(
    "words", ["burgerb", "Burgerberaad kli", "één", "één dag", "niet-ingezetenen", "2030"]
)
def test_a_title_is_completed_by_the_beginning_of_its_words(tree, words):
    page = make_article(
        tree, title="Burgerberaad klimaat 2030: één dag voor niet-ingezetenen", summary="Zo gaat dat."
    )

    assert list(Page.objects.autocomplete(words)) == [page.page_ptr]
    assert list(Page.objects.autocomplete("gaat")) == []


def test_words_that_are_only_completed_are_not_found_as_keys(tree):
    """The words of a title stand as they are typed beside the keys that it is found by."""
    page = make_article(tree, title="Raadsleden vertellen", summary="Over hun werk.")
    engine = engine_of("default")

    found = engine.found(
        [engine.phrase((key,)) for key in ("raadslid", "raadsleden", "vertellen")], ContentPage
    )

    assert found == [[page.pk], [], []]
