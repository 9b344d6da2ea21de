"""What editors keep that a search looks at besides the index, read in one query per generation."""

from collections import defaultdict
from functools import cache

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce
from wagtail.contrib.search_promotions.models import SearchPromotion

from portal.chrome import Kept
from portal.models import ContentAuthor, ContentSender, Organisation, Person
from portal.search.models import Synonym

#: What a row is: (1 when mutual, –, term, others); (key, –, slug, name), of an organisation with its abbreviation;
#: (query, its place, words, description, address, title, and of a page its place in the tree and its address).
SYNONYM, PERSON, ORGANISATION, PROMOTION = range(4)
NUMBERS, TEXTS = 2, 6

Rows = dict[int, list[tuple]]


def _rows(which: int, rows: QuerySet, numbers: list, texts: list) -> QuerySet:
    """One part of the query: every part has the same columns."""
    numbers = [*numbers, *[Value(0)] * (NUMBERS - len(numbers))]
    texts = [*texts, *[Value("")] * (TEXTS - len(texts))]
    return rows.order_by().values_list(Value(which), *numbers, *texts)


@cache
def _query() -> tuple[str, tuple]:
    """The query for all of them, written once; people and organisations that nothing is by are left out."""
    people = Person.objects.filter(Exists(ContentAuthor.objects.filter(person=OuterRef("pk"))))
    organisations = Organisation.objects.filter(
        Exists(ContentSender.objects.filter(organisation=OuterRef("pk")))
    )
    promotions = SearchPromotion.objects.filter(Q(page=None) | Q(page__live=True))
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
            promotions,
            [F("query_id"), Coalesce("sort_order", 0)],
            [
                *(F("query__query_string"), F("description"), F("external_link_url")),
                Coalesce("page__title", "external_link_text", output_field=TextField()),
                *(
                    Coalesce("page__path", Value(""), output_field=TextField()),
                    Coalesce("page__url_path", Value(""), output_field=TextField()),
                ),
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


#: The names of this generation.
get_names = Kept(read_names).get
