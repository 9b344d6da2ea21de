"""Every page as a crawler meets it: where its links lead, what it says of itself, and whether anything may keep it."""

import functools
import re
from urllib.parse import urlsplit

from icalendar import Calendar

from tests.audit.checks import Found, check
from tests.audit.record import FORMS, Record, faults, feed_faults, read

#: More addresses than this from links alone would mean that a crawl has no end.
MOST = 5000
KEPT = re.compile(r"public, max-age=(\d+), stale-while-revalidate=(\d+), stale-if-error=86400")


class Crawl:
    """The whole site from its home page, each address asked once: status, headers and, of pages, what they say."""

    def __init__(self, portal):
        self.portal, self.start = portal, f"{portal.url}/"
        self.answers: dict[str, tuple[int, dict]] = {}
        self.pages: dict[str, Record] = {}
        waiting = [self.start]
        while waiting and len(self.answers) < MOST:
            url = waiting.pop()
            if url in self.answers:
                continue
            status, headers, body = portal.get(url.removeprefix(portal.url))
            self.answers[url] = status, headers
            if status == 200 and headers["content-type"].startswith("text/html"):
                self.pages[url] = record = read(url, body)
                waiting += [link for link in record.links | record.forms if "/beheer/" not in link]

    @property
    def listed(self) -> set[str]:
        return {self.portal.url + path for path in self.portal.sitemap()}


@functools.cache
def crawl_of(portal) -> Crawl:
    """The crawl of this portal, made once for all checks."""
    return Crawl(portal)


@check("0.links", "no link is broken or redirected, none leads to no part of a page; nothing is an orphan")
def links(portal):
    crawl = crawl_of(portal)
    problems = [f"{url} answers {status}" for url, (status, _) in crawl.answers.items() if status != 200]
    problems += [
        f"{record.url} leads to {address}#{name}"
        for record in crawl.pages.values()
        for address, name in record.jumps
        if address in crawl.pages and name not in crawl.pages[address].names
    ]
    to_find = {
        url
        for url, record in crawl.pages.items()
        if "noindex" not in record.robots and record.canonical == url and not urlsplit(url).query
    }
    problems += [f"{url} is linked from nowhere" for url in crawl.listed - crawl.pages.keys()]
    problems += [f"{url} is not in the sitemap" for url in to_find - crawl.listed]
    problems += ["the crawl has no end"] * (len(crawl.answers) >= MOST)
    return Found(problems, f"{len(crawl.answers)} addresses, {len(crawl.listed)} pages in the sitemap")


@check("L17 0.feeds", "language, title, modified, creator, identifier, Open Graph, JSON-LD of every page")
def records(portal):
    crawl = crawl_of(portal)
    pages = [crawl.pages[url] for url in sorted(crawl.listed & crawl.pages.keys())]
    problems = [f"{page.url}: {fault}" for page in pages for fault in faults(page)]
    for name in ("title", "description"):
        said = [getattr(page, name) for page in pages]
        problems += [f"the same {name}: {text}" for text in sorted(set(said)) if said.count(text) > 1]
    return Found(problems, f"{len(pages)} pages")


@check("0.feeds", "every feed and calendar that a page names can be read; sitemap and robots")
def feeds(portal):
    crawl, problems = crawl_of(portal), []
    named = [url for url, (_, headers) in crawl.answers.items() if headers["content-type"].startswith(FORMS)]
    for url in named:
        _, headers, body = portal.get(url.removeprefix(portal.url))
        if headers["content-type"].startswith("text/calendar"):
            events = Calendar.from_ical(body).walk("VEVENT")
            problems += [f"{url}: {event.errors}" for event in events if event.errors]
            problems += [f"{url}: a line is too long" for line in body.split(b"\r\n") if len(line) > 75]
        else:
            problems += [f"{url}: {fault}" for fault in feed_faults(body)]
    paths = portal.sitemap()
    problems += ["an address stands twice in the sitemap"] * (len(paths) != len(set(paths)))
    if f"Sitemap: {portal.url}/sitemap.xml" not in portal.get("/robots.txt")[2].decode():
        problems.append("robots.txt names no sitemap")
    return Found(problems, f"{len(named)} feeds and calendars, {len(paths)} addresses in the sitemap")


@check("R23", "every page may be kept by any CDN, and is known again")
def kept_by_any(portal):
    problems, paths = [], portal.sitemap()
    for path in paths:
        _, headers, _ = portal.get(path)
        found = KEPT.fullmatch(headers.get("cache-control", ""))
        if not found or not (60 <= int(found[1]) <= 300 and int(found[2]) >= 600):
            problems.append(f"{path}: {headers.get('cache-control')}")
        if "cookie" in headers.get("vary", "").lower():
            problems.append(f"{path}: Vary: {headers['vary']}")
        if portal.get(path, If_None_Match=headers.get("etag", ""))[0] != 304:
            problems.append(f"{path}: is not known by {headers.get('etag')}")
    return Found(problems, f"{len(paths)} pages")
