"""What stands beside an item: how it is filed, its contents, and other items that belong with it."""

from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, Value
from django.utils.text import slugify

from portal.chrome import Link, get_chrome
from portal.models import (
    ContentAuthor,
    ContentDownload,
    ContentMunicipality,
    ContentPage,
    ContentSender,
    Kind,
    Municipality,
    PortalDocument,
    RelatedItem,
)
from portal.selection.shelf import get_shelf

ANY_ITEM = -1  # where a query that is kept holds the primary key of an item
IDS_ONLY = ("themes", "related", "downloads")
RESERVED_ANCHORS = {
    "inhoud", "resultaten", "filters", "menu", "zoekveld", "verwant", "op-deze-pagina",
    "in-het-kort", "zo-werkt-het", "aanleiding", "aanpak", "resultaat", "lessen", "contact", "verslag",
}  # fmt: skip
#: Blocks that open with a heading of their own, and the one that the template gives where an editor gave none.
TITLED_BLOCKS = {"facts": "In het kort", "steps": ""}


@dataclass
class Filing:
    """How an item is filed: ids of themes, related items and files; (id, name, slug) of the rest (a topic: path)."""

    themes: list[int] = field(default_factory=list)
    topics: list[tuple] = field(default_factory=list)
    roles: list[tuple] = field(default_factory=list)
    municipalities: list[tuple] = field(default_factory=list)
    authors: list[tuple] = field(default_factory=list)
    senders: list[tuple] = field(default_factory=list)
    related: list[int] = field(default_factory=list)
    downloads: list[int] = field(default_factory=list)

    @property
    def topic_links(self) -> list[Link]:
        """The topics with their addresses, which follow from the theme they lie under."""
        return [
            Link(name, theme.address + path.removeprefix(theme.url_path), pk)
            for pk, name, path in self.topics
            for theme in get_chrome().themes
            if path.startswith(theme.url_path)
        ]


def filing_of(page: ContentPage) -> Filing:
    """How a saved item is filed, in one query whatever the number of labels."""
    sql, parameters = _filing_query(tuple(get_chrome().private_paths))
    with connection.cursor() as cursor:
        cursor.execute(sql, [page.pk if value == ANY_ITEM else value for value in parameters])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[0], row[1] or 0, row[2]))
    filing = Filing()
    for group, _, pk, name, slug in rows:
        getattr(filing, group).append(pk if group in IDS_ONLY else (pk, name, slug))
    return filing


@lru_cache(maxsize=8)
def _filing_query(private_paths: tuple[str, ...]) -> tuple[str, tuple]:
    """The query for the filing of any item, written once for each set of private parts: eight parts took longer to put
    together than to run."""
    links = Q(page_id=ANY_ITEM)
    many = Q(contentpage_id=ANY_ITEM)
    live_topics = many & Q(topicpage__live=True)
    for path in private_paths:
        live_topics &= ~Q(topicpage__path__startswith=path)
    parts = [
        ("themes", ContentPage.themes.through, many, "themepage", "name", "slug", "themepage_id"),
        ("topics", ContentPage.topics.through, live_topics, "topicpage", "name", "url_path", "topicpage_id"),
        ("roles", ContentPage.roles.through, many, "role", "plural", "slug", "role__order"),
        ("municipalities", ContentMunicipality, links, "municipality", "name", "slug", "sort_order"),
        ("authors", ContentAuthor, links, "person", "name", "slug", "sort_order"),
        ("senders", ContentSender, links, "organisation", "name", "slug", "sort_order"),
        ("related", RelatedItem, links, "related_page", "title", "slug", "sort_order"),
        ("downloads", ContentDownload, links, "document", "title", "file", "sort_order"),
    ]
    queries = [
        model.objects.filter(where)
        .order_by()
        .values_list(
            Value(group),
            F(order),
            F(f"{target}_id"),
            F(f"{target}__{label}"),
            F(f"{target}__{slug}"),
        )
        for group, model, where, target, label, slug, order in parts
    ]
    return queries[0].union(*queries[1:], all=True).query.sql_with_params()


def filing_of_draft(page: ContentPage) -> Filing:
    """How an item that is being written is filed: from memory, as a preview must show it."""
    return Filing(
        themes=[theme.pk for theme in page.themes.all()],
        topics=[(topic.pk, topic.name, topic.url_path) for topic in page.topics.all()],
        roles=[(role.pk, role.plural, role.slug) for role in page.roles.all()],
        municipalities=[
            (link.municipality.pk, link.municipality.name, link.municipality.slug)
            for link in page.municipality_links.all()
        ],
        authors=[(link.person.pk, link.person.name, link.person.slug) for link in page.author_links.all()],
        senders=[
            (link.organisation.pk, link.organisation.name, link.organisation.slug)
            for link in page.sender_links.all()
        ],
        related=[link.related_page_id for link in page.related_links.all()],
        downloads=[link.document_id for link in page.download_links.all()],
    )


def related_items(page: ContentPage, filing: Filing | None = None, limit: int = 4) -> list[ContentPage]:
    """Other items that belong with this one: the editor's choice first, then what shares a topic or municipality,
    then the newest of the same theme or for the same roles. One query, whatever the size of the site.
    """
    filing, shelf = filing or filing_of(page), get_shelf()
    others = shelf.everything & ~shelf.items([page.pk])
    keys = [pk for pk in filing.related if others & shelf.items([pk])][:limit]
    near = shelf.having("onderwerp", [pk for pk, *_ in filing.topics])
    near |= shelf.having("gemeente", [pk for pk, *_ in filing.municipalities])
    far = shelf.having("thema", filing.themes)
    if not filing.themes:
        far = shelf.having("rol", [pk for pk, *_ in filing.roles])
    for wanted in (near, far):
        left = others & wanted & ~shelf.items(keys)
        keys += shelf.newest(left, 0, limit - len(keys))
    found = (
        {item.pk: item for item in ContentPage.objects.filter(pk__in=keys).briefly().with_ends()}
        if keys
        else {}
    )
    return [found[pk] for pk in keys if pk in found]


def set_anchors(*streams):
    """Give every heading of these bodies an anchor of its own."""
    used = set(RESERVED_ANCHORS)
    for stream in streams:
        for block in stream or ():
            if block.block_type == "heading":
                text = block.value["text"]
            elif block.block_type in TITLED_BLOCKS:
                text = block.value["title"] or TITLED_BLOCKS[block.block_type]
            else:
                continue
            base = slugify(text)[:60].strip("-") or "deel"
            if base[0].isdigit():
                base = f"deel-{base}"
            anchor, number = base, 2
            while anchor in used:
                anchor, number = f"{base}-{number}", number + 1
            used.add(anchor)
            block.value.anchor = anchor


def is_offered(document: PortalDocument, page, request) -> bool:
    """Whether a page names a document: one in a private collection only to who is let in, here or on the site."""
    chrome = get_chrome()
    if chrome.is_public(document) or not chrome.is_open(page):
        return True
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def _downloads(page: ContentPage, filing: Filing, request) -> list[PortalDocument]:
    """The files of an item, in the editor's order; those that stand in its text too are not asked again."""
    if not filing.downloads:
        return []
    in_text = (block.value["document"] for block in page.body if block.block_type == "download")
    found = {document.pk: document for document in in_text if document}
    if missing := [pk for pk in filing.downloads if pk not in found]:
        found |= PortalDocument.objects.in_bulk(missing)
    return [found[pk] for pk in filing.downloads if pk in found and is_offered(found[pk], page, request)]


def _place(page: ContentPage, filing: Filing) -> Municipality | None:
    """The municipality whose outline stands on an experience."""
    if page.kind != Kind.EXPERIENCE or not filing.municipalities:
        return None
    pk = filing.municipalities[0][0]
    return get_chrome().municipalities({pk}).get(pk)


def reading_context(page: ContentPage, request) -> dict:
    """What a detail page shows beside its text."""
    is_preview = getattr(request, "is_preview", False) or not page.pk
    filing = filing_of_draft(page) if is_preview else filing_of(page)
    chrome = get_chrome()
    themes = sorted(
        (chrome.themes_by_id[pk] for pk in filing.themes if pk in chrome.themes_by_id), key=lambda t: t.path
    )
    return {
        "filing": filing,
        "page_themes": themes,
        "page_colour": themes[0].colour if themes else "",
        "downloads": _downloads(page, filing, request),
        "related": related_items(page, filing) if page.pk else [],
        "place": _place(page, filing),
    }
