"""One factory per model: the smallest valid live page or snippet."""

import datetime
from itertools import count

from knowledgebase.models import ArticlePage, ExperiencePage, InstrumentPage, PublicationPage
from news.models import EventPage, NewsPage
from portal.models import Municipality, Organisation, Person, Role

_numbers = count(1)
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)


def _add(model, parent, themes=(), topics=(), roles=(), **fields):
    number = next(_numbers)
    fields.setdefault("title", f"{model._meta.verbose_name} {number}".capitalize())
    fields.setdefault("slug", f"{model._meta.model_name}-{number}")
    fields.setdefault("summary", f"Samenvatting {number}.")
    fields.setdefault("added_at", NOON + datetime.timedelta(minutes=number))
    if fields.get("live", True):
        fields.setdefault("first_published_at", fields["added_at"])
    page = model(**fields)
    page.themes, page.topics, page.roles = list(themes), list(topics), list(roles)
    parent.add_child(instance=page)
    return page


def make_article(tree, **fields):
    fields.setdefault("themes", [tree.raad])
    return _add(ArticlePage, tree.knowledge, **fields)


def make_publication(tree, **fields):
    fields.setdefault("themes", [tree.raad])
    return _add(PublicationPage, tree.knowledge, **{"form": "rapport", **fields})


def make_instrument(tree, **fields):
    fields.setdefault("themes", [tree.raad])
    return _add(InstrumentPage, tree.instruments, **fields)


def make_experience(tree, **fields):
    fields.setdefault("themes", [tree.raad])
    return _add(ExperiencePage, tree.experiences, **fields)


def make_news(tree, **fields):
    return _add(NewsPage, tree.news, **{"kind": "nieuws", **fields})


def make_event(tree, **fields):
    times = {"starts_at": NOON, "ends_at": NOON + datetime.timedelta(hours=2)}
    return _add(EventPage, tree.agenda, **{**times, **fields})


MAKERS = {
    "article": make_article,
    "publication": make_publication,
    "instrument": make_instrument,
    "experience": make_experience,
    "news": make_news,
    "event": make_event,
}


def make_role(slug="griffier", plural=None):
    return Role.objects.create(name=slug, plural=plural or f"{slug}s", slug=slug)


def make_person(name="Sanne de Wit", slug="sanne-de-wit"):
    return Person.objects.create(name=name, slug=slug)


def make_organisation(name="Vereniging van Voorbeelden", slug="vvv"):
    return Organisation.objects.create(name=name, slug=slug)


def make_municipality(name="Zeist", code="0355", **fields):
    return Municipality.objects.create(
        name=name,
        slug=name.lower(),
        code=code,
        province="Utrecht",
        province_code="PV26",
        path="M0 0l10 0 0 10-10 0z",
        **fields,
    )
