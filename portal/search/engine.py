"""Matching and ranking in SQL, as far as both databases do it alike.

Keys are letters and digits only and always go as parameters: no text of a reader becomes part of a statement.
"""

from collections.abc import Collection

from django.db import connections
from django.db.models.expressions import Func, Value
from django.utils import timezone
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.search.models import IndexEntry

from portal.models import ContentPage
from portal.search.query import Group, Query
from portal.selection.shelf import Shelf

TABLE = IndexEntry._meta.db_table
#: A search with more matches than this is broad: they are not all scored by all their words.
BROAD = 1_000
#: The primary key of what an entry is of.
ID = "CAST(entry.object_id AS integer)"


class IdList(Func):
    """Many primary keys as one parameter of a statement, for `pk__in`."""

    def __init__(self, ids: list[int]):
        self.ids = ids
        super().__init__(Value(""))

    @property
    def subquery(self):
        return True

    def as_sql(self, compiler, connection, **context):
        return engine_of(connection.alias).id_list(self.ids)


def types_of(model) -> list[int]:
    """The content types of a model and of what inherits from it."""
    return sorted(get_descendants_content_types_pks(model))


def marks(values) -> str:
    """A place in a statement for each value."""
    return ", ".join(["%s"] * len(values))


class Engine:
    """One database's way of matching the index; see portal.search.sqlite and portal.search.postgres."""

    def __init__(self, alias: str):
        self.alias = alias

    @property
    def connection(self):
        return connections[self.alias]

    def rows(self, sql: str, params) -> list[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    # What each database writes in its own way.

    def phrase(self, keys: tuple[str, ...]) -> str:
        """Keys that follow each other."""
        raise NotImplementedError

    def both(self, expressions: list[str]) -> str:
        raise NotImplementedError

    def either(self, expressions: list[str]) -> str:
        raise NotImplementedError

    def without(self, expression: str, excluded: str) -> str:
        raise NotImplementedError

    def id_list(self, ids: list[int]) -> tuple[str, list]:
        raise NotImplementedError

    def age(self, moment) -> tuple[str, list]:
        """How many days before a moment an item was added."""
        raise NotImplementedError

    def found(self, expressions: list[str], model) -> list[list[int]]:
        """The primary keys of what matches each expression, in no order; one statement."""
        raise NotImplementedError

    def found_on(self, shelf: Shelf, expressions: list[str], model) -> list[int]:
        """The same as sets of a shelf, which remembers them for its generation."""
        return shelf.recall(expressions, lambda new: [shelf.items(ids) for ids in self.found(new, model)])

    def best(
        self, expression: str, loose: str, model, ids: Collection[int], start: int, stop: int
    ) -> list[int]:
        """Primary keys from among `ids`, all of which match, the best first. `loose` matches any of the words."""
        raise NotImplementedError

    # What follows from it.

    def of_group(self, group: Group) -> str:
        """Any of the ways in which a page may answer a group."""
        ways = [self.phrase(way) for way in group.ways]
        if len(group.pieces) > 1:
            ways.append(
                self.both([self.either([self.phrase((key,)) for key in piece]) for piece in group.pieces])
            )
        return self.either(ways)

    def of_query(self, query: Query, groups: list[Group] | None = None, is_loose: bool = False) -> str:
        """All groups (or, loosely, any of these), and none of the excluded."""
        expressions = [self.of_group(group) for group in (query.groups if groups is None else groups)]
        whole = self.either(expressions) if is_loose else self.both(expressions)
        if query.excluded:
            whole = self.without(whole, self.either([self.of_group(group) for group in query.excluded]))
        return whole

    def closest(self, expression: str, loose: str, model, ids: Collection[int], most: int) -> list[tuple]:
        """The best `most` from among `ids`, in no order, with their texts."""
        return self.texts(model, self.best(expression, loose, model, ids, 0, most))

    def texts(self, model, ids: list[int]) -> list[tuple]:
        """What is kept of these, for a closer look: primary key, title, body, and age in days or None."""
        return self.texts_where(f"object_id IN ({marks(ids)})", list(map(str, ids)), model)

    def texts_where(self, condition: str, parameters: list, model) -> list[tuple]:
        """The same of the entries of a model that meet a condition."""
        age, moment = self.age_of(model)
        types = types_of(model)
        return self.rows(
            f"SELECT {ID}, {self.text_columns}, {age} FROM {TABLE} entry"
            f" WHERE content_type_id IN ({marks(types)}) AND {condition}",
            [*moment, *types, *parameters],
        )

    def age_of(self, model) -> tuple[str, list]:
        """How many days ago what an entry is of was added, NULL for what has no such moment; and its parameters."""
        if not issubclass(model, ContentPage):
            return "NULL", []
        days, moment = self.age(timezone.now())
        return f"(SELECT {days} FROM {ContentPage._meta.db_table} WHERE page_ptr_id = {ID})", moment


_engines: dict[str, Engine] = {}


def engine_of(alias: str) -> Engine:
    """The engine of a database."""
    if alias not in _engines:
        if connections[alias].vendor == "postgresql":
            from portal.search.postgres import PostgresEngine as Its
        else:
            from portal.search.sqlite import SQLiteEngine as Its

        _engines[alias] = Its(alias)
    return _engines[alias]
