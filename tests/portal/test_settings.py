"""Production stops at the start and names what is missing; the demo does not open itself to the world."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.environment import Environment

ROOT = Path(__file__).parent.parent.parent
PRODUCTION = {
    "MODE": "production",
    "SECRET_KEY": "k" * 30 + "abcdefghijklmnopqrstuvwxyz0123456789",
    "ALLOWED_HOSTS": "www.example.nl",
    "DATABASE_URL": "postgres://portal@127.0.0.1:1/portal",
}


def manage(*arguments, tmp_path, **variables):
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **variables}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_production_names_everything_that_is_missing(tmp_path):
    answer = manage("check", tmp_path=tmp_path)

    assert answer.returncode != 0
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"):
        assert name in answer.stderr


def test_production_passes_the_deployment_check(tmp_path):
    answer = manage("check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path, **PRODUCTION)

    assert answer.returncode == 0, answer.stderr


def test_production_never_answers_to_every_name(tmp_path):
    answer = manage("check", tmp_path=tmp_path, **{**PRODUCTION, "ALLOWED_HOSTS": "*"})

    assert answer.returncode != 0
    assert "ALLOWED_HOSTS=*" in answer.stderr


def test_a_secret_may_stand_in_a_file(tmp_path):
    path = tmp_path / "secret"
    path.write_text("uit een bestand\n")

    assert Environment({"SECRET_KEY_FILE": str(path)}).text("SECRET_KEY") == "uit een bestand"


def test_a_secret_file_that_is_gone_is_named():
    with pytest.raises(ImproperlyConfigured, match="/weg/secret"):
        Environment({"SECRET_KEY_FILE": "/weg/secret"}).text("SECRET_KEY")


@pytest.mark.parametrize(("name", "value"), [("DEBUG", "misschien"), ("PORT", "tien")])
def test_a_value_that_is_none_is_named(name, value):
    environment = Environment({name: value})
    read = environment.flag if name == "DEBUG" else lambda n: environment.number(n, 1)

    with pytest.raises(ImproperlyConfigured, match=name):
        read(name)


def test_the_manual_names_every_variable_that_the_settings_read_and_no_other():
    source = (ROOT / "portal" / "settings.py").read_text(encoding="utf-8")
    manual = (
        (ROOT / "docs" / "operate.md").read_text(encoding="utf-8").split("## Variables")[1].split("\n## ")[0]
    )
    rows = [line.split("|")[1] for line in manual.splitlines() if line.startswith("| `")]

    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}

    assert named == set(re.findall(r"""env\.\w+\(\s*["'](\w+)""", source))
