from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.operate.problems import OperatorError
from portal.operate.restore import restore_backup
from portal.operate.trial import try_restore


class Command(BaseCommand):
    help = "Put the rows and media of a backup back: checked as a whole first, then all of it or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, help="file with the age key, for an encrypted backup")
        parser.add_argument("--replace", action="store_true", help="lose what is here now")
        parser.add_argument(
            "--test", action="store_true", help="try it in a temporary folder; nothing here changes"
        )

    def handle(self, *, file, identity, replace, test, **options):
        try:
            if test:
                try_restore(file, identity)
                self.stdout.write(self.style.SUCCESS(f"{file}: whole, and it can be restored"))
                return
            restored = restore_backup(file, identity, replace, say=self.stdout.write)
        except OperatorError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            self.style.SUCCESS(f"{file}: {restored.rows} rows and {restored.files} files are back")
        )
