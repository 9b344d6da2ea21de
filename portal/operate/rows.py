"""Every row of the database as lines of JSON, and back: the same lines for SQLite and PostgreSQL.

Rows go by table, not by object: a page of three tables is three lines. The search index and what else is derived from
the pages are left out (each database has its own index) and made anew after a restore.
"""

import datetime
import decimal
import json
import uuid
from collections.abc import Iterable, Iterator
from types import SimpleNamespace

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

LEFT_OUT = {"wagtailsearch"}
ROWS_AT_ONCE = 100


def tables() -> list[type[models.Model]]:
    """Every model with a table of its own whose rows belong in a backup, by the name of the table."""
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and not model._meta.swapped
        and model._meta.app_label not in LEFT_OUT
        and not getattr(model, "is_derived", False)
        and model._meta.local_concrete_fields
    }
    present = set(connection.introspection.table_names())
    return [found[name] for name in sorted(found) if name in present]


def _plain(value):
    """A value as JSON can hold it without loss."""
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (uuid.UUID, decimal.Decimal)):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in a backup")


def _value(field: models.Field, holder: SimpleNamespace):
    value = getattr(holder, field.attname)
    if value is None or isinstance(value, (bool, int, float, datetime.date, datetime.time)):
        return value
    return field.value_to_string(holder)


def dump(model: type[models.Model]) -> Iterator[bytes]:
    """Each row of a table as one line, in the order of its key."""
    fields = model._meta.local_concrete_fields
    names = [field.attname for field in fields]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        holder = SimpleNamespace(**dict(zip(names, row, strict=True)))
        record = {field.attname: _value(field, holder) for field in fields}
        yield json.dumps(record, ensure_ascii=False, default=_plain, separators=(",", ":")).encode() + b"\n"


def empty(models_: Iterable[type[models.Model]]):
    """Take every row out of these tables, and out of the search index."""
    from wagtail.search.models import IndexEntry

    derived = [model for model in apps.get_models() if getattr(model, "is_derived", False)]
    names = [model._meta.db_table for model in (IndexEntry, *derived, *models_)]
    statements = connection.ops.sql_flush(no_style(), names, reset_sequences=True, allow_cascade=True)
    with transaction.atomic(), connection.cursor() as cursor:  # as one: tables name each other
        for statement in statements:
            cursor.execute(statement)


def _read(model: type[models.Model], line: bytes) -> SimpleNamespace:
    record = json.loads(line)
    return SimpleNamespace(
        **{
            field.attname: (field.target_field if field.remote_field else field).to_python(
                record[field.attname]
            )
            for field in model._meta.local_concrete_fields
        }
    )


def load(model: type[models.Model], lines: Iterable[bytes]) -> int:
    """Write rows as they were, keys included; how many. Nothing else happens: no signal, no default."""
    fields, waiting, count = model._meta.local_concrete_fields, [], 0

    def write():
        if waiting:
            model._base_manager._insert(waiting, fields=fields, using=connection.alias, raw=True)
            waiting.clear()

    most = max(1, min(ROWS_AT_ONCE, connection.ops.bulk_batch_size(fields, [None] * ROWS_AT_ONCE)))
    for line in lines:
        waiting.append(_read(model, line))
        count += 1
        if len(waiting) >= most:
            write()
    write()
    return count


def reset_sequences(models_: list[type[models.Model]]):
    """Let new rows get keys after those that were loaded."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models_):
            cursor.execute(statement)
