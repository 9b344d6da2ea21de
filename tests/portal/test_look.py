"""The look: the words of the home page, the frame, the head, and what a page costs."""

import html
import json
import re
from base64 import b64encode
from hashlib import sha256

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders

from portal import chrome, components, stylesheet
from portal.models import ContentMunicipality, ContentPage, PortalSettings
from tests import planting
from tests.factories import (
    MAKERS,
    NOON,
    make_article,
    make_event,
    make_experience,
    make_instrument,
    make_municipality,
    make_news,
    make_person,
    make_publication,
    make_role,
)

HIDDEN = re.compile(r'<span class="visually-hidden">.*?</span>', re.S)
NASTY = "</script><script>alert(1)</script> & <!-- \u2028"


def text_of(markup: str) -> str:
    """The words a reader sees, white space collapsed."""
    markup = re.sub(r"<(svg|script|style)\b.*?</\1>", " ", HIDDEN.sub("", markup), flags=re.S)
    markup = re.sub(r"</?(span|a|b|strong|em|time)\b[^>]*>", "", markup)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def page_of(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def main_of(markup: str) -> str:
    return re.search(r"<main\b.*?</main>", markup, re.S)[0]


def scripts_of(markup: str) -> list[dict]:
    return [
        json.loads(s) for s in re.findall(r'<script type="application/ld\+json">(.*?)</script>', markup, re.S)
    ]


def test_the_home_page_says_its_words_in_order_and_nothing_between_but_kind_and_date(client, tree):
    tree.home.introduction = "<p>Lees de <a href='/inspiratie/'>ervaringen</a> van anderen.</p>"
    tree.home.save_revision().publish()
    make_news(tree, title="Eerst", summary="Wat er was.", published_on=NOON.date(), themes=[tree.raad])
    make_publication(tree, title="Handreiking", teaser="Een nieuwe impuls\nAls onderdeel van het…")

    words = text_of(main_of(page_of(client, "/")))

    assert words == (
        "Aan de slag met lokale democratie Lees de ervaringen van anderen. "
        "Aan de slag met De Raad Over de raad. Lees verder "
        "Aan de slag met Participatie Over participatie. Lees verder "
        "Recent toegevoegd op Lokale Democratie "
        "Publicatie Handreiking Een nieuwe impuls Als onderdeel van het… "
        "Nieuws 2 maart 2026 Eerst Wat er was. "
        "Bekijk alles"
    )


def test_each_read_more_names_its_theme_for_who_hears_the_link(client, tree):
    markup = page_of(client, "/")

    assert 'Lees verder<span class="visually-hidden"> over De Raad</span>' in markup


def test_navigation_and_search_stand_once_in_the_page(client, tree):
    markup = page_of(client, "/kennisbank/")

    assert markup.count('aria-label="Hoofdmenu"') == 1
    assert markup.count('id="zoekveld"') == 1


def links_of(markup: str, css: str) -> list[tuple[str, str]]:
    """Address and state of every link of this class."""
    return re.findall(rf'class="{css}"[^>]* href="([^"]*)"(?: aria-current="(\w+)")?', markup)


def test_header_and_strip_lead_to_the_themes_and_say_where_the_reader_is(client, tree):
    tree.knowledge.show_in_menus = True
    tree.knowledge.save()

    markup = page_of(client, "/aan-de-slag-met/participatie/uitdaagrecht/")

    assert links_of(markup, "menu__section") == [("/aan-de-slag-met/", "true"), ("/kennisbank/", "")]
    themes = [("/aan-de-slag-met/de-raad/", ""), ("/aan-de-slag-met/participatie/", "true")]
    assert links_of(markup, "menu__theme") == themes
    assert links_of(markup, "strip__link") == themes
    assert links_of(page_of(client, "/kennisbank/"), "menu__section")[-1] == ("/kennisbank/", "page")


INLINE = re.compile(r"<script(?![^>]*(?:src=|application/ld\+json))[^>]*>(.*?)</script>", re.DOTALL)


def test_a_visitor_gets_no_cookie_no_style_and_no_userbar(client, tree):
    answer = client.get("/kennisbank/")
    markup = answer.content.decode()

    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "style=" not in markup
    assert "<style" not in markup
    assert "wagtail-userbar" not in markup


@pytest.mark.parametrize("address", ["/", "/kennisbank/", "/zoeken/?q=raad", "/aan-de-slag-met/de-raad/"])
def test_the_one_inline_script_is_the_one_that_the_policy_names(client, tree, address):
    answer = client.get(address)
    (script,) = INLINE.findall(answer.content.decode())
    digest = b64encode(sha256(script.encode()).digest()).decode()

    assert f"script-src 'self' 'sha256-{digest}';" in answer.headers["Content-Security-Policy"]


def test_what_the_inline_script_fetches_is_there(client, tree):
    markup = page_of(client, "/zoeken/?q=raad")
    (modules,) = re.findall(r'data-modules="([^"]+)"', markup)

    assert len(modules.split()) == 3
    assert all(client.get(address).status_code == 200 for address in modules.split())


def test_the_stylesheet_is_every_component_once_with_the_layers_first(client, tree):
    css = client.get("/static/css/site.css")
    body = b"".join(css.streaming_content).decode() if css.streaming else css.content.decode()

    assert body == stylesheet.join()
    assert body.index("@layer reset") < 300
    assert all(
        stylesheet.COMMENT.sub("", source.read_text()).strip() in body for source in stylesheet.sources()
    )


def test_structured_data_cannot_close_its_script(client, tree):
    page = make_article(tree, title=NASTY, summary=NASTY)

    markup = page_of(client, page.url)

    assert "<script>alert(1)" not in markup
    assert scripts_of(markup)[0]["headline"] == ContentPage.objects.get(pk=page.pk).title


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("article", "Article"), ("experience", "Article"), ("news", "NewsArticle"), ("event", "Event")],
)
def test_every_kind_says_what_it_is_to_machines(client, tree, kind, expected):
    page = MAKERS[kind](tree)

    item, trail = scripts_of(page_of(client, page.url))

    assert item["@type"] == expected
    assert item["url"].endswith(page.url)
    assert trail["@type"] == "BreadcrumbList"
    assert trail["itemListElement"][-1]["name"] == page.title


def test_a_cancelled_event_says_so_to_machines_and_people_and_offers_no_sign_up(client, tree):
    page = make_event(
        tree,
        starts_at=NOON.replace(year=2090),
        ends_at=NOON.replace(year=2090, hour=14),
        status="afgelast",
        status_note="De spreker is ziek.",
        signup_url="https://example.org/aanmelden",
    )

    markup = page_of(client, page.url)

    assert scripts_of(markup)[0]["eventStatus"] == "https://schema.org/EventCancelled"
    assert "Afgelast: De spreker is ziek." in text_of(markup)
    assert "https://example.org/aanmelden" not in main_of(markup)


@pytest.mark.parametrize(
    ("status", "year", "is_shown"), [("gepland", 2090, True), ("vol", 2090, False), ("gepland", 2020, False)]
)
def test_sign_up_is_offered_only_when_it_makes_sense(client, tree, status, year, is_shown):
    page = make_event(
        tree,
        starts_at=NOON.replace(year=year),
        ends_at=NOON.replace(year=year, hour=14),
        status=status,
        signup_url="https://example.org/aanmelden",
    )

    assert ("Meld je aan" in page_of(client, page.url)) is is_shown


def test_who_may_choose_how_to_sign_up_sees_both_ways(client, tree):
    moments = {"starts_at": NOON.replace(year=2090), "ends_at": NOON.replace(year=2090, hour=14)}
    page = make_event(
        tree, **moments, signup_url="https://example.org/aanmelden", signup_email="griffie@example.org"
    )

    shown = main_of(page_of(client, page.url))

    assert 'href="https://example.org/aanmelden"' in shown
    assert 'href="mailto:griffie@example.org"' in shown


def test_home_search_and_organisation_are_told_on_the_home_page(client, tree):
    website, organisation = scripts_of(page_of(client, "/"))

    assert website["potentialAction"]["target"]["urlTemplate"].endswith("/zoeken/?q={search_term_string}")
    assert organisation["@type"] == "Organization"


def test_a_page_has_a_canonical_address_that_no_visitor_can_change(client, tree, settings):
    settings.SITE_URL = "https://lokaledemocratie.example"

    markup = page_of(client, "/kennisbank/?vreemd=1")

    assert '<link rel="canonical" href="https://lokaledemocratie.example/kennisbank/">' in markup


def _fill(tree, number: int):
    role, person = make_role(f"rol-{number}"), make_person(f"Persoon {number}", f"persoon-{number}")
    town = make_municipality(f"Plaats{number}", f"{number:04d}")
    for make in MAKERS.values():
        page = make(tree, themes=[tree.raad], topics=[tree.topic], roles=[role])
        page.municipality_links = [ContentMunicipality(municipality=town)]
        page.author_links.create(person=person)
        page.save()


def _fill_one(tree):
    _fill(tree, 1)


def _fill_four_more(tree):
    for number in range(2, 6):
        _fill(tree, number)


@pytest.mark.parametrize("kind", MAKERS)
def test_an_item_costs_the_same_few_queries_however_many_others_there_are(
    client, tree, kind, django_assert_max_num_queries, django_assert_num_queries
):
    page = MAKERS[kind](tree, themes=[tree.raad, tree.participatie], topics=[tree.topic])
    planting.plant_on(tree, _fill_one)
    page_of(client, page.url)
    with django_assert_max_num_queries(9) as first:
        page_of(client, page.url)
    cost = len(first)

    planting.plant_on(tree, _fill_four_more)
    page_of(client, page.url)

    with django_assert_num_queries(cost):
        page_of(client, page.url)


@pytest.mark.parametrize(
    ("url", "most"), [("/", 4), ("/aan-de-slag-met/de-raad/", 12), ("/kennisbank/", 6), ("/over/", 3)]
)
def test_a_list_costs_the_same_few_queries_however_long_it_is(
    client, tree, url, most, django_assert_max_num_queries, django_assert_num_queries
):
    planting.plant_on(tree, _fill_one)
    page_of(client, url)
    with django_assert_max_num_queries(most) as first:
        page_of(client, url)
    cost = len(first)

    planting.plant_on(tree, _fill_four_more)
    page_of(client, url)

    with django_assert_num_queries(cost):
        page_of(client, url)


def test_an_item_shows_how_it_is_filed_with_links_to_more(client, tree):
    page = make_experience(tree, themes=[tree.participatie], topics=[tree.topic], roles=[make_role()])
    page.municipality_links = [ContentMunicipality(municipality=make_municipality())]
    page.author_links.create(person=make_person())
    page.save()

    markup = page_of(client, page.url)

    for link in (
        "/zoeken/?auteur=sanne-de-wit",
        "/zoeken/?gemeente=zeist",
        "/zoeken/?rol=griffier",
        tree.topic.url,
        tree.participatie.url,
    ):
        assert f'href="{link}"' in markup
    assert "Geëvalueerd? Niet bekend" in text_of(markup)


def test_an_instrument_says_what_it_asks_and_marks_its_rung(client, tree):
    page = make_instrument(
        tree, group_min=6, group_max=20, duration="een uur", cost="gratis", rung="adviseren"
    )

    words = text_of(page_of(client, page.url))

    assert "Met hoeveel mensen? 6 tot 20 mensen" in words
    assert "Wat kost het? gratis" in words
    assert "Adviseren, op de participatieladder" in words


@pytest.mark.parametrize("status", [404])
def test_an_address_that_leads_nowhere_helps_to_search_and_shows_the_themes(client, tree, status):
    answer = client.get("/bestaat-niet/")
    words = text_of(answer.content.decode())

    assert answer.status_code == status
    assert "<title>Pagina niet gevonden" in answer.text
    assert "Zoek in de hele site" in words
    assert "Participatie" in words


@pytest.mark.parametrize("name", ["400", "403", "429", "500", "503"])
def test_errors_need_neither_database_nor_context(name):
    from django.template.loader import render_to_string

    markup = render_to_string(f"{name}.html")

    assert "css/site.css" in markup
    assert "<h1" in markup


def test_the_component_page_shows_everything_to_who_is_logged_in(client, tree):
    client.force_login(
        User.objects.create_superuser("beheer", "b@example.org", "x"),
        backend="django.contrib.auth.backends.ModelBackend",
    )

    assert components.LONG_WORD in page_of(client, "/beheer/componenten/")


def test_the_login_page_names_only_static_files_that_exist(client, tree):
    markup = page_of(client, "/beheer/login/")
    named = re.findall(r'(?:href|src)="/static/([^"?]+)', markup)

    assert "css/admin/admin.css" in named
    assert [name for name in named if not finders.find(name)] == []


@pytest.mark.parametrize("path", ["", "mail.html", "mail.txt", "fout/404/", "fout/503/"])
def test_every_example_is_shown_to_who_is_logged_in_and_to_nobody_else(client, tree, path):
    url = f"/beheer/componenten/{path}"
    refused = client.get(url)
    client.force_login(
        User.objects.create_superuser("beheer", "b@example.org", "x"),
        backend="django.contrib.auth.backends.ModelBackend",
    )

    assert refused.status_code == 302
    assert client.get(url).status_code == 200


def test_an_item_says_whom_to_ask(client, tree):
    page = make_article(tree, title="Wie & wat?")
    PortalSettings.objects.create(site=tree.site, contact_email="redactie@example.org")
    chrome.forget()

    assert 'href="mailto:redactie@example.org?subject=Wie%20%26%20wat%3F"' in page_of(client, page.url)


def test_the_search_page_says_what_the_site_is_when_it_is_found(client, tree):
    PortalSettings.objects.create(site=tree.site, footer_text="Kennis voor gemeenten.")
    chrome.forget()

    assert '<meta name="description" content="Geen resultaten. Kennis voor gemeenten.">' in page_of(
        client, "/zoeken/"
    )


@pytest.mark.parametrize(
    ("title", "form"),
    [("Dialoogtafel", ""), ("Een participatieverordening", "--word"), (components.LONG_TITLE, "--long")],
)
def test_a_long_title_is_set_smaller(client, tree, title, form):
    item = make_article(tree, title=title)

    heading = re.search(r'<h1 class="([^"]*)"', page_of(client, item.url))[1]

    assert heading == " ".join(["page-head__title", *(["page-head__title" + form] if form else [])])


def test_a_heading_of_the_text_never_shares_its_anchor_with_a_field_of_the_type(client, tree):
    body = [("heading", {"text": word, "level": "h2"}) for word in ("Contact", "Aanpak", "Een & ander")]
    page = make_experience(
        tree, occasion="Er was geld.", approach="Bewoners.", contact="griffie@zeist.example", body=body
    )

    markup = page_of(client, page.url)

    ids = re.findall(r' id="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    contents = re.search(r'<nav class="contents".*?</nav>', markup, re.S)[0]
    links = re.findall(r'href="#([^"]+)">(.*?)</a>', contents)
    assert links == [
        ("in-het-kort", "In het kort"),
        ("aanleiding", "Aanleiding"),
        ("aanpak", "Aanpak"),
        ("contact-2", "Contact"),
        ("aanpak-2", "Aanpak"),
        ("een-ander", "Een &amp; ander"),
        ("contact", "Meer weten?"),
    ]
