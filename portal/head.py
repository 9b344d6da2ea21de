"""What a page says of itself to machines: search engines, shared links, feed readers and archives."""

import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from portal.models import ContentPage, HomePage, Kind
from portal.pictures import SHARE_SIZE, pictures_of, share_spec
from portal.selection.shelf import get_shelf, read_moment
from portal.text import cut

NEWS = {Kind.NEWS, Kind.COLUMN, Kind.INTERVIEW, Kind.REPORT}
SCRIPT_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
SCHEMA = "https://schema.org"


def absolute(address: str) -> str:
    """An address of this portal in full, on the one host it answers to."""
    if not address:
        return ""
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return f"{settings.SITE_URL}{path}"


def as_script(data: dict) -> str:
    """JSON that cannot close the script element it stands in."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(SCRIPT_ESCAPES))  # noqa: S308


@dataclass
class Image:
    """The picture beside a shared link."""

    url: str
    width: int
    height: int
    alt: str


@dataclass
class Head:
    """Everything in `<head>` that differs between pages."""

    title: str
    description: str = ""
    canonical: str = ""
    robots: str = ""
    site_name: str = ""
    type: str = "website"
    image: Image | None = None
    feeds: list = field(default_factory=list)
    creator: str = ""
    publisher: str = ""
    published: str = ""
    modified: str = ""
    scripts: list[str] = field(default_factory=list)


def share_image(page, chrome) -> Image:
    """The page's own image, else the one of the site, else the drawing; only renditions that exist."""
    own = getattr(page, "image", None)
    site = chrome.settings
    chosen = [(own, lambda: pictures_of(page))] if own else []
    if site and site.share_image_id:
        chosen.append((site.share_image, lambda: chrome.share_pictures))
    for image, pictures in chosen:
        rendition = pictures().find(image, share_spec(image))
        if rendition:
            return Image(absolute(rendition.url), *SHARE_SIZE, image.description or image.title)
    name = site.name if site else "Lokale Democratie"
    return Image(
        absolute(static("img/share.png")),
        *SHARE_SIZE,
        f"{name}: stoelen in een halve cirkel, één is nog vrij",
    )


def _organisation(chrome) -> dict:
    site = chrome.settings
    data = {
        "@type": "Organization",
        "name": (site and site.publisher) or (site and site.name) or "Lokale Democratie",
        "url": f"{settings.SITE_URL}/",
    }
    if site and site.publisher_uri:
        data["sameAs"] = site.publisher_uri
    return data


def _breadcrumbs(trail) -> dict:
    return {
        "@context": SCHEMA,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": link.title, "item": absolute(link.url)}
            for place, link in enumerate(trail, 1)
        ],
    }


def _people(filing) -> list[dict]:
    """The authors, each with the address of what they wrote here."""
    return [
        {"@type": "Person", "name": name, "url": absolute(f"{reverse('search')}?auteur={slug}")}
        for _, name, slug in (filing.authors if filing else [])
    ]


def _senders(filing) -> list[dict]:
    """The organisations an item comes from, each with the address of what it sent."""
    return [
        {"@type": "Organization", "name": name, "url": absolute(f"{reverse('search')}?afzender={slug}")}
        for _, name, slug in (filing.senders if filing else [])
    ]


def _event(page, filing) -> dict:
    """An event as schema.org says it; a meeting without a place and address is said to be nowhere yet.

    An organiser that is only a name has no address to give, so machines are told of known senders.
    """
    online, place = page.online_url, page.location
    mode = "Mixed" if online and place else "Online" if online else "Offline"
    status = {"afgelast": "EventCancelled", "verplaatst": "EventRescheduled"}.get(
        page.status, "EventScheduled"
    )
    locations = [{"@type": "Place", "name": place, "address": place}] if place else []
    locations += [{"@type": "VirtualLocation", "url": online}] if online else []
    starts, ends = timezone.localtime(page.starts_at), timezone.localtime(page.ends_at)
    data = {
        "@type": "Event",
        "startDate": (starts.date() if page.all_day else starts).isoformat(),
        "endDate": (ends.date() if page.all_day else ends).isoformat(),
        "eventStatus": f"{SCHEMA}/{status}",
        "eventAttendanceMode": f"{SCHEMA}/{mode}EventAttendanceMode",
    }
    if locations:
        data["location"] = locations[0] if len(locations) == 1 else locations
    if organisers := _senders(filing):
        data["organizer"] = organisers
    return data


def _item(page, head: Head, chrome, filing) -> dict:
    """An item as schema.org says it."""
    if page.kind == Kind.EVENT and page.starts_at:
        data = {"@context": SCHEMA, **_event(page, filing), "name": page.title}
    else:
        data = {
            "@context": SCHEMA,
            "@type": "NewsArticle" if page.kind in NEWS else "Article",
            "headline": page.title,
            "datePublished": head.published,
            "dateModified": head.modified,
            "publisher": _organisation(chrome),
            "mainEntityOfPage": head.canonical,
        }
        data["author"] = _people(filing) or _senders(filing) or [_organisation(chrome)]
    data |= {
        "description": head.description,
        "url": head.canonical,
        "inLanguage": "nl",
        "image": head.image.url,
    }
    return data


def _website(head: Head, chrome) -> dict:
    return {
        "@context": SCHEMA,
        "@type": "WebSite",
        "name": head.site_name,
        "url": f"{settings.SITE_URL}/",
        "inLanguage": "nl",
        "description": head.description,
        "publisher": _organisation(chrome),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{settings.SITE_URL}/zoeken/?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        },
    }


def _name(page, selection, title: str) -> str:
    """What this answer is called: the sentence of a narrowed list with its page, else the page's own title."""
    if selection is None or not selection.is_narrowed:
        return title or getattr(page, "seo_title", "") or getattr(page, "title", "")
    number = selection.filters.pagina
    return f"{selection.sentence}, bladzijde {number}" if number > 1 else selection.sentence


def _description(page, selection, site) -> str:
    """The page's own description; a list that was narrowed, or has no page, says first what it holds."""
    of_site = (site.description or site.footer_text or site.tagline) if site else ""
    own = (getattr(page, "meta_description", "") or of_site).strip()
    if selection is None or (page is not None and not selection.is_narrowed):
        return own
    return cut(f"{_name(page, selection, '') or selection.sentence}. {own}".strip(), 160)


def _feeds(selection) -> list:
    """The feeds of a list, for a reader's software; a list that holds nothing has none to recommend."""
    if selection is None or not selection.total:
        return []
    return [form for form in selection.forms if form.type == "application/atom+xml"]


def _newest() -> str:
    """When an item was last published: the date of change of a list that is no page."""
    text = get_shelf().published
    return timezone.localtime(read_moment(text)).isoformat(timespec="seconds") if text else ""


def build_head(chrome, page=None, selection=None, trail=(), filing=None, title="", robots="") -> Head:
    """The head of a page, or of an answer without one (`title`)."""
    site = chrome.settings
    site_name = site.name if site else "Lokale Democratie"
    name = _name(page, selection, title) or site_name
    head = Head(
        title=name if name == site_name else f"{name} – {site_name}",
        description=_description(page, selection, site),
        robots=robots or getattr(selection, "robots", "") or "",
        site_name=site_name,
        creator=(site.publisher_uri or site.publisher) if site else "",
        publisher=site.publisher if site else "",
        feeds=_feeds(selection),
    )
    if selection is not None:
        head.canonical = selection.canonical_url
        head.modified = _newest() if page is None else ""
    if page is not None:
        head.canonical = head.canonical or absolute(page.url or "")
        moment = page.last_published_at or page.latest_revision_created_at
        head.modified = timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""
    head.image = share_image(page, chrome)
    if isinstance(page, ContentPage):
        head.type = "article"
        added = timezone.localtime(page.added_at)
        head.published = (page.published_on or added.date()).isoformat()
        head.modified = head.modified or added.isoformat(timespec="seconds")
        head.scripts.append(as_script(_item(page, head, chrome, filing)))
    if isinstance(page, HomePage):
        head.scripts.append(as_script(_website(head, chrome)))
        head.scripts.append(as_script({"@context": SCHEMA, **_organisation(chrome)}))
    elif trail:
        head.scripts.append(as_script(_breadcrumbs(trail)))
    return head
