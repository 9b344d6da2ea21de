"""From nothing to a site: for production with setup_site, for a look with run_demo."""

import os
import socket
import subprocess
import sys

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from wagtail.models import GroupPagePermission, Page, Site, Workflow

from portal.accounts.people import CHIEF_EDITOR, WRITER
from portal.management.commands.run_demo import Command
from portal.models import ContentPage, HomePage, Municipality
from tests.conftest import make_roots

PASSWORD = "zeven-stoelen-op-een-rij"


@pytest.fixture
def empty(db, monkeypatch):
    """A database as `migrate` leaves it."""
    make_roots()
    Site.objects.all().delete()
    monkeypatch.setenv("EERSTE_WACHTWOORD", PASSWORD)


def set_up():
    call_command("setup_site", username="beheer", email="b@example.org", password_env="EERSTE_WACHTWOORD")


def test_an_empty_site_gets_its_rooms_groups_workflow_and_first_beheerder(client, empty):
    set_up()

    assert client.get("/").status_code == 200
    assert client.get("/aan-de-slag-met/participatie/uitdaagrecht/").status_code == 200
    assert not ContentPage.objects.exists()
    assert Municipality.objects.current().count() == 342
    assert set(Group.objects.values_list("name", flat=True)) == {WRITER, CHIEF_EDITOR}
    assert Workflow.objects.count() == 1
    assert User.objects.get(username="beheer").check_password(PASSWORD)
    assert Site.objects.get().root_page_id == HomePage.objects.get().pk


def test_a_second_time_changes_no_page_and_no_account(empty):
    set_up()
    home = HomePage.objects.get()
    home.title = "Zelf gekozen"
    home.save()
    before = list(Page.objects.order_by("pk").values())

    set_up()

    assert list(Page.objects.order_by("pk").values()) == before
    assert User.objects.count() == 1
    assert Workflow.objects.count() == 1


def test_a_weak_password_makes_nothing(empty, monkeypatch):
    monkeypatch.setenv("EERSTE_WACHTWOORD", "welkom")

    with pytest.raises(CommandError, match="will not do"):
        set_up()

    assert not User.objects.exists()
    assert not HomePage.objects.exists()


def test_a_writer_cannot_publish_and_a_chief_editor_can(empty):
    set_up()

    def may(group):
        return set(
            GroupPagePermission.objects.filter(group__name=group).values_list(
                "permission__codename", flat=True
            )
        )

    assert may(WRITER) == {"add_page", "change_page"}
    assert "publish_page" in may(CHIEF_EDITOR)


def run_demo(tmp_path, *arguments, **variables):
    environment = {
        "PATH": os.environ["PATH"],
        "MODE": "demo",
        "DATA_DIR": str(tmp_path / "data"),
        **variables,
    }
    return subprocess.run(
        [sys.executable, "manage.py", "run_demo", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_port_that_is_taken_is_told_in_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = run_demo(tmp_path, "--port", str(taken.getsockname()[1]))

    assert answer.returncode != 0
    assert "is niet vrij" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_demo_does_not_open_itself_to_the_world(tmp_path):
    answer = run_demo(tmp_path, "--host", "0.0.0.0")  # noqa: S104

    assert answer.returncode != 0
    assert "DEMO_PUBLIC=1" in answer.stderr


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path):
    (tmp_path / "data").write_text("een bestand, geen map")

    answer = run_demo(tmp_path)

    assert answer.returncode != 0
    assert "niet schrijfbaar" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.fixture
def demo(tree, settings):
    """A demo that was filled for this machine only."""
    settings.MODE = "demo"
    command = Command()
    command.make_people()
    return command


def test_a_demo_for_this_machine_shows_the_passwords_everyone_knows_each_time(demo):
    assert demo.fill() == {name: f"{name}-demo" for name in ("redacteur", "eindredacteur", "beheerder")}
    assert User.objects.get(username="redacteur").check_password("redacteur-demo")


def test_a_demo_that_goes_public_gets_random_passwords_that_are_shown_once(demo, settings):
    settings.IS_PUBLIC_DEMO = True

    first, second = demo.fill(), demo.fill()

    assert second == {}
    assert len(set(first.values())) == 3
    for name, password in first.items():
        assert User.objects.get(username=name).check_password(password)
        assert not User.objects.get(username=name).check_password(f"{name}-demo")


def test_a_demo_that_was_public_does_not_show_passwords_that_are_not_true_any_more(demo, settings):
    settings.IS_PUBLIC_DEMO = True
    demo.fill()
    settings.IS_PUBLIC_DEMO = False

    assert demo.fill() == {}
