import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.cache.warming import Warmer


class Command(BaseCommand):
    help = "Make the copies of every page of the sitemap, so that readers have them whatever happens next."

    def handle(self, *args, **options):
        if not settings.PAGE_CACHE:
            raise CommandError("The page cache is off (PAGE_CACHE=0): there is nothing to warm.")
        began = time.monotonic()
        warmer = Warmer()
        warmer.begin()
        made, failed = warmer.work()
        warmer.sweep()
        self.stdout.write(f"{made} copies are ready ({time.monotonic() - began:.0f} s).")
        if failed:
            raise CommandError(f"{failed} pages could not be made: see the log, and run this again.")
