"""The container files name what is there; no engine is needed to see that."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
OPERATE = ROOT / "docs" / "operate"
COMPOSE = yaml.safe_load((OPERATE / "compose.yaml").read_text())
CONTAINERFILE = (OPERATE / "Containerfile").read_text()


def test_compose_sets_only_variables_that_the_portal_reads():
    known = set(re.findall(r"env\.\w+\(\s*[\"'](\w+)", (ROOT / "portal" / "settings.py").read_text()))

    for name in ("setup", "web", "worker", "nightly"):
        assert {key.removesuffix("_FILE") for key in COMPOSE["services"][name]["environment"]} <= known


def test_no_service_may_write_its_root_or_gain_rights():
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    assert "USER 10001:10001" in CONTAINERFILE.split("FROM ")[-1]
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["nginx"]


def test_hadolint_has_no_remark():
    judged = subprocess.run(
        [Path(sys.executable).parent / "hadolint", OPERATE / "Containerfile"], capture_output=True, text=True
    )

    assert (judged.returncode, judged.stdout) == (0, "")


def test_every_secret_comes_from_a_file():
    text = (OPERATE / "compose.yaml").read_text()

    assert not re.search(r"(?:PASSWORD|SECRET_KEY|DATABASE_URL):", text)
    assert set(COMPOSE["secrets"]) == {*("secret_key", "database_password", "database_url", "mail_password")}
    for name in ("setup", "web", "worker", "nightly"):
        files = {
            place.removeprefix("/run/secrets/")
            for variable, place in COMPOSE["services"][name]["environment"].items()
            if variable.endswith("_FILE")
        }
        assert files == set(COMPOSE["services"][name]["secrets"]), name


def test_what_a_server_sets_in_its_settings_is_set_in_the_containers_without_editing_the_file():
    """compose lets `environment` win from `env_file`: what stands there can be set nowhere else."""
    for name in ("setup", "web", "worker", "nightly"):
        service = COMPOSE["services"][name]

        assert service["env_file"] == ".env"
        assert not {"MAIL_HOST", "MAIL_FROM", "BACKUP_RECIPIENT", "SECURITY_CONTACT"} & set(
            service["environment"]
        )


@pytest.mark.parametrize(("status", "is_wrong"), [(0, False), (1, True)])
def test_each_night_is_as_on_a_server_and_a_bad_one_shows(tmp_path, status, is_wrong):
    service = COMPOSE["services"]["nightly"]
    *looks, place = service["healthcheck"]["test"]
    wrong = tmp_path / "wrong"
    (wrong if status == 0 else tmp_path / "other").touch()
    for name, text in {
        "sleep": f'echo "$@" >> {tmp_path}/slept; [ "$(wc -l < {tmp_path}/slept)" = 1 ]',
        "python": f'echo "$@" > {tmp_path}/asked; exit {status}',
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)

    subprocess.run(
        [word.replace("$$", "$").replace(place, str(wrong)) for word in service["command"]],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )

    assert (tmp_path / "asked").read_text().split()[1] == "nightly"
    assert 0 < int((tmp_path / "slept").read_text().split()[0]) <= 2 * 86400
    assert wrong.exists() is is_wrong
    assert looks == ["CMD", "test", "!", "-e"]


def test_the_image_holds_every_room_and_the_worker_runs_a_command_that_exists():
    copied = set(re.findall(r"^COPY (\S+)", CONTAINERFILE, flags=re.MULTILINE))

    assert {"manage.py", "portal", "themes", "knowledgebase", "news", "templates", "static"} <= copied
    assert COMPOSE["services"]["worker"]["command"][2] in get_commands()
    for name in copied - {"--from=build"}:
        assert f"!{name}" in (ROOT / ".dockerignore").read_text()


def test_the_servers_nginx_fits_the_containers_once_its_names_are_changed():
    script = COMPOSE["services"]["nginx"]["command"][2].split("/portal.conf >")[0].replace("$$", "$")

    done = subprocess.run(
        ["sh", "-c", f"{script} {OPERATE / 'nginx.conf'}"],
        env={"PORTAL_HOST": "portaal.gemeente.nl", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )

    for gone in ("/srv/", "127.0.0.1", "letsencrypt/live", "brotli_static", "portal.example.nl", "/var/log"):
        assert not re.search(rf"^[^#]*{re.escape(gone)}", done.stdout, flags=re.MULTILINE), gone
    assert re.search(
        r"zone portal 64k; resolver \S+ valid=2s; server web:8000 resolve fail_timeout", done.stdout
    )
    assert not re.search(r"listen[^;]*http2", done.stdout)
    assert "\n    http2 on;" in done.stdout
    assert "ssl_certificate     /certificates/fullchain.pem" in done.stdout
