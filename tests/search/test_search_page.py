"""The search page: what it shows above, in and instead of its results."""

import json

import pytest
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import PageViewRestriction

from portal.models import ContentAuthor, ContentMunicipality
from portal.search.document import plain_words
from portal.search.query import parse_query
from portal.search.snippets import add_snippets, marked, running_text
from tests.factories import make_article, make_instrument, make_municipality, make_person
from tests.selection.conftest import select

BODY = [
    {"type": "text", "value": "<p>" + "Eerst staat hier een lange aanloop over iets anders. " * 12 + "</p>"},
    {"type": "text", "value": "<p>De <b>raadsleden</b> &amp; de griffier kozen een burgerberaad.</p>"},
]


def results(client, words, **more) -> str:
    answer = client.get("/zoeken/", {"q": words, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_snippet_shows_the_part_of_the_body_that_holds_the_words(client, tree):
    make_article(tree, title="Burgerberaad en griffier", summary="Over loting.", body=json.dumps(BODY))

    page = results(client, "burgerberaad griffier")

    assert "<mark>burgerberaad</mark>" in page
    assert "&amp; de <mark>griffier</mark>" in page


def test_words_are_marked_by_their_stem_and_inside_compounds(
    db,
):
    query = parse_query("raadslid participatie")

    text = marked("Raadsleden leren over burgerparticipatie & <b>meer</b>.", query)

    assert text == (
        "<mark>Raadsleden</mark> leren over <mark>burgerparticipatie</mark> &amp; &lt;b&gt;meer&lt;/b&gt;."
    )


def test_snippets_cost_no_query_beside_that_of_the_cards(tree, django_assert_num_queries):
    for _ in range(12):
        make_article(tree, summary="Iets anders.", body=json.dumps(BODY))
    selection = select("?q=burgerberaad", kept_as="all")
    items = list(selection.page)

    with django_assert_num_queries(0):
        add_snippets(items, selection.match.query)

    assert len(items) == 12
    assert all("<mark>burgerberaad</mark>" in item.snippet for item in items)


def test_a_stored_body_gives_its_words_and_not_its_technical_values():
    stored = [
        {
            "type": "facts",
            "id": "abc",
            "value": {"title": "Kort", "rows": [{"label": "Wie", "value": "De raad"}]},
        },
        {"type": "image", "value": {"image": 3, "alt": "Een zaal", "is_decorative": False}},
        {"type": "heading", "value": {"text": "Kop", "level": "h2"}},
    ]

    assert list(plain_words(stored)) == ["Kort", "Wie", "De raad", "Een zaal", "Kop"]


def test_blocks_stand_apart_in_a_snippet_and_punctuation_stays_where_it_was():
    stored = ["<p>Kies <a href='/'>loten</a>.</p><ul><li>een</li></ul>", "12.15 uur", "Slot"]

    assert running_text(plain_words(stored)) == "Kies loten. een · 12.15 uur · Slot"


def test_a_theme_and_a_topic_that_are_named_stand_above_the_results(client, tree):
    make_article(tree, themes=[tree.participatie])

    assert (
        'href="/aan-de-slag-met/participatie/uitdaagrecht/"'
        in results(client, "het uitdaagrecht").split("<main")[1]
    )
    assert "named__link" in results(client, "participatie")


def test_a_municipality_and_an_author_are_offered_only_when_they_have_something(client, tree):
    zeist, person = make_municipality(), make_person()
    make_municipality("Rhenen", "0340")
    item = make_article(tree, title="Iets uit Zeist")
    ContentMunicipality.objects.create(page=item, municipality=zeist)
    ContentAuthor.objects.create(page=item, person=person)

    assert "/zoeken/?gemeente=zeist" in results(client, "zeist")
    assert "/zoeken/?auteur=sanne-de-wit" in results(client, "sanne de wit")
    assert "named__link" not in results(client, "rhenen")


def test_names_above_the_results_never_come_from_private_content(client, tree):
    zeist = make_municipality()
    item = make_article(tree, title="Iets uit Zeist")
    ContentMunicipality.objects.create(page=item, municipality=zeist)
    PageViewRestriction.objects.create(page=item, restriction_type=PageViewRestriction.LOGIN)

    assert "named__link" not in results(client, "zeist")


def test_a_promoted_result_stands_on_top_in_whatever_form_it_is_asked(client, tree):
    page = make_article(tree, title="De beste gids")
    SearchPromotion.objects.create(query=Query.get("burgerberaad"), page=page, description="Begin hier.")

    shown = results(client, "burgerberaden")

    assert "Aanbevolen" in shown
    assert "De beste gids" in shown
    assert "Begin hier." in shown


def test_a_promotion_of_a_page_that_went_offline_is_not_shown(client, tree):
    page = make_article(tree, title="De beste gids")
    SearchPromotion.objects.create(query=Query.get("burgerberaad"), page=page)
    page.unpublish()

    assert "De beste gids" not in results(client, "burgerberaad")


def test_nothing_found_offers_the_themes_and_a_way_out(client, tree):
    page = results(client, "xyzzyqwerty")

    assert "We vonden niets met ‘xyzzyqwerty’. Controleer de spelling of probeer een breder woord." in page
    assert "wat je koos" not in page
    assert 'href="/aan-de-slag-met/participatie/"' in page.split('class="no-results"')[1].split("</main>")[0]


def test_of_a_municipality_without_anything_it_is_said_that_there_is_nothing_yet(client, tree):
    make_municipality("Rhenen", code="0340")

    page = results(client, "rhenen")

    assert "Van de gemeente Rhenen staat hier nog niets." in page
    assert "Controleer de spelling" not in page


@pytest.mark.parametrize("words", ["-raad", "😀", "de het een"])
def test_words_that_cannot_be_looked_for_are_answered_once(client, tree, words):
    page = results(client, words, thema="participatie")

    assert page.count('class="results__note"') == 1
    assert "no-results__title" not in page
    assert 'href="/aan-de-slag-met/participatie/"' in page.split('class="no-results"')[1].split("</main>")[0]


def test_a_filter_that_leaves_nothing_is_not_said_to_have_left_what_is_like_it(client, tree):
    make_article(tree, title="Zwembad")
    make_article(tree, title="Kettingzaag")
    assert "Dit lijkt erop" in results(client, "zwembad kettingzaag")

    page = results(client, "zwembad kettingzaag", thema="participatie")

    assert "Dit lijkt erop" not in page
    assert "Haal een filter weg of zoek met een ander woord." in page


def test_words_that_were_corrected_are_named_as_they_were_looked_for(client, tree):
    make_article(tree, title="Burgerberaad")

    page = results(client, "burgerbraad")

    assert "<title>1 resultaat voor ‘burgerberaad’" in page
    assert '<h2 class="results__sentence" id="zin">1 resultaat voor ‘burgerberaad’</h2>' in page
    assert "Zoek toch naar ‘burgerbraad’" in page
    assert 'value="burgerbraad"' in page


def test_the_words_of_a_search_are_not_counted_as_a_filter(client, tree):
    for theme in (tree.raad, tree.participatie):
        make_article(tree, title="Burgerberaad", themes=[theme])

    assert "gekozen)" not in results(client, "burgerberaad")
    assert "(1 gekozen)" in results(client, "burgerberaad", thema="participatie")


def test_the_search_page_costs_the_same_few_queries_for_every_search(
    client, tree, django_assert_max_num_queries
):
    for _ in range(30):
        make_instrument(tree, title="Burgerberaad", body=json.dumps(BODY))
    results(client, "burgerberaad")

    with django_assert_max_num_queries(9):
        results(client, "burgerberaad")


def test_a_search_is_kept_by_nobody_but_the_browser_and_everything_is_for_all(client, tree):
    assert client.get("/zoeken/?q=raad")["Cache-Control"] == "private, max-age=60"
    assert "private" not in client.get("/zoeken/").get("Cache-Control", "")


def test_opensearch_is_well_formed_and_names_the_three_forms(client, tree, settings):
    from lxml import etree

    answer = client.get("/opensearch.xml")
    root = etree.fromstring(answer.content)

    assert answer["Content-Type"].startswith("application/opensearchdescription+xml")
    assert len(root.findtext("{*}ShortName")) <= 16
    assert {url.get("type") for url in root.findall("{*}Url")} >= {
        "text/html",
        "application/x-suggestions+json",
    }
    assert all(url.get("template").startswith(settings.SITE_URL) for url in root.findall("{*}Url"))


def suggestions(client, words) -> list:
    answer = client.get("/zoeken/suggesties/", {"q": words})
    assert answer.status_code == 200
    return answer.json()


def test_suggestions_are_names_first_then_titles(client, tree):
    make_article(tree, title="Uitdagend besturen")

    words, labels, kinds, urls = suggestions(client, "uitda")

    assert words == "uitda"
    assert labels == ["Uitdaagrecht", "Uitdagend besturen"]
    assert kinds == ["Onderwerp", "Verdieping"]
    assert urls[0] == "/aan-de-slag-met/participatie/uitdaagrecht/"


def test_titles_that_begin_with_what_is_typed_stand_first(client, tree):
    make_article(tree, title="Een raad die luistert")
    make_article(tree, title="‘Raad’ en daad")
    make_article(tree, title="Samen met de griffie-raad")
    make_article(tree, title="Beraad")

    labels = suggestions(client, "raa")[1]

    assert labels[-3:] == ["‘Raad’ en daad", "Samen met de griffie-raad", "Een raad die luistert"]
    assert suggestions(client, "luis raad")[1] == ["Een raad die luistert"]


def test_suggestions_never_name_what_is_not_public(client, tree):
    make_article(tree, title="Geheim plan", live=False)
    hidden = make_article(tree, title="Geheim stuk")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)

    assert suggestions(client, "geheim")[1] == []


@pytest.mark.parametrize(
    "words", ["", "a", '"', "'\"*", "NEAR(", "%", "_", "\u202e", "é" * 400, "raad' OR 1=1 --"]
)
def test_suggestions_answer_any_words(client, tree, words):
    assert suggestions(client, words)[1] == []


def test_suggestions_cost_few_queries(client, tree, django_assert_max_num_queries):
    for _ in range(20):
        make_article(tree, title="Uitdagend besturen")
    suggestions(client, "uitda")

    with django_assert_max_num_queries(2):
        suggestions(client, "uitda")
