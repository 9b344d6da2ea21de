"""Wrong content is worse than slow content: whatever editors do, every answer of two processes is a fresh render's."""

import datetime
import random
import time

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone
from django.utils.text import slugify
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import PageViewRestriction

from portal import chrome
from portal.cache.addresses import FOR_ALL, Door
from portal.cache.moments import raise_when_passed
from portal.models import ContentAuthor, ContentPage, Person, PortalSettings
from portal.work.publishing import expire_due, publish_due
from tests.cache.conftest import Reader
from tests.cache.servers import database_url, fetch, gunicorn
from tests.factories import MAKERS, make_event, make_news, make_role

STEPS = 40
ADDRESSES = [
    *("/", "/aan-de-slag-met/", "/aan-de-slag-met/de-raad/", "/aan-de-slag-met/participatie/uitdaagrecht/"),
    *(
        "/instrumenten/",
        "/inspiratie/",
        "/kennisbank/",
        "/actueel/",
        "/agenda/",
        "/recent/",
        "/over/",
        "/zoeken/",
    ),
    *(
        "/recent/feed.atom",
        "/kennisbank/lijst.csv",
        "/actueel/lijst.json",
        "/agenda/agenda.ics",
        "/sitemap.xml",
    ),
    *(
        "/recent/?soort=nieuws",
        "/kennisbank/?thema=de-raad",
        "/recent/?q=samenvatting",
        "/zoeken/?rol=griffier",
        "/zoeken/?q=schrijver",
        "/zoeken/?q=burgerberaad",
    ),
    *(
        "/agenda/?periode=voorbij",
        "/kennisbank/feed.atom?q=samenvatting",
        "/recent/?pagina=2",
        "/recent/?sorteer=titel",
    ),
]


class Editors:
    """Everything that changes what readers see, one random deed at a time."""

    def __init__(self, tree, seed: int):
        self.tree, self.dice = tree, random.Random(seed)
        self.role = make_role()
        self.paths = list(ADDRESSES)
        self.done: list[str] = []

    def act(self):
        for name, known in vars(self.tree).items():  # what an editor sees is what is there
            setattr(self.tree, name, type(known).objects.get(pk=known.pk))
        deeds = [name for name in dir(self) if name.startswith("deed_")]
        name = self.dice.choice(deeds)
        self.done.append(name)
        getattr(self, name)()

    def some_page(self):
        pages = list(ContentPage.objects.order_by("pk"))
        return self.dice.choice(pages).specific if pages else self.deed_create()

    def deed_create(self):
        page = MAKERS[self.dice.choice(sorted(MAKERS))](self.tree, roles=[self.role])
        self.paths += [page.url, f"{page.url}agenda.ics"]
        return page

    def deed_write_a_draft(self):
        page = self.some_page()
        page.title = f"Concept {self.dice.random()}"
        page.save_revision()

    def deed_publish_an_edit(self):
        page = self.some_page()
        page.title, page.summary = f"Titel {self.dice.random()}", f"Samenvatting {self.dice.random()}"
        page.themes = self.dice.sample([self.tree.raad, self.tree.participatie], 1)
        page.save_revision().publish()

    def deed_let_someone_write(self):
        name = f"Schrijver {self.dice.randrange(10**6)}"
        person, page = Person.objects.create(name=name, slug=slugify(name)), self.some_page()
        page.author_links = [ContentAuthor(person=person)]
        page.save_revision().publish()

    def deed_promote(self):
        page = self.some_page()
        SearchPromotion.objects.create(query=Query.get("burgerberaad"), page=page, description="Begin hier.")

    def deed_change_an_address(self):
        page = self.some_page()
        page.slug = f"adres-{self.dice.randrange(10**6)}"
        page.save_revision().publish()
        self.paths.append(page.url or "/")

    def deed_unpublish(self):
        self.some_page().unpublish()

    def deed_delete(self):
        self.some_page().delete()

    def deed_move(self):
        page = self.some_page()
        page.move(self.dice.choice([self.tree.news, self.tree.knowledge]), pos="last-child")
        page.refresh_from_db()
        self.paths.append(page.url or "/")

    def deed_order(self):
        self.tree.raad.move(self.tree.participatie, pos=self.dice.choice(["left", "right"]))

    def deed_schedule(self):
        page = make_news(self.tree, live=False, first_published_at=None)
        page.go_live_at = timezone.now() - datetime.timedelta(minutes=1)
        page.save_revision(approved_go_live_at=page.go_live_at)
        publish_due()
        self.paths.append(page.url)

    def deed_expire(self):
        page = self.some_page()
        type(page).objects.filter(pk=page.pk).update(expire_at=timezone.now() - datetime.timedelta(minutes=1))
        expire_due()

    def deed_let_a_meeting_end(self):
        soon = timezone.now() + datetime.timedelta(seconds=0.3)
        page = make_event(self.tree, starts_at=soon - datetime.timedelta(hours=1), ends_at=soon)
        self.paths.append(page.url)
        fetch(self.port, "/agenda/")
        time.sleep(max(0, (soon - timezone.now()).total_seconds()) + 0.01)
        raise_when_passed()

    def deed_close(self):
        page = self.dice.choice([self.some_page(), self.tree.news, self.tree.topic])
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    def deed_open(self):
        for restriction in PageViewRestriction.objects.all():
            restriction.delete()

    def deed_rename_a_role(self):
        self.role.plural = f"griffiers {self.dice.randrange(1000)}"
        self.role.save()

    def deed_rename_the_site(self):
        identity, _ = PortalSettings.objects.get_or_create(site=self.tree.site)
        identity.name = f"Portaal {self.dice.randrange(1000)}"
        identity.save()

    def deed_rename_a_theme(self):
        self.tree.raad.name = f"De Raad {self.dice.randrange(1000)}"
        self.tree.raad.save_revision().publish()

    def deed_show_on_home(self):
        call = {"title": "Doe mee", "text": "", "label": "Ga", "page": self.some_page().page_ptr, "url": ""}
        self.tree.home.body = [
            ("related", {"title": "Lees ook", "pages": [self.some_page()]}),
            ("call_to_action", call),
        ]
        self.tree.home.save_revision().publish()

    def deed_move_home(self):
        self.tree.home.slug = f"home-{self.dice.randrange(1000)}"
        self.tree.home.save()


def rendered_now(path: str):
    """What Django makes of an address at this moment, with nothing kept."""
    chrome.forget()
    request = Door().request_for(path)
    del request[FOR_ALL]  # as a visitor asks, who is led on from an address that is no page any more

    def app(environ, start_response):
        return WSGIHandler()({**request}, start_response)

    return Reader(app)(path)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_answer_of_two_processes_is_that_of_a_fresh_render(transactional_db, tree, tmp_path, seed):
    editors = Editors(tree, seed)
    for _ in range(25):
        editors.deed_create()
    url = database_url(settings.DATABASES["default"])

    with gunicorn(tmp_path, workers=2, threads=4, DATABASE_URL=url, MODE="test") as (port, _):
        editors.port = port
        for step in range(STEPS):
            editors.act()
            asked = editors.dice.sample(editors.paths, 4) if step < STEPS - 1 else editors.paths
            for path in asked:
                fresh = rendered_now(path)
                for _ in range(2):
                    answer = fetch(port, path, Host="localhost:8000")
                    assert answer.code == fresh.code, (path, editors.done[-3:])
                    assert answer.code != 200 or answer.body == fresh.body, (path, editors.done[-3:])
