"""The index in PostgreSQL's text search, without any of its own analysis.

Vectors are written as they are ("key:1A"): `body` holds the whole object, `title` only title and head, which is small
and ranks broad searches. Both have a GIN index of Wagtail's own.
"""

from django.db import connections
from modelsearch.backends.database.postgres.postgres import (
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
    PostgresSearchRebuilder,
    PostgresSearchResults,
)
from modelsearch.utils import get_content_type_pk

from portal.search.document import Document
from portal.search.engine import TABLE, Engine
from portal.search.results import DutchResults
from portal.search.upkeep import note_made
from portal.search.vocabulary import keep_words

#: The letters of title, parts of the title, head, parts of the head, body and parts of the body.
LABELS = "ABBCCD"
LAST_POSITION = 16_000
MOST_POSITIONS = 250
WEIGHTS = "{0.2, 0.4, 0.7, 1.0}"


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
        return "(" + " | ".join(expressions) + ")"

    def without(self, expression, excluded):
        return f"({expression} & !{excluded})"

    def id_list(self, ids):
        return "(SELECT unnest(%s::integer[]))", [ids]

    def source(self, expression):
        return f"FROM {TABLE} entry WHERE entry.body @@ %s::tsquery", [expression]

    def age(self, moment):
        return "(extract(epoch from %s::timestamptz - added_at) / 86400)::float", [moment]

    def score(self, expression, is_broad):
        column = "title" if is_broad else "body"
        return f"-ts_rank('{WEIGHTS}', entry.{column}, %s::tsquery, 1)", [expression]


class DutchIndex(PostgresIndex):
    """Keeps keys where the stock index keeps text."""

    def _refresh_title_norms(self, full=False):
        """Not used by our ranking, and costly: it reads every entry."""

    def add_items(self, model, objs):
        if not model.get_search_fields():
            return
        content_type = get_content_type_pk(model)
        documents = {str(obj.pk): Document.of(obj) for obj in objs}
        entries = self.entries.filter(content_type_id=content_type, object_id__in=documents)
        known = set(entries.values_list("object_id", flat=True))
        rows = []
        for object_id, document in documents.items():
            rows += [
                content_type,
                object_id,
                vector(document.sections[:4]),
                vector(document.sections),
                document.autocomplete,
                document.title_text,
                document.body_text,
            ]
        if not rows:
            return
        places = ", ".join(
            ["(%s, %s, %s::tsvector, %s::tsvector, to_tsvector('simple', %s), %s, %s, 1.0)"]
            * (len(rows) // 7)
        )
        columns = "title", "body", "autocomplete", "title_text", "body_text"
        with connections[self.write_connection.alias].cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TABLE} (content_type_id, object_id, {', '.join(columns)}, title_norm) VALUES {places} "
                "ON CONFLICT (content_type_id, object_id) DO UPDATE SET "
                + ", ".join(f"{column} = EXCLUDED.{column}" for column in columns),
                rows,
            )
        keep_words(objs, documents, known)


class Results(DutchResults, PostgresSearchResults):
    pass


class Rebuilder(PostgresSearchRebuilder):
    """In pieces, not in one transaction: readers and editors go on meanwhile."""

    def finish(self):
        note_made()


class SearchBackend(PostgresSearchBackend):
    index_class = DutchIndex
    results_class = Results
    rebuilder_class = atomic_rebuilder_class = Rebuilder
    query_compiler_class = PostgresSearchQueryCompiler
    autocomplete_query_compiler_class = PostgresAutocompleteQueryCompiler
