"""What templates ask of the portal: the head, the trail, pictures, anchors, and small forms of words."""

import math
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from urllib.parse import quote, urlsplit

from django import template
from django.conf import settings
from django.template.loader import TemplateDoesNotExist, get_template
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from wagtail.admin.templatetags.wagtailuserbar import wagtailuserbar

from portal import related
from portal.chrome import Chrome, Link, get_chrome
from portal.head import build_head
from portal.pictures import SIZES, Pictures, images_of, pictures_of
from portal.selection.meetings import get_meetings

register = template.Library()

MONTHS = {
    "januari": "jan", "februari": "feb", "maart": "mrt", "april": "apr", "mei": "mei", "juni": "jun",
    "juli": "jul", "augustus": "aug", "september": "sep", "oktober": "okt", "november": "nov", "december": "dec",
}  # fmt: skip
MONTH_NAMES = list(MONTHS)
#: When the clock of a meeting may begin: the first that holds the meeting.
CLOCK_OPENS = (8, 12, 6, 0)
#: So many days lie between the date of a piece and its addition where a list says both.
YEARS_LATER = 2 * 365
EVENT_STATES = ("vol", "verplaatst", "afgelast")
DAY = re.compile(
    rf"^(\d{{1,2}})(?: (?:en|tot en met) \d{{1,2}})? ({'|'.join(MONTHS)})(?: (\d{{4}}))?.*?(\d{{4}})?(?: · |$)"
)


def _chrome(context) -> Chrome:
    return context.get("chrome") or Chrome()


def _trail(context) -> list[Link]:
    """The way from home to this page, kept on it: head and breadcrumbs both ask."""
    page, chrome = context.get("page"), _chrome(context)
    if page is None or not getattr(page, "pk", None):
        return []
    kept = getattr(page, "_trail", None)
    if kept is None:
        kept = page._trail = _trail_of(page, chrome)
    return kept


def _trail_of(page, chrome: Chrome) -> list[Link]:
    """Without a query: rooms and themes are known."""
    if page.pk == chrome.home_id or not page.url:
        return []
    links = [Link("Home", "/", chrome.home_id or 0)]
    here = urlsplit(page.url).path
    for link in chrome.rooms:
        if here.startswith(urlsplit(link.url).path):
            links.append(link)
    for theme in chrome.themes:
        if here.startswith(urlsplit(theme.address).path):
            links.append(Link(theme.name, theme.address, theme.pk))
    if links[-1].page_id != page.pk:
        links.append(Link(page.title, page.url, page.pk))
    return links


@register.simple_tag(takes_context=True)
def trail(context) -> list[Link]:
    """The links of the breadcrumbs, home first, this page last."""
    return _trail(context)


@register.simple_tag
@cache
def icon_address() -> str:
    """The icon as an address that holds it: a browser has it with the page and asks for nothing more."""
    drawing = (settings.BASE_DIR / "static" / "img" / "favicon.svg").read_text(encoding="utf-8").strip()
    return mark_safe(f"data:image/svg+xml,{quote(drawing.replace('"', "'"), safe="'=/:;,.()@!")}")  # noqa: S308 - a file of our own


@register.simple_tag
@cache
def drawing(*name: str) -> str:
    """A drawing of ours, by the parts of its name: `{% drawing "sign" theme.colour %}`; nothing where there is none."""
    try:
        found = get_template(f"components/drawings/{'_'.join(name)}.svg").render()
    except TemplateDoesNotExist:
        return ""
    return mark_safe(found.strip())  # noqa: S308 (a file of ours)


@register.filter
def in_words(day: date) -> str:
    """A day as readers read it, whatever the language of who is logged in: "4 juni 2018"."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


@register.simple_tag(takes_context=True)
def page_head(context):
    """The Head of this page."""
    return build_head(
        _chrome(context),
        page=context.get("page"),
        selection=context.get("selection"),
        trail=_trail(context),
        filing=context.get("filing"),
        title=context.get("title", ""),
        robots=context.get("robots", ""),
    )


@register.simple_tag(takes_context=True)
def userbar(context):
    """Wagtail's bar for people who are logged in; a visitor without a session costs no look at it."""
    request = context.get("request")
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    return wagtailuserbar(context)


@register.simple_tag(takes_context=True)
def current(context, url: str) -> str:
    """The attribute of a link that leads to the page that is shown, or to the part of the site it lies in; else ""."""
    request, path = context.get("request"), urlsplit(url or "").path
    if request is None or not path or not request.path.startswith(path):
        return ""
    return mark_safe(f' aria-current="{"page" if request.path == path else "true"}"')  # noqa: S308 (words of our own)


@register.inclusion_tag("components/picture.html", takes_context=True)
def picture(context, image, shape="free", alt="", size="text", eager=False, css="figure__image"):
    """A `<picture>` of formats and sizes that were made when the page was published."""
    page = context.get("page")
    pictures = pictures_of(page) if page is not None else Pictures([image])
    if page is not None and image.pk not in {known.pk for known, _ in images_of(page)}:
        pictures = Pictures([image])
    return {
        "picture": pictures.get(image, shape),
        "alt": alt,
        "sizes": SIZES[size],
        "eager": eager,
        "css": css,
    }


@register.simple_tag
def anchors(*streams) -> str:
    """Give the headings of these bodies their anchors."""
    related.set_anchors(*streams)
    return ""


@dataclass(frozen=True)
class Heading:
    """A main heading in the text of a page: its anchor and its words."""

    anchor: str
    text: str


@dataclass(frozen=True)
class Reading:
    """The text of a page as a reader gets it, with its main headings: those of its body and of its own fields."""

    markup: str
    headings: list[Heading]


HEADING = re.compile(r'<h2[^>]* id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)


@register.simple_block_tag
def reading(content) -> Reading:
    """`{% reading as text %}…{% endreading %}`: the text, before the table of contents that stands above it."""
    headings = [Heading(anchor, mark_safe(strip_tags(words))) for anchor, words in HEADING.findall(content)]  # noqa: S308 (escaped in the text)
    return Reading(content, headings)


@register.filter
def is_over(item) -> bool:
    """Whether an item is a meeting that has ended."""
    if item.kind != "bijeenkomst":
        return False
    # A card and the meeting itself know when it ends; what an editor chose in a text does not.
    ends_at = vars(item).get("ends_at") or get_meetings().ends_at(item.pk)
    return ends_at is not None and ends_at < timezone.now()


@dataclass(frozen=True)
class Day:
    """What the square of an event shows."""

    number: str
    month: str
    year: str

    @property
    def month_and_year(self) -> str:
        """Short enough for the square: "jun ’18"."""
        return f"{self.month} ’{self.year[2:]}"


@register.filter
def event_day(item) -> Day | None:
    """The day of an event, from its own moment or from its card line; None for anything else."""
    if starts_at := getattr(item, "starts_at", None):
        first = timezone.localtime(starts_at)
        return Day(str(first.day), MONTHS[MONTH_NAMES[first.month - 1]], str(first.year))
    if item.kind == "bijeenkomst" and (found := DAY.match(item.card_line)):
        return Day(found[1], MONTHS[found[2]], found[3] or found[4] or "")
    return None


@register.filter
def event_numeral(event) -> str:
    """The day or days of an event as its page shows them: "16", "4–6"; only the first where months differ."""
    first, last = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    is_in_one_month = (first.year, first.month) == (last.year, last.month)
    return f"{first.day}–{last.day}" if is_in_one_month and first.day != last.day else str(first.day)


@register.filter
def colour(item) -> str:
    """The colour in which an item speaks: that of its first theme."""
    return item.card_themes[0].colour if item.card_themes else ""


@register.filter
def is_off(item) -> bool:
    """Whether an event was called off, from its own status or its card line."""
    status = getattr(item, "status", None)
    return (event_state(item) if status is None else status) == "afgelast"


@register.filter
def extension(document) -> str:
    """What kind of file it is: PDF, DOCX."""
    return (document.file_extension or "").upper()


@dataclass(frozen=True)
class Seat:
    """One seat of the clock."""

    x: float
    y: float
    r: float
    is_taken: bool


@register.simple_tag
def clock(event) -> dict | None:
    """The chamber as a clock of twelve hours: every spoke of seats is half an hour, the taken ones are the meeting.

    It opens at eight, or at noon for an evening; None where it says nothing: all day, more days, or more hours.
    """
    starts, ends = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    first, last = starts.hour + starts.minute / 60, ends.hour + ends.minute / 60
    opens = next((hour for hour in CLOCK_OPENS if hour <= first and last <= hour + 12), None)
    if event.all_day or starts.date() != ends.date() or opens is None:
        return None
    seats = []
    for half_hour in range(24):
        angle = math.pi - math.pi * (half_hour + 0.5) / 24
        begins = opens + half_hour / 2
        taken = begins + 0.5 > first and begins < last
        for distance, radius in ((160, 9), (136, 7.6), (113, 6.3)):
            x, y = 240 + distance * math.cos(angle), 196 - distance * math.sin(angle)
            seats.append(Seat(round(x, 1), round(y, 1), radius, taken))
    hours = []
    for hour in range(opens, opens + 13, 3):
        angle = math.pi - math.pi * (hour - opens) / 12
        x, y = 240 + 190 * math.cos(angle), min(202 - 183 * math.sin(angle), 193)
        hours.append({"x": round(x), "y": round(y), "text": hour})
    return {"seats": seats, "hours": hours}


@register.filter
def rungs(instrument) -> list[dict]:
    """The participation ladder with the rung of this instrument marked, the lowest first."""
    choices = instrument._meta.get_field("rung").choices
    return [
        {
            "label": label,
            "is_own": value == instrument.rung,
            "x": 4 + 40 * place,
            "y": 74 - 12 * place,
            "height": 12 + 12 * place,
        }
        for place, (value, label) in enumerate(choices)
    ]


@register.simple_tag
def frame() -> Chrome:
    """The frame of a page where no context processor gives it."""
    return get_chrome()


@dataclass(frozen=True)
class TitleParts:
    """A theme's title in two: "Aan de slag met" and "De Raad"."""

    lead_in: str
    name: str


@register.simple_tag
def title_parts(theme) -> TitleParts:
    """A theme's title before and from its name; all in one where the title does not end in the name."""
    title, name = theme.title.strip(), theme.name.strip("'‘’ ").casefold()
    rest = title.casefold().rstrip("'‘’ ")
    if not name or not rest.endswith(name):
        return TitleParts("", title)
    start = title[: len(rest) - len(name)].rstrip("'‘’ ")
    return TitleParts(start, title[len(start) :].strip())


#: A title longer than this takes half a phone in the size of a title; a word longer than this breaks there.
LONG_TITLE, LONG_WORD = 80, 18


@register.filter
def title_form(title: str) -> str:
    """The class that a title adds to its own when it is long, or has a long word; "" for most."""
    if len(title) > LONG_TITLE:
        return " page-head__title--long"
    return " page-head__title--word" if any(len(word) > LONG_WORD for word in title.split()) else ""


@register.filter
def unlocalized(number) -> str:
    """A number as a drawing needs it: with a point, whatever the language."""
    return f"{number:g}"


@register.filter
def added_later(item) -> date | None:
    """The day an item was added here, where its own date is years before that; the order of a list is by the first."""
    day = timezone.localdate(item.added_at)
    return day if item.published_on and (day - item.published_on).days > YEARS_LATER else None


@register.filter
def event_days(item) -> str:
    """The day or days of an event as a card says them; "" for anything else."""
    return item.card_line.partition(" · ")[0] if item.kind == "bijeenkomst" else ""


@register.filter
def first_day(item) -> str:
    """The first day of an event in the one form of a date, "4 juni 2018"; "" for anything else."""
    found = DAY.match(item.card_line) if item.kind == "bijeenkomst" else None
    return f"{found[1]} {found[2]} {found[3] or found[4] or ''}".strip() if found else ""


@register.filter
def own_line(item) -> str:
    """What a card says beside kind, date and state: an event's place, or the line of its kind."""
    if item.kind != "bijeenkomst":
        return item.card_line
    return item.card_line.partition(" · ")[2].removesuffix(event_state(item)).removesuffix(" · ")


@register.filter
def event_state(item) -> str:
    """What is not as planned with an event, as its card line ends: "vol", "verplaatst", "afgelast"; else ""."""
    last = item.card_line.rpartition(" · ")[2] if item.kind == "bijeenkomst" else ""
    return last if last in EVENT_STATES else ""


@register.filter
def event_flag(item) -> str:
    """The state of an event for its card: that it is over says more than that it was full, but not that it was off."""
    state = event_state(item)
    return "geweest" if state != "afgelast" and is_over(item) else state


OPTION = (
    '<label class="option"{theme}><input class="option__box" type="checkbox" name="{key}" value="{value}"{checked}> '
    '<span class="option__label">{label}</span> {count}</label>'
)
COUNT = '<span class="option__count">{}<span class="visually-hidden"> {}</span></span>'


@register.simple_tag
def facet_boxes(facet, start: int, stop: int | None = None) -> str:
    """Options of a facet as check boxes; as a template they took half of a list's time."""
    options = []
    for option in facet.options[start:stop]:
        theme = f' data-theme="{escape(option.theme.colour)}"' if option.theme else ""
        noun = "resultaat" if option.count == 1 else "resultaten"
        options.append(
            OPTION.format(
                theme=theme,
                key=escape(facet.key),
                value=escape(option.value),
                checked=" checked" if option.is_chosen else "",
                label=escape(capfirst(option.label) if facet.key == "rol" else option.label),
                count="" if option.count is None else COUNT.format(option.count, noun),
            )
        )
    return mark_safe("".join(options))  # noqa: S308 (every value was escaped)


@register.simple_tag
def facet_menu(facet) -> str:
    """The other options of a facet as those of a menu."""
    options = [f"{choice.menu_option} ({count})</option>" for choice, count in facet.menu]
    return mark_safe("".join(options))  # noqa: S308 (every value was escaped)
