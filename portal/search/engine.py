"""Matching and ranking in SQL, as far as both databases do it alike.

Keys are letters and digits only and always go as parameters: no text of a reader becomes part of a statement.
"""

from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import Func, Value
from django.utils import timezone
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.search.models import IndexEntry

from portal.models import ContentPage
from portal.search.query import Group, Query

TABLE = IndexEntry._meta.db_table


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


@dataclass(frozen=True)
class Counted:
    """How many items answer each group of a query, which answer all of them, and how many there are at all."""

    counts: list[int]
    ids: list[int]
    total: int


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

    def source(self, expression: str) -> tuple[str, list]:
        """`FROM … WHERE …` over the entries `entry` that match."""
        raise NotImplementedError

    def age(self, moment) -> tuple[str, list]:
        """How many days before a moment an item was added."""
        raise NotImplementedError

    def score(self, expression: str, is_broad: bool) -> tuple[str, list]:
        """What to order matches by, the least first; a broad search is scored by titles and heads alone."""
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

    @cached_property
    def id_sql(self) -> str:
        return "CAST(entry.object_id AS integer)"

    def _within(self, queryset: QuerySet) -> tuple[str, list]:
        """The condition that an entry is one of a queryset; raises EmptyResultSet where that holds nothing."""
        sql, params = queryset.order_by().values("pk").query.get_compiler(self.alias).as_sql()
        types = sorted(get_descendants_content_types_pks(queryset.model))
        places = ", ".join(["%s"] * len(types))
        return f"entry.content_type_id IN ({places}) AND {self.id_sql} IN ({sql})", [*types, *params]

    def ids(self, expression: str, queryset: QuerySet) -> list[int]:
        """The primary keys of what matches in a queryset, in no order."""
        try:
            within, limits = self._within(queryset)
        except EmptyResultSet:
            return []
        source, params = self.source(expression)
        return [pk for (pk,) in self.rows(f"SELECT {self.id_sql} {source} AND {within}", [*params, *limits])]

    def counts_and_ids(self, groups, expression: str, queryset: QuerySet) -> "Counted":
        """How many of a queryset answer each group, and which match the whole: one statement."""
        try:
            sql, params = queryset.order_by().values("pk").query.get_compiler(self.alias).as_sql()
        except EmptyResultSet:
            return Counted([0] * len(groups), [], 0)
        types = sorted(get_descendants_content_types_pks(queryset.model))
        places = ", ".join(["%s"] * len(types))
        within = f"entry.content_type_id IN ({places}) AND {self.id_sql} IN (SELECT pk FROM everything)"
        parts, values = [], list(params)
        is_one = len(groups) == 1 and expression == self.both([self.of_group(groups[0])])
        for number, group in enumerate([None] if is_one else [*groups, None]):
            source, matched = self.source(self.of_group(group) if group else expression)
            wanted = f"{number}, count(*)" if group else f"-1, {self.id_sql}"
            parts.append(f"SELECT {wanted} {source} AND {within}")
            values += [*matched, *types]
        parts.append("SELECT -2, count(*) FROM everything")
        counts, ids, total = [0] * len(groups), [], 0
        statement = f"WITH everything(pk) AS MATERIALIZED ({sql}) {' UNION ALL '.join(parts)}"
        for kind, number in self.rows(statement, values):
            if kind == -1:
                ids.append(number)
            elif kind == -2:
                total = number
            else:
                counts[kind] = number
        if is_one:
            counts = [len(ids)]
        return Counted(counts, ids, total)

    def best(
        self, expression: str, model, ids: list[int], start: int, stop: int, is_broad: bool
    ) -> list[int]:
        """Primary keys from among `ids`, the best first."""
        return [pk for (pk,) in self._best("", [], expression, model, ids, start, stop, is_broad)]

    def candidates(self, expression: str, model, ids: list[int], most: int, is_broad: bool) -> list[tuple]:
        """The best rows with what is kept of them, for a closer look: key, title, body, and age in days or None."""
        age, moment = "NULL", []
        if issubclass(model, ContentPage):
            days, moment = self.age(timezone.now())
            age = f"(SELECT {days} FROM {ContentPage._meta.db_table} WHERE page_ptr_id = best.pk)"
        return self._best(f", {self.text_columns}, {age}", moment, expression, model, ids, 0, most, is_broad)

    def _best(self, columns, values, expression, model, ids, start, stop, is_broad) -> list[tuple]:
        """Scored first and read afterwards: sorting never has a text in its hands that is not wanted."""
        types = sorted(get_descendants_content_types_pks(model))
        places = ", ".join(["%s"] * len(types))
        among, limits = self.id_list(ids)
        source, params = self.source(expression)
        score, score_params = self.score(expression, is_broad)
        return self.rows(
            f"SELECT best.pk{columns} FROM (SELECT entry.id AS entry_id, {self.id_sql} AS pk, {score} AS score {source}"
            f" AND entry.content_type_id IN ({places}) AND {self.id_sql} IN {among}"
            f" ORDER BY score, pk DESC LIMIT %s OFFSET %s) best JOIN {TABLE} entry ON entry.id = best.entry_id"
            " ORDER BY best.score, best.pk DESC",
            [*values, *score_params, *params, *types, *limits, stop - start, start],
        )


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
