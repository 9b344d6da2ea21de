"""Import the list of items of an old site (see docs/import.md)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.content.inventory import NEW, Options, import_inventory
from portal.content.mistakes import ContentMistakes
from portal.management.importing import ProgressBar, add_import_arguments, find_user, print_mistakes


class Command(BaseCommand):
    help = "Import a list of items (.json or .csv). All or nothing; importing the same list twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--show-in-recent", action="store_true", help="show the items in ‘Recent toegevoegd’"
        )
        parser.add_argument(
            "--update", action="store_true", help="give pages that are there the values of the list"
        )
        parser.add_argument(
            "--host", action="append", default=[], help="a host of the old site; by default the most used"
        )
        add_import_arguments(parser)

    def handle(self, *args, file, dry_run, publish, show_in_recent, update, host, owner, **options):
        wishes = Options(is_live=publish, show_in_recent=show_in_recent, updates=update, hosts=host)
        bar = ProgressBar(self.stderr)
        try:
            report = import_inventory(file, wishes, find_user(owner), is_trial=dry_run, progress=bar)
        except ContentMistakes as error:
            print_mistakes(self.stderr, error, "row")
            raise CommandError(f"{len(error.mistakes)} wrong; nothing was imported.") from error
        finally:
            bar.finish()
        for row in report.rows:
            redirect = f"  <- {row.redirect}" if row.redirect else ""
            self.stdout.write(
                f"row {row.number}: {row.state:5}  {row.kind:17}  {row.address}{redirect}  {row.title}"
            )
            for note in row.notes:
                self.stdout.write(f"    {note}")
        for note in report.notes:
            self.stdout.write(note)
        new = sum(row.state == NEW for row in report.rows)
        changed = sum(report.outcome.updated.values()) - report.outcome.updated["redirect"]
        redirects = report.outcome.created["redirect"] + report.outcome.updated["redirect"]
        self.stdout.write(
            f"{len(report.rows)} rows: {new} new, {len(report.rows) - new} there already, {changed} updated; "
            f"{redirects} redirects written"
        )
        if dry_run:
            self.stdout.write("This was a dry run: nothing was changed.")
