"""Folders of content to load, and what a site holds in words that do not depend on its primary keys."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image as Pillow
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, PageViewRestriction, Revision, Site
from wagtail.rich_text import expand_db_html

from portal.content.loading import load_content
from portal.content.mistakes import ContentMistakes
from portal.models import ContentPage, Organisation, Person, PortalSettings, Role
from tests.conftest import make_roots

DEMO = Path(__file__).parents[2] / "portal" / "content" / "demo"
SMALL = {
    "site.md": "---\nname: Lokale Democratie\n---\n",
    "roles/griffier.md": "---\nname: griffier\nplural: griffiers\n---\n",
    "pages/index.md": "---\ntype: home\ntitle: Welkom\nintroduction: Hier vind je instrumenten.\n---\n",
    "pages/aan-de-slag-met/index.md": "---\ntype: theme_index\ntitle: Aan de slag met\n---\n",
    "pages/aan-de-slag-met/de-raad.md": "---\ntype: theme\ntitle: De Raad\nname: De Raad\n---\n",
    "pages/kennisbank/index.md": "---\ntype: knowledge_index\ntitle: Kennisbank\n---\n",
    "pages/agenda.md": "---\ntype: event_index\ntitle: Agenda\n---\n",
}
ARTICLE = "---\ntype: article\ntitle: De rekenkamer\nsummary: Wat zij doet.\nthemes: [de-raad]\n"


def picture(width=40, height=30, kind="PNG") -> bytes:
    buffer = BytesIO()
    Pillow.new("RGB", (width, height), "#8e1538").save(buffer, kind)
    return buffer.getvalue()


class Files:
    """A folder of content that a test fills."""

    def __init__(self, root: Path):
        self.root = root
        self.write(SMALL)

    def write(self, files: dict[str, str | bytes]) -> "Files":
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def mistakes(self) -> list[str]:
        """What is wrong with the folder, as it is told."""
        with pytest.raises(ContentMistakes) as caught:
            load_content(self.root)
        return [str(mistake) for mistake in caught.value.mistakes]


@pytest.fixture
def files(tmp_path) -> Files:
    return Files(tmp_path / "inhoud")


@pytest.fixture
def empty_site(db):
    """A database as `migrate` leaves it."""
    make_roots()
    Site.objects.all().delete()


def stored_files(media: Path) -> list[str]:
    """Every file in the media folder."""
    return sorted(str(path.relative_to(media)) for path in Path(media).rglob("*") if path.is_file())


def tree_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder and what it holds."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


def site_in_words() -> dict:
    """All content of the site, by addresses and names."""
    closed = dict(PageViewRestriction.objects.values_list("page_id", "restriction_type"))
    return {
        "pages": [
            page_in_words(page, closed)
            for page in Page.objects.filter(depth__gt=1).order_by("path").specific()
        ],
        "stream": list(ContentPage.objects.recent().values_list("slug", flat=True)),
        "redirects": sorted(
            (
                row.old_path,
                row.redirect_page and row.redirect_page.url_path,
                row.redirect_link,
                row.is_permanent,
            )
            for row in Redirect.objects.select_related("redirect_page")
        ),
        "images": sorted(
            (i.title, i.description, i.credit, str(i.get_focal_point()), i.get_file_hash())
            for i in get_image_model().objects.all()
        ),
        "documents": sorted((d.title, d.get_file_hash()) for d in get_document_model().objects.all()),
        "snippets": [
            sorted(model.objects.values_list("slug", "name")) for model in (Role, Organisation, Person)
        ],
        "settings": list(PortalSettings.objects.values_list("name", "tagline", "publisher", "footer_text")),
    }


#: The plain fields of all types of pages.
FIELDS = [
    "title",
    "seo_title",
    "search_description",
    "show_in_menus",
    "live",
    "expired",
    "go_live_at",
    "expire_at",
    "kind",
    "subtitle",
    "summary",
    "teaser",
    "published_on",
    "show_in_recent",
    "is_example",
    "card_line",
    "reviewed_on",
    "review_due_on",
    "starts_at",
    "ends_at",
    "status",
    "sequence",
    "yields",
    "form",
    "lessons",
    "year_of_issue",
    "is_evaluated",
    "group_min",
    "name",
    "colour",
    "introduction",
    "stream_title",
]


def page_in_words(page, closed) -> dict:
    """What one page says: its plain fields, what it refers to, and its texts as a reader sees them."""
    words = {name: readable(getattr(page, name)) for name in FIELDS if hasattr(page, name)}
    if isinstance(page, ContentPage):
        words |= {
            "added_at": page.added_at if page.first_published_at else None,
            "first": page.first_published_at,
            "image": page.image and page.image.title,
            "themes": sorted(theme.slug for theme in page.themes.all()),
            "topics": sorted(topic.slug for topic in page.topics.all()),
            "roles": sorted(role.slug for role in page.roles.all()),
            "authors": [link.person.slug for link in page.author_links.all()],
            "senders": [link.organisation.slug for link in page.sender_links.all()],
            "municipalities": [link.municipality.slug for link in page.municipality_links.all()],
            "related": [link.related_page.url_path for link in page.related_links.all()],
            "downloads": [link.document.title for link in page.download_links.all()],
        }
    texts = {
        name: readable(str(getattr(page, name)))
        for name in ("body", "report", "steps")
        if hasattr(page, name)
    }
    return {
        "type": type(page).__name__,
        "address": page.url_path,
        "closed": closed.get(page.pk),
        **words,
        **texts,
    }


def readable(value):
    """A text as a reader sees it: not the editor's keys, the number of a document, or the way a line ends."""
    if not isinstance(value, str):
        return value
    value = re.sub(r' data-block-key="[^"]*"|(?<=/documenten/)\d+', "", value)
    return unescape(expand_db_html(value)).replace("\r\n", "\n")


def counts() -> tuple:
    """How many rows a load could have made."""
    models = (Page, Revision, Redirect, Role, Person, get_image_model(), get_document_model(), PortalSettings)
    return tuple(model.objects.count() for model in models)


def clear_site():
    """An empty site again, as if nothing was ever loaded."""
    Page.objects.filter(depth=2).delete()
    Site.objects.all().delete()
    for model in (Redirect, Role, Person, Organisation, get_image_model(), get_document_model()):
        model.objects.all().delete()
