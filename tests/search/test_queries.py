"""What a query asks: phrases, minus, synonyms, corrections, and whatever else people type."""

import datetime

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal import generation
from portal.models import ContentPage
from portal.search.models import Synonym
from portal.search.query import parse_query
from portal.selection.views import search_selection
from portal.selection.words import search_items
from tests.factories import make_article, make_instrument

HOSTILE = [
    '"',
    '"raad',
    'raad"',
    'a"b',
    '"" "" ""',
    "   ",
    "\x00",
    "raad\x00sleden",
    "NEAR(raad, 5)",
    "raad AND OR NOT",
    "raad*",
    "^raad",
    "title:raad",
    "{title body} : raad",
    "raad & college | !x",
    "raad <-> college",
    ":*",
    "%",
    "_____",
    "' OR 1=1 --",
    "'; DROP TABLE portal_contentpage; --",
    "$$raad$$",
    "\\",
    "a:" * 5000,
    '"' * 10_000,
    "raad " * 60,
    "x" * 3000,
    "raad" * 750,
    "-" * 300,
    "-raad",
    "- - -",
    "️🏛",
    "\u202eraad",
    "ѕеаrсh ελληνικά 中文 العربية",
    "²½Ⅷ",
    "ﬁ ﷺ",
]


def find(words):
    return search_items(ContentPage.objects.for_readers(), words)


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_is_typed_gets_an_answer(tree, client, words):
    make_article(tree, title="De raad")

    assert client.get("/zoeken/", {"q": words}).status_code == (200 if len(words) < 4000 else 400)
    assert list(ContentPage.objects.live().search(words)[:3]) is not None
    assert find(words).ranked(ContentPage.objects.all(), 0, 20) is not None


def test_quotes_ask_for_the_words_as_they_follow_each_other(tree, titles_for):
    make_article(tree, title="De lokale driehoek")
    make_article(tree, title="Driehoek en lokale pers")

    assert titles_for('"lokale driehoek"') == ["De lokale driehoek"]


def test_a_minus_keeps_out_what_holds_a_word(tree, titles_for):
    make_article(tree, title="Burgerberaad over warmte")
    make_article(tree, title="Burgerberaad over afval")

    assert titles_for("burgerberaad -afval") == ["Burgerberaad over warmte"]


def test_a_hyphen_inside_a_word_excludes_nothing(tree, titles_for):
    make_article(tree, title="Co-creatie in de wijk")

    assert titles_for("co-creatie") == titles_for("cocreatie") == ["Co-creatie in de wijk"]


def test_all_words_go_before_some_and_the_reader_is_told_when_nothing_holds_all(tree):
    make_article(tree, title="Zwembad zonder plan")
    for number in range(12):
        make_article(tree, title=f"Verslag {number}")
    make_article(tree, title="Kettingzaag")

    assert find("zwembad kettingzaag").refusal == ""
    assert find("zwembad plan").note == ""
    assert find("zwembad kettingzaag").note.startswith("Er is niets met al deze woorden")


def test_a_synonym_works_at_once_and_both_ways_only_where_it_says_so(tree, titles_for):
    make_article(tree, title="De kraanvogel")
    make_article(tree, title="De reiger")
    assert titles_for("reiger") == ["De reiger"]

    synonym = Synonym.objects.create(term="reiger", also="kraanvogel", is_mutual=False)
    generation.raise_now()
    assert set(titles_for("reiger")) == {"De reiger", "De kraanvogel"}
    assert titles_for("kraanvogel") == ["De kraanvogel"]

    synonym.is_mutual = True
    synonym.save()
    generation.raise_now()
    assert set(titles_for("kraanvogel")) == {"De reiger", "De kraanvogel"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("burgerberaat", "burgerberaad"),
        ("rekenkammer", "rekenkamer"),
        ("uitdaagregt", "uitdaagrecht"),
        ("beraadburger", ""),
    ],
)
def test_a_misspelt_word_is_read_as_the_one_that_was_meant(tree, typed, meant):
    for title in ("Burgerberaad", "De rekenkamer", "Uitdaagrecht"):
        make_article(tree, title=title)

    correction = find(typed).correction

    assert (correction.used if correction else "") == meant


def test_what_was_typed_can_be_searched_for_after_all(tree):
    make_article(tree, title="Burgerberaad")

    correction = find("burgerberaat zeist").correction

    assert correction.typed == "burgerberaat zeist"
    assert correction.literal == '"burgerberaat" zeist'
    assert find(correction.literal).correction is None


def test_short_words_and_abbreviations_are_not_corrected(tree):
    make_article(tree, title="De Woo en de VNG")

    assert find("wob vnh").correction is None


def test_a_title_goes_before_a_summary_and_a_summary_before_a_body(tree, titles_for):
    make_article(tree, title="Iets", body=[("text", "<p>Over het uitdaagrecht.</p>")])
    make_article(tree, title="Nog iets", summary="Over het uitdaagrecht.")
    make_article(tree, title="Het uitdaagrecht")

    assert titles_for("uitdaagrecht") == ["Het uitdaagrecht", "Nog iets", "Iets"]


def test_of_two_equal_items_the_newer_goes_first_but_never_before_a_better_one(tree, titles_for):
    new, old = timezone.now(), timezone.now() - datetime.timedelta(days=2000)
    make_article(tree, title="Uitdaagrecht nieuw", summary="Kort.", added_at=new)
    make_article(tree, title="Uitdaagrecht oude", summary="Kort.", added_at=old)
    make_article(tree, title="Iets", summary="Een uitdaagrecht.", added_at=new)

    assert titles_for("uitdaagrecht") == ["Uitdaagrecht nieuw", "Uitdaagrecht oude", "Iets"]


def test_list_count_and_facets_hold_the_same_items(tree, client):
    for _ in range(25):
        make_article(tree, title="Burgerberaad")
    for _ in range(4):
        make_instrument(tree, title="Burgerberaad loten")

    selection = search_selection(RequestFactory().get("/zoeken/?q=burgerberaden"))
    counts = selection.facet_counts["soort"]

    assert selection.total == sum(counts.values()) == selection.items.count() == 29
    assert counts["instrument"] == 4
    assert len(selection.page.object_list) == 20


def test_wagtails_own_search_finds_filters_counts_and_facets(tree):
    for _ in range(3):
        make_article(tree, title="Burgerberaad")
    make_instrument(tree, title="Loten voor een burgerberaad")

    found = ContentPage.objects.live().search("burgerberaden")

    assert found.count() == len(list(found)) == 4
    assert dict(found.facet("kind")) == {"verdieping": 3, "instrument": 1}
    assert ContentPage.objects.filter(kind="instrument").search("beraad").count() == 1
    assert [page.title for page in found[1:3]] == ["Burgerberaad", "Burgerberaad"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("de", "in bijna elke tekst"),
        ("van het", "in bijna elke tekst"),
        ("-raad", "sluit alleen woorden uit"),
        ("?!", "geen woord"),
    ],
)
def test_words_that_say_nothing_find_nothing_and_the_page_says_why(client, tree, words, says):
    make_article(tree, title="Van de raad het beste")

    answer = client.get("/zoeken/", {"q": words})

    assert answer.status_code == 200
    assert says in answer.content.decode()


def test_a_query_is_cut_and_never_holds_more_than_twelve_groups(db):
    query = parse_query("een twee drie " + " ".join(f"woord{n}" for n in range(100)))

    assert len(query.groups) == 12
    assert len(query.text) <= 300


def test_the_match_is_run_once_for_all_items_and_not_per_item(tree):
    """SQLite would run it for every entry if it took the entries first; PostgreSQL must use the index on the words."""
    for _ in range(30):
        make_article(tree, title="Burgerberaad")
    match = find("burgerberaad")

    with CaptureQueriesContext(connection) as asked:
        match.ranked(ContentPage.objects.for_readers(), 0, 10)

    searches = [query["sql"] for query in asked if "MATCH" in query["sql"] or "@@" in query["sql"]]
    assert len(searches) == 2
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # for few items it would not look at an index
            cursor.execute(
                "CREATE TEMP TABLE others ON COMMIT DROP AS SELECT entry.* FROM "
                "(SELECT * FROM wagtailsearch_indexentry ORDER BY id DESC LIMIT 1) entry, generate_series(1, 3000)"
            )
            cursor.execute(
                "UPDATE others SET body = 'iets'::tsvector, id = nextval('wagtailsearch_indexentry_id_seq'), "
                "object_id = (1000000 + currval('wagtailsearch_indexentry_id_seq'))::text"
            )
            cursor.execute("INSERT INTO wagtailsearch_indexentry SELECT * FROM others")
            cursor.execute(
                "SELECT gin_clean_pending_list(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
                "JOIN pg_am ON pg_am.oid = relam "
                "WHERE indrelid = 'wagtailsearch_indexentry'::regclass AND amname = 'gin'"
            )
            cursor.execute("ANALYZE wagtailsearch_indexentry")
            for other in ("enable_seqscan", "enable_indexscan"):
                cursor.execute("SELECT set_config(%s, 'off', true)", [other])
        for search in searches:
            cursor.execute(f"{'EXPLAIN QUERY PLAN' if connection.vendor == 'sqlite' else 'EXPLAIN'} {search}")
            plan = [str(row) for row in cursor.fetchall()]
            if connection.vendor == "sqlite":
                assert any("VIRTUAL TABLE INDEX 0:M" in step for step in plan)
                assert not any("INDEX 0:=" in step for step in plan)
                # Of what matches only the best are looked up.
                assert "LIMIT" in search or not any("SEARCH entry" in step for step in plan)
            else:
                assert any("Index Cond: (body @@" in step for step in plan)
