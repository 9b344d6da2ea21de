"""Load a folder of content files (see docs/content.md) into the site."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from portal.content.loading import load_content
from portal.content.mistakes import ContentMistakes


class Command(BaseCommand):
    help = "Load a folder of content files. All or nothing; loading the same folder twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--owner", metavar="USERNAME", help="the account that new pages belong to")

    def handle(self, *args, folder, owner, verbosity, **options):
        user = None
        if owner:
            user = get_user_model().objects.filter(username=owner).first()
            if user is None:
                raise CommandError(f"There is no account named {owner}.")
        try:
            outcome = load_content(folder, user)
        except ContentMistakes as error:
            for mistake in error.mistakes:
                self.stderr.write(str(mistake))
            count = len(error.mistakes)
            noun = "mistake" if count == 1 else "mistakes"
            raise CommandError(f"{count} {noun} found; nothing was loaded.") from error
        if not verbosity:
            return
        for kind in sorted({*outcome.created, *outcome.updated, *outcome.unchanged}):
            self.stdout.write(
                f"{kind}: {outcome.created[kind]} created, {outcome.updated[kind]} updated, "
                f"{outcome.unchanged[kind]} unchanged"
            )
