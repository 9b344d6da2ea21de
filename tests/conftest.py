"""The smallest portal that has every room: home, two themes with a topic, and every index."""

import io
import json
import logging
from types import SimpleNamespace

import pytest
from django.test import TransactionTestCase
from wagtail.models import Collection, Locale, Page, Site

from knowledgebase.models import ExperienceIndexPage, InstrumentIndexPage, KnowledgeIndexPage
from news.models import EventIndexPage, NewsIndexPage
from portal import chrome
from portal.models import HomePage, RecentIndexPage, StandardPage
from portal.watching.logs import JsonFormatter
from tests import planting
from themes.models import ThemeIndexPage, ThemePage, TopicPage


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A database that tests empty without taking it down to its foundations."""
    with django_db_blocker.unblock():
        planting.keep()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: planting.sweep())
        yield


@pytest.fixture(autouse=True)
def own_data_folder(settings, tmp_path, monkeypatch):
    """Files of a test go to a folder of its own; nothing that was kept in memory survives it."""
    from portal import generation
    from portal.search import vocabulary

    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(generation, "_path", tmp_path / "generation")
    kept = (chrome, vocabulary)
    for module in kept:
        module.forget()
    yield
    for module in kept:
        module.forget()


@pytest.fixture
def log_lines(monkeypatch):
    """Call it for everything that was logged so far, as production writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [handler])
    level = root.level
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.setLevel(level)


def make_roots() -> Page:
    """What Wagtail's migrations make and a flush takes away: locale, root page, root collection."""
    Locale.objects.get_or_create(language_code="nl")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    Page.objects.filter(depth=2).delete()
    return Page.objects.filter(depth=1).first() or Page.add_root(instance=Page(title="Root", slug="root"))


@pytest.fixture
def tree(db):
    return make_tree()


#: Every room of the tree: its name, the room it is under, and what it is.
ROOMS = [
    (
        "home",
        "root",
        HomePage,
        "Aan de slag met lokale democratie",
        "home",
        {"introduction": "<p>Hier vind je instrumenten.</p>"},
    ),
    ("themes", "home", ThemeIndexPage, "Aan de slag met", "aan-de-slag-met", {}),
    (
        "raad",
        "themes",
        ThemePage,
        "Aan de slag met De Raad",
        "de-raad",
        {"name": "De Raad", "introduction": "Over de raad."},
    ),
    (
        "participatie",
        "themes",
        ThemePage,
        "Aan de slag met Participatie",
        "participatie",
        {"name": "Participatie", "colour": "participatie", "introduction": "Over participatie."},
    ),
    ("topic", "participatie", TopicPage, "Uitdaagrecht", "uitdaagrecht", {"name": "Uitdaagrecht"}),
    ("instruments", "home", InstrumentIndexPage, "Instrumenten", "instrumenten", {}),
    ("experiences", "home", ExperienceIndexPage, "Inspiratie", "inspiratie", {}),
    ("knowledge", "home", KnowledgeIndexPage, "Kennisbank", "kennisbank", {}),
    ("news", "home", NewsIndexPage, "Actueel", "actueel", {}),
    ("agenda", "home", EventIndexPage, "Agenda", "agenda", {}),
    ("recent", "home", RecentIndexPage, "Recent toegevoegd", "recent", {}),
    ("over", "home", StandardPage, "Over", "over", {}),
]


def make_tree() -> SimpleNamespace:
    """The portal's tree as `tree.home`, `tree.raad`, `tree.knowledge` and so on."""
    planting.plant(_add_rooms)
    rooms = {name: model.objects.get(slug=slug) for name, _, model, _, slug, _ in ROOMS}
    return SimpleNamespace(root=Page.objects.get(depth=1), site=Site.objects.get(), **rooms)


def _add_rooms():
    rooms = {"root": make_roots()}
    for name, parent, model, title, slug, fields in ROOMS:
        rooms[name] = rooms[parent].add_child(instance=model(title=title, slug=slug, **fields))
    site = Site.objects.first() or Site()
    site.root_page, site.is_default_site, site.hostname = rooms["home"], True, "localhost"
    site.save()
