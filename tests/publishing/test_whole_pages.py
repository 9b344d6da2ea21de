"""What an editor saves is written whole or not at all (BAR.md R06)."""

import pytest
from django.db import DatabaseError
from wagtail.models import PageLogEntry, PageViewRestriction
from wagtail.signals import page_published

from news.models import NewsPage
from portal.accounts.people import CHIEF_EDITOR, make_user
from portal.models import ContentPage
from tests.factories import make_article, make_news
from tests.publishing.forms import form_of


@pytest.fixture
def killed_while_publishing():
    def die(**kwargs):
        raise RuntimeError("killed")

    page_published.connect(die)
    yield
    page_published.disconnect(die)


def test_a_publish_that_dies_half_way_leaves_the_page_as_it_was(editor, tree, killed_while_publishing):
    page = make_news(tree, title="Oud")

    answer = editor.post(f"/beheer/pages/{page.pk}/edit/", form_of())

    page = NewsPage.objects.get(pk=page.pk)
    assert answer.status_code == 500
    assert (page.title, page.revisions.count()) == ("Oud", 0)
    assert not PageLogEntry.objects.filter(
        page=page.pk, action__in=("wagtail.edit", "wagtail.publish")
    ).exists()


def test_a_new_page_that_dies_half_way_does_not_exist(editor, tree, killed_while_publishing):
    answer = editor.post(f"/beheer/pages/add/news/newspage/{tree.news.pk}/", form_of())

    assert answer.status_code == 500
    assert NewsPage.objects.count() == 0
    assert tree.news.get_children().count() == 0


def test_an_editor_hears_that_someone_saved_in_the_meantime(editor, tree):
    page = make_news(tree, title="Oud")
    opened = page.save_revision()
    page.title = "Van Bram"
    page.save_revision(user=make_user("bram", "een-heel-lang-wachtwoord", group=CHIEF_EDITOR))

    answer = editor.post(
        f"/beheer/pages/{page.pk}/edit/", form_of(loaded_revision_id=str(opened.pk)), follow=True
    )

    assert "bewaarde bram ook een versie" in answer.text
    assert page.revisions.count() == 3
    assert NewsPage.objects.get(pk=page.pk).title == "Nieuw"


def test_an_editor_alone_hears_nothing(editor, tree):
    page = make_news(tree, title="Oud")
    opened = page.save_revision()

    answer = editor.post(
        f"/beheer/pages/{page.pk}/edit/", form_of(loaded_revision_id=str(opened.pk)), follow=True
    )

    assert "Er is niets verloren" not in answer.text


def test_what_was_read_of_a_change_that_failed_goes_with_it(editor, tree, monkeypatch):
    make_article(tree, title="Geheim verslag")
    closed = PageViewRestriction.objects.create(page=tree.knowledge, restriction_type="login")
    page = make_news(tree, title="Oud")

    def open_and_die(*args, **kwargs):
        closed.delete()
        assert ContentPage.objects.for_readers().count() == 2
        raise DatabaseError("gone")

    monkeypatch.setattr("wagtail.admin.views.pages.edit.EditView.post", open_and_die)
    editor.post(f"/beheer/pages/{page.pk}/edit/", {})

    assert ContentPage.objects.for_readers().count() == 1
