"""The container files name what is there; no engine is needed to see that."""

import re
import subprocess
import sys
from pathlib import Path

import yaml
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
OPERATE = ROOT / "docs" / "operate"
COMPOSE = yaml.safe_load((OPERATE / "compose.yaml").read_text())
CONTAINERFILE = (OPERATE / "Containerfile").read_text()


def test_compose_sets_only_variables_that_the_portal_reads():
    known = set(re.findall(r"env\.\w+\(\s*[\"'](\w+)", (ROOT / "portal" / "settings.py").read_text()))

    for name in ("setup", "web", "worker"):
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
    assert set(COMPOSE["secrets"]) == {"secret_key", "database_password", "database_url"}


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
    assert "server web:8000" in done.stdout
    assert "ssl_certificate     /certificates/fullchain.pem" in done.stdout
