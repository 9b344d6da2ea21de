"""Loading the municipalities and their mergers."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.content.municipalities import load_municipalities
from portal.models import Municipality

pytestmark = pytest.mark.django_db


def rows():
    return list(Municipality.objects.order_by("pk").values())


def test_all_342_municipalities_and_the_90_that_ended_are_loaded():
    outcome = load_municipalities()

    assert (outcome.current, outcome.ended, outcome.created) == (342, 90, 432)
    assert Municipality.objects.current().count() == 342
    assert Municipality.objects.exclude(path="").count() == 342


def test_loading_twice_changes_nothing():
    load_municipalities()
    before = rows()

    outcome = load_municipalities()

    assert rows() == before
    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 0, 432)


def test_a_changed_row_is_put_right_and_the_others_are_left():
    load_municipalities()
    Municipality.objects.filter(slug="zeist").update(name="Zijst", path="")

    outcome = load_municipalities()

    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 1, 431)
    assert Municipality.objects.get(slug="zeist").name == "Zeist"


def test_an_ended_municipality_leads_to_the_one_that_took_in_most_of_it():
    load_municipalities()

    boarnsterhim = Municipality.objects.select_related("successor").get(code="0055")

    assert boarnsterhim.successor.code == "0080"
    assert boarnsterhim.ended_on.isoformat() == "2014-01-01"
    assert boarnsterhim.province == "Fryslân"


def test_a_municipality_that_only_changed_its_name_keeps_the_old_one_as_an_alias():
    load_municipalities()

    berg_en_dal = Municipality.objects.get(code="1945")

    assert "Groesbeek" in berg_en_dal.aliases
    assert not Municipality.objects.filter(code="1945", name="Groesbeek").exists()


def test_names_that_occur_twice_get_addresses_of_their_own():
    load_municipalities()

    assert set(Municipality.objects.filter(name__startswith="Bergen (").values_list("slug", flat=True)) == {
        "bergen-l",
        "bergen-nh",
    }
    assert Municipality.objects.values("slug").distinct().count() == 432


def test_the_number_of_queries_does_not_grow_with_the_number_of_municipalities():
    load_municipalities()

    with CaptureQueriesContext(connection) as queries:
        load_municipalities()

    assert len(queries) <= 8


def test_the_command_says_what_it_did(capsys):
    call_command("load_municipalities")

    assert "342 of today, 90 that ended; 432 created" in capsys.readouterr().out
