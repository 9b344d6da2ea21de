"""A backup: every row and every media file as they were at one moment, in one file, taken while people work."""

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from portal.operate import rows
from portal.operate.archive_file import FORMAT, writing
from portal.operate.media_snapshot import media_as_it_is, media_files, missing_files
from portal.operate.problems import OperatorError

MANIFEST, DATA, MEDIA = "manifest.json", "data/", "media/"
MOST_TRIES = 3
Say = Callable[[str], None]


@dataclass
class Taken:
    """What a backup holds."""

    rows: int
    files: int
    bytes: int
    missing: list[str]


def applied_migrations() -> list[str]:
    """The migrations of this database that this release knows, as `app.name`.

    After a way back to the release before, the database has more; rows are read and written by what the code knows.
    """
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    return sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations if (app, name) in loader.disk_migrations
    )


@contextlib.contextmanager
def _one_moment():
    """Everything read inside is as it was at the first read; nobody waits for it and it waits for nobody."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("COMMIT")


def _manifest() -> dict:
    return {
        "format": FORMAT,
        "taken_at": timezone.now().isoformat(),
        "database": connection.vendor,
        "migrations": applied_migrations(),
    }


def take_backup(
    path: Path, recipient: str = "", say: Say = lambda text: None, replace: bool = False
) -> Taken:
    """Write a backup to `path`, encrypted for an age `recipient` where one is given. Raises OperatorError.

    `replace` allows it where a file of that name is already.
    """
    if path.exists() and not replace:
        raise OperatorError(f"{path} is there already: give another name, or say --replace to lose that one.")
    with writing(path, recipient) as archive:
        tables = rows.tables()
        for _ in range(MOST_TRIES):
            with _one_moment():
                manifest = _manifest()  # the first read: from here on the database stands still
                with media_as_it_is() as media:
                    missing = missing_files(media, tables)
                    if missing and _ < MOST_TRIES - 1:
                        continue  # an editor deleted a file between the two moments: look again
                    return _write(archive, manifest, tables, media, missing, say)
    raise AssertionError("unreachable")


def _write(archive, manifest, tables, media: Path, missing, say: Say) -> Taken:
    archive.add_lines(MANIFEST, [json.dumps(manifest).encode()])
    count = 0
    for model in tables:
        name = model._meta.db_table
        count += archive.add_lines(f"{DATA}{name}.jsonl.gz", rows.dump(model))
    say(f"{count} rows of {len(tables)} tables")
    files, size, total = 0, 0, sum((media / path).stat().st_size for path in media_files(media))
    told = 0
    for path in media_files(media):
        archive.add_file(f"{MEDIA}{path.as_posix()}", media / path)
        files, size = files + 1, size + (media / path).stat().st_size
        if total and (percent := 100 * size // total) >= told + 10:
            told = percent
            say(f"media: {percent} %, {files} files")
    return Taken(count, files, size, missing)
