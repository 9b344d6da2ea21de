"""Rows that take long to make are made once in a run, and copied from then on; afterwards the tables are swept."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from wagtail.models import Collection, Locale, Page, Site

from portal import chrome

#: What is made refers to these, or takes their place.
GROUND = (ContentType, Locale, Collection, Site, Page)


class Change(NamedTuple):
    """What happened to the table of a model: rows that are new or other than they were, and keys that are gone."""

    model: type
    columns: list[str]
    rows: list[tuple]
    gone: list[tuple]


_known: dict[object, tuple[list[Change], dict[Path, bytes]]] = {}
#: What a migrated database has of itself, and no test is to change.
KEPT = (ContentType, Permission)
_kept: list[list[tuple]] = []


def plant(make: Callable[..., None], *given):
    """Do to a portal what `make(*given)` does to its rows and files, without all that `make` goes through.

    What it stands on must be the same again: with another number for a content type, or other pages, it is
    made anew. What is given must follow from that.
    """
    ground = make, *map(_standing, GROUND)
    with transaction.atomic(), connection.cursor() as cursor:
        if ground not in _known:
            rows, files = _content(cursor), _files()
            make(*given)
            new = {path: content for path, content in _files().items() if path not in files}
            _known[ground] = list(_changes(rows, _content(cursor))), new
            return
        changes, files = _known[ground]
        for change in changes:
            _repeat(cursor, change)
        # PostgreSQL does not see which numbers were given by hand; SQLite does, and has nothing to be told.
        for statement in connection.ops.sequence_reset_sql(no_style(), [change.model for change in changes]):
            cursor.execute(statement)
        for path, content in files.items():
            _media(path).parent.mkdir(parents=True, exist_ok=True)
            _media(path).write_bytes(content)


def plant_on(tree: SimpleNamespace, make: Callable[..., None]):
    """Do to a tree what `make(tree)` does; its rooms are as the database has them then."""
    plant(make, tree)
    for room in vars(tree).values():
        room.refresh_from_db()
    chrome.forget()


def _standing(model) -> tuple:
    """Which rows of a model there are; of a tree in which place, and of pages what they are."""
    known = {field.attname for field in model._meta.concrete_fields} & {"path", "content_type_id"}
    return tuple(model.objects.order_by("pk").values_list("pk", *sorted(known)))


def _media(path: Path) -> Path:
    return Path(settings.MEDIA_ROOT) / path


def _files() -> dict[Path, bytes]:
    root = _media(Path())
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def tables() -> list[type]:
    """Every model with a table of its own; that of SQLite's words is filled by triggers."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and not model._meta.db_table.endswith("_fts")]


def _content(cursor) -> dict[type, tuple[list[str], dict[object, tuple]]]:
    """Columns and rows of every table; rows by their key."""
    found = {}
    for model in tables():
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
        columns = [column[0] for column in cursor.description]
        place = columns.index(model._meta.pk.column)
        found[model] = columns, {row[place]: row for row in cursor.fetchall()}
    return found


def _changes(before: dict, after: dict):
    for model, (columns, rows) in after.items():
        _, old = before[model]
        new = [row for key, row in rows.items() if old.get(key) != row]
        gone = [(key,) for key in old if key not in rows]
        if new or gone:
            yield Change(model, columns, new, gone)


def _repeat(cursor, change: Change):
    quote = connection.ops.quote_name
    table, key = quote(change.model._meta.db_table), quote(change.model._meta.pk.column)
    if change.gone:
        cursor.executemany(f"DELETE FROM {table} WHERE {key} = %s", change.gone)
    names = [quote(column) for column in change.columns]
    cursor.executemany(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"
        f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in names)}",
        change.rows,
    )


def keep():
    """Remember what every test finds from now on."""
    _kept[:] = _kept_now()


def _kept_now() -> list[list[tuple]]:
    return [list(model.objects.order_by("pk").values_list()) for model in KEPT]


def sweep():
    """Empty the database after a test that committed, but for content types and permissions.

    Django makes those anew, under other numbers, which takes most of its time; and PostgreSQL empties a hundred tables
    more slowly than it deletes the rows that are there. What a test did to what is kept is mended in Django's way.
    """
    if _kept_now() != _kept:
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
        keep()
        return
    kept = {model._meta.db_table for model in KEPT}
    there = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        for table in sorted(set(there) - kept):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
