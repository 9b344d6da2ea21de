"""Load the municipalities of the Netherlands and those that ended since 2014."""

from django.core.management.base import BaseCommand

from portal.content.municipalities import load_municipalities


class Command(BaseCommand):
    help = "Load all municipalities and their mergers. Run it as often as you like: it changes only what differs."

    def handle(self, *args, verbosity, **options):
        outcome = load_municipalities()
        if not verbosity:
            return
        self.stdout.write(
            f"Municipalities: {outcome.current} of today, {outcome.ended} that ended; "
            f"{outcome.created} created, {outcome.updated} updated, {outcome.unchanged} unchanged."
        )
