"""What tests stand on is what the portal itself would have made of it, and goes without a trace."""

import shutil

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page
from wagtail.search.models import IndexEntry

from portal.selection.shelf import get_shelf
from tests import conftest, planting
from tests.factories import make_article, make_news
from tests.portal.test_pictures import make_image


def state() -> tuple:
    """The pages with their places, and how many rows each table has."""
    pages = Page.objects.order_by("path").values_list("path", "numchild", "url_path", "title", "content_type")
    words = IndexEntry.objects.order_by("title").values_list("title", "content_type")
    counts = {model: model._base_manager.count() for model in planting.tables()}
    return list(pages), list(words), {model.__name__: count for model, count in counts.items() if count}


def test_a_tree_that_is_copied_is_the_tree_that_was_made(db):
    found = []
    for grow in (conftest._add_rooms, conftest.make_tree, conftest.make_tree):
        with transaction.atomic():
            grow()
            found.append(state())
            transaction.set_rollback(True)

    assert found[0] == found[1] == found[2]
    assert len(found[0][0]) == 1 + len(conftest.ROOMS)


def _fill(tree):
    make_news(tree, image=make_image()).save_revision().publish()


def test_items_and_files_that_are_copied_are_those_that_were_made(db, settings):
    found, files = [], []
    for _ in range(2):
        with transaction.atomic():
            tree = conftest.make_tree()
            planting.plant_on(tree, _fill)
            assert tree.news.numchild == 1
            found.append(state())
            files.append(planting._files())
            transaction.set_rollback(True)
        shutil.rmtree(settings.MEDIA_ROOT)

    assert found[0] == found[1]
    assert files[0] == files[1]
    assert files[0]


def test_beside_pages_in_other_places_it_is_made_anew(db):
    for make, number in ((make_article, 1), (make_news, 2)):
        with transaction.atomic():
            tree = conftest.make_tree()
            make(tree)
            planting.plant_on(tree, _fill)
            assert tree.news.numchild == number
            assert not any(Page.find_problems())
            transaction.set_rollback(True)


def test_what_is_made_later_has_a_number_of_its_own(tree):
    pages = [make_news(tree) for _ in range(3)]

    assert len({page.pk for page in Page.objects.all()}) == 1 + len(conftest.ROOMS) + len(pages)
    assert get_shelf().pks == [page.pk for page in reversed(pages)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("hurt", [lambda: None, lambda: Permission.objects.all().delete()])
def test_nothing_is_left_but_content_types_and_permissions(hurt):
    make_news(conftest.make_tree())
    hurt()

    planting.sweep()

    left = {model for model in planting.tables() if model._base_manager.exists()}
    assert left == {ContentType, Permission}
    assert ContentType.objects.get_for_model(Page).pk in ContentType.objects.values_list("pk", flat=True)
    assert conftest.make_tree().home.pk
