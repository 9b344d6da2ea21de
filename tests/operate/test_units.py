"""The units that an administrator copies: that they name what is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from tests.operate.systemd_stand_in import Unit

OPERATE = Path(settings.BASE_DIR) / "docs" / "operate"
SERVICES = sorted(OPERATE.glob("*.service"))
APP = "/srv/portaal/app/"


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_runs_a_command_that_exists_as_an_ordinary_user(path):
    service = Unit(path)["Service"]
    words = service["ExecStart"].split()

    assert words[0].startswith(f"{APP}.venv/bin/")
    assert service["User"] == "portaal"
    assert service["WorkingDirectory"] == APP.rstrip("/")
    if words[0].endswith("python"):
        assert words[2] in get_commands()
    else:
        assert words[1:] == ["--config", "python:portal.server", "portal.wsgi"]


def test_what_a_service_needs_is_among_the_files():
    for path in OPERATE.glob("portaal*"):
        if path.suffix in (".service", ".timer", ".socket"):
            for name in re.findall(r"portaal-\w+\.\w+", path.read_text()):
                assert (OPERATE / name).exists(), name
    assert (OPERATE / "portaal-nightly.timer").stem == "portaal-nightly"
