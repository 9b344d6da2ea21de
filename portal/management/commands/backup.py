from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.operate.backup import take_backup
from portal.operate.problems import OperatorError


class Command(BaseCommand):
    help = "Write every row and every media file, as they are now, to one checked file; people can go on working."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--recipient", default="", help="age public key (age1…): the file is encrypted for it"
        )
        parser.add_argument("--replace", action="store_true", help="lose the file of that name")

    def handle(self, *, file, recipient, replace, **options):
        try:
            taken = take_backup(file, recipient, self.stdout.write, replace)
        except OperatorError as error:
            raise CommandError(str(error)) from error
        for name in taken.missing:
            self.stderr.write(f"missing before the backup began: {name}")
        size = file.stat().st_size / 1_000_000
        self.stdout.write(
            self.style.SUCCESS(f"{file}: {taken.rows} rows, {taken.files} files, {size:.1f} MB")
        )
