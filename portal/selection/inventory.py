"""How items are filed, as the database says it: of all items for a shelf, or of some to bring one up to date."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection
from django.db.models import Case, CharField, F, IntegerField, Max, OuterRef, StringAgg, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Substr

from portal.chrome import get_chrome
from portal.models import ContentPage, Kind
from portal.models.cards import event_model
from portal.selection.queries import through

LINKED_KEYS = ("thema", "onderwerp", "rol", "gemeente", "auteur", "afzender")
#: The list of what was added last; an item is on it or is not.
RECENT = "recent"
FILED_KEYS = ("soort", "jaar", RECENT, *LINKED_KEYS)
#: What the queries give beside the items under each key, by their place among the parts.
MEETING, IN_ORDER = range(len(FILED_KEYS), len(FILED_KEYS) + 2)
#: The statement for some items is written for so many; fewer are filled up with what is no key.
MOST = 8
NOBODY = range(-MOST, 0)


@dataclass
class Inventory:
    """What the database says of all items, or of some."""

    #: A key; a kind, a year or the primary key of a label; and the items that have it, also those nobody may see.
    labels: list[tuple[str, object, list[int]]] = field(default_factory=list)
    #: Begin and end of each meeting, as the database writes them.
    meetings: dict[int, str] = field(default_factory=dict)
    #: When one that readers may see was last published, as the database writes it; "" when none was. Such texts compare
    #: as their moments do.
    published: str = ""
    #: All items that readers may see, the newest first.
    pks: list[int] = field(default_factory=list)
    #: Of some that readers may see: which item stands before it in that order and which after; None at the ends.
    neighbours: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)

    def take(self, rows: Iterator[tuple]) -> Iterator[tuple]:
        """Take in labels and meetings; what else there is goes on to who asked for it."""
        kinds = [kind.value for kind in Kind]
        for place, number, text in rows:
            if place == MEETING:
                self.meetings[number] = text
            elif place >= IN_ORDER:
                yield number, text
            elif number is not None:  # as is a kind that only another release knows
                self.labels.append((FILED_KEYS[place], number if place else kinds[number], _keys(text)))


def _text(expression) -> Cast:
    return Cast(expression, CharField())


def _keys(text: str) -> list[int]:
    return list(map(int, text.split(","))) if text else []


def _parts(only: Collection[int] | None = None) -> list:
    """The part of the statement for each key and that for meetings, of all items or of these: place, number, text.

    Of a label the items with commas between; a kind is its place among the kinds. Of a meeting its moments. Each part
    is read from an index where there is one that holds what is asked: the row of an item, with its text, is much
    longer. Grouping in the database spares a row for each label of an item.
    """
    kinds = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(Kind)))
    year = Cast(Substr(_text("published_on"), 1, 4), IntegerField())
    items, meetings = ContentPage.objects.order_by(), event_model().objects.order_by()
    labelled = [(items, "pk", kinds), (items.exclude(published_on=None), "pk", year)]
    labelled.append((items.filter(show_in_recent=True), "pk", Value(1)))
    for model, item, value in map(through, LINKED_KEYS):
        labelled.append((model.objects.order_by(), item, F(value)))
    if only is not None:
        labelled = [(rows.filter(**{f"{item}__in": only}), item, number) for rows, item, number in labelled]
        meetings = meetings.filter(pk__in=only)
    parts = [
        rows.values(place=Value(place), number=number)
        .annotate(text=StringAgg(_text(item), delimiter=Value(",")))
        .values_list("place", "number", "text")
        for place, (rows, item, number) in enumerate(labelled)
    ]
    moments = Concat(_text("starts_at"), Value("|"), _text("ends_at"))
    return [*parts, meetings.values_list(Value(MEETING), "pk", moments)]


@lru_cache(maxsize=8)
def _query_of_all(private_paths: tuple[str, ...]) -> tuple[str, tuple]:
    """One statement, written once for each set of private parts. Last when something was published, and the items."""
    first, *others = _parts()
    sql, parameters = first.union(*others, all=True).query.sql_with_params()
    in_order = ContentPage.objects.outside(private_paths).order_by("-added_at", "-pk")
    rows, row_parameters = in_order.values_list("pk", "last_published_at").query.sql_with_params()
    # Both databases put texts together in the order of the rows they come from; only one lets an aggregate say so.
    join = "string_agg" if connection.vendor == "postgresql" else "group_concat"
    last = "COALESCE(CAST(MAX(last_published_at) AS text), '')"
    keys = f"COALESCE({join}(CAST(pk AS text), ','), '')"
    sql += f" UNION ALL SELECT {IN_ORDER}, 0, {last} || '|' || {keys} FROM ({rows}) AS ordered"  # noqa: S608 (Django's)
    return sql, (*parameters, *row_parameters)


@lru_cache(maxsize=8)
def _query_of_some(private_paths: tuple[str, ...]) -> tuple[str, tuple]:
    """The same of a few: last for each that readers may see its neighbours, and when it was published."""
    seen, added, own = ContentPage.objects.outside(private_paths), OuterRef("added_at"), OuterRef("pk")
    newer = seen.filter(added_at__gte=added).exclude(added_at=added, pk__lte=own).order_by("added_at", "pk")
    older = seen.filter(added_at__lte=added).exclude(added_at=added, pk__gte=own).order_by("-added_at", "-pk")
    columns = [Subquery(newer.values("pk")[:1]), Subquery(older.values("pk")[:1]), "last_published_at"]
    first, *others = (Coalesce(_text(column), Value("")) for column in columns)
    text = Concat(first, *(part for other in others for part in (Value("|"), other)))
    in_order = seen.filter(pk__in=NOBODY).order_by().values_list(Value(IN_ORDER), "pk", text)
    first, *others = [*_parts(NOBODY), in_order]
    return first.union(*others, all=True).query.sql_with_params()


def read_all() -> Inventory:
    """How every item is filed; one query."""
    inventory = Inventory()
    with connection.cursor() as cursor:
        cursor.execute(*_query_of_all(tuple(get_chrome().private_paths)))
        for _, text in inventory.take(cursor):
            inventory.published, _, keys = text.partition("|")
            inventory.pks = _keys(keys)
    return inventory


def read_some(pks: set[int]) -> Inventory:
    """How these items are filed, at most MOST; one query."""
    inventory = Inventory()
    sql, parameters = _query_of_some(tuple(get_chrome().private_paths))
    asked = dict(zip(NOBODY, pks, strict=False))
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked.get(each, each) for each in parameters])
        for number, text in inventory.take(cursor):
            *neighbours, published = text.split("|")
            inventory.neighbours[number] = tuple(int(pk) if pk else None for pk in neighbours)
            inventory.published = max(inventory.published, published)
    return inventory


def read_published() -> str:
    """When an item that readers may see was last published, as the database writes it; "" when none was."""
    [last] = ContentPage.objects.for_readers().aggregate(last=_text(Max("last_published_at"))).values()
    return last or ""
