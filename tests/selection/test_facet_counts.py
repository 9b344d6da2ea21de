"""The counts beside the options are those of a plain recount, whatever the content and the choice."""

import datetime
import random
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.models import ContentMunicipality, ContentPage, Kind
from portal.selection import register_word_search
from portal.selection.queries import FACET_KEYS
from tests import factories, planting
from tests.selection.conftest import select

CHOICES = {
    "thema": ["de-raad", "participatie", "bestaat-niet"],
    "onderwerp": ["uitdaagrecht"],
    "soort": ["instrument", "nieuws", "praktijkvoorbeeld"],
    "rol": ["griffier", "raadslid", "burgemeester"],
    "gemeente": ["zeist", "driebergen", "rijsenburg", "baarn"],
    "jaar": ["2017", "2018", "x"],
}
QUERIES = st.fixed_dictionaries(
    {key: st.lists(st.sampled_from(values), max_size=2, unique=True) for key, values in CHOICES.items()}
)


def _make(tree, chance, roles, municipalities):
    make = chance.choice([factories.make_instrument, factories.make_news, factories.make_experience])
    item = make(
        tree,
        title=chance.choice(["Raad en wijk", "Begroting"]),
        themes=chance.sample([tree.raad, tree.participatie], chance.randint(0, 2)),
        topics=chance.sample([tree.topic], chance.randint(0, 1)),
        roles=chance.sample(roles, chance.randint(0, 3)),
        published_on=chance.choice([None, datetime.date(2017, 1, 1), datetime.date(2018, 12, 31)]),
    )
    for municipality in chance.sample(municipalities, chance.randint(0, 3)):
        ContentMunicipality.objects.create(page=item, municipality=municipality)


@pytest.fixture
def crowd(tree):
    """Forty items filed at random; Rijsenburg became Driebergen, which became Zeist."""
    planting.plant_on(tree, _fill)
    return [_facts(item) for item in ContentPage.objects.live()]


def _fill(tree):
    chance = random.Random(20180516)
    roles = [factories.make_role(slug) for slug in CHOICES["rol"]]
    zeist = factories.make_municipality()
    ended = {"ended_on": datetime.date(2006, 1, 1)}
    driebergen = factories.make_municipality("Driebergen", "0300", successor=zeist, **ended)
    rijsenburg = factories.make_municipality("Rijsenburg", "0301", successor=driebergen, **ended)
    baarn = factories.make_municipality("Baarn", "0308")
    for _ in range(40):
        _make(tree, chance, roles, [zeist, driebergen, rijsenburg, baarn])


def _facts(item):
    """What an item is filed under, in plain sets: for gemeente every name that finds it."""
    finds = {
        "zeist": {"zeist", "driebergen", "rijsenburg"},
        "driebergen": {"zeist", "driebergen"},
        "rijsenburg": {"zeist", "rijsenburg"},
        "baarn": {"baarn"},
    }
    slugs = [link.municipality.slug for link in item.municipality_links.all()]
    return SimpleNamespace(
        pk=item.pk,
        title=item.title,
        thema={theme.slug for theme in item.themes.all()},
        onderwerp={topic.slug for topic in item.topics.all()},
        soort={item.kind},
        rol={role.slug for role in item.roles.all()},
        gemeente=set().union(*[finds[slug] for slug in slugs]),
        jaar={str(item.published_on.year)} if item.published_on else set(),
    )


@pytest.fixture(autouse=True)
def plain_search():
    """Words stand in the title as they are, so that a recount needs no search."""
    before = register_word_search(None)
    yield
    register_word_search(before)


def _matches(facts, query, words, skip=""):
    return words in facts.title.lower() and all(
        set(values) & getattr(facts, key) for key, values in query.items() if values and key != skip
    )


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=QUERIES, words=st.sampled_from(["", "raad"]))
def test_counts_and_items_are_those_of_a_plain_recount(crowd, query, words):
    pairs = [f"{key}={value}" for key, values in query.items() for value in values]
    selection = select(f"?{'&'.join([*pairs, f'q={words}'])}", shows_facets=True)

    expected = {facts.pk for facts in crowd if _matches(facts, query, words)}
    counted = {
        key: {choice.value: count for choice, count in selection._counted_choices(key)} for key in FACET_KEYS
    }

    assert {item.pk for item in selection.items} == expected
    assert selection.total == len(expected)
    for key in FACET_KEYS:
        pool = [facts for facts in crowd if _matches(facts, query, words, skip=key)]
        recount = {value: sum(value in getattr(facts, key) for facts in pool) for value in counted[key]}
        assert counted[key] == recount
        seen = {value for facts in pool for value in getattr(facts, key)}
        hidden = seen - set(counted[key])
        assert hidden <= ({"driebergen", "rijsenburg"} if key == "gemeente" else set())


def test_the_kinds_of_the_test_are_kinds_of_the_portal():
    assert {*CHOICES["soort"]} <= {kind.value for kind in Kind}
