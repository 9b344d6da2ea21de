"""Who works in the admin."""

import pytest

from portal.accounts.people import make_user


@pytest.fixture
def beheerder(client, tree):
    """A browser in which a beheerder is logged in."""
    client.force_login(
        make_user("beheerder", "een-heel-lang-wachtwoord", is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client
