"""An editor who may publish."""

import pytest
from django.test import Client

from portal.accounts.people import CHIEF_EDITOR, make_user, set_up_groups


@pytest.fixture
def editor(tree):
    set_up_groups(tree.home)
    client = Client(raise_request_exception=False)
    client.force_login(make_user("anna", "een-heel-lang-wachtwoord", group=CHIEF_EDITOR))
    return client
