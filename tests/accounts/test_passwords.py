"""What a password may be: long enough, not what everyone has, and nothing else is asked."""

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from portal.accounts.people import make_user
from tests.accounts.people import give_password, is_in

AN = User(username="annemarie-de-bruin", email="annemarie@zeist.example", first_name="Annemarie")


@pytest.mark.parametrize(
    "password",
    [
        "paard nietje lamp boot",
        "alleenkleineletters",
        "ünïcödé-mag-ook 漢字",
        " spaties aan de randen ",
        "x9Q!" * 4 + "unhappened",
        "correct horse battery " * 6,
    ],
)
def test_any_long_uncommon_text_will_do(password):
    assert validate_password(password, AN) is None  # it raises when it refuses


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("kortmaarkra", "te kort"),
        ("passwordpassword", "makkelijk te raden"),
        ("qwertyuiop123", "makkelijk te raden"),
        ("aaaaaaaaaaaaaa", "makkelijk te raden"),
        ("121212121212", "makkelijk te raden"),
        ("123456789012", "makkelijk te raden"),
        ("LokaleDemocratie2026!", "makkelijk te raden"),
        ("annemarie-de-bruin", "je naam"),
    ],
)
def test_a_guessable_password_is_refused_in_plain_words(password, reason):
    with pytest.raises(ValidationError, match=reason):
        validate_password(password, AN)


def test_the_rules_are_told_beforehand():
    assert [text.split()[0] for text in password_validators_help_texts()] == ["Gebruik"] * 3


def test_a_very_long_password_works_to_its_last_letter(client, tree):
    long = "lang wachtwoord " * 20
    make_user("an", long, is_superuser=True)

    give_password(client, "an", long[:-2])
    with_the_end_missing = is_in(client)
    give_password(client, "an", long)

    assert not with_the_end_missing
    assert is_in(client)
