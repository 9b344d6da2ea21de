"""Requests that no page of the admin sends are answered plainly, and never with a 500."""

import pytest

from portal.accounts.people import make_user
from tests.factories import make_news

PASSWORD = "een-heel-lang-wachtwoord"


@pytest.fixture
def beheerder(client, tree):
    client.force_login(
        make_user("beheerder", PASSWORD, is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/beheer/pages/{page}/edit/", 400),
        ("/beheer/pages/{page}/copy/", 400),
        ("/beheer/choose-external-link/", 400),
        ("/beheer/redirects/import/process/", 400),
        ("/beheer/snippets/choose/portal/person/create/", 404),
        ("/beheer/failwhale/", 404),
    ],
)
def test_an_empty_form_is_a_bad_request(beheerder, tree, address, status):
    item = make_news(tree)

    answer = beheerder.post(address.format(page=item.pk))

    assert answer.status_code == status
    assert not item.get_latest_revision()
