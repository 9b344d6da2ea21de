"""Safe from the first day: headers on every answer, one admin, a lock-out, no cookie for a visitor."""

import pytest
from django.core.management import call_command
from django.test import Client

from portal.accounts.people import make_user
from tests.factories import make_news

STRICT = "default-src 'none'"
PASSWORD = "een-heel-lang-wachtwoord"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/actueel", 301),
        ("/bestaat-niet/", 404),
        ("/?q=%00", 200),
        ("/gezondheid/live/", 200),
        ("/gezondheid/klaar/", 200),
        ("/robots.txt", 200),
        ("/sitemap.xml", 200),
        ("/.well-known/security.txt", 200),
        ("/media/images/weg.png", 404),
        ("/documenten/9/weg.pdf", 404),
    ],
)
def test_every_answer_carries_the_headers_and_no_cookie(client, tree, address, status):
    answer = client.get(address)

    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] in ("DENY", "SAMEORIGIN")
    assert answer.headers["Content-Security-Policy"].startswith(STRICT)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "nonce" not in answer.headers["Content-Security-Policy"]
    assert not answer.cookies


def test_a_host_that_is_not_ours_is_refused_with_the_headers(tree):
    answer = Client().get("/", headers={"host": "kwaad.example"})

    assert answer.status_code == 400
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "kwaad.example" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/django-admin/", "/cms/"])
def test_nothing_answers_where_an_admin_is_often_found(client, tree, address):
    assert client.get(address).status_code == 404


def test_the_admin_has_its_own_policy_and_is_never_stored(client, tree):
    answer = client.get("/beheer/login/")

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "http" not in answer.headers["Content-Security-Policy"]
    assert "unsafe-eval" not in answer.headers["Content-Security-Policy"]


def _login(client, username, password, address="127.0.0.9", **headers):
    return client.post(
        "/beheer/login/", {"username": username, "password": password}, REMOTE_ADDR=address, headers=headers
    )


def test_five_wrong_passwords_lock_one_person_at_one_address_only(tree):
    make_user("an", PASSWORD, is_superuser=True)
    make_user("bo", PASSWORD, is_superuser=True)
    statuses = [
        _login(Client(), "an", "fout", **{"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(6)
    ]

    assert statuses[-1] == 429
    assert _login(Client(), "an", PASSWORD).status_code == 429
    assert _login(Client(), "bo", PASSWORD).status_code == 302
    assert _login(Client(), "an", PASSWORD, address="127.0.0.10").status_code == 302


def test_health_says_when_the_database_is_gone(client, tree, monkeypatch):
    from django.db import OperationalError, connection

    def refuse(*args, **kwargs):
        raise OperationalError("weg")

    with monkeypatch.context() as without_database:
        without_database.setattr(connection, "cursor", refuse)
        live, ready = client.get("/gezondheid/live/"), client.get("/gezondheid/klaar/")

    assert (live.status_code, ready.status_code) == (200, 503)


def test_without_a_database_a_page_is_a_branded_503(client, tree, monkeypatch):
    from django.db import OperationalError
    from wagtail.models import Site

    def refuse(*args, **kwargs):
        raise OperationalError("weg")

    monkeypatch.setattr(Site, "find_for_request", refuse)

    answer = client.get("/actueel/")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_private_page_is_not_to_be_stored(client, tree):
    from wagtail.models import PageViewRestriction

    item = make_news(tree)
    PageViewRestriction.objects.create(page=item, restriction_type=PageViewRestriction.LOGIN)

    answer = client.get(item.url)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/beheer/") or "login" in answer.headers["Location"]


def test_security_txt_is_valid_for_months(client, tree):
    text = client.get("/.well-known/security.txt").content.decode()

    assert "Contact: mailto:" in text
    assert "Expires: 20" in text


def test_no_check_complains_about_models_and_migrations(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
