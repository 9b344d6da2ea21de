"""The smallest portal that has every room: home, two themes with a topic, and every index."""

import io
import json
import logging
from types import SimpleNamespace

import pytest
from wagtail.models import Collection, Locale, Page, Site

from knowledgebase.models import ExperienceIndexPage, InstrumentIndexPage, KnowledgeIndexPage
from news.models import EventIndexPage, NewsIndexPage
from portal import chrome
from portal.models import HomePage, RecentIndexPage, StandardPage
from portal.watching.logs import JsonFormatter
from themes.models import ThemeIndexPage, ThemePage, TopicPage


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


def _under(parent, model, title, slug, **fields):
    return parent.add_child(instance=model(title=title, slug=slug, **fields))


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


def make_tree() -> SimpleNamespace:
    """The portal's tree as `tree.home`, `tree.raad`, `tree.knowledge` and so on."""
    root = make_roots()
    home = _under(
        root,
        HomePage,
        "Aan de slag met lokale democratie",
        "home",
        introduction="<p>Hier vind je instrumenten.</p>",
    )
    site = Site.objects.first() or Site()
    site.root_page, site.is_default_site, site.hostname = home, True, "localhost"
    site.save()
    themes = _under(home, ThemeIndexPage, "Aan de slag met", "aan-de-slag-met")
    raad = _under(
        themes, ThemePage, "Aan de slag met De Raad", "de-raad", name="De Raad", introduction="Over de raad."
    )
    participatie = _under(
        themes,
        ThemePage,
        "Aan de slag met Participatie",
        "participatie",
        name="Participatie",
        colour="participatie",
        introduction="Over participatie.",
    )
    return SimpleNamespace(
        root=root,
        site=site,
        home=home,
        themes=themes,
        raad=raad,
        participatie=participatie,
        topic=_under(participatie, TopicPage, "Uitdaagrecht", "uitdaagrecht", name="Uitdaagrecht"),
        instruments=_under(home, InstrumentIndexPage, "Instrumenten", "instrumenten"),
        experiences=_under(home, ExperienceIndexPage, "Inspiratie", "inspiratie"),
        knowledge=_under(home, KnowledgeIndexPage, "Kennisbank", "kennisbank"),
        news=_under(home, NewsIndexPage, "Actueel", "actueel"),
        agenda=_under(home, EventIndexPage, "Agenda", "agenda"),
        recent=_under(home, RecentIndexPage, "Recent toegevoegd", "recent"),
        over=_under(home, StandardPage, "Over", "over"),
    )
