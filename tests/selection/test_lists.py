"""The pages that show a Selection: indexes, themes, the agenda and the search page."""

import datetime
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings

from portal.models import ContentAuthor, ContentSender
from portal.selection.parts import page_numbers
from portal.selection.vocabulary import get_vocabulary
from tests import factories
from tests.factories import NOON
from themes.models import TopicPage

DAY = datetime.timedelta(days=1)


def selection_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.context["selection"]


@pytest.mark.parametrize(
    ("address", "sentence", "facets"),
    [
        ("/recent/", "2 berichten", {"thema", "soort"}),
        ("/kennisbank/", "2 artikelen en publicaties", {"thema", "soort"}),
        ("/instrumenten/", "1 instrument", {"thema"}),
        ("/inspiratie/", "Geen praktijkvoorbeelden", set()),
        ("/actueel/", "1 bericht", set()),
        ("/aan-de-slag-met/de-raad/", "4 resultaten over De Raad", {"soort"}),
        ("/aan-de-slag-met/participatie/uitdaagrecht/", "1 resultaat over Uitdaagrecht", {"thema"}),
        ("/zoeken/", "4 resultaten", {"thema", "soort"}),
    ],
)
def test_every_list_says_what_it_holds_and_offers_what_it_does_not_fix(
    client, tree, address, sentence, facets
):
    both = [tree.raad, tree.participatie]
    factories.make_article(tree)
    factories.make_publication(tree, themes=both)
    factories.make_instrument(tree, themes=both, topics=[tree.topic])
    factories.make_news(tree, themes=[tree.raad], show_in_recent=True)

    selection = selection_of(client, address)

    assert selection.sentence == sentence
    assert {facet.key for facet in selection.facets} == facets


@pytest.mark.parametrize("address", ["/recent/", "/agenda/", "/zoeken/", "/aan-de-slag-met/de-raad/"])
def test_a_page_that_is_not_there_is_not_found(client, tree, address):
    numbers = ["2", "0", "-1", "1" + "0" * 25, "٢", "x", ""]

    assert {client.get(address, {"pagina": number}).status_code for number in numbers} == {404}


def test_a_theme_page_narrows_within_its_theme(client, tree):
    wanted = factories.make_article(tree, themes=[tree.raad], roles=[factories.make_role()])
    factories.make_article(tree, themes=[tree.raad])
    factories.make_article(tree, themes=[tree.participatie], roles=wanted.roles.all())

    selection = selection_of(client, "/aan-de-slag-met/de-raad/?rol=griffier")

    assert [item.pk for item in selection.page] == [wanted.pk]
    assert selection.heading == "Alles over De Raad voor griffiers"
    assert selection.is_narrowed


def test_a_theme_shows_no_item_twice(client, tree):
    first = factories.make_article(tree, title="Eerst", themes=[tree.raad])
    factories.make_article(tree, title="Dan", themes=[tree.raad])
    tree.raad.featured_links.create(item=first)
    tree.raad.save()

    context = client.get(tree.raad.url).context

    assert [item.title for item in context["featured"]] == ["Eerst"]
    assert [[item.title for item in items] for _, items in context["groups"]] == [["Dan"]]


def test_two_topics_of_one_name_under_different_themes_stay_apart(client, tree):
    other = tree.raad.add_child(
        instance=TopicPage(title="Uitdaagrecht", slug="uitdaagrecht", name="Uitdagen")
    )
    factories.make_article(tree, topics=[other])
    factories.make_article(tree, topics=[tree.topic])
    factories.make_article(tree, topics=[tree.topic])

    values = get_vocabulary().choices["onderwerp"]

    found = {value: selection_of(client, f"/kennisbank/?onderwerp={value}").total for value in values}
    assert sorted(found.values()) == [1, 2]
    assert selection_of(client, other.url).total == 1
    assert selection_of(client, tree.topic.url).total == 2


@pytest.fixture
def year(tree, time_machine):
    """Two meetings in March, one in May, and two that are past; it is noon on 2 March 2026."""
    time_machine.move_to(NOON)
    for days in (-40, -2, 1, 20, 70):
        starts = NOON + days * DAY
        factories.make_event(
            tree, title=f"{days}", themes=[tree.raad] if days > 0 else [], starts_at=starts, ends_at=starts
        )


def test_the_agenda_shows_what_comes_by_month(client, tree, year):
    answer = client.get("/agenda/")

    months = [(label, [event.title for event in events]) for label, events in answer.context["months"]]
    assert months == [("maart 2026", ["1", "20"]), ("mei 2026", ["70"])]
    assert answer.context["selection"].sentence == "3 komende bijeenkomsten"
    assert [(link.url, link.is_current) for link in answer.context["selection"].period_links] == [
        ("/agenda/", True),
        ("/agenda/?periode=voorbij", False),
    ]


def test_the_past_of_the_agenda_is_kept_the_last_on_top(client, tree, year):
    selection = selection_of(client, "/agenda/?periode=voorbij&sorteer=titel")

    assert [event.title for event in selection.page] == ["-2", "-40"]
    assert selection.heading == "Afgelopen bijeenkomsten"
    assert selection.canonical_url == f"{settings.SITE_URL}/agenda/?periode=voorbij"
    assert selection.robots == ""
    assert selection.sorts == []


def test_filters_and_words_work_in_both_periods_of_the_agenda(client, tree, year):
    assert selection_of(client, "/agenda/?thema=de-raad").total == 3
    assert selection_of(client, "/agenda/?thema=de-raad&periode=voorbij").total == 0
    assert [event.title for event in selection_of(client, "/agenda/?q=20").page] == ["20"]
    links = selection_of(client, "/agenda/?thema=de-raad").period_links
    assert links[1].url == "/agenda/?thema=de-raad&periode=voorbij"


def test_the_year_of_the_agenda_is_when_it_happens(client, tree, year, time_machine):
    factories.make_event(
        tree,
        title="nieuwjaar",
        published_on=NOON.date(),
        starts_at=datetime.datetime(
            2026, 12, 31, 23, 30, tzinfo=datetime.UTC
        ),  # half past midnight in Amsterdam
        ends_at=datetime.datetime(2027, 1, 1, 1, tzinfo=datetime.UTC),
    )

    selection = selection_of(client, "/agenda/?jaar=2027")

    assert [event.title for event in selection.page] == ["nieuwjaar"]
    counts = {
        option.value: option.count
        for facet in selection.facets
        for option in facet.options
        if facet.key == "jaar"
    }
    assert counts == {"2026": 3, "2027": 1}


@pytest.mark.parametrize("value", ["0001", "9999", "2026-02-30", "٢٠٢٦"])
def test_a_year_that_cannot_be_finds_no_meeting(client, tree, year, value):
    assert selection_of(client, f"/agenda/?jaar={value}").total == 0


def test_the_agenda_can_be_narrowed_by_a_form_and_by_links(client, tree, year):
    markup = client.get("/agenda/?thema=de-raad").content.decode()

    assert '<form class="filters__form"' in markup
    assert 'name="thema" value="de-raad" checked' in markup
    assert "3 komende bijeenkomsten over De Raad" in markup
    assert 'href="/agenda/?thema=de-raad&amp;periode=voorbij"' in markup
    assert markup.index("maart 2026") < markup.index("mei 2026")


def test_the_list_of_a_person_an_organisation_or_an_old_municipality_says_who_or_what_it_is(client, tree):
    vvv = factories.make_organisation()
    vvv.abbreviation, vvv.description = "VVV", "Bundelt voorbeelden."
    vvv.save()
    person = factories.make_person()
    person.job_title, person.organisation, person.description = "griffier", vvv, "Schrijft columns."
    person.save()
    item = factories.make_article(tree)
    ContentAuthor.objects.create(page=item, person=person)
    ContentSender.objects.create(page=item, organisation=vvv)
    zeist = factories.make_municipality()
    factories.make_municipality("Driebergen", "0300", successor=zeist, ended_on=datetime.date(2006, 1, 1))

    def notes(query):
        return selection_of(client, f"/zoeken/?{query}").notes

    assert notes("auteur=sanne-de-wit") == ["Griffier, Vereniging van Voorbeelden. Schrijft columns."]
    assert notes("afzender=vvv") == ["Vereniging van Voorbeelden. Bundelt voorbeelden."]
    assert notes("gemeente=driebergen") == ["Driebergen hoort nu bij de gemeente Zeist."]
    assert notes("gemeente=zeist&rol=griffier&auteur=onbekend") == []
    assert "Driebergen hoort nu bij" in client.get("/zoeken/?gemeente=driebergen").content.decode()


def test_a_period_means_nothing_outside_the_agenda(client, tree):
    assert selection_of(client, "/recent/?periode=voorbij").canonical_url == f"{settings.SITE_URL}/recent/"


def test_reading_an_address_keeps_no_draft_or_private_item(client, tree):
    factories.make_news(tree, title="Raad concept", live=False)

    assert selection_of(client, "/zoeken/?q=raad").total == 0


@pytest.mark.parametrize(
    ("current", "last", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (3, 5, [1, 2, 3, 4, 5]),
        (1, 9, [1, 2, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (4, 7, [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_page_numbers_leave_out_what_is_far_away(current, last, shown):
    assert page_numbers(current, last) == shown


class Links(HTMLParser):
    """The addresses of the links of a page."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found.append(dict(attrs).get("href", ""))


def test_no_link_leads_from_a_narrowed_list_to_a_narrower_one(client, tree):
    factories.make_instrument(tree, themes=[tree.raad], roles=[factories.make_role()])
    factories.make_instrument(tree, themes=[tree.participatie], roles=[factories.make_role("raadslid")])
    factories.make_article(tree, themes=[tree.raad, tree.participatie])
    asked, seen = ["/zoeken/"], {"/zoeken/"}

    while asked:
        links = Links(client.get(asked.pop()).content.decode()).found
        new = {link for link in links if urlsplit(link).path == "/zoeken/"} - seen
        seen |= new
        asked += new

    chosen = [[pair for pair in parse_qsl(urlsplit(link).query) if pair[0] != "sorteer"] for link in seen]
    assert max(len(pairs) for pairs in chosen) == 1
    assert {pairs[0][0] for pairs in chosen if pairs} == {"thema", "rol"}


def test_a_shortcut_on_a_narrowed_list_keeps_what_was_chosen(client, tree):
    griffier, raadslid = factories.make_role("griffier"), factories.make_role("raadslid")
    factories.make_instrument(tree, themes=[tree.raad], roles=[griffier])
    factories.make_instrument(tree, themes=[tree.raad], roles=[raadslid])

    page = client.get("/zoeken/?thema=de-raad&sorteer=titel").content.decode()

    form = page.partition('aria-label="Snel kiezen"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="thema" value="de-raad">' in form
    assert '<input type="hidden" name="sorteer" value="titel">' in form
    assert f'name="rol" value="{griffier.slug}"' in form
