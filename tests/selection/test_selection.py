"""From an address to items, counts, a sentence and the ways on."""

import datetime

import pytest
from django.http import Http404
from django.template.loader import render_to_string

from portal.models import ContentMunicipality, ContentPage
from portal.selection import register_word_search
from portal.selection.parts import Facet, Option
from portal.selection.vocabulary import Choice
from tests import factories
from tests.selection.conftest import select, titles

BOTH = {"Uitdaagrecht in de wijk", "Burgerbegroting"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?thema=participatie", BOTH),
        ("?thema=participatie&thema=de-raad", BOTH | {"Álle debatten"}),
        ("?thema=participatie&rol=raadslid", {"Burgerbegroting"}),
        ("?thema=PARTICIPATIE&onderwerp=uitdaagrecht", {"Uitdaagrecht in de wijk"}),
        ("?soort=nieuws&soort=verdieping", {"Álle debatten", "Nieuws van de dag"}),
        ("?jaar=2018", {"Uitdaagrecht in de wijk", "Nieuws van de dag"}),
        ("?jaar=2018&jaar=2019", BOTH | {"Nieuws van de dag"}),
        ("?auteur=sanne-de-wit", {"Burgerbegroting"}),
        ("?afzender=vng", {"Burgerbegroting"}),
        ("?gemeente=zeist", BOTH),
        ("?gemeente=driebergen", BOTH),
        ("?thema=participatie&thema=bestaat-niet", BOTH),
        ("?thema=bestaat-niet", set()),
        ("?jaar=9999", set()),
        ("?jaar=0000", set()),
        ("?jaar=20181", set()),
        ("?q=DEBAT", {"Álle debatten"}),
        ("?q=alle+debatten", {"Álle debatten"}),
        ("?q=%25", set()),
        ("?q=!!!", set()),
        ("?thema__regex=.*&thema[]=x", BOTH | {"Álle debatten", "Nieuws van de dag"}),
    ],
)
def test_values_widen_within_a_key_and_keys_narrow_each_other(filed, query, found):
    selection = select(query)

    assert titles(selection) == found
    assert selection.total == len(found)
    assert select(query, shows_facets=True).total == len(found)


def options_of(selection, key):
    return {
        option.value: option.count
        for facet in selection.facets
        if facet.key == key
        for option in facet.options
    }


def test_what_is_filed_under_a_predecessor_counts_under_the_municipality_of_today(filed):
    other = factories.make_municipality("Baarn", "0308")
    ContentMunicipality.objects.create(page=filed.debate, municipality=other)

    assert options_of(select(""), "gemeente") == {"baarn": 1, "zeist": 2}


def test_a_facet_counts_as_if_its_own_key_were_not_chosen(filed):
    selection = select("?thema=participatie&soort=instrument")

    assert options_of(selection, "thema") == {"de-raad": 1, "participatie": 1}
    assert options_of(selection, "soort") == {"instrument": 1, "praktijkvoorbeeld": 1}
    assert options_of(selection, "rol") == {"griffier": 1, "raadslid": 1}


def test_an_ended_municipality_and_an_unknown_value_show_only_where_they_are_chosen(filed):
    assert options_of(select("?gemeente=driebergen"), "gemeente") == {"driebergen": 2, "zeist": 2}
    assert options_of(select("?thema=weg"), "thema") == {"de-raad": 2, "participatie": 2, "weg": 0}


@pytest.fixture
def many_places(tree):
    """Forty-five municipalities: the n-th has one item, and nine of them in the middle have two."""
    for number in range(45):
        place = factories.make_municipality(f"Plaats-{number:02}", f"9{number:03}")
        for _ in range(2 if 20 <= number < 29 else 1):
            page = factories.make_article(tree)
            ContentMunicipality.objects.create(page=page, municipality=place)


def place_facet(query):
    (facet,) = [facet for facet in select(query).facets if facet.key == "gemeente"]
    return facet


def test_of_very_many_options_those_that_find_most_are_boxes_and_the_others_a_menu(many_places):
    facet = place_facet("")

    assert [option.label for option in facet.options] == [f"Plaats-{number}" for number in range(20, 28)]
    assert [choice.label for choice, _ in facet.menu] == [
        f"Plaats-{number:02}" for number in range(45) if not 20 <= number < 28
    ]
    assert {choice.label: count for choice, count in facet.menu}["Plaats-28"] == 2


def test_what_is_chosen_from_a_menu_is_a_box_from_then_on(client, many_places):
    facet = place_facet("?gemeente=plaats-44&gemeente=plaats-00")
    chosen = [option.label for option in facet.options if option.is_chosen]

    assert chosen == ["Plaats-00", "Plaats-44"]
    assert len(facet.options) == 8
    assert "Plaats-44" not in [choice.label for choice, _ in facet.menu]

    markup = client.get("/zoeken/?gemeente=plaats-44&gemeente=").content.decode()
    assert 'value="plaats-44" checked' in markup
    assert '<option value="plaats-00">Plaats-00 (1)</option>' in markup
    assert '<option value="plaats-44"' not in markup


def test_a_facet_of_one_option_is_not_offered(filed):
    assert [facet.key for facet in select("").facets] == ["thema", "soort", "rol", "jaar"]


def test_a_draft_and_a_private_theme_are_no_choice(filed):
    filed.tree.participatie.unpublish()

    selection = select("?thema=participatie")

    assert selection.total == 0
    assert "‘participatie’" in selection.sentence


@pytest.mark.parametrize(
    ("query", "sentence", "heading"),
    [
        ("", "4 resultaten", "Alles"),
        ("?thema=participatie", "2 resultaten over Participatie", "Alles over Participatie"),
        (
            "?soort=praktijkvoorbeeld&thema=participatie&rol=griffier",
            "1 praktijkvoorbeeld over Participatie voor griffiers",
            "Praktijkvoorbeelden over Participatie voor griffiers",
        ),
        (
            "?soort=publicatie&thema=de-raad&jaar=2018",
            "Geen publicaties over De Raad uit 2018",
            "Publicaties over De Raad uit 2018",
        ),
        (
            "?q=debat&thema=de-raad",
            "1 resultaat voor ‘debat’ over De Raad",
            "Resultaten voor ‘debat’ over De Raad",
        ),
        (
            "?q=debat&soort=verdieping",
            "1 verdiepend artikel met ‘debat’",
            "Verdiepende artikelen met ‘debat’",
        ),
        ("?auteur=sanne-de-wit", "1 resultaat van Sanne de Wit", "Alles van Sanne de Wit"),
        ("?afzender=vng&gemeente=zeist", "1 resultaat in Zeist van VNG", "Alles in Zeist van VNG"),
        ("?auteur=sanne-de-wit&afzender=vng", "1 resultaat van Sanne de Wit en van VNG", None),
        ("?rol=griffier&rol=raadslid", "3 resultaten voor griffiers of raadsleden", None),
        (
            "?thema=participatie&onderwerp=uitdaagrecht",
            "1 resultaat over Participatie en over Uitdaagrecht",
            None,
        ),
        ("?soort=nieuws&soort=column", "1 column of nieuwsbericht", "Columns of nieuwsberichten"),
        ("?soort=raar", "Geen ‘raar’", None),
    ],
)
def test_one_sentence_names_the_selection(filed, query, sentence, heading):
    selection = select(query)

    assert selection.sentence == sentence
    assert heading is None or selection.heading == heading


@pytest.mark.parametrize(
    ("query", "robots"),
    [
        ("", ""),
        ("?thema=participatie", "nofollow"),
        ("?utm_source=x", ""),
        ("?thema=participatie&thema=de-raad", "noindex, nofollow"),
        ("?thema=participatie&rol=griffier", "noindex, nofollow"),
        ("?q=raad", "noindex, nofollow"),
        ("?sorteer=titel", "noindex, nofollow"),
        ("?thema=weg", "noindex, nofollow"),
    ],
)
def test_a_crawler_is_kept_out_of_more_than_one_filter(filed, query, robots):
    assert select(query).robots == robots


def test_every_choice_can_be_taken_back(filed):
    query = "?q=wijk&thema=participatie&rol=griffier&sorteer=titel"
    selection = select(f"{query}&pagina=1", owner=filed.tree.recent, path="/recent/")

    assert [(chip.label, chip.key, chip.remove_url) for chip in selection.chips] == [
        ("‘wijk’", "q", "/recent/?thema=participatie&rol=griffier&sorteer=titel"),
        ("Participatie", "thema", "/recent/?q=wijk&rol=griffier&sorteer=titel"),
        ("griffier", "rol", "/recent/?q=wijk&thema=participatie&sorteer=titel"),
    ]
    assert selection.clear_url == "/recent/"
    assert selection.canonical_url == f"http://localhost:8000/recent/{query}"


def test_the_words_of_the_search_page_are_no_filter(filed):
    selection = select("?q=wijk&thema=participatie")

    assert [chip.key for chip in selection.chips] == ["thema"]
    assert selection.clear_url == "/zoeken/?q=wijk"
    assert select("?q=wijk").chips == []


@pytest.mark.parametrize(("query", "is_offered"), [("", True), ("?q=raadhuis", True), ("?q=wijk", False)])
def test_a_calendar_is_offered_where_a_meeting_is_to_come(filed, query, is_offered):
    for title, year in {"In het raadhuis": 2090, "In de wijk": 2020}.items():
        day = datetime.datetime(year, 3, 2, 12, tzinfo=datetime.UTC)
        factories.make_event(filed.tree, title=title, starts_at=day, ends_at=day)

    forms = [form.form for form in select(query, kept_as="all").forms]

    assert ("ics" in forms) is is_offered


def test_the_form_keeps_what_it_has_no_field_for(filed):
    selection = select("?thema=participatie&auteur=sanne-de-wit&afzender=vng&sorteer=titel&q=b")

    assert selection.hidden_fields == [("auteur", "sanne-de-wit"), ("afzender", "vng"), ("sorteer", "titel")]


def test_an_order_is_kept_by_title_and_by_newest(filed):
    by_title = [item.title for item in select("?sorteer=titel").page]
    by_newest = [item.title for item in select("").page]

    assert by_title == ["Álle debatten", "Burgerbegroting", "Nieuws van de dag", "Uitdaagrecht in de wijk"]
    assert by_newest[0] == "Nieuws van de dag"


def test_pages_follow_each_other_and_end(tree):
    for _ in range(65):
        factories.make_news(tree, title="Raad")

    first, third = select("?q=raad"), select("?q=raad&pagina=3")

    assert [link.number for link in first.page_links] == [1, 2, 3, 4]
    assert first.next_url == "/zoeken/?q=raad&pagina=2"
    assert first.previous_url == ""
    assert third.previous_url == "/zoeken/?q=raad&pagina=2"
    assert len({item.pk for n in (1, 2, 3, 4) for item in select(f"?q=raad&pagina={n}").page}) == 65
    with pytest.raises(Http404):
        _ = select("?q=raad&pagina=5").page


def test_an_empty_selection_shows_ways_out_that_find_something(filed):
    selection = select("?thema=participatie&jaar=2018&rol=raadslid", owner=filed.tree.recent, path="/recent/")

    assert selection.total == 0
    assert selection.broader == [
        ("1 resultaat over Participatie uit 2018", "/recent/?thema=participatie&jaar=2018"),
        ("1 resultaat over Participatie voor raadsleden", "/recent/?thema=participatie&rol=raadslid"),
        ("Wis alle keuzes", "/recent/"),
        ("Zoek op de hele site", "/zoeken/?thema=participatie&rol=raadslid&jaar=2018"),
    ]


def test_the_forms_carry_the_filters_and_not_the_page(filed):
    selection = select("?thema=participatie&sorteer=titel", items=ContentPage.objects.for_readers())

    assert {form.form: form.url for form in selection.forms} == {
        "atom": "/zoeken/feed.atom?thema=participatie",
        "ics": "/zoeken/agenda.ics?thema=participatie",
        "csv": "/zoeken/lijst.csv?thema=participatie&sorteer=titel",
        "json": "/zoeken/lijst.json?thema=participatie&sorteer=titel",
    }


def test_a_registered_word_search_finds_counts_and_orders(filed):
    class Backwards:
        def restrict(self, queryset):
            return queryset.filter(pk__in=[filed.debate.pk, filed.news.pk])

        def ranked(self, queryset, start, stop):
            return [filed.debate.pk, filed.news.pk][start:stop]

    before = register_word_search(lambda queryset, words: Backwards())
    try:
        selection = select("?q=iets", shows_facets=True)

        assert [item.pk for item in selection.page] == [filed.debate.pk, filed.news.pk]
        assert options_of(selection, "soort") == {"verdieping": 1, "nieuws": 1}
    finally:
        register_word_search(before)


@pytest.mark.parametrize(("number", "first"), [(3, 3), (8, 8), (9, 9), (10, 8)])
def test_a_facet_folds_away_two_options_or_more_and_never_one(number, first):
    options = [Option(Choice(str(n), str(n), ()), 1, n == 8, str) for n in range(number)]

    facet = Facet("rol", "Voor wie", options)

    assert facet.first == first
    assert facet.is_open is (number == 10)
    markup = render_to_string("components/facet.html", {"facet": facet})
    assert markup.count('type="checkbox"') == number
    assert ("<details" in markup) is (number == 10)
