"""The index in SQLite's FTS5."""

import json
import re
import threading
from collections.abc import Iterable
from datetime import UTC
from functools import cache, partial
from itertools import repeat

from django.db import connections
from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
    SQLiteSearchRebuilder,
    SQLiteSearchResults,
)
from wagtail.search.models import SQLiteFTSIndexEntry
from wagtail.search.query import Phrase, PlainText

from portal.kept import Kept
from portal.search.document import Document
from portal.search.engine import BROAD, ID, TABLE, Engine, marks, types_of
from portal.search.indexing import DutchIndexing, DutchRebuilding
from portal.search.results import DutchResults
from portal.selection.shelf import Picked, Shelf

FTS = SQLiteFTSIndexEntry._meta.db_table
#: What words begin with in the column for completion: those to complete, and the keys of the title. FTS5 takes these
#: for letters, and no key of a text holds them. So a match need not say in which column words must stand: to know that,
#: FTS5 reads every place of a word in every text.
TO_COMPLETE, IN_TITLE = "\ue000", "\ue001"
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'"[^"]*"')


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

    def found(self, expressions, model):
        keys = entry_keys(self, model)
        return [keys.objects_of(entries) for entries in keys.found(expressions)]

    def found_on(self, shelf, expressions, model):
        # What has the words in its title comes along: if much is found, that is what will be shown first.
        matches = [*expressions, within_title(expressions[-1])]
        return self._items(shelf, matches, model)[:-1]

    def _items(self, shelf: Shelf, matches: list[str], model) -> list[int]:
        """The items of a shelf that each match finds."""
        keys = entry_keys(self, model)
        return shelf.recall(
            matches, lambda new: [keys.items_of(entries, shelf) for entries in keys.found(new)]
        )

    def best(self, expression, loose, model, ids, start, stop):
        if isinstance(ids, Picked) and len(ids) > BROAD:
            return self._first_of_many([expression, loose], model, ids, start, stop)
        keys = entry_keys(self, model)
        rows = self.rows(*self._ranked(expression, keys.entries_of(ids), start, stop))
        return keys.objects_of(entry for (entry,) in rows)

    def closest(self, expression, loose, model, ids, most):
        if isinstance(ids, Picked) and len(ids) > BROAD:
            return super().closest(expression, loose, model, ids, most)
        entries = entry_keys(self, model).entries_of(ids)
        ranked, parameters = self._ranked(expression, entries, 0, most)
        return self.texts_where(f"entry.id IN ({ranked})", parameters, model)

    def _ranked(self, expression: str, entries: list[int], start: int, stop: int) -> tuple[str, list]:
        """The statement for those of these entries that match, the best first."""
        # The plus keeps SQLite from running the match for each entry.
        return (
            f"SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s AND +rowid IN (SELECT value FROM json_each(%s))"
            f" ORDER BY bm25({FTS}, 0.0, 1.0, 4.0), rowid DESC LIMIT %s OFFSET %s",
            [expression, json.dumps(entries), stop - start, start],
        )

    def _first_of_many(self, expressions, model, ids: Picked, start: int, stop: int) -> list[int]:
        """Of a broad search: what has all words in its title, what has any there, and the others; the newest first.

        Words on nearly every page tell pages hardly apart, and scoring them all would take most of the time.
        """
        shelf, others, parts = ids.shelf, ids.items, []
        matches = list(map(within_title, dict.fromkeys(expressions)))
        for titled in self._items(shelf, matches, model):
            parts.append(others & titled)
            others &= ~titled
        return shelf.in_turn([*parts, others], start, stop)

    def age(self, moment):
        return "(julianday(%s) - julianday(added_at))", [moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")]


def _pairs(row: tuple) -> dict[int, int | None]:
    """Entries and their objects from two lists."""
    _, entries, objects = row
    return dict(zip(json.loads(entries), json.loads(objects), strict=True))


class EntryKeys:
    """Which object each entry of the index is of, for the objects of a model; read with the first match."""

    def __init__(self, engine: Engine, model):
        self.engine, self.model, self.types = engine, model, types_of(model)
        self._objects: dict[int, int | None] = {}
        #: What follows from another table, with that table: from objects the entry of each, and from the places of
        #: items where each entry stands.
        self._entries: tuple[dict, dict[int, int]] = ({}, {})
        self._places: tuple[dict, dict[int, int]] = ({}, {})
        #: The objects of which the entries are still to be read; None is all of them.
        self._missing: set[int] | None = None
        self._lock = threading.Lock()

    def renewed(self, changed: set[int]) -> "EntryKeys | None":
        """The same; what changed is read with the next match. No number is given to two entries, unless the index is
        made anew, and then it may be anything that changed."""
        missing = self._missing  # before the objects, to which another thread may be adding what is missing
        if missing is None:
            return None
        keys = EntryKeys(self.engine, self.model)
        keys._objects, keys._entries, keys._places = self._objects, self._entries, self._places
        keys._missing = missing | changed
        return keys

    def found(self, matches: list[str]) -> list[list[int]]:
        """The entries of the index that each match finds, of whatever they are.

        Only the table of words is read: looking up the entry of each match takes far longer than finding it.
        """
        parts = [
            f"SELECT {number}, json_group_array(rowid), '' FROM {FTS} WHERE {FTS} MATCH %s"
            for number in range(len(matches))
        ]
        own, parameters = self._missing_sql()
        rows = sorted(self.engine.rows(" UNION ALL ".join([*own, *parts]), [*parameters, *matches]))
        if own:
            self._remember_missing(rows.pop(0))
        return [json.loads(entries) for _, entries, _ in rows]

    def _missing_sql(self) -> tuple[list[str], list]:
        """The statement, if any, for what is still to be read, and its parameters."""
        missing = self._missing
        if missing is None:
            return [self._keys_sql("")], list(self.types)
        if not missing:
            return [], []
        condition = f"WHERE content_type_id IN ({marks(self.types)}) AND object_id IN (SELECT value FROM json_each(%s))"
        return [self._keys_sql(condition)], [*self.types, *self.types, json.dumps(list(map(str, missing)))]

    def _keys_sql(self, condition: str) -> str:
        """The statement for entries and their objects; those of other models are kept as of nothing."""
        of_model = f"CASE WHEN content_type_id IN ({marks(self.types)}) THEN {ID} END"
        return f"SELECT -1, json_group_array(id), json_group_array({of_model}) FROM {TABLE} entry {condition}"

    def _remember(self, objects: dict[int, int | None]):
        """Add these; what another thread may be looking at is replaced, never changed."""
        with self._lock:
            if not objects.items() <= self._objects.items():
                self._objects = self._objects | objects

    def _remember_missing(self, row: tuple):
        self._remember(_pairs(row))
        self._missing = set()

    def _read(self, entries: list[int]):
        """Entries that are new; those that are gone meanwhile are of nothing."""
        condition = "WHERE id IN (SELECT value FROM json_each(%s))"
        [row] = self.engine.rows(self._keys_sql(condition), [*self.types, json.dumps(entries)])
        self._remember(dict.fromkeys(entries) | _pairs(row))

    def objects_of(self, entries: Iterable[int]) -> list[int]:
        """The objects of these entries, in their order; entries of other models are left out."""
        entries = list(entries)
        found = list(map(self._objects.get, entries, repeat(0)))
        if 0 in found:
            unknown = [entry for entry, pk in zip(entries, found, strict=True) if pk == 0]
            self._read(unknown)
            found = map(self._objects.get, entries)
        return list(filter(None, found))

    def items_of(self, entries: list[int], shelf: Shelf) -> int:
        """The set of a shelf that these entries are, in one step for each."""
        made_from, places = self._places
        if made_from is not shelf.places:
            places = self._places_on(shelf)
        try:
            return shelf.set_of(map(places.__getitem__, entries))
        except KeyError:  # entries that are new
            self.objects_of(entries)
            return shelf.set_of(map(self._places_on(shelf).get, entries, repeat(shelf.nowhere)))

    def _places_on(self, shelf: Shelf) -> dict[int, int]:
        """Where on a shelf each entry stands; kept for the next search."""
        places = {entry: shelf.places[pk] for entry, pk in self._objects.items()}
        self._places = (shelf.places, places)
        return places

    def entries_of(self, ids: Iterable[int]) -> list[int]:
        """The entries of these objects."""
        own, parameters = self._missing_sql()
        if own:
            self._remember_missing(*self.engine.rows(*own, parameters))
        objects, entries = self._objects, self._entries[1]
        if self._entries[0] is not objects:
            entries = {pk: entry for entry, pk in objects.items()}
            self._entries = objects, entries
        return [entries[pk] for pk in ids if pk in entries]


@cache
def _kept(engine: Engine, model) -> Kept[EntryKeys]:
    return Kept(partial(EntryKeys, engine, model), EntryKeys.renewed)


def entry_keys(engine: Engine, model) -> EntryKeys:
    """The entries of a model in this generation."""
    return _kept(engine, model).get()


def marked(words: str, mark: str) -> str:
    """A text of which every word begins with a mark."""
    return _WORD.sub(rf"{mark}\g<0>", words)


def within_title(expression: str) -> str:
    """The same match of titles alone."""
    return _QUOTED.sub(lambda phrase: marked(phrase[0], IN_TITLE), expression)


class DutchIndex(DutchIndexing, SQLiteIndex):
    def write(self, content_type, documents):
        columns = ("title", "body", "autocomplete")
        with connections[self.write_connection.alias].cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {TABLE} (content_type_id, object_id, {', '.join(columns)}, title_norm)"
                " VALUES (%s, %s, %s, %s, %s, 1.0) ON CONFLICT (content_type_id, object_id) DO UPDATE SET "
                + ", ".join(f"{column} = excluded.{column}" for column in columns)
                + " WHERE "
                + " OR ".join(f"{column} IS NOT excluded.{column}" for column in columns),
                [
                    (content_type, object_id, document.title_text, document.body_text, _completion(document))
                    for object_id, document in documents.items()
                ],
            )


def _completion(document: Document) -> str:
    return f"{marked(document.autocomplete, TO_COMPLETE)} {marked(document.title_text, IN_TITLE)}"


class Results(DutchResults, SQLiteSearchResults):
    pass


class Rebuilder(DutchRebuilding, SQLiteSearchRebuilder):
    pass


class AutocompleteQueryCompiler(SQLiteAutocompleteQueryCompiler):
    def build_search_query_content(self, query, config=None):
        if isinstance(query, PlainText):
            query = PlainText(marked(query.query_string, TO_COMPLETE), operator=query.operator)
        elif isinstance(query, Phrase):
            query = Phrase(marked(query.query_string, TO_COMPLETE))
        return super().build_search_query_content(query, config)


class SearchBackend(SQLiteSearchBackend):
    index_class = DutchIndex
    results_class = Results
    rebuilder_class = atomic_rebuilder_class = Rebuilder
    query_compiler_class = SQLiteSearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
