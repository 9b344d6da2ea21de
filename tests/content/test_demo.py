"""The demo content: all of the old site's items, everything a newcomer should find, and no page that is broken.

It is loaded once for this file, in a transaction that is never committed.
"""

import html
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import TestCase, override_settings
from django.utils import timezone
from pypdf import PdfReader
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from knowledgebase.models import ArticlePage, ExperiencePage, InstrumentPage
from news.models import EventPage, NewsPage
from portal.models import ContentPage, Kind, Municipality, PortalImage, Role, StandardPage
from portal.readability import lines_of, readability_of
from portal.text import fold
from tests.conftest import make_roots
from themes.models import ThemePage, TopicPage

DEMO = Path(django_settings.BASE_DIR) / "portal" / "content" / "demo"
SOURCES = DEMO.parent / "documents_source"
INVENTORY = json.loads(Path(__file__).with_name("inventory.json").read_text("utf-8"))
SEED = Path(__file__).with_name("home.txt").read_text("utf-8").splitlines()
KINDS = {
    **dict.fromkeys(["publicatie", "handreiking", "essay", "factsheet", "boek"], "publicatie"),
    **{"instrument": "instrument", "opleiding": "instrument", "praktijkvoorbeeld": "praktijkvoorbeeld"},
    **{"nieuws": "nieuws", "interview": "interview", "verslag": "verslag"},
    **{"evenement": "bijeenkomst", "programma": "verdieping", "over-pagina": ""},
}
OWN_HOSTS = ("lokale-democratie.nl", "www.lokale-democratie.nl")
#: Old addresses that are lists, or that several rows share, lead nowhere.
SHARED = [url for url, count in Counter(row["url"] for row in INVENTORY).items() if count > 1]


def key(title: str) -> str:
    return re.sub(r"\W", "", fold(title))


class Links(HTMLParser):
    """What a page links to, its anchors and the levels of its headings."""

    def __init__(self, text: str):
        super().__init__()
        self.targets, self.anchors, self.levels = set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.anchors.add(attrs.get("id"))
        if tag == "a" and attrs.get("href"):
            self.targets.add(attrs["href"])
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))


class DemoTests(TestCase):
    """A class, so that Django loads the demo once for all its tests."""

    @classmethod
    def setUpClass(cls):
        cls.media = cls.enterClassContext(TemporaryDirectory())
        cls.enterClassContext(override_settings(MEDIA_ROOT=cls.media))
        super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        make_roots()
        Site.objects.all().delete()
        call_command("load_municipalities", verbosity=0)
        call_command("load_content", str(DEMO), verbosity=0)

    @pytest.fixture(autouse=True)
    def media_of_the_demo(self, own_data_folder, settings):
        settings.MEDIA_ROOT = self.media

    def open_once(self, opened: dict, path: str) -> int:
        """The status of an address, asked for once."""
        if path not in opened:
            opened[path] = self.client.get(path).status_code
        return opened[path]

    def test_every_item_of_the_old_site_is_here_with_what_is_known_of_it(self):
        pages = {key(page.title): page for page in Page.objects.filter(depth__gte=3).specific()}

        for row in INVENTORY:
            page = pages[key(row["title"])]
            if not KINDS[row["type"]]:
                assert isinstance(page, StandardPage)
                continue
            assert page.kind == KINDS[row["type"]], row
            assert (page.published_on.isoformat() if page.published_on else None) == row["date"], row
            assert not row["theme"] or row["theme"] in [theme.name for theme in page.themes.all()], row
            assert 20 < len(page.summary) <= 200, row
            assert not page.is_example, row
            words = " ".join(lines_of(page.body.render_as_block()))
            assert words == "" or "vorige site" in words or "niet bewaard" in words, row

    def test_an_old_address_leads_to_its_item_in_one_hop(self):
        led = {row.old_path: row for row in Redirect.objects.filter(site=None)}

        for row in INVENTORY:
            parts = urlsplit(row["url"])
            redirect = led.get(Redirect.normalise_path(row["url"]))
            if (
                parts.hostname not in OWN_HOSTS
                or row["url"] in SHARED
                or parts.query
                or parts.path == "/inspiratie"
            ):
                assert redirect is None or key(redirect.redirect_page.title) != key(row["title"]), row
            else:
                assert redirect.redirect_page.live, row
                assert key(redirect.redirect_page.title) == key(row["title"]), row

    def test_twelve_articles_explain_a_subject_in_several_kinds_of_blocks(self):
        articles = [page for page in ArticlePage.objects.live() if len(page.body) > 1]

        assert len(articles) >= 12
        for page in articles:
            words = len(" ".join([page.summary, *lines_of(page.body.render_as_block())]).split())
            kinds = {block.block_type for block in page.body} - {"text", "heading"}
            assert 300 <= words <= 700, (page.title, words)
            assert len(kinds) >= 3, (page.title, kinds)
            assert "Bronnen" in [block.value["text"] for block in page.body if block.block_type == "heading"]
            assert page.reviewed_on
            assert page.roles.exists()

    def test_articles_are_easy_to_read(self):
        scores = {
            page.title: readability_of(page).score
            for page in ArticlePage.objects.live()
            if len(page.body) > 1
        }

        assert min(scores.values()) >= 50, scores
        assert sum(scores.values()) / len(scores) >= 60

    def test_ten_instruments_have_steps_and_facts(self):
        complete = [page for page in InstrumentPage.objects.live() if len(page.steps) >= 3]

        assert len(complete) >= 10
        for page in complete:
            assert all([page.yields, page.group_min, page.duration, page.effort, page.cost]), page.title
            assert len({block.block_type for block in page.body} - {"text", "heading"}) >= 2, page.title

    def test_twelve_experiences_are_real_with_known_facts_or_marked_as_invented(self):
        told = [page for page in ExperiencePage.objects.live() if page.occasion]

        assert len(told) >= 12
        for page in told:
            assert page.is_example or page.municipality_links.exists(), page.title
            assert all([page.approach, page.result, page.lessons, page.year_from]), page.title
            assert not page.is_evaluated or page.evaluation_source

    def test_an_invented_item_says_first_what_does_not_exist_and_names_no_real_municipality(self):
        real = {fold(name) for name in Municipality.objects.values_list("name", flat=True)}
        examples = ContentPage.objects.filter(is_example=True).specific()

        assert len(examples) >= 20
        for page in examples:
            first = lines_of(page.body.render_as_block())[0]
            assert "bestaat niet" in first or "bestaan niet" in first, page.title
            assert not page.municipality_links.exists(), page.title
            invented = re.findall(r"(?:gemeente|gemeenten) ([A-Z]\w+)", first)
            assert not real & {fold(name) for name in invented}, page.title

    def test_there_is_news_and_an_invented_author_writes_the_columns(self):
        ours = [page for page in NewsPage.objects.live() if len(page.body) > 1 or page.author_links.exists()]
        columns = [page for page in ours if page.kind == Kind.COLUMN]

        assert len([page for page in ours if page.kind != Kind.COLUMN]) >= 8
        assert len(columns) >= 3
        assert all(link.person.is_example for page in columns for link in page.author_links.all())
        assert all(page.author_links.exists() and page.is_example for page in columns)

    def test_the_agenda_shows_every_state_around_today(self):
        now = timezone.now()
        events = list(EventPage.objects.filter(is_example=True))
        days = {event: (event.starts_at.date(), event.ends_at.date()) for event in events}
        today = timezone.localdate(now)

        assert {event.status for event in events} == {"gepland", "vol", "verplaatst", "afgelast"}
        assert len(events) >= 8
        assert any(
            days[event][0] > today and event.status == "gepland" and event.location for event in events
        )
        assert any(days[event] == (today, today) for event in events)
        assert any(event.is_past and event.report for event in events)
        assert any(event.online_url and not event.location for event in events)
        assert any(days[event][0] != days[event][1] for event in events)

    def test_every_theme_topic_and_role_has_something_to_offer(self):
        for theme in ThemePage.objects.live():
            assert theme.content_pages.live().count() >= 10, theme
        for topic in TopicPage.objects.live():
            assert topic.content_pages.live().count() >= 3, topic
            assert topic.body, topic
        for role in Role.objects.all():
            assert role.content_pages.live().count() >= 8, role

    def test_every_image_says_what_is_to_be_seen_and_who_made_it(self):
        images = PortalImage.objects.all()

        assert len(images) >= 10
        assert [image.title for image in images if len(image.description) < 20 or not image.credit] == []

    def test_the_statement_on_accessibility_has_the_parts_of_the_model(self):
        page = StandardPage.objects.get(slug="toegankelijkheid")
        text = "\n".join(lines_of(page.body.render_as_block()))

        for part in ["Nalevingsstatus", "D: voldoet niet", "EN 301 549", "Feedback en contact", "ombudsman"]:
            assert part in text

    def test_the_colophon_names_the_makers_of_map_and_letter(self):
        meta = json.loads((DEMO.parent / "data" / "municipalities.meta.json").read_text("utf-8"))
        text = "\n".join(lines_of(StandardPage.objects.get(slug="colofon").body.render_as_block()))

        assert meta["attribution_nl"] in text
        assert "Literata" in text
        assert "SIL Open Font License" in text

    def test_every_page_opens_with_headings_in_order_and_links_that_lead_somewhere(self):
        wrong, opened = [], {}
        for page in Page.objects.live().filter(depth__gte=2).specific():
            answer = self.client.get(page.url)
            opened[page.url] = answer.status_code
            seen = Links(answer.content.decode())
            if answer.status_code != 200 or seen.levels.count(1) != 1:
                wrong.append((page.url, answer.status_code, seen.levels))
            wrong += [
                (page.url, f"h{before} then h{after}")
                for before, after in zip([0, *seen.levels], seen.levels, strict=False)
                if after > before + 1
            ]
            for target in seen.targets:
                parts = urlsplit(target)
                if parts.scheme or parts.netloc:
                    continue
                if not parts.path:
                    missing = parts.fragment and parts.fragment not in seen.anchors
                    wrong += [(page.url, target)] if missing else []
                elif self.open_once(opened, parts.path) != 200:
                    wrong.append((page.url, target, opened[parts.path]))

        assert wrong == []

    def test_home_shows_the_words_of_the_seed_in_their_order(self):
        main = self.client.get("/").content.decode().split("<main")[1].split("</main>")[0]
        shown = re.sub(r'<span class="visually-hidden">.*?</span>|<svg.*?</svg>', " ", main, flags=re.S)
        shown = re.sub(r"</?a\b[^>]*>", "", shown)
        text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())
        place = 0

        for line in filter(None, SEED):
            found = text.find(" ".join(line.split()), place)
            assert found >= place, f"{line!r} does not follow {text[max(0, place - 80) : place]!r}"
            place = found + len(line)

        assert text[place:].split() == ["Bekijk", "alles"]


PDFS = sorted((DEMO / "documents").glob("*.pdf"))


def test_there_are_four_documents_each_with_its_source():
    assert [path.stem for path in PDFS] == sorted(path.stem for path in SOURCES.glob("*.html"))
    assert len(PDFS) == 4


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_a_pdf_is_tagged_and_says_its_title_and_language(path):
    reader = PdfReader(path)
    root = reader.root_object
    title = path.with_suffix(".md").read_text("utf-8").split("title: ")[1].split("\n")[0]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "nl-NL"
    assert reader.metadata.title == title
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.outline


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_a_pdf_holds_the_words_of_its_source(path):
    source = " ".join(lines_of((SOURCES / f"{path.stem}.html").read_text("utf-8")))
    printed = " ".join(page.extract_text() for page in PdfReader(path).pages)

    def words(text):
        return set(re.findall(r"[^\W\d_]{4,}", text))

    assert words(source) - words(printed.replace("-\n", "")) == set()
