"""Who did what is written down: in the site history, which a beheerder can take along, and in the log of the server."""

import csv
import io
import logging

import pytest
from wagtail.models import ModelLogEntry

from portal.accounts import second_step
from portal.watching.logs import FIELDS, JsonFormatter
from tests.accounts.people import CODE, NINE, PASSWORD, give_password, walk_in, with_phone
from tests.factories import make_news


@pytest.fixture
def events(caplog):
    """The events that the log of the server tells from now on."""
    caplog.set_level(logging.INFO, logger="portal.events")

    def read() -> list[dict]:
        return [getattr(record, FIELDS) for record in caplog.records if record.name == "portal.events"]

    return read


def kept(**wanted) -> list[tuple[str, str]]:
    """What was written down, in its order, with the address it came from."""
    rows = ModelLogEntry.objects.filter(action__startswith="account.", **wanted).order_by("pk")
    return [(row.action.removeprefix("account."), row.data.get("address", "")) for row in rows]


def test_logins_failures_and_lock_outs_are_written_down(an, client, events):
    before = len(kept())
    for _ in range(6):
        give_password(client, "an", "fout-geheim")
    give_password(client, "an", REMOTE_ADDR="127.0.0.9")
    client.post("/beheer/logout/", REMOTE_ADDR="127.0.0.9")

    assert kept()[before:] == [
        *[("login_failed", "127.0.0.1")] * 4,
        ("locked_out", "127.0.0.1"),
        ("login_failed", "127.0.0.1"),
        ("login", "127.0.0.9"),
        ("logout", "127.0.0.9"),
    ]
    names = [event["event"] for event in events()]
    assert names.count("login_failed") >= 5
    assert [name for name in names if name in ("login", "logout")] == ["login", "logout"]
    assert names.count("locked_out") == 2


def test_a_line_says_when_in_utc(an, client, caplog):
    caplog.set_level(logging.INFO, logger="portal.events")
    give_password(client, "an")
    record = next(record for record in caplog.records if record.name == "portal.events")

    assert '"2026-03-02T09:00:00' in JsonFormatter().format(record)


def test_a_name_without_an_account_is_not_written_down(tree, client, events, caplog):
    give_password(client, "mijn-wachtwoord-per-ongeluk", "geheim")

    assert [event["event"] for event in events()] == ["login_failed"]
    assert "per-ongeluk" not in caplog.text
    assert kept() == []


def test_denials_are_written_down_with_what_was_asked(an, client, events):
    give_password(client, "an")

    client.get("/beheer/users/")
    client.get("/beheer/users/", headers={"X-Requested-With": "XMLHttpRequest"})

    rows = ModelLogEntry.objects.filter(action="account.denied", user=an)
    assert [row.data["path"] for row in rows] == ["/beheer/users/"] * 2
    assert [event["event"] for event in events()].count("refused") == 2


def test_coming_in_is_no_refusal(an, client, events, required):
    with_phone(an)
    walk_in(an, NINE)

    assert "refused" not in [event["event"] for event in events()]
    assert kept(action="account.denied") == []


def test_publishing_and_changed_accounts_are_written_down(an, bo, tree, events):
    with_phone(bo)
    beheerder = walk_in(bo, NINE)
    item = make_news(tree)
    item.save_revision(user=bo).publish(user=bo)
    fields = {"username": "an", "email": an.email, "first_name": "An", "last_name": "Bos", "is_active": "on"}
    beheerder.post(f"/beheer/users/edit/{an.pk}/", fields)

    told = [(event["event"], event.get("user"), event.get("object", "").split(":")[-1]) for event in events()]
    assert ("wagtail.publish", bo.pk, str(item.pk)) in told
    assert ("wagtail.edit", bo.pk, str(an.pk)) in told


def test_no_password_code_or_key_is_written_down(an, client, caplog, required):
    caplog.set_level(logging.DEBUG)
    device = with_phone(an)
    codes = [code.replace(" ", "") for code in second_step.make_recovery_codes(an)]
    give_password(client, "an", "fout-geheim")
    give_password(client, "an")
    client.post(CODE, {"code": "918273"})
    client.post(CODE, {"code": codes[0]})

    secrets = ["fout-geheim", PASSWORD, "918273", codes[0], device.key]
    written = str(
        [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    )
    written += str(list(ModelLogEntry.objects.values_list("data", "label")))
    assert [secret for secret in secrets if secret in written] == []
    assert "account.recovery_code_used" in str(list(ModelLogEntry.objects.values_list("action", flat=True)))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_beheerder_takes_the_history_along(an, bo, client, form):
    give_password(client, "an")
    with_phone(bo)
    beheerder = walk_in(bo, NINE)

    answer = beheerder.get(f"/beheer/reports/site-history/?export={form}")

    content = answer.getvalue()
    assert answer.status_code == 200
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode())))
        assert ["an", "Inloggen"] in [[row[1], row[3]] for row in rows]
    else:
        assert content.startswith(b"PK")


def test_an_eindredacteur_does_not_see_who_logged_in(an, bo, client):
    give_password(client, "bo")
    give_password(client, "an")

    html = client.get("/beheer/reports/site-history/").content.decode()

    assert "Ingelogd" not in html
