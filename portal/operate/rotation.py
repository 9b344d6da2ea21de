"""The nightly backup and which older ones are kept: 7 days, 4 weeks, 12 months."""

import datetime
import logging
import re
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from portal.operate.backup import take_backup

logger = logging.getLogger(__name__)

DAYS, WEEKS, MONTHS = 7, 4, 12
FIRST_HOUR = 3  # local time; from then on the worker makes the day's backup, where no timer has
_NAME = re.compile(r"portal-(\d{8}-\d{4})\.backup")


def backups(folder: Path) -> dict[datetime.datetime, Path]:
    """The backups of a folder by the local moment in their name, the newest first."""
    found = {}
    for path in folder.glob("portal-*.backup"):
        if match := _NAME.fullmatch(path.name):
            found[datetime.datetime.strptime(match[1], "%Y%m%d-%H%M")] = path
    return dict(sorted(found.items(), reverse=True))


def kept(moments: Iterable[datetime.datetime]) -> set[datetime.datetime]:
    """The moments to keep: the newest of each of the last days, weeks and months that have one."""
    keep: set[datetime.datetime] = set()
    ordered = sorted(moments, reverse=True)
    for most, period in (
        (DAYS, lambda m: m.date()),
        (WEEKS, lambda m: m.isocalendar()[:2]),
        (MONTHS, lambda m: (m.year, m.month)),
    ):
        seen: dict[object, datetime.datetime] = {}
        for moment in ordered:
            seen.setdefault(period(moment), moment)
        keep |= set(list(seen.values())[:most])
    return keep


def back_up_tonight(first_hour: int = FIRST_HOUR) -> Path | None:
    """Make today's backup when its hour has come and it is not there yet, then remove what is no longer kept."""
    if not settings.BACKUP_DIR:
        return None
    folder, now = Path(settings.BACKUP_DIR), timezone.localtime()
    present = backups(folder)
    if now.hour < first_hour or any(moment.date() == now.date() for moment in present):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    for draft in folder.glob(".portal-*.backup.part"):  # of one that was killed: there is only one at a time
        draft.unlink(missing_ok=True)
    path = folder / f"portal-{now:%Y%m%d-%H%M}.backup"
    taken = take_backup(path, settings.BACKUP_RECIPIENT)
    logger.info("Backup %s: %s rows, %s files", path.name, taken.rows, taken.files)
    present = backups(folder)
    keep = kept(present)
    for moment, old in present.items():
        if moment not in keep:
            old.unlink(missing_ok=True)
    return path
