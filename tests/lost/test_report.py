"""The editors' report of addresses that lead nowhere: bounded, and without anything of who asked."""

import datetime

import pytest
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from portal import spool
from portal.accounts.people import CHIEF_EDITOR, WRITER, make_user, set_up_groups
from portal.lost import report_writing
from portal.lost.models import LostAddress
from portal.work import jobs
from tests.factories import make_article

NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)


def log_in(client, tree, group):
    set_up_groups(tree.home)
    user = make_user(group.lower(), "een-heel-lang-wachtwoord", group=group)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def report() -> dict[str, int]:
    report_writing.collect()
    return dict(LostAddress.objects.values_list("path", "count"))


def test_lost_addresses_are_counted(client, tree):
    for address in ("/oud/rapport", "/oud/rapport/", "/Oud/Rapport?x=1", "/anders.html"):
        client.get(address)

    assert report() == {"/oud/rapport": 3, "/anders.html": 1}

    client.get("/oud/rapport")

    assert report() == {"/oud/rapport": 4, "/anders.html": 1}


def test_what_leads_somewhere_or_is_a_probe_is_not_counted(client, tree):
    Redirect.add_redirect("/oud", tree.over)
    for address in ("/oud", "/de-raad", "/wp-login.php", "/beheer/weg/", "/over/", "/static/weg.css"):
        client.get(address)

    assert report() == {}


@pytest.mark.parametrize(
    "address", ["/jan@example.org", "/wie/jan%40example.org", "/bel/0612345678", "/" + "a-" * 120]
)
def test_what_may_name_a_person_is_not_kept(client, tree, address):
    client.get(address)

    assert report() == {}


def test_nothing_of_who_asked_is_kept(client, tree, tmp_path):
    client.get(
        "/weg?email=jan@example.org",
        REMOTE_ADDR="203.0.113.9",
        HTTP_USER_AGENT="Mijn browser",
        HTTP_REFERER="https://zoekmachine.example/?q=jan",
        HTTP_COOKIE="sessie=geheim",
    )
    written = (tmp_path / "spool" / "lost.jsonl").read_text()
    report_writing.collect()

    assert written == '{"path":"/weg","on":""}\n'
    assert LostAddress.objects.get().referrer == ""


def test_the_page_of_ours_that_holds_the_link_is_kept(client, tree):
    client.get("/weg", HTTP_REFERER="http://testserver/over/?ik=jan")

    report_writing.collect()

    assert LostAddress.objects.get().referrer == "/over"


def test_a_request_never_fails_on_the_report(client, tree, tmp_path):
    (tmp_path / "spool").write_text("not a folder")

    assert client.get("/weg").status_code == 404


def test_the_table_stays_small_and_forgets(tree, monkeypatch):
    monkeypatch.setattr(report_writing, "MOST_ROWS", 3)
    monkeypatch.setattr(report_writing.timezone, "now", lambda: NOW)
    for number, days in enumerate([0, 1, 2, 3, 91]):
        moment = NOW - datetime.timedelta(days=days)
        LostAddress.objects.create(
            path=f"/{number}", count=10 * days, first_seen_at=moment, last_seen_at=moment
        )

    report_writing.trim()

    assert set(LostAddress.objects.values_list("path", flat=True)) == {"/1", "/2", "/3"}


def test_the_worker_collects(tree):
    spool.leave("lost", {"path": "/weg", "on": ""})

    jobs.work_once({})

    assert LostAddress.objects.get().path == "/weg"


def test_an_editor_makes_a_redirect_with_one_click(client, tree):
    article = make_article(tree, title="Alles over uitdaagrecht")
    log_in(client, tree, CHIEF_EDITOR)
    client.get("/oud/uitdaagrecht")
    report_writing.collect()
    row = LostAddress.objects.get()

    listing = client.get(reverse("lost:report")).content.decode()
    form = client.get(reverse("lost:redirect", args=[row.pk])).context["form"]
    client.post(
        reverse("wagtailredirects:add"),
        {
            "old_path": form.initial["old_path"],
            "redirect_page": form.initial["redirect_page"],
            "is_permanent": "on",
        },
    )

    assert "/oud/uitdaagrecht" in listing
    assert reverse("lost:redirect", args=[row.pk]) in listing
    assert client.get("/oud/uitdaagrecht")["Location"] == article.url
    assert not LostAddress.objects.exists()


def test_the_report_can_be_sorted_searched_and_exported(client, tree):
    log_in(client, tree, CHIEF_EDITOR)
    LostAddress.objects.create(path="/weg", count=3, first_seen_at=NOW, last_seen_at=NOW)

    for query in ({}, {"ordering": "path"}, {"ordering": "-last_seen_at"}, {"export": "csv"}, {"p": "9"}):
        assert client.get(reverse("lost:report"), query).status_code == 200
    assert client.get(reverse("lost:report_results")).status_code == 200


def test_a_row_that_is_gone_gives_an_empty_form(client, tree):
    log_in(client, tree, CHIEF_EDITOR)

    assert client.get(reverse("lost:redirect", args=[9])).status_code == 200


def test_who_may_not_make_redirects_does_not_see_the_report(client, tree):
    log_in(client, tree, WRITER)

    assert client.get(reverse("lost:report")).status_code in (302, 403)
    assert reverse("lost:report") not in client.get("/beheer/").content.decode()
