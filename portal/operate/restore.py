"""Bringing a backup back: checked as a whole first, then all of it or nothing."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from wagtail.models import Site

from portal import generation
from portal.operate import rows
from portal.operate.archive_file import FORMAT, lines_of, reading
from portal.operate.backup import DATA, MANIFEST, MEDIA, applied_migrations
from portal.operate.media_snapshot import RESTORE, keep_new, new_folder, put_in_place, recover
from portal.operate.present import what_is_here
from portal.operate.problems import OperatorError, room_in
from portal.work.locks import only_one_here

Say = Callable[[str], None]


@dataclass
class Restored:
    """What came back."""

    rows: int = 0
    files: int = 0


def _check_manifest(manifest: dict):
    if manifest.get("format", 0) > FORMAT:
        raise OperatorError("This backup was made by a newer release: install that release, then restore.")
    theirs, ours = set(manifest["migrations"]), set(applied_migrations())
    if newer := sorted(theirs - ours):
        raise OperatorError(
            f"This backup knows {newer[0]} (and {len(newer) - 1} more), which this database does not: "
            "install the release it was made with, run migrate, then restore."
        )
    if older := sorted(ours - theirs):
        raise OperatorError(
            f"This backup is of an older release (without {older[0]}): install that release in an empty database, "
            "restore there, then upgrade."
        )


def restore_backup(
    path: Path, identity: Path | None = None, replace: bool = False, say: Say = lambda text: None
) -> Restored:
    """Put the rows and media of a backup in place of what is here. Raises OperatorError with nothing changed.

    `replace` allows it where something is already that would be lost.
    """
    with only_one_here(RESTORE) as is_mine:
        if not is_mine:
            raise OperatorError("Another restore is at work: wait for it to end.")
        recover()
        if not replace and (present := what_is_here()):
            raise OperatorError(
                f"Not restored, because this would be lost: {present}. Restore into an empty database and an empty "
                "media folder, or say --replace to lose what is here."
            )
        fresh = new_folder()
        try:
            say("checking the file")
            with reading(path, identity) as members:
                restored = _restore(members, fresh, say)
        finally:
            recover()  # media follow the rows: the old ones go, or come back
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()
    generation.raise_now()
    say("making the search index")
    call_command("update_index", verbosity=0, chunk_size=100)  # a thousand at a time take 80 MB more
    return restored


def _restore(members, fresh: Path, say: Say) -> Restored:
    restored, tables = Restored(), {model._meta.db_table: model for model in rows.tables()}
    with transaction.atomic():
        generation.raise_on_commit()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        for name, content in members:
            if name == MANIFEST:
                _check_manifest(json.loads(b"".join(lines_of(content))))
                rows.empty(tables.values())
            elif name.startswith(DATA):
                table = name.removeprefix(DATA).removesuffix(".jsonl.gz")
                if table not in tables:
                    raise OperatorError(f"The table {table} of this backup does not exist here.")
                restored.rows += rows.load(tables[table], lines_of(content))
            elif name.startswith(MEDIA):
                _unpack(name.removeprefix(MEDIA), content, fresh)
                restored.files += 1
        rows.reset_sequences(list(tables.values()))
        connection.check_constraints()
        say(f"{restored.rows} rows, {restored.files} files")
        keep_new(put_in_place(fresh))
    return restored


def _unpack(name: str, content, fresh: Path):
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts:
        raise OperatorError(f"The backup names a file outside the media folder: {name}.")
    target = fresh / parts
    with room_in(fresh.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)
