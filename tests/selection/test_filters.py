"""The grammar of an address."""

import pytest
from django.http import Http404, QueryDict
from hypothesis import given
from hypothesis import strategies as st

from portal.selection.filters import MOST_VALUES, VALUE_KEYS, Filters

KEYS = [*VALUE_KEYS, "q", "sorteer", "periode", "thema__regex", "thema[]", "x"]
VALUES = st.one_of(
    st.sampled_from(["participatie", "nieuw", "titel", "relevantie", "voorbij", "2018"]), st.text()
)


def parse(query: str) -> Filters:
    return Filters.parse(QueryDict(query), periods=("voorbij",))


@given(st.lists(st.tuples(st.sampled_from(KEYS), VALUES), max_size=60))
def test_an_address_that_was_read_and_written_reads_the_same(pairs):
    data = QueryDict(mutable=True)
    for key, value in pairs:
        data.appendlist(key, value)

    filters = Filters.parse(data, periods=("voorbij",))

    assert parse(filters.query.removeprefix("?")) == filters
    assert parse(filters.query.removeprefix("?")).query == filters.query


def test_the_canonical_address_has_one_order_and_no_double_or_unknown_part():
    filters = parse(
        "utm_source=x&rol=wethouder&thema=samenspel&q=++een++raad+&thema=de-raad&thema=samenspel&pagina=1"
    )

    assert filters.query == "?q=een+raad&thema=de-raad&thema=samenspel&rol=wethouder"


@pytest.mark.parametrize(
    "number", ["0", "-1", "", "1.0", "01", "٢", "²", "1" + "0" * 25, "een", "1\x00", "None"]
)
def test_a_page_number_that_cannot_be_is_not_found(number):
    data = QueryDict(mutable=True)
    data["pagina"] = number

    with pytest.raises(Http404):
        Filters.parse(data)


@pytest.mark.parametrize(
    ("query", "sort", "is_written"),
    [
        ("", "nieuw", False),
        ("sorteer=nieuw", "nieuw", False),
        ("sorteer=titel", "titel", True),
        ("sorteer=relevantie", "nieuw", False),
        ("sorteer=__class__", "nieuw", False),
        ("q=raad", "relevantie", False),
        ("q=raad&sorteer=relevantie", "relevantie", False),
        ("q=raad&sorteer=nieuw", "nieuw", True),
    ],
)
def test_an_order_stands_in_the_address_only_where_it_says_something(query, sort, is_written):
    filters = parse(query)

    assert filters.sort == sort
    assert ("sorteer" in filters.query) is is_written


def test_values_and_words_are_limited_and_cleaned():
    data = QueryDict(mutable=True)
    data.setlist("rol", [f"rol-{n:04}" for n in range(1000)])
    data.setlist("gemeente", ["x" * 64_000, "a\x00b", "\ud800", "\u202ezeist", "  "])
    data["q"] = "\x00\u202e" + "woord " * 20_000

    filters = Filters.parse(data)

    assert filters.rol == tuple(f"rol-{n:04}" for n in range(MOST_VALUES))
    assert filters.gemeente == ("a b", "x" * 100, "zeist")
    assert len(filters.q) <= 300
    assert filters.q.startswith("woord woord")


def test_words_taken_away_take_their_order_with_them():
    filters = parse("q=raad&sorteer=nieuw&pagina=3")

    assert filters.without_key("q").query == ""
