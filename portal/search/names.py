"""What editors keep that a search looks at besides the index, read in one query and kept until a name changes."""

from collections import defaultdict
from functools import cache

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce
from wagtail.contrib.search_promotions.models import SearchPromotion

from portal.kept import Kept
from portal.models import ContentAuthor, ContentSender, Organisation, Person
from portal.search.models import Synonym
from portal.selection.shelf import get_shelf

#: What a row is: (1 when mutual, –, –, term, others); (key, –, –, slug, name), of an organisation its abbreviation too;
#: (query, its place, page, words, description, address, title, and of a page its place in the tree and its address).
SYNONYM, PERSON, ORGANISATION, PROMOTION = range(4)
NUMBERS, TEXTS = 3, 6

Rows = dict[int, list[tuple]]


def _rows(which: int, rows: QuerySet, numbers: list, texts: list) -> QuerySet:
    """One part of the query: every part has the same columns."""
    numbers = [*numbers, *[Value(0)] * (NUMBERS - len(numbers))]
    texts = [*texts, *[Value("")] * (TEXTS - len(texts))]
    return rows.order_by().values_list(Value(which), *numbers, *texts)


def _of_live_page(name: str) -> Case:
    """A field of the page that is promoted; "" of one that readers do not see, which has no address then."""
    return Case(When(page__live=True, then=f"page__{name}"), default=Value(""), output_field=TextField())


@cache
def _query() -> tuple[str, tuple]:
    """The query for all of them, written once; people and organisations that nothing is by are left out."""
    people = Person.objects.filter(Exists(ContentAuthor.objects.filter(person=OuterRef("pk"))))
    organisations = Organisation.objects.filter(
        Exists(ContentSender.objects.filter(organisation=OuterRef("pk")))
    )
    parts = [
        _rows(
            SYNONYM,
            Synonym.objects.all(),
            [Case(When(is_mutual=True, then=1), default=0)],
            [F("term"), F("also")],
        ),
        _rows(PERSON, people, [F("pk")], [F("slug"), F("name")]),
        _rows(ORGANISATION, organisations, [F("pk")], [F("slug"), F("name"), F("abbreviation")]),
        _rows(
            PROMOTION,
            SearchPromotion.objects.all(),
            [F("query_id"), Coalesce("sort_order", 0), Coalesce("page_id", 0)],
            [
                *(F("query__query_string"), F("description"), F("external_link_url")),
                Coalesce("page__title", "external_link_text", output_field=TextField()),
                *(_of_live_page(name) for name in ("path", "url_path")),
            ],
        ),
    ]
    return parts[0].union(*parts[1:], all=True).order_by().query.sql_with_params()


def read_names() -> Rows:
    """Every row under what it is, without the column that says so."""
    found: Rows = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(*_query())
        for which, *row in cursor:
            found[which].append(tuple(row))
    return found


def _renewed(rows: Rows, changed: set[int]) -> Rows | None:
    """The same, unless a page that is promoted changed, or an item is by someone whom nothing was by before."""
    if not changed.isdisjoint(row[2] for row in rows[PROMOTION]):
        return None
    by = get_shelf().sets
    is_known = all(
        by[key].keys() <= {row[0] for row in rows[which]}
        for which, key in ((PERSON, "auteur"), (ORGANISATION, "afzender"))
    )
    return rows if is_known else None


#: The names of this generation.
get_names = Kept(read_names, _renewed, has_names=True).get
