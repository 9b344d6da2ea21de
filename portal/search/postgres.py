"""The index in PostgreSQL's text search, without any of its own analysis.

Vectors are written as they are ("key:1A"): `body` holds the whole object, `title` only title and head, which is small
and ranks broad searches. Both have a GIN index of Wagtail's own.
"""

import re
import struct
from collections.abc import Callable, Collection
from itertools import islice

from django.db import connections
from modelsearch.backends.database.postgres.postgres import (
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
    PostgresSearchRebuilder,
    PostgresSearchResults,
)

from portal.search.engine import BROAD, ID, TABLE, Engine, marks, types_of
from portal.search.indexing import DutchIndexing, DutchRebuilding
from portal.search.results import DutchResults
from portal.selection.shelf import Picked

#: The letters of title, parts of the title, head, parts of the head, body and parts of the body.
LABELS = "ABBCCD"
#: So many of the best matches of a broad search may be of what is not asked for before it is asked otherwise.
SPARE = 200
#: Of so many of the best it is remembered which they are.
MOST_KEPT = 100
#: So many more texts than are asked for come along with the best, as some may be of what is not asked for.
SPARE_TEXTS = 5
LAST_POSITION = 16_000
MOST_POSITIONS = 250
#: In a subselect, so that the planner cannot guess how much matches: for common words it would rather unpack the words
#: of every entry, which takes twenty times as long as the index.
MATCHES = "body @@ (SELECT %s::tsquery)"
WEIGHTS = "{0.2, 0.4, 0.7, 1.0}"


_OTHER_PHRASE = re.compile(r" \| \([^()]* <-> [^()]*\)")


def certain(expression: str) -> str:
    """The part of an expression that asks for no phrase, so that the index alone can tell; "" where there is none."""
    without = _OTHER_PHRASE.sub("", expression)
    return "" if " <-> " in without or ("!" in expression and without != expression) else without


def vector(sections: list[list[str]]) -> str:
    """A tsvector as text: each key with its places and the letter of its section."""
    places: dict[str, list[str]] = {}
    position = 0
    for label, section in zip(LABELS, sections, strict=False):
        for key in section:
            position += 1
            held = places.setdefault(key, [])
            if len(held) < MOST_POSITIONS:
                held.append(f"{min(position, LAST_POSITION)}{label}")
        position += 2  # no phrase runs from one section into the next
    return " ".join(f"'{key}':{','.join(held)}" for key, held in places.items())


class PostgresEngine(Engine):
    text_columns = "entry.title_text, entry.body_text"

    def phrase(self, keys):
        return "(" + " <-> ".join(f"'{key}'" for key in keys) + ")" if len(keys) > 1 else f"'{keys[0]}'"

    def both(self, expressions):
        return "(" + " & ".join(expressions) + ")"

    def either(self, expressions):
        # Phrases last, so that `certain()` finds them.
        return "(" + " | ".join(sorted(expressions, key=lambda one: " <-> " in one)) + ")"

    def without(self, expression, excluded):
        return f"({expression} & !{excluded})"

    def id_list(self, ids):
        return "(SELECT unnest(%s::integer[]))", [ids]

    def found(self, expressions, model):
        types = types_of(model)
        # The index does not know where words stand: for a phrase the words of an entry must be unpacked, and those of
        # its neighbours in the table too. Only what does not answer without a phrase is looked at that closely.
        parts = []
        for number, expression in enumerate(expressions):
            sure = certain(expression)
            parts += [(number, sure)] if sure else []
            if sure != expression:
                parts.append((number, f"({expression} & !{sure})" if sure else expression))
        rows = self.rows(
            " UNION ALL ".join(
                f"SELECT {number}, string_agg(int4send({ID}), '') FROM {TABLE} entry"
                f" WHERE {MATCHES} AND content_type_id IN ({marks(types)})"
                for number, _ in parts
            ),
            [value for _, expression in parts for value in (expression, *types)],
        )
        found = [[] for _ in expressions]
        for number, ids in rows:  # four bytes each: thousands of keys are read from text far more slowly
            found[number] += struct.unpack(f"!{len(ids) // 4}i", ids) if ids else ()
        return found

    def best(self, expression, loose, model, ids, start, stop):
        # A broad search is scored by titles and heads alone: whole bodies would have to be unpacked.
        if len(ids) <= BROAD:
            return self._scored(expression, model, "body", ids, start, stop)

        def score(most: int) -> list[int]:
            return self._scored(expression, model, "title", None, 0, most)

        best = self._ahead(expression, ids, stop, score)
        if len(best) == stop:
            return best[start:]
        return self._scored(expression, model, "title", ids, start, stop)

    def _ahead(
        self, expression: str, ids: Collection[int], stop: int, score: Callable[[int], list[int]]
    ) -> list[int]:
        """At most `stop` of `ids` from among the best that match; for the first pages of a list scored once in a
        generation.

        Mostly `ids` are all that match, and thousands of keys need not be sent to choose from them.
        """
        if isinstance(ids, Picked) and stop <= MOST_KEPT:
            [best] = ids.shelf.recall([f"best {stop}: {expression}"], lambda _: [score(stop + SPARE)])
        else:
            best = score(stop + SPARE)
        return list(islice(filter(ids.__contains__, best), stop))

    def closest(self, expression, loose, model, ids, most):
        if len(ids) > BROAD:
            return self._closest_of_many(expression, model, ids, most)
        best, parameters = self._scored_sql(expression, model, "body", ids, 0, most)
        return self.texts_where(
            f"object_id IN (SELECT CAST(pk AS text) FROM ({best}) AS best)", parameters, model
        )

    def _closest_of_many(self, expression: str, model, ids: Collection[int], most: int) -> list[tuple]:
        """Where they are scored now, the texts come along: one statement instead of two."""
        texts: dict[int, tuple] = {}

        def score(most_keys: int) -> list[int]:
            rows = self._scored_with_texts(expression, model, most_keys, most + SPARE_TEXTS)
            texts.update((row[0], row) for row in rows[: most + SPARE_TEXTS])
            return [row[0] for row in rows]

        best = self._ahead(expression, ids, most, score)
        if len(best) < most:
            best = self._scored(expression, model, "title", ids, 0, most)
        return [texts[pk] for pk in best] if texts.keys() >= set(best) else self.texts(model, best)

    def _scored_with_texts(self, expression: str, model, most: int, most_texts: int) -> list[tuple]:
        """The best matches by their titles, in order, and of the first the texts; NULL of the others."""
        best, parameters = self._scored_sql(expression, model, "title", None, 0, most)
        age, moment = self.age_of(model)
        types = types_of(model)
        return self.rows(
            f"SELECT pk, {self.text_columns}, {age} FROM unnest(ARRAY({best})) WITH ORDINALITY AS best (pk, place)"
            f" LEFT JOIN {TABLE} entry ON place <= %s AND object_id = CAST(pk AS text)"
            f" AND content_type_id IN ({marks(types)}) ORDER BY place",
            [*moment, *parameters, most_texts, *types],
        )

    def _scored(self, *arguments) -> list[int]:
        return [pk for (pk,) in self.rows(*self._scored_sql(*arguments))]

    def _scored_sql(
        self, expression: str, model, column: str, ids: Collection[int] | None, start: int, stop: int
    ) -> tuple[str, list]:
        """The matches by the score of a column; those of `ids` where they are given."""
        types = types_of(model)
        chosen = "" if ids is None else f" AND {ID} = ANY(%s::integer[])"
        return (
            f"SELECT {ID} AS pk FROM {TABLE} entry WHERE {MATCHES}"
            f" AND content_type_id IN ({marks(types)}){chosen}"
            f" ORDER BY ts_rank('{WEIGHTS}', {column}, %s::tsquery, 1) DESC, pk DESC LIMIT %s OFFSET %s",
            [
                expression.replace("<->", "&"),
                *types,
                *([] if ids is None else [f"{{{','.join(map(str, ids))}}}"]),
                expression,
                stop - start,
                start,
            ],
        )

    def age(self, moment):
        return "(extract(epoch from %s::timestamptz - added_at) / 86400)::float", [moment]


class DutchIndex(DutchIndexing, PostgresIndex):
    def write(self, content_type, documents):
        rows = [
            (
                content_type,
                object_id,
                vector(document.sections[:4]),
                vector(document.sections),
                document.autocomplete,
                document.title_text,
                document.body_text,
            )
            for object_id, document in documents.items()
        ]
        columns = ("title", "body", "autocomplete", "title_text", "body_text")
        row = "(%s, %s, %s::tsvector, %s::tsvector, to_tsvector('simple', %s), %s, %s, 1.0)"
        held, new = (", ".join(f"{table}.{column}" for column in columns) for table in ("held", "EXCLUDED"))
        with connections[self.write_connection.alias].cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TABLE} AS held (content_type_id, object_id, {', '.join(columns)}, title_norm) VALUES "
                f"{', '.join([row] * len(rows))} ON CONFLICT (content_type_id, object_id) DO UPDATE SET "
                f"({', '.join(columns)}) = ({new}) WHERE ({held}) IS DISTINCT FROM ({new})",
                [value for values in rows for value in values],
            )


class Results(DutchResults, PostgresSearchResults):
    pass


class Rebuilder(DutchRebuilding, PostgresSearchRebuilder):
    def finish(self):
        super().finish()
        with connections[self.index.write_connection.alias].cursor() as cursor:
            # What was written waits in a list that each search reads through, until this puts it in its place.
            cursor.execute(
                "SELECT gin_clean_pending_list(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
                " JOIN pg_am ON pg_am.oid = relam WHERE amname = 'gin' AND indrelid = %s::regclass",
                [TABLE],
            )


class SearchBackend(PostgresSearchBackend):
    index_class = DutchIndex
    results_class = Results
    rebuilder_class = atomic_rebuilder_class = Rebuilder
    query_compiler_class = PostgresSearchQueryCompiler
    autocomplete_query_compiler_class = PostgresAutocompleteQueryCompiler
