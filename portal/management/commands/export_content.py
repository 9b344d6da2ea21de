"""Write the site as a folder of content files (see docs/content.md)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.content.exporting import CannotExport, export_content


class Command(BaseCommand):
    help = "Write the whole site as a folder of content files, which load_content reads. All or nothing."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--replace", action="store_true", help="write over an earlier export")

    def handle(self, *args, folder, replace, **options):
        try:
            export = export_content(folder, replaces=replace)
        except CannotExport as error:
            raise CommandError(str(error)) from error
        for remark in export.remarks:
            self.stderr.write(remark)
        for kind, number in sorted(export.written.items()):
            self.stdout.write(f"{kind}: {number}")
        self.stdout.write(self.style.SUCCESS(f"The site is written to {folder}."))
