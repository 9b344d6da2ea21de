import datetime
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from portal.operate.problems import OperatorError
from portal.operate.rotation import back_up_tonight, backups
from portal.operate.trial import last_test_restore, try_restore
from portal.work.locks import only_one

BETWEEN_TESTS = datetime.timedelta(days=6)


class Command(BaseCommand):
    help = "Each night: back up, once a week try that backup, and say what is wrong; exit status 1 when something is."
    requires_system_checks = []

    def handle(self, **options):
        has_failed = False
        for step in (self.back_up, self.try_backup):
            try:
                step()
            except (OperatorError, DatabaseError) as error:
                has_failed = True
                self.stderr.write(self.style.ERROR(str(error)))
        try:
            call_command("doctor", quiet=True, stdout=self.stdout)
        except SystemExit as ended:
            has_failed |= bool(ended.code)
        sys.exit(1 if has_failed else 0)

    def back_up(self):
        """The backup of today, unless it is there already or being made."""
        with only_one("backup") as is_mine:
            path = back_up_tonight(first_hour=0) if is_mine else None
        if path:
            self.stdout.write(f"{path.name} is made.")

    def try_backup(self):
        """Restore the newest one where it does no harm; an encrypted one cannot be tried here, without its key."""
        if not settings.BACKUP_DIR or settings.BACKUP_RECIPIENT:
            return
        tested = last_test_restore()
        newest = next(iter(backups(Path(settings.BACKUP_DIR)).values()), None)
        if newest and (tested is None or timezone.now() - tested > BETWEEN_TESTS):
            try_restore(newest)
            self.stdout.write(f"{newest.name} is whole, and it can be restored.")
