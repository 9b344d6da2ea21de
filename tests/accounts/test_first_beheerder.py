"""The first beheerder: asked for on a terminal, or given in flags."""

import getpass
import sys

import pytest
from django.core.management import CommandError

from portal.management.commands.setup_site import Command
from tests.accounts.people import PASSWORD


@pytest.fixture
def typed(monkeypatch):
    """What someone types at the prompts for a password."""
    answers = []
    monkeypatch.setattr(sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    monkeypatch.setattr(getpass, "getpass", lambda prompt: answers.pop(0))
    return answers


def test_a_password_that_is_typed_is_asked_twice(db, typed):
    typed += [PASSWORD, PASSWORD]

    account = Command().account("an", "", "")

    assert (account["password"], typed) == (PASSWORD, [])


def test_a_slip_of_the_keys_makes_no_account(db, typed):
    typed += [PASSWORD, PASSWORD + "x"]

    with pytest.raises(CommandError, match="not the same"):
        Command().account("an", "", "")


def test_a_password_in_a_variable_is_not_asked(db, typed, monkeypatch):
    monkeypatch.setenv("FIRST_PASSWORD", PASSWORD)

    assert Command().account("an", "", "FIRST_PASSWORD")["password"] == PASSWORD
