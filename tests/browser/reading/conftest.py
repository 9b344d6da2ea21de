"""One filled portal and one server for every test that only reads: nothing here may write."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from portal import chrome, generation
from portal.accounts.people import CHIEF_EDITOR, make_user, set_up_groups
from tests import planting
from tests.browser.conftest import PASSWORD
from tests.browser.reading.site import LISTS, fill
from tests.conftest import make_tree


@pytest.fixture(autouse=True)
def _django_db_marker():
    """The tests carry the marker so that pytest-django makes a test database; none of them empties it."""


@pytest.fixture(autouse=True, scope="package")
def own_data_folder(tmp_path_factory):
    """Files of these tests go to one folder."""
    folder = tmp_path_factory.mktemp("reading")
    with (
        override_settings(MEDIA_ROOT=folder / "media", DATA_DIR=folder),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(generation, "_path", folder / "generation")
        yield


@pytest.fixture(scope="package")
def site(own_data_folder, django_db_setup, django_db_blocker, browser):
    """The addresses of a filled portal by the name of the page; its server stands under "server"."""
    with django_db_blocker.unblock():
        empty()  # whatever an interrupted run left
        tree = make_tree()
        set_up_groups(tree.home)
        make_user("eindredacteur", PASSWORD, group=CHIEF_EDITOR)
        addresses = {**LISTS, **fill(tree)}
        server = LiveServer("localhost")
        yield addresses, server.url
        server.stop()
        empty()


def empty():
    name = Path(connection.settings_dict["NAME"]).name
    assert name.startswith("test"), f"{name} is not a database of tests: mark every test here with django_db"
    planting.sweep()
    chrome.forget()


@pytest.fixture
def server_url(site):
    return site[1]


@pytest.fixture
def addresses(site):
    """The address of every kind of page by its name."""
    return site[0]
