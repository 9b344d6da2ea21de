"""How long a session lasts, and what ends it."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from portal.accounts.sessions import LOGGED_OUT
from tests.accounts.people import NINE, PASSWORD, give_password, is_in, walk_in, with_phone

HOUR = timedelta(hours=1)


def test_an_hour_without_work_ends_a_session(an, nine, client):
    give_password(client, "an")
    nine.shift(HOUR)
    is_in_after_an_hour = is_in(client)
    nine.shift(HOUR + timedelta(seconds=1))

    assert is_in_after_an_hour
    assert not is_in(client)
    assert not Session.objects.exists()


def test_twelve_hours_end_a_session_however_busy(an, nine, client):
    give_password(client, "an")
    seen = []
    for _ in range(25):
        nine.shift(HOUR / 2)
        seen.append(is_in(client))

    assert seen == [True] * 24 + [False]


def test_an_open_editor_does_not_keep_a_session_alive(an, nine, client, tree):
    give_password(client, "an")
    for _ in range(7):
        nine.shift(timedelta(minutes=10))
        client.get("/beheer/editing-sessions/")

    assert not is_in(client)


def test_logging_out_ends_the_session_for_whoever_kept_the_cookie(an, client):
    give_password(client, "an")
    cookie = client.cookies["sessionid"].value
    client.post("/beheer/logout/")
    client.cookies["sessionid"] = cookie

    assert not is_in(client)


def test_a_script_hears_that_nobody_is_logged_in_and_gets_no_page_to_log_in(an, nine, client):
    give_password(client, "an")
    as_script = {"headers": {"Accept": "application/json"}}
    state = client.get("/beheer/sessie/", **as_script)
    nine.shift(HOUR + timedelta(seconds=1))
    told = client.post("/beheer/pages/1/edit/", **as_script)
    in_browser = client.post("/beheer/pages/1/edit/")

    assert (state.status_code, bool(state.json()["token"])) == (200, True)
    assert (told.status_code, told.json()["error_message"]) == (401, LOGGED_OUT)
    assert in_browser.status_code == 302


@pytest.mark.parametrize("change", ["disabled", "password"])
def test_a_closed_account_or_a_new_password_ends_every_session(an, bo, client, change):
    with_phone(bo)
    give_password(client, "an")
    beheerder = walk_in(bo, NINE)
    fields = {"username": "an", "email": an.email, "first_name": "An", "last_name": "Bos", "is_active": "on"}
    fields |= {"groups": [group.pk for group in an.groups.all()]}
    if change == "disabled":
        del fields["is_active"]
    else:
        fields |= dict.fromkeys(("password1", "password2"), "een-heel-ander-wachtwoord")
    was_in = is_in(client)

    answer = beheerder.post(f"/beheer/users/edit/{an.pk}/", fields)

    assert answer.status_code == 302
    assert was_in
    assert not is_in(client)


def test_who_changes_the_own_password_stays_in_here_and_nowhere_else(an, client):
    from django.test import Client

    elsewhere = Client()
    for browser in (client, elsewhere):
        give_password(browser, "an")
    new = "een-heel-ander-wachtwoord"
    fields = {"name_email-first_name": "An", "name_email-last_name": "Bos", "name_email-email": an.email}
    fields |= {"locale-preferred_language": "nl", "theme-theme": "system", "theme-density": "default"}
    fields |= {"theme-contrast": "system", "theme-keyboard_shortcuts": "on"}
    fields |= {
        "password-old_password": PASSWORD,
        "password-new_password1": new,
        "password-new_password2": new,
    }

    answer = client.post("/beheer/account/", fields)

    an.refresh_from_db()
    assert answer.status_code == 302
    assert an.check_password(new)
    assert is_in(client)
    assert not is_in(elsewhere)


def test_in_production_the_cookie_is_bound_to_this_host_and_to_tls():
    names = "SESSION_COOKIE_NAME SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE"
    names += " SESSION_COOKIE_PATH SESSION_COOKIE_DOMAIN SECOND_STEP CSRF_COOKIE_NAME"
    code = f"from django.conf import settings; print(*[getattr(settings, name) for name in {names.split()}])"
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if name not in ("MODE", "DATABASE_URL", "SECOND_STEP")
        },
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "portaal.example",
        "DATABASE_URL": "postgres:///x",
        "SECOND_STEP": "0",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }

    said = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    assert said.stdout.split() == ["__Host-sessie", "True", "True", "Lax", "/", "None", "True", "__Host-csrf"]
