"""Guessing passwords stops soon, and hurts nobody but the guesser."""

import threading
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from portal.accounts import limits
from tests.accounts.people import NINE, PASSWORD, give_password, is_in, walk_in, with_phone

HOME, OFFICE = "127.0.0.9", "127.0.0.10"


def guess(username, address, times=5, **options):
    return [
        give_password(Client(), username, f"fout-{number}", REMOTE_ADDR=address, **options).status_code
        for number in range(times)
    ]


def guess_from_everywhere(username, times=limits.MANY_FAILURES):
    for number in range(times):
        guess(username, f"10.0.{number // 4}.1", times=1)


def test_the_fifth_failure_closes_the_door_for_a_quarter_of_an_hour(an, nine):
    statuses = guess("an", HOME, 6)
    at_once = give_password(Client(), "an", REMOTE_ADDR=HOME).status_code
    nine.shift(timedelta(minutes=15, seconds=1))

    assert statuses == [200, 200, 200, 200, 429, 429]
    assert at_once == 429
    assert give_password(Client(), "an", REMOTE_ADDR=HOME).status_code == 302


def test_trying_on_during_the_lock_out_does_not_make_it_longer(an, nine):
    guess("an", HOME)
    nine.shift(timedelta(minutes=14))
    guess("an", HOME, 1)
    nine.shift(timedelta(minutes=2))

    assert give_password(Client(), "an", REMOTE_ADDR=HOME).status_code == 302


def test_an_invented_address_is_not_believed(an):
    statuses = [
        give_password(
            Client(), "an", "fout", REMOTE_ADDR=HOME, headers={"X-Forwarded-For": f"10.0.0.{n}, 10.1.0.{n}"}
        ).status_code
        for n in range(6)
    ]

    assert statuses[-1] == 429


def test_behind_a_proxy_only_what_the_proxy_says_counts(an, settings):
    settings.PROXY_COUNT = 1
    statuses = [
        give_password(
            Client(),
            "an",
            "fout",
            REMOTE_ADDR="127.0.0.1",
            headers={"X-Forwarded-For": f"10.0.0.{n}, 192.0.2.1"},
        ).status_code
        for n in range(6)
    ]

    assert statuses[-1] == 429
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"192.0.2.1"}


def test_colleagues_at_the_same_address_come_in(an, bo):
    guess("an", HOME, 6)

    assert give_password(Client(), "bo", REMOTE_ADDR=HOME).status_code == 302


def test_many_addresses_together_are_stopped_too(an):
    guess_from_everywhere("an")

    assert give_password(Client(), "an", "fout", REMOTE_ADDR="10.9.9.9").status_code == 429
    assert give_password(Client(), "an", REMOTE_ADDR="10.9.9.8").status_code == 429


def test_but_who_is_guessed_at_stays_in_and_comes_in_where_that_worked_before(an):
    at_work = Client(REMOTE_ADDR=OFFICE)
    give_password(at_work, "an")
    guess_from_everywhere("an")

    assert is_in(at_work)
    assert give_password(Client(), "an", REMOTE_ADDR=OFFICE).status_code == 302


def test_the_limit_over_all_addresses_ends_after_a_day(an, nine):
    guess_from_everywhere("an")
    nine.shift(limits.MANY_WITHIN + timedelta(seconds=1))

    assert give_password(Client(), "an", REMOTE_ADDR="10.9.9.9").status_code == 302


@pytest.mark.parametrize("way", ["one address", "many addresses"])
def test_a_beheerder_sees_a_lock_out_and_lifts_it(an, bo, way):
    if way == "one address":
        guess("an", HOME)
    else:
        guess_from_everywhere("an")
    with_phone(bo)
    beheerder = walk_in(bo, NINE)
    seen = beheerder.get("/beheer/geblokkeerd/").content.decode()

    beheerder.post("/beheer/geblokkeerd/", {"username": "an"})

    place = HOME if way == "one address" else "elk nieuw adres"
    assert "Blokkade van an opheffen" in seen
    assert place in seen
    assert "Er is nu niemand geblokkeerd" in beheerder.get("/beheer/geblokkeerd/").content.decode()
    assert give_password(Client(), "an", REMOTE_ADDR=HOME).status_code == 302


def test_nobody_else_sees_or_lifts_a_lock_out(an, bo, client):
    guess("bo", HOME)
    give_password(client, "an")

    seen = client.get("/beheer/geblokkeerd/")
    client.post("/beheer/geblokkeerd/", {"username": "bo"})

    assert seen.status_code == 302
    assert len(limits.lock_outs()) == 1


def test_a_name_without_an_account_is_not_shown(bo):
    guess("mijn-wachtwoord-per-ongeluk", HOME)

    assert AccessAttempt.objects.exists()
    assert limits.lock_outs() == []


def test_what_is_typed_is_not_kept(an):
    guess("an", HOME, 2)

    kept = " ".join(AccessAttempt.objects.values_list("post_data", flat=True))
    assert "fout-" not in kept


def ask_mail(mailbox, address):
    cache.clear()  # each time another web process
    answer = Client().post("/beheer/password_reset/", {"email": mailbox}, REMOTE_ADDR=address)
    return answer.status_code, answer.headers.get("Location")


SENT = (302, "/beheer/password_reset/done/")


def test_mails_with_a_link_are_limited_for_each_address_that_asks(an, bo, nine):
    answers = [ask_mail("an@example.org", HOME) for _ in range(5)]
    refused = Client().post("/beheer/password_reset/", {"email": "bo@example.org"}, REMOTE_ADDR=HOME)
    unknown = ask_mail("niemand@example.org", HOME)
    nine.shift(timedelta(minutes=59))
    still = ask_mail("bo@example.org", HOME)
    nine.shift(timedelta(minutes=2))

    assert answers == [SENT] * 5
    assert (refused.status_code, unknown, still) == (429, (429, None), (429, None))
    assert "Wacht een uur" in refused.text
    assert len(mail.outbox) == 5
    assert ask_mail("bo@example.org", HOME) == SENT


def test_a_mailbox_gets_five_mails_in_an_hour_from_wherever_they_are_asked(an, bo, nine):
    User.objects.create_user("an2", "AN@example.org", PASSWORD)
    answers = [ask_mail("an@example.org", f"10.0.0.{number}") for number in range(8)]
    got = [mail.to for mail in mail.outbox]
    other = ask_mail("bo@example.org", "10.0.0.1")
    nine.shift(timedelta(hours=1, seconds=1))
    ask_mail("an@example.org", "10.0.0.9")

    assert answers == [SENT] * 8  # the same for a mailbox that nobody has
    assert sorted(to.casefold() for (to,) in got) == ["an@example.org"] * 5
    assert other == SENT
    assert len(mail.outbox) == 5 + 1 + 2


@pytest.mark.django_db(transaction=True)
def test_of_many_mails_at_once_no_more_than_five_go():
    def ask(results):
        try:
            results.append(limits.may_get_mail("an@example.org"))
        finally:
            connection.close()

    results = []
    threads = [threading.Thread(target=ask, args=(results,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(results) == 12
    assert sum(results) <= limits.MAILS


def test_what_is_of_no_more_use_is_forgotten(an, nine):
    guess("an", HOME)
    give_password(Client(), "an", REMOTE_ADDR=OFFICE)
    nine.shift(timedelta(days=31))

    limits.forget_old()

    assert not AccessAttempt.objects.exists()
    assert not AccessFailureLog.objects.exists()
    assert not AccessLog.objects.exists()
    assert User.objects.filter(username="an").exists()
    assert PASSWORD
