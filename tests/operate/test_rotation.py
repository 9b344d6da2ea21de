"""Which backups are kept, and when tonight's is made."""

import datetime

import pytest
import time_machine

from portal.operate import rotation
from portal.operate.backup import Taken

NIGHT = datetime.datetime(2026, 11, 2, 3, 30)


def test_a_year_of_nights_leaves_seven_days_four_weeks_and_twelve_months():
    nights = [NIGHT - datetime.timedelta(days=number) for number in range(500)]

    keep = sorted(rotation.kept(nights), reverse=True)

    assert keep[:7] == nights[:7]
    assert len({(m.year, m.month) for m in keep}) == 12
    assert len(keep) <= 7 + 4 + 12
    assert NIGHT - datetime.timedelta(days=400) not in keep


def test_few_backups_are_all_kept():
    nights = [NIGHT - datetime.timedelta(days=number) for number in (0, 3, 40)]

    assert rotation.kept(nights) == set(nights)


@pytest.fixture
def folder(settings, tmp_path, monkeypatch):
    settings.BACKUP_DIR, settings.BACKUP_RECIPIENT = str(tmp_path / "backups"), ""

    def take(path, recipient):
        path.write_text("x")
        return Taken(1, 1, 1, [])

    monkeypatch.setattr(rotation, "take_backup", take)
    return tmp_path / "backups"


def test_tonights_backup_is_made_once_and_only_when_its_hour_has_come(folder):
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, 30, tzinfo=datetime.UTC), tick=False):
        assert rotation.back_up_tonight() is None  # 02.30 in Amsterdam
    with time_machine.travel(datetime.datetime(2026, 11, 2, 2, 30, tzinfo=datetime.UTC), tick=False):
        made = rotation.back_up_tonight()
        again = rotation.back_up_tonight()

    assert made.name == "portal-20261102-0330.backup"
    assert again is None


def test_old_backups_go_and_other_files_stay(folder):
    folder.mkdir()
    for number in range(1, 60):
        day = NIGHT - datetime.timedelta(days=number)
        (folder / f"portal-{day:%Y%m%d-%H%M}.backup").write_text("x")
    (folder / "portal-mine.backup").write_text("mine")

    with time_machine.travel(datetime.datetime(2026, 11, 2, 2, 30, tzinfo=datetime.UTC), tick=False):
        rotation.back_up_tonight()

    left = {path.name for path in folder.iterdir()}
    assert "portal-mine.backup" in left
    assert len(left) <= 7 + 4 + 12 + 1


def test_the_timer_makes_it_earlier_and_the_worker_then_does_not(folder):
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, 30, tzinfo=datetime.UTC), tick=False):
        made = rotation.back_up_tonight(first_hour=0)
    with time_machine.travel(datetime.datetime(2026, 11, 2, 2, 30, tzinfo=datetime.UTC), tick=False):
        again = rotation.back_up_tonight()

    assert made.name == "portal-20261102-0230.backup"
    assert again is None


def test_without_a_folder_nothing_is_made(settings):
    settings.BACKUP_DIR = ""

    assert rotation.back_up_tonight() is None
