"""A list costs the same number of queries whatever its length."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.models import ContentMunicipality, Municipality, Role
from tests import factories, planting


def _fill_few(tree):
    factories.make_role()
    factories.make_municipality()
    _fill(tree, 3)


def _fill_more(tree):
    _fill(tree, 30)


def _fill(tree, count):
    role, municipality = Role.objects.get(), Municipality.objects.get()
    for _ in range(count):
        for make in (factories.make_news, factories.make_event):
            item = make(tree, themes=[tree.raad], roles=[role])
            ContentMunicipality.objects.create(page=item, municipality=municipality)


def _queries(client, address):
    client.get(address)  # fills what is kept in memory
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/recent/", 6),
        ("/recent/?thema=de-raad&rol=griffier&jaar=2018&soort=nieuws", 6),
        ("/recent/?gemeente=zeist&auteur=sanne-de-wit&afzender=vvv", 8),
        ("/zoeken/?q=bericht&thema=de-raad", 6),
        ("/agenda/", 6),
        ("/agenda/?periode=voorbij&thema=de-raad", 6),
    ],
)
def test_a_list_costs_the_same_for_few_and_for_many_items(client, tree, address, most):
    planting.plant_on(tree, _fill_few)
    few = _queries(client, address)
    planting.plant_on(tree, _fill_more)
    many = _queries(client, address)

    assert len(many) == len(few)
    assert len(many) <= most, "\n".join(sql[:200] for sql in many)
