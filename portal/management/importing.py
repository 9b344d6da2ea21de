"""What the import commands share: their options, how they name what is wrong, and a bar that shows how far they are."""

import sys

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from portal.content.mistakes import ContentMistakes

WIDTH = 40


def add_import_arguments(parser):
    parser.add_argument("--dry-run", action="store_true", help="check and report everything, change nothing")
    parser.add_argument(
        "--publish", action="store_true", help="publish new pages; without it they are drafts"
    )
    parser.add_argument("--owner", metavar="USERNAME", help="the account that new pages belong to")


def find_user(username: str | None):
    """The account of that name, or None for no name. Raises CommandError when there is none."""
    user = get_user_model().objects.filter(username=username).first() if username else None
    if username and user is None:
        raise CommandError(f"There is no account named {username}.")
    return user


def print_mistakes(stream, error: ContentMistakes, unit: str):
    """Every mistake with its file and its row or line; 0 is the file as a whole."""
    for mistake in error.mistakes:
        place = f"{mistake.file}, {unit} {mistake.line}" if mistake.line else mistake.file
        stream.write(f"{place}: {mistake.reason}")


class ProgressBar:
    """Shows on a terminal how far a long import is; says nothing elsewhere."""

    def __init__(self, stream):
        self.stream, self.shown = stream, -1
        self.is_seen = getattr(stream, "isatty", lambda: False)()

    def __call__(self, done: int, total: int):
        percent = 100 * done // total if total else 100
        if self.is_seen and percent != self.shown:
            self.shown = percent
            filled = WIDTH * percent // 100
            sys.stderr.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {percent:3} %")
            sys.stderr.flush()

    def finish(self):
        if self.shown >= 0:
            sys.stderr.write("\n")
