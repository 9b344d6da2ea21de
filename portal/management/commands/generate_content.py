"""Fill the site with generated items, or take them away again."""

import time

from django.core.management.base import BaseCommand, CommandError

from portal.content.generated.ground import NoGround
from portal.content.generated.loading import MOST_SEED, OtherItems, generate
from portal.content.generated.removing import remove


class Command(BaseCommand):
    help = (
        "Make invented items, all marked as an example, until there are N; the same seed makes the same items. "
        "With --remove take exactly these away. Meant for measuring: the texts say nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("count", type=int, nargs="?", metavar="N")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--remove", action="store_true", help="take all generated items away")

    def handle(self, *, count, seed, **options):
        started = time.monotonic()
        if options["remove"]:
            if count is not None:
                raise CommandError("Give a number of items or --remove, not both.")
            self.stdout.write(f"{remove(self.show)} items removed in {time.monotonic() - started:.0f} s.")
            return
        if count is None or count < 1:
            raise CommandError("Say how many items there must be, e.g. `manage.py generate_content 10000`.")
        if not 0 <= seed <= MOST_SEED:
            raise CommandError(f"A seed is a number from 0 to {MOST_SEED}.")
        try:
            made = generate(count, seed, self.show)
        except (NoGround, OtherItems) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made} items made in {time.monotonic() - started:.0f} s; there are {count}.")

    def show(self, done: int):
        """How far it is, on one line of a terminal."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} ", ending="")
