"""What a page says of itself and where it leads, read as a crawler reads it."""

import json
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree, html

#: What an archive asks of each page (BAR.md L17, OWMS).
RECORD = ("title", "language", "modified", "creator", "identifier")
OPEN_GRAPH = ("og:title", "og:type", "og:url", "og:image")
FORMS = ("application/atom+xml", "text/calendar")
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass
class Record:
    """One page: its metadata, its links (without what follows #), and the names one may jump to."""

    url: str
    language: str
    title: str
    description: str
    canonical: str
    robots: str
    terms: dict[str, str]
    graph: dict[str, str]
    scripts: list[str]
    headings: int
    links: set[str] = field(default_factory=set)
    jumps: set[tuple[str, str]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)


def read(url: str, body: bytes) -> Record:
    page = html.fromstring(body.decode("utf-8"))
    named = {meta.get("name"): meta.get("content") for meta in page.iter("meta") if meta.get("name")}
    record = Record(
        url=url,
        language=page.get("lang", ""),
        title=page.findtext("head/title", ""),
        description=named.get("description", ""),
        canonical=next(iter(page.xpath("//link[@rel='canonical']/@href")), ""),
        robots=named.get("robots", ""),
        terms={
            name.removeprefix("dcterms."): text for name, text in named.items() if name.startswith("dcterms.")
        },
        graph={meta.get("property"): meta.get("content") for meta in page.iter("meta")},
        scripts=page.xpath("//script[@type='application/ld+json']/text()"),
        headings=len(page.xpath("//h1")),
        names=set(page.xpath("//@id")),
        forms={urljoin(url, link.get("href")) for link in page.iter("link") if link.get("type") in FORMS},
    )
    for href in page.xpath("//a/@href"):
        address, name = urldefrag(urljoin(url, href))
        if urlsplit(address).netloc == urlsplit(url).netloc:
            record.links.add(address)
            if name:
                record.jumps.add((address, name))
    return record


def faults(record: Record) -> list[str]:
    """What is wrong with what a page says of itself."""
    found = [f"no dcterms.{name}" for name in RECORD if not record.terms.get(name)]
    if (record.language, record.terms.get("language")) != ("nl", "nl"):
        found.append(f"language {record.language!r}, {record.terms.get('language')!r}")
    if not record.url == record.canonical == record.terms.get("identifier") == record.graph.get("og:url"):
        found.append("canonical, identifier or og:url is another address")
    if record.title != record.terms.get("title"):
        found.append("dcterms.title is another title")
    found += [f"no {name}" for name in OPEN_GRAPH if not record.graph.get(name)]
    found += [f"{record.headings} headings of the first level"] * (record.headings != 1)
    for script in record.scripts:
        try:
            if json.loads(script).get("@context") != "https://schema.org":
                found.append("JSON-LD of another vocabulary")
        except ValueError:
            found.append("JSON-LD that is no JSON")
    return found


def feed_faults(body: bytes) -> list[str]:
    """What an Atom feed lacks of what RFC 4287 requires."""
    try:
        feed = etree.fromstring(body)
    except etree.XMLSyntaxError as error:
        return [str(error)]
    entries = feed.findall(f"{ATOM}entry")
    found = [
        f"{part.tag.removeprefix(ATOM)} without {name}"
        for part in (feed, *entries)
        for name in ("id", "title", "updated", "link")
        if part.find(f"{ATOM}{name}") is None
    ]
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    return found + ["an id stands twice"] * (len(ids) != len(set(ids)))
