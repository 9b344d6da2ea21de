"""The night: a backup, now and then a try of it, and the doctor's word as exit status."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError

from portal.management.commands import nightly
from portal.operate.problems import OperatorError
from portal.operate.trial import last_test_restore

pytestmark = pytest.mark.django_db(transaction=True)  # a backup reads in a transaction of its own


@pytest.fixture
def night(tree, settings, tmp_path, monkeypatch):
    """A portal that backs up to a folder; the doctor finds nothing wrong but what the test lets go wrong."""
    settings.BACKUP_DIR, settings.MEDIA_ROOT = str(tmp_path / "backups"), str(tmp_path / "media")
    monkeypatch.setattr("portal.operate.doctor.CHECKS", [])

    def run() -> int:
        with pytest.raises(SystemExit) as ended:
            call_command("nightly")
        return ended.value.code

    return run


def test_a_night_leaves_a_backup_that_was_tried_and_a_second_run_does_nothing(night, settings, capsys):
    assert night() == 0

    assert len(list(Path(settings.BACKUP_DIR).glob("portal-*.backup"))) == 1
    assert last_test_restore() is not None
    assert "can be restored" in capsys.readouterr().out
    assert night() == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("kind", [OperatorError, OperationalError])
def test_a_backup_that_fails_is_told_and_the_doctor_still_comes(night, monkeypatch, capsys, kind):
    def fail(**options):
        raise kind("The backup could not be written: No space left on device.")

    monkeypatch.setattr(nightly, "back_up_tonight", fail)

    assert night() == 1
    assert "No space left" in capsys.readouterr().err
