"""From choices to rows: narrowing a queryset, and counting every facet in one statement."""

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, ExtractYear

from portal.models import ContentAuthor, ContentMunicipality, ContentPage, ContentSender
from portal.selection.vocabulary import Choice, Vocabulary

#: The keys that a list offers to choose from, in the order in which readers see them.
FACET_KEYS = ("thema", "onderwerp", "soort", "rol", "gemeente", "jaar")


def _many_to_many(field) -> tuple:
    """Table, column of the item and column of the value of a many-to-many field."""
    return field.remote_field.through, f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"


def through(key: str) -> tuple:
    """The table between items and the values of `key`: model, column of the item, column of the value."""
    return {
        "thema": lambda: _many_to_many(ContentPage.themes.field),
        "onderwerp": lambda: _many_to_many(ContentPage.topics.field),
        "rol": lambda: _many_to_many(ContentPage.roles.field),
        "gemeente": lambda: (ContentMunicipality, "page_id", "municipality_id"),
        "auteur": lambda: (ContentAuthor, "page_id", "person_id"),
        "afzender": lambda: (ContentSender, "page_id", "organisation_id"),
    }[key]()


def narrow(
    items: QuerySet, choices: dict[str, list[Choice]], skip: str = "", date_field: str = "published_on"
) -> QuerySet:
    """The items that have one of the choices of every key, the key `skip` left out.

    Many-to-many keys go through a subquery on the table between: an item never appears twice, and word search can be
    laid over the result.
    """
    for key, chosen in choices.items():
        if key == skip:
            continue
        ids = [number for choice in chosen for number in choice.ids]
        if not ids:
            return items.none()
        if key == "soort":
            items = items.filter(kind__in=ids)
        elif key == "jaar":
            years = Q()
            for year in ids:
                years |= Q(**{f"{date_field}__year": year})
            items = items.filter(years)
        else:
            model, item, value = through(key)
            pages = model.objects.order_by().filter(**{f"{value}__in": ids}).values(item)
            items = items.filter(pk__in=pages)
    return items


def _rows(queryset: QuerySet, key: str, *, text=None, number=None, counted="pk") -> QuerySet:
    """One part of the statement: key, text, number and in how many items."""
    return (
        queryset.order_by()
        .annotate(
            facet=Value(key),
            text=Value("") if text is None else text,
            number=Value(0, output_field=IntegerField()) if number is None else number,
        )
        .values("facet", "text", "number")
        .annotate(items=Count(counted, distinct=counted != "pk"))
        .values_list("facet", "text", "number", "items")
    )


def _municipality_rows(rows: QuerySet, vocabulary: Vocabulary, chosen: list[Choice]) -> list[QuerySet]:
    """Today's municipalities, each with what is filed under its predecessors; an ended one only where it is chosen."""
    today = Coalesce(F("municipality__successor_id"), F("municipality_id"))
    if vocabulary.chained:
        today = Case(
            *[When(municipality_id=old, then=Value(new)) for old, new in vocabulary.chained.items()],
            default=today,
            output_field=IntegerField(),
        )
    parts = [_rows(rows, "gemeente", number=today, counted="page_id")]
    parts += [
        _rows(
            rows.filter(municipality_id__in=choice.ids),
            "gemeente",
            number=Value(choice.ids[0], output_field=IntegerField()),
            counted="page_id",
        )
        for choice in chosen
        if choice.is_ended
    ]
    return parts


def count_facets(
    keys, items_without, vocabulary: Vocabulary, choices, date_field: str = "published_on"
) -> dict[str, dict[object, int]]:
    """For each key: number (or kind) to how many items have it, in one query.

    `items_without(key)` gives the items narrowed by everything but that key: choosing within a key widens the list, so
    the key's own choice must not count.
    """
    parts = []
    for key in keys:
        items = items_without(key).order_by()
        if key == "soort":
            parts.append(_rows(items, key, text=F("kind")))
        elif key == "jaar":
            dated = items.exclude(**{date_field: None})
            parts.append(_rows(dated, key, number=ExtractYear(date_field)))
        else:
            model, item, value = through(key)
            rows = model.objects.order_by().filter(**{f"{item}__in": items.values("pk")})
            if key == "gemeente":
                parts += _municipality_rows(rows, vocabulary, choices.get(key, []))
            else:
                parts.append(_rows(rows, key, number=F(value)))
    counts: dict[str, dict[object, int]] = {key: {} for key in keys}
    if parts:
        for key, text, number, count in parts[0].union(*parts[1:], all=True):
            if count:
                counts[key][text or number] = count
    return counts
