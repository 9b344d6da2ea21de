"""A name that changes is found as it is now, with everything that is filed under it."""

import datetime
from functools import partial

import pytest
from django.db import connection

from portal.models import ContentAuthor, ContentMunicipality, ContentPage, ContentSender
from portal.search.labels import index_outdated
from portal.search.models import OutdatedEntry, SearchTerm
from tests.factories import make_article, make_municipality, make_organisation, make_person, make_role


def file_under_role(page):
    role = make_role("kraanmachinist")
    page.roles = [role]
    page.save()
    return role


def file_under_subject(page, field):
    subject = getattr(ContentPage, field).field.related_model.objects.first()
    subject.name = "Kraanmachinist"
    subject.save()
    setattr(page, field, [subject])
    page.save()
    return subject


def file_under_person(page):
    person = make_person("Kraanmachinist", "kraan")
    ContentAuthor.objects.create(page=page, person=person)
    return person


def file_under_organisation(page):
    sender = make_organisation("Kraanmachinist", "kraan")
    ContentSender.objects.create(page=page, organisation=sender)
    return sender


def file_under_municipality(page):
    place = make_municipality("Kraanmachinist", "9001")
    ContentMunicipality.objects.create(page=page, municipality=place)
    return place


FILINGS = [
    partial(file_under_subject, field="themes"),
    partial(file_under_subject, field="topics"),
    file_under_role,
    file_under_person,
    file_under_organisation,
    file_under_municipality,
]


@pytest.mark.parametrize("file_under", FILINGS)
def test_an_item_is_found_by_the_new_name_and_no_longer_by_the_old(tree, titles_for, file_under):
    page = make_article(tree, title="Oefening")
    label = file_under(page)
    type(page).objects.get(pk=page.pk).save()
    index_outdated()
    assert titles_for("kraanmachinist") == ["Oefening"]

    label.name = "Ooievaarsnest"
    label.save()
    assert titles_for("ooievaarsnest") == []  # the worker has not come round yet
    index_outdated()

    assert titles_for("ooievaarsnest") == ["Oefening"]
    assert titles_for("kraanmachinist") == []
    assert not SearchTerm.objects.filter(surface="kraanmachinist").exists()


def test_an_item_is_no_longer_found_by_someone_who_was_deleted(tree, titles_for):
    page = make_article(tree, title="Oefening")
    person = file_under_person(page)
    type(page).objects.get(pk=page.pk).save()

    person.delete()
    index_outdated()

    assert titles_for("kraanmachinist") == []


def test_an_item_is_found_by_the_new_name_of_what_its_municipality_went_up_in(tree, titles_for):
    new = make_municipality("Meierijstad", "1948")
    old = make_municipality("Schijndel", "0844", successor=new, ended_on=datetime.date(2017, 1, 1))
    page = make_article(tree, title="Een buurtplan")
    ContentMunicipality.objects.create(page=page, municipality=old)

    new.name = "Ooievaarsnest"
    new.save()
    index_outdated()

    assert titles_for("ooievaarsnest") == ["Een buurtplan"]


def test_a_theme_can_be_deleted_together_with_its_items(tree):
    make_article(tree, title="Oefening")

    tree.home.delete()
    connection.check_constraints()
    noted = OutdatedEntry.objects.count()
    index_outdated()

    assert (noted, OutdatedEntry.objects.count()) == (1, 0)


def test_nothing_is_indexed_anew_when_no_name_changed(tree):
    page = make_article(tree, title="Oefening")
    role = file_under_role(page)

    role.plural = "kraanmachinisten"
    role.save()

    assert not OutdatedEntry.objects.exists()


def test_a_name_of_many_items_costs_few_queries(tree, django_assert_max_num_queries):
    role = make_role("kraanmachinist")
    for _ in range(30):
        page = make_article(tree, title="Oefening")
        page.roles = [role]
        page.save()
    role.name = "ooievaar"
    role.save()

    with django_assert_max_num_queries(40):
        assert index_outdated() == 30
    assert not OutdatedEntry.objects.exists()
