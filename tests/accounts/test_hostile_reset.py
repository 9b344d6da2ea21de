"""Who asks for a mail to set a new password decides nothing about that mail (BAR.md D14)."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

KNOWN = "an@example.org"


def ask(address: str):
    return Client().post("/beheer/password_reset/", {"email": address}, follow=True)


def without_token(answer) -> str:
    return re.sub(r'"CSRF_TOKEN": "\w+"', "", answer.text)


@pytest.fixture(autouse=True)
def first_of_the_hour():
    cache.clear()


@pytest.mark.parametrize(
    "address",
    [
        f"{KNOWN}\r\nBcc: kwaad@example.net",
        f"{KNOWN}\nBcc: kwaad@example.net",
        f"{KNOWN}%0d%0aBcc: kwaad@example.net",
        f"{KNOWN}, kwaad@example.net",
        f'"{KNOWN}" <kwaad@example.net>',
        f"An <{KNOWN}>",
        f"{KNOWN}\u0000",
        "ªn@example.org",
        "an@ｅxample.org",
        "an@exámple.org",
        f"{'a' * 320}@example.org",
        f"an@{'a' * 320}.org",
    ],
)
def test_an_odd_address_adds_no_recipient_and_no_header(an, address):
    answer = ask(address)

    assert answer.status_code == 200
    assert mail.outbox == []


def test_the_answer_does_not_tell_who_has_an_account(an):
    known, unknown = ask(KNOWN), ask("niemand@example.org")

    assert [message.recipients() for message in mail.outbox] == [[KNOWN]]
    assert (known.status_code, known.redirect_chain) == (unknown.status_code, unknown.redirect_chain)
    assert without_token(known) == without_token(unknown)
