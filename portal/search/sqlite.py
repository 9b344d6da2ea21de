"""The index in SQLite's FTS5."""

import json
from datetime import UTC

from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
    SQLiteSearchRebuilder,
    SQLiteSearchResults,
)
from modelsearch.utils import get_content_type_pk
from wagtail.search.models import IndexEntry, SQLiteFTSIndexEntry

from portal.search.document import Document
from portal.search.engine import TABLE, Engine
from portal.search.results import DutchResults
from portal.search.upkeep import note_made
from portal.search.vocabulary import keep_words

FTS = SQLiteFTSIndexEntry._meta.db_table


class SQLiteEngine(Engine):
    text_columns = "entry.title, entry.body"

    def phrase(self, keys):
        return '"' + " ".join(keys) + '"'

    def both(self, expressions):
        return "(" + " AND ".join(expressions) + ")"

    def either(self, expressions):
        return "(" + " OR ".join(expressions) + ")"

    def without(self, expression, excluded):
        return f"({expression} NOT {excluded})"

    def id_list(self, ids):
        return "(SELECT value FROM json_each(%s))", [json.dumps(ids)]

    def source(self, expression):
        # CROSS JOIN keeps SQLite from running the match for every entry.
        return (
            f"FROM {FTS} CROSS JOIN {TABLE} entry ON entry.id = {FTS}.rowid WHERE {FTS} MATCH %s",
            [f"{{title body}} : {expression}"],
        )

    def age(self, moment):
        return "(julianday(%s) - julianday(added_at))", [moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")]

    def score(self, expression, is_broad):
        return f"bm25({FTS}, 0.0, 1.0, 4.0)", []


class DutchIndex(SQLiteIndex):
    """Keeps keys where the stock index keeps text."""

    def _refresh_title_norms(self, full=False):
        """Not used by our ranking, and costly: it writes every entry anew."""

    def add_items(self, model, objs):
        if not model.get_search_fields():
            return
        content_type = get_content_type_pk(model)
        documents = {str(obj.pk): Document.of(obj) for obj in objs}
        entries = self.entries.filter(content_type_id=content_type)
        known = {
            entry.object_id: entry
            for entry in entries.filter(object_id__in=documents).only("pk", "object_id")
        }
        changed, new = [], []
        for object_id, document in documents.items():
            entry = known.get(object_id) or IndexEntry(content_type_id=content_type, object_id=object_id)
            entry.title = document.title_text
            entry.body = document.body_text
            entry.autocomplete = document.autocomplete
            (changed if object_id in known else new).append(entry)
        self.entries.bulk_create(new)
        self.entries.bulk_update(changed, ["title", "body", "autocomplete"], batch_size=100)
        keep_words(objs, documents, known)


class Results(DutchResults, SQLiteSearchResults):
    pass


class Rebuilder(SQLiteSearchRebuilder):
    """In pieces, not in one transaction: readers and editors go on meanwhile."""

    def finish(self):
        note_made()


class SearchBackend(SQLiteSearchBackend):
    index_class = DutchIndex
    results_class = Results
    rebuilder_class = atomic_rebuilder_class = Rebuilder
    query_compiler_class = SQLiteSearchQueryCompiler
    autocomplete_query_compiler_class = SQLiteAutocompleteQueryCompiler
