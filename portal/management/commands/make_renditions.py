"""Make the pictures that readers need and that are not there yet, for every live page."""

from django.core.management.base import BaseCommand

from portal.pictures import live_pages, make_renditions, make_share_image


class Command(BaseCommand):
    help = "Maakt ontbrekende formaten van afbeeldingen voor alle pagina's die online staan."

    def handle(self, *args, verbosity, **options):
        made = sum(make_renditions(page) for page in live_pages()) + make_share_image()
        if verbosity:
            self.stdout.write(f"{made} afbeeldingen gemaakt")
