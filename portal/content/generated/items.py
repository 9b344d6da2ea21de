"""What each generated item is: its kind, dates, how it is filed and the fields of its own type.

Item number 7 of seed 1 is the same on every machine and in every run: nothing here asks the clock or the database.
"""

import datetime
import uuid
from dataclasses import dataclass, field
from random import Random

from django.apps import apps
from django.utils import timezone
from django.utils.text import slugify

from portal.content.generated.bodies import BodyMaker
from portal.content.generated.words import LISTS, Words, capital
from portal.models import Kind

#: Marks what was generated: the first half of a page's translation key; the other half is seed and number.
MARK = 0x6C64_6765_6E00_8000
FIRST_DAY = datetime.date(2014, 1, 6)
LAST_DAY = datetime.date(2026, 9, 30)
LAST_EVENT_DAY = datetime.date(2029, 12, 21)
#: Of every 25 items: which kind each has. 25 and 342 share no divisor, so every kind reaches every municipality.
KINDS = (
    *[Kind.PUBLICATION] * 6,
    *[Kind.EXPERIENCE] * 4,
    *[Kind.INSTRUMENT] * 3,
    *[Kind.ARTICLE] * 3,
    *[Kind.NEWS] * 4,
    Kind.COLUMN,
    Kind.INTERVIEW,
    Kind.REPORT,
    *[Kind.EVENT] * 2,
)
TYPES = {
    Kind.ARTICLE: "knowledgebase.ArticlePage",
    Kind.PUBLICATION: "knowledgebase.PublicationPage",
    Kind.INSTRUMENT: "knowledgebase.InstrumentPage",
    Kind.EXPERIENCE: "knowledgebase.ExperiencePage",
    Kind.NEWS: "news.NewsPage",
    Kind.COLUMN: "news.NewsPage",
    Kind.INTERVIEW: "news.NewsPage",
    Kind.REPORT: "news.NewsPage",
    Kind.EVENT: "news.EventPage",
}

#: How many parts the body of each kind has, fewest and most: about as long as those of the demo. A publication is its
#: summary and its file.
PARTS = {
    Kind.ARTICLE: (2, 6),
    Kind.INSTRUMENT: (0, 2),
    Kind.EXPERIENCE: (0, 2),
    Kind.NEWS: (0, 1),
    Kind.COLUMN: (0, 1),
    Kind.INTERVIEW: (0, 2),
    Kind.REPORT: (0, 2),
    Kind.EVENT: (0, 1),
}


@dataclass
class Ground:
    """What items are filed under, as the site holds it."""

    themes: list = field(default_factory=list)
    #: Topics by the primary key of their theme.
    topics: dict[int, list] = field(default_factory=dict)
    roles: list = field(default_factory=list)
    municipalities: list = field(default_factory=list)
    people: list = field(default_factory=list)
    organisations: list = field(default_factory=list)
    images: list[tuple[int, str]] = field(default_factory=list)
    documents: list = field(default_factory=list)


def key_of(seed: int, number: int) -> uuid.UUID:
    """The translation key of an item: a UUID of version 8 that says that, and which, it is."""
    return uuid.UUID(int=(MARK << 64) | (0b10 << 62) | (seed << 32) | number)


def model_of(kind: Kind) -> type:
    return apps.get_model(TYPES[kind])


def kind_of(number: int) -> Kind:
    return KINDS[number * 7 % len(KINDS)]


class ItemMaker:
    """Makes items in memory, with their links, ready to be written."""

    def __init__(self, seed: int, ground: Ground):
        self.seed, self.ground = seed, ground

    def make(self, number: int):
        """Item `number` (from 1), without a place in the tree."""
        random = Random(f"{self.seed}:{number}")  # noqa: S311
        kind, ground = kind_of(number), self.ground
        municipality = ground.municipalities[number % len(ground.municipalities)]
        words = Words(random, municipality.name)
        bodies = BodyMaker(words, ground.images)
        added_at = self._moment(random)
        published_on = added_at.date() - datetime.timedelta(days=int(random.expovariate(1 / 200)))
        title = words.title(kind, published_on.year)
        page = model_of(kind)(
            title=title,
            draft_title=title,
            slug=f"{slugify(title)[:80].strip('-')}-{self.seed}-{number}",
            translation_key=key_of(self.seed, number),
            kind=kind,
            summary=words.sentences(1, 2),
            subtitle=words.sentence().rstrip(".") if random.random() < 0.2 else "",
            published_on=published_on if random.random() < 0.95 else None,
            added_at=added_at,
            first_published_at=added_at,
            last_published_at=added_at,
            latest_revision_created_at=added_at,
            is_example=True,
            live=True,
        )
        page.body = bodies.body(*PARTS[kind]) if kind in PARTS else []
        if ground.images and random.random() < 0.35:
            page.image_id = random.choice(ground.images)[0]
        self._file(page, random, municipality)
        OWN_FIELDS[kind](page, words, bodies, published_on)
        page._derive()
        return page

    @staticmethod
    def _moment(random: Random) -> datetime.datetime:
        """Office hours on a day; a portal grows, so later days are likelier."""
        days = int((LAST_DAY - FIRST_DAY).days * random.random() ** 0.6)
        clock = datetime.time(random.randint(8, 17), random.randint(0, 59), random.randint(0, 59))
        day = FIRST_DAY + datetime.timedelta(days=days)
        return datetime.datetime.combine(day, clock, timezone.get_default_timezone())

    def _file(self, page, random: Random, municipality):
        """Themes, topics, roles, municipalities, authors, senders and files, as many as real items have."""
        ground = self.ground
        wanted = random.choice((1, 1, 1, 2)) if page.needs_theme or random.random() < 0.85 else 0
        themes = random.sample(ground.themes, min(wanted, len(ground.themes)))
        topics = [topic for theme in themes for topic in ground.topics.get(theme.pk, [])]
        page.themes = themes
        page.topics = random.sample(topics, min(len(topics), random.choice((0, 1, 1, 2))))
        page.roles = random.sample(ground.roles, min(len(ground.roles), random.choice((0, 1, 1, 2, 3))))
        if page.kind == Kind.EXPERIENCE or random.random() < 0.3:
            others = random.sample(ground.municipalities, 1) if random.random() < 0.15 else []
            chosen = dict.fromkeys([municipality, *others])
            _link(page, "municipality_links", "municipality", chosen)
        if page.kind in (Kind.COLUMN, Kind.INTERVIEW) or random.random() < 0.25:
            _link(page, "author_links", "person", random.sample(ground.people, min(1, len(ground.people))))
        if random.random() < 0.5:
            count = min(len(ground.organisations), random.choice((1, 1, 2)))
            _link(page, "sender_links", "organisation", random.sample(ground.organisations, count))
        if ground.documents and (page.kind == Kind.PUBLICATION or random.random() < 0.1):
            _link(page, "download_links", "document", [random.choice(ground.documents)])


def _link(page, relation: str, name: str, targets):
    rows = page._meta.get_field(relation).related_model
    setattr(
        page, relation, [rows(**{name: target, "sort_order": place}) for place, target in enumerate(targets)]
    )


def _choice(page, words: Words, name: str) -> str:
    return words.random.choice([value for value, _ in page._meta.get_field(name).choices])


def _give_upkeep(page, published_on: datetime.date):
    page.reviewed_on = published_on
    page.review_due_on = published_on + datetime.timedelta(days=730)


def _article(page, words: Words, bodies: BodyMaker, published_on: datetime.date):
    _give_upkeep(page, published_on)


def _publication(page, words: Words, bodies: BodyMaker, published_on: datetime.date):
    page.form = _choice(page, words, "form")
    page.year_of_issue = published_on.year


def _instrument(page, words: Words, bodies: BodyMaker, published_on: datetime.date):
    random = words.random
    page.yields = words.sentences(1, 2)
    page.steps = bodies.instrument_steps()
    page.group_min = random.choice((2, 4, 6, 10, 20))
    page.group_max = page.group_min * random.choice((1, 2, 5))
    page.duration = random.choice(
        ("een uur", "twee uur", "een avond", "een dag", "drie avonden", "een maand")
    )
    page.effort, page.cost, page.rung = (_choice(page, words, name) for name in ("effort", "cost", "rung"))
    _give_upkeep(page, published_on)


def _experience(page, words: Words, bodies: BodyMaker, published_on: datetime.date):
    random = words.random
    page.year_from = published_on.year - random.randint(0, 2)
    page.year_to = published_on.year if random.random() < 0.5 else None
    for name in ("occasion", "approach", "result", "lessons"):
        setattr(page, name, words.sentences(2, 5))
    page.is_evaluated = random.choice((True, False, None))
    page.evaluation_source = "Evaluatie van het project (verzonnen)" if page.is_evaluated else ""
    page.contact = f"{words.name()} (verzonnen)"


def _news(page, words: Words, bodies: BodyMaker, published_on: datetime.date):
    page.place = words.place if words.random.random() < 0.5 else ""


def _event(page, words: Words, bodies: BodyMaker, published_on: datetime.date):
    random = words.random
    day = FIRST_DAY + datetime.timedelta(days=random.randint(60, (LAST_EVENT_DAY - FIRST_DAY).days))
    zone = timezone.get_default_timezone()
    page.all_day = random.random() < 0.1
    begins = datetime.time(0 if page.all_day else random.choice((9, 10, 13, 19)))
    page.starts_at = datetime.datetime.combine(day, begins, zone)
    page.ends_at = page.starts_at + datetime.timedelta(hours=23 if page.all_day else random.choice((1, 2, 3)))
    if random.random() < 0.25:
        page.online_url = "https://example.org/webinar"
    else:
        page.location = f"{random.choice(LISTS['rooms'])}, {words.place}"
    page.organiser = f"Organisatie {capital(words.subject[1])} (voorbeeld)"
    page.signup_url = "https://example.org/aanmelden" if random.random() < 0.6 else ""
    page.status = random.choice(("gepland",) * 12 + ("vol", "verplaatst", "afgelast"))
    page.status_note = "Was eerst een week eerder." if page.status == "verplaatst" else ""
    if day < LAST_DAY and random.random() < 0.3:
        page.report = bodies.body(1, 3)


OWN_FIELDS = {
    Kind.ARTICLE: _article,
    Kind.PUBLICATION: _publication,
    Kind.INSTRUMENT: _instrument,
    Kind.EXPERIENCE: _experience,
    Kind.NEWS: _news,
    Kind.COLUMN: _news,
    Kind.INTERVIEW: _news,
    Kind.REPORT: _news,
    Kind.EVENT: _event,
}
