"""What templates ask of the portal: the head, the trail, pictures, anchors, and small forms of words.

What they say of meetings is in `meetings`, the options of a facet are in `facets`.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import quote, urlsplit

from django import template
from django.conf import settings
from django.template.loader import TemplateDoesNotExist, get_template
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from wagtail.admin.templatetags.wagtailuserbar import wagtailuserbar

from portal import related
from portal.chrome import Chrome, Link, get_chrome
from portal.head import build_head
from portal.pictures import SIZES, Pictures, images_of, pictures_of
from portal.text import in_words

register = template.Library()
register.filter(in_words)

#: So many days lie between the date of a piece and its addition where a list says both.
YEARS_LATER = 2 * 365


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
def colour(item) -> str:
    """The colour in which an item speaks: that of its first theme."""
    return item.card_themes[0].colour if item.card_themes else ""


@register.filter
def extension(document) -> str:
    """What kind of file it is: PDF, DOCX."""
    return (document.file_extension or "").upper()


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


@register.filter
def is_shown(page) -> bool:
    """Whether readers may see a page that an editor chose."""
    return bool(page) and get_chrome().is_read(page)


@register.simple_tag(takes_context=True)
def offered(context, document) -> bool:
    """Whether this page names a document that an editor chose."""
    page, request = context.get("page"), context.get("request")
    return bool(document) and (not page or not request or related.is_offered(document, page, request))


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
