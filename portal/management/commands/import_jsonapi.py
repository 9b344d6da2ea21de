"""Import saved JSON:API answers of a Drupal site (see docs/import.md)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.content.jsonapi.importing import import_answers
from portal.content.mistakes import ContentMistakes
from portal.management.importing import ProgressBar, add_import_arguments, find_user, print_mistakes


class Command(BaseCommand):
    help = "Import a folder of saved JSON:API answers. All or nothing; importing it twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--files", type=Path, help="the folder of images and documents; by default FOLDER/files"
        )
        parser.add_argument(
            "--mapping", type=Path, help="what types and terms are here; by default FOLDER/mapping.yml"
        )
        add_import_arguments(parser)

    def handle(self, *args, folder, files, mapping, dry_run, publish, owner, **options):
        bar = ProgressBar(self.stderr)
        try:
            report = import_answers(
                folder,
                find_user(owner),
                files=files,
                mapping=mapping,
                is_live=publish,
                is_trial=dry_run,
                progress=bar,
            )
        except ContentMistakes as error:
            print_mistakes(self.stderr, error, "line")
            raise CommandError(f"{len(error.mistakes)} wrong; nothing was imported.") from error
        finally:
            bar.finish()
        for page in report.pages:
            state = ("live" if page.is_live else "draft") if page.is_new else "there"
            old = f"  <- {', '.join(page.redirects)}" if page.redirects else ""
            self.stdout.write(f"{state:5}  {page.address}{old}  {page.title}")
            for note in page.notes:
                self.stdout.write(f"    {note}")
        for note in report.notes:
            self.stdout.write(note)
        new = sum(page.is_new for page in report.pages)
        redirects = report.outcome.created["redirect"] + report.outcome.updated["redirect"]
        there = len(report.pages) - new
        self.stdout.write(f"{new} new pages, {there} there already; {redirects} redirects written")
        if dry_run:
            self.stdout.write("This was a dry run: nothing was changed.")
