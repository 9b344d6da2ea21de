import pytest
import time_machine

from portal.accounts.people import CHIEF_EDITOR, make_user, set_up_groups
from tests.accounts.people import NINE, PASSWORD


@pytest.fixture
def nine():
    """The clock stands at nine, and goes where a test sends it."""
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


@pytest.fixture
def required(settings):
    """As in production: nobody comes in without the second step."""
    settings.SECOND_STEP = True


@pytest.fixture
def an(tree, nine):
    """An eindredacteur."""
    set_up_groups(tree.home)
    return make_user("an", PASSWORD, email="an@example.org", group=CHIEF_EDITOR)


@pytest.fixture
def bo(tree, nine):
    """A beheerder."""
    return make_user("bo", PASSWORD, email="bo@example.org", is_superuser=True)
