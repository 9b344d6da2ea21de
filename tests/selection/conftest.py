"""A portal with a few of everything, filed in different ways, and a way to ask a list for its Selection."""

import datetime
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from portal.models import ContentAuthor, ContentMunicipality, ContentPage, ContentSender
from portal.selection import Selection
from tests import factories


def select(query="", items=None, path="/zoeken/", **options):
    """The Selection of an address, over everything unless `items` says otherwise."""
    request = RequestFactory().get(f"{path}{query}")
    items = ContentPage.objects.for_readers() if items is None else items
    return Selection.from_request(request, items, **options)


def titles(selection):
    return {item.title for item in selection.items}


@pytest.fixture
def filed(tree):
    """Four items: two of Zeist for griffiers on participatie, one for raadsleden on De Raad, one filed nowhere."""
    griffier = factories.make_role("griffier")
    raadslid = factories.make_role("raadslid", "raadsleden")
    zeist = factories.make_municipality()
    old = factories.make_municipality(
        "Driebergen", "0300", successor=zeist, ended_on=datetime.date(2006, 1, 1)
    )
    sanne = factories.make_person()
    vng = factories.make_organisation("Vereniging van Nederlandse Gemeenten", "vng")
    vng.abbreviation = "VNG"
    vng.save()
    challenge = factories.make_experience(
        tree,
        title="Uitdaagrecht in de wijk",
        themes=[tree.participatie],
        topics=[tree.topic],
        roles=[griffier],
        published_on=datetime.date(2018, 5, 16),
    )
    budget = factories.make_instrument(
        tree,
        title="Burgerbegroting",
        themes=[tree.participatie, tree.raad],
        roles=[griffier, raadslid],
        published_on=datetime.date(2019, 1, 1),
    )
    debate = factories.make_article(tree, title="Álle debatten", themes=[tree.raad], roles=[raadslid])
    news = factories.make_news(tree, title="Nieuws van de dag", published_on=datetime.date(2018, 12, 31))
    ContentMunicipality.objects.create(page=challenge, municipality=zeist)
    ContentMunicipality.objects.create(page=challenge, municipality=old)
    ContentMunicipality.objects.create(page=budget, municipality=old)
    ContentAuthor.objects.create(page=budget, person=sanne)
    ContentSender.objects.create(page=budget, organisation=vng)
    return SimpleNamespace(
        tree=tree, challenge=challenge, budget=budget, debate=debate, news=news, zeist=zeist
    )
