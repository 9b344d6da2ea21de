"""A small portal with one of everything, long and odd words included, for a browser to walk through."""

import datetime
import io

from django.core.files.base import ContentFile
from PIL import Image

from knowledgebase.models import InstrumentPage
from portal import pictures
from portal.components import LONG_TITLE, SENTENCE, example_body
from portal.models import (
    ContentAuthor,
    ContentDownload,
    ContentMunicipality,
    ContentPage,
    ContentSender,
    PortalDocument,
    PortalImage,
)
from tests import factories
from tests.factories import NOON

DAY = datetime.timedelta(days=1)
#: Far away, so that what is coming stays to come whenever the tests run.
COMING = NOON.replace(year=2090)


def make_picture(title="Een raadzaal", size=(1600, 1000)) -> PortalImage:
    file = io.BytesIO()
    Image.new("RGB", size, "#8e1538").save(file, "JPEG")
    return PortalImage.objects.create(
        title=title,
        description="Een raadzaal met een lege stoel",
        file=ContentFile(file.getvalue(), "zaal.jpg"),
    )


def make_document() -> PortalDocument:
    from pypdf import PdfWriter

    file, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(file)
    return PortalDocument.objects.create(
        title="Handleiding", file=ContentFile(file.getvalue(), "handleiding.pdf")
    )


def _file_under(page: ContentPage, place, person, sender, document):
    """Everything an item can be filed under, so that its page shows all of its parts."""
    ContentMunicipality.objects.create(page=page, municipality=place)
    ContentAuthor.objects.create(page=page, person=person)
    ContentSender.objects.create(page=page, organisation=sender)
    ContentDownload.objects.create(page=page, document=document)


def fill(tree) -> dict[str, str]:
    """Fill the tree; returns the address of each kind of page by a name."""
    tree.home.introduction = "<p>Hier vind je <a href='/instrumenten/'>instrumenten</a>.</p>"
    tree.home.save_revision().publish()
    for section in (tree.instruments, tree.experiences, tree.knowledge, tree.news, tree.agenda, tree.over):
        section.show_in_menus = True
        section.save()
    griffier, raadslid = factories.make_role(), factories.make_role("raadslid", "raadsleden")
    place, person = factories.make_municipality(), factories.make_person()
    sender, image, document = factories.make_organisation(), make_picture(), make_document()
    filing = {"themes": [tree.participatie], "topics": [tree.topic], "roles": [griffier, raadslid]}
    rich = {
        **filing,
        "summary": SENTENCE * 2,
        "body": example_body(),
        "published_on": NOON.date(),
        "reviewed_on": NOON.date(),
    }
    items = {
        "verdieping": factories.make_article(
            tree, title=LONG_TITLE, subtitle="Een ondertitel", image=image, **rich
        ),
        "publicatie": factories.make_publication(tree, title="Handreiking", year_of_issue=2024, **rich),
        "instrument": factories.make_instrument(
            tree,
            title="Dialoogtafel",
            yields="Een gesprek tussen vreemden.",
            group_min=6,
            group_max=20,
            duration="een avond",
            effort="laag",
            cost="gratis",
            rung="raadplegen",
            steps=[("step", {"title": "Kies een vraag", "text": "<p>Stel haar open.</p>"})],
            **rich,
        ),
        "praktijkvoorbeeld": factories.make_experience(
            tree,
            title="Buren nemen het groen over",
            year_from=2021,
            occasion="Er was te weinig geld.",
            approach="Bewoners namen het over.",
            result="Het park bloeit.",
            lessons="Begin klein.",
            contact="griffie@zeist.example",
            **rich,
        ),
        "nieuws": factories.make_news(tree, title="Nieuws van de dag", place="Zeist", **rich),
        "column": factories.make_news(tree, title="Lof van het saaie stuk", kind="column", **rich),
        "komend": factories.make_event(
            tree,
            title="Training loten",
            starts_at=COMING,
            ends_at=COMING + datetime.timedelta(hours=3),
            location="Stadhuis, Zeist",
            signup_url="https://example.org/aanmelden",
            **rich,
        ),
        "verplaatst": factories.make_event(
            tree,
            title="Webinar",
            starts_at=COMING + 40 * DAY,
            ends_at=COMING + 40 * DAY,
            online_url="https://example.org/",
            status="verplaatst",
            status_note="Was eerst op 3 december.",
            **filing,
        ),
        "geweest": factories.make_event(tree, title="Themadag", report=example_body(), **filing),
    }
    for page in items.values():
        _file_under(page, place, person, sender, document)
    items["kaal"] = factories.make_experience(tree, title="Kort")
    factories.make_instrument(tree, title="Stoplichtkaart", themes=[tree.raad], roles=[griffier])
    factories.make_instrument(tree, title="Voor raadsleden", themes=[tree.participatie], roles=[raadslid])
    for number in range(21):
        factories.make_news(tree, title=f"Bericht {number}", themes=[tree.raad])
    for page in ContentPage.objects.filter(pk__in=[page.pk for page in items.values()]).specific():
        page.save()  # what a card says follows from how the item is filed
        pictures.make_renditions(page)
    assert InstrumentPage.objects.count() == 3
    return {name: page.url for name, page in items.items()}


LISTS = {
    "home": "/",
    "thema's": "/aan-de-slag-met/",
    "thema": "/aan-de-slag-met/participatie/",
    "thema, gekozen": "/aan-de-slag-met/participatie/?soort=instrument",
    "onderwerp": "/aan-de-slag-met/participatie/uitdaagrecht/",
    "instrumenten": "/instrumenten/",
    "instrumenten, gekozen": "/instrumenten/?thema=participatie&rol=griffier",
    "niets gevonden": "/instrumenten/?thema=participatie&rol=onbekend",
    "inspiratie": "/inspiratie/",
    "kennisbank": "/kennisbank/",
    "actueel, bladzijde 2": "/actueel/?pagina=2",
    "agenda": "/agenda/",
    "agenda, voorbij": "/agenda/?periode=voorbij",
    "recent": "/recent/",
    "zoeken": "/zoeken/?q=raad",
    "zoeken naar een lang woord": "/zoeken/?q=" + "raadsvergadering" * 12,
    "auteur": "/zoeken/?auteur=sanne-de-wit",
    "afzender": "/zoeken/?afzender=vvv",
    "gemeente": "/zoeken/?gemeente=zeist",
    "over": "/over/",
}
