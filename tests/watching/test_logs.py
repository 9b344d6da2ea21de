"""A log line says what happened and not who it was about."""

import json
import logging
import sys

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError

from portal.accounts.people import WRITER, make_user, set_up_groups
from portal.watching.logs import JsonFormatter, request_id, without_people
from portal.watching.requests import number_of
from tests.factories import make_news

PASSWORD = "een-heel-lang-wachtwoord"


def events(log_lines) -> list[str]:
    return [line["event"] for line in log_lines() if "event" in line]


def formatted(logger, *arguments, **more) -> dict:
    record = logging.getLogger(logger).makeRecord(logger, logging.ERROR, "f", 1, *arguments, **more)
    return json.loads(JsonFormatter().format(record))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mail to jan.de-vries@gemeente.nl failed", "mail to [mail] failed"),
        ("from 192.0.2.17 and 2001:db8:0:0:1:2:3:4", "from [ip] and [ip]"),
        ("from 2a02::1, ::1 and fe80::1%eth0.", "from [ip], [ip] and [ip]."),
        ("[2a02::1]:443, 2001:db8::2: refused", "[[ip]]:443, [ip]: refused"),
        ("addr:2a02::1 and ::ffff:192.0.2.1", "addr:[ip] and [ip]"),
        (
            "'2026'::date, std::add and :: at 2026-11-25T12:30:15",
            "'2026'::date, std::add and :: at 2026-11-25T12:30:15",
        ),
        ("GET /zoeken/?q=schulden was slow", "GET /zoeken/?… was slow"),
        ("at 12:30:15 all was well?", "at 12:30:15 all was well?"),
    ],
)
def test_a_message_loses_what_may_be_about_a_person(text, kept):
    assert without_people(text) == kept


def test_a_line_is_one_object_with_a_moment_in_utc_and_the_number_of_the_request():
    token = request_id.set("abcdef0123456789")

    line = formatted("portal.x", "two\nlines", (), None)
    request_id.reset(token)

    assert line["message"] == "two\nlines"
    assert line["id"] == "abcdef0123456789"
    assert line["at"].endswith("Z")


def test_a_trace_says_where_and_not_which_value_of_a_row():
    told = "duplicate key\nDETAIL:  Key (email)=(jan@gemeente.nl) already exists."
    try:
        raise IntegrityError(told)
    except IntegrityError:
        line = formatted("portal.x", "broken", (), sys.exc_info())

    assert line["trace"].endswith("IntegrityError: duplicate key")
    assert "test_logs.py" in line["trace"]
    assert "gemeente" not in json.dumps(line)


def test_an_error_is_named_by_its_route_and_not_by_an_address_that_may_hold_a_token(rf):
    request = rf.get("/beheer/password_reset/confirm/MQ/geheim-token/?next=/x")
    request.resolver_match = type("Match", (), {"route": "beheer/password_reset/confirm/<uidb64>/<token>/"})

    line = formatted(
        "django.request", "%s: %s", ("Internal Server Error", request.path), None, extra={"request": request}
    )

    assert line["message"] == "Internal Server Error: beheer/password_reset/confirm/<uidb64>/<token>/"


@pytest.mark.parametrize(
    ("told", "proxies", "is_taken"),
    [
        ("0123456789abcdef", 1, True),
        ("0123456789abcdef", 0, False),
        ("kort", 1, False),
        ('x"},{"level":"error', 1, False),
        ("a" * 65, 1, False),
    ],
)
def test_the_number_of_a_request_comes_from_a_trusted_proxy_or_is_made(settings, told, proxies, is_taken):
    settings.PROXY_COUNT = proxies

    number = number_of(told)

    assert (number == told) is is_taken
    assert len(number) >= 16


def test_what_people_do_is_logged_by_number_and_without_what_they_typed(tree, client, log_lines, settings):
    user = make_user("ineke.bakker", PASSWORD, is_superuser=True, email="ineke@gemeente.nl")
    login = {"username": "ineke.bakker", "password": PASSWORD}

    client.post("/beheer/login/", {**login, "password": "fout-geheim"})
    client.post("/beheer/login/", login)
    item = make_news(tree, title="Een bericht")
    client.post(f"/beheer/pages/{item.pk}/unpublish/")
    client.post(
        f"/beheer/users/edit/{user.pk}/",
        {"username": "ineke.bakker", "email": "nieuw@gemeente.nl", "first_name": "Ineke", "last_name": "Bakker",
         "is_active": "on", "is_superuser": "on"},
    )  # fmt: skip
    client.post("/beheer/logout/")

    seen = json.dumps(log_lines())
    assert User.objects.get().email == "nieuw@gemeente.nl"
    assert events(log_lines) == [
        "account.password_changed",
        "login_failed", "login", "wagtail.create", "wagtail.unpublish", "wagtail.edit", "logout",
    ]  # fmt: skip
    assert {"object": f"user:{user.pk}", "user": user.pk}.items() <= log_lines()[-2].items()
    for secret in (PASSWORD, "fout-geheim", "ineke", "Bakker", "gemeente.nl", "127.0.0.1", "Een bericht"):
        assert secret not in seen


def test_a_lock_out_and_a_refusal_are_logged(tree, client, log_lines, settings):
    set_up_groups(tree.home)
    make_user("ineke", PASSWORD, group=WRITER)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        client.post("/beheer/login/", {"username": "jan", "password": "fout"})
    client.post("/beheer/login/", {"username": "ineke", "password": PASSWORD})

    client.get("/beheer/users/")

    assert "locked_out" in events(log_lines)
    assert events(log_lines)[-2:] == ["login", "refused"]
    assert log_lines()[-1]["route"] == "beheer/users/"
