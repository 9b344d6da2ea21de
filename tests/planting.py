"""Rows that take long to make are made once in a run, and copied from then on; afterwards the tables are swept."""

from collections.abc import Callable
from typing import NamedTuple

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from wagtail.models import Collection, Locale, Page, Site

#: What is made refers to these, or takes their place.
GROUND = (ContentType, Locale, Collection, Site, Page)


class Change(NamedTuple):
    """What happened to the table of a model: rows that are new or other than they were, and keys that are gone."""

    model: type
    columns: list[str]
    rows: list[tuple]
    gone: list[tuple]


_known: dict[object, list[Change]] = {}
#: What a migrated database has of itself, and no test is to change.
KEPT = (ContentType, Permission)
_kept: list[list[tuple]] = []


def plant(make: Callable[[], None]):
    """Do to an empty portal what `make` does to its rows, without all that `make` goes through.

    What it stands on must be the same again: with another number for a content type it is made anew.
    """
    ground = (
        make,
        *[tuple(model.objects.order_by("pk").values_list("pk", flat=True)) for model in GROUND],
    )
    with transaction.atomic(), connection.cursor() as cursor:
        if ground not in _known:
            before = _content(cursor)
            make()
            _known[ground] = list(_changes(before, _content(cursor)))
            return
        for change in _known[ground]:
            _repeat(cursor, change)
        # PostgreSQL does not see which numbers were given by hand; SQLite does, and has nothing to be told.
        for statement in connection.ops.sequence_reset_sql(no_style(), [c.model for c in _known[ground]]):
            cursor.execute(statement)


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
