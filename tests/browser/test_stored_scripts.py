"""What an editor stores never runs: not for readers, not for colleagues, with and without the policy (BAR.md S03)."""

import itertools
import json

import pytest
from django.core.files.base import ContentFile
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from portal.accounts.people import WRITER, make_user
from portal.blocks import TEXT_FEATURES
from portal.models import PortalDocument, PortalImage
from tests.browser.conftest import PASSWORD
from tests.browser.reading.site import make_picture
from tests.browser.test_publishing import log_in
from tests.factories import (
    make_article,
    make_event,
    make_experience,
    make_instrument,
    make_news,
    make_publication,
)
from tests.publishing.forms import draft, line
from tests.uploads.hostile import PDF

RUN = "window.ran=1"
MARKUP = f"""<img src=x onerror="{RUN}"><script>{RUN}</script><svg onload="{RUN}">"""
ATTRIBUTE = f"""" autofocus onfocus="{RUN}" onmouseover="{RUN}" x='"""
TEMPLATE = "{{ 7*7 }}{% debug %}${7*7}"
SCRIPT = f"</script><script>{RUN}</script>]]>-->"
LINK = f"javascript:{RUN}"
ADDRESS = f"https://example.org/{ATTRIBUTE}"
WATCH = "window.ran = undefined; Object.defineProperty(window, 'ran', {set() { console.error('IT RAN') }})"


def poisoned(limit: int = 150) -> str:
    """One text after the other, each with what could break out of another place."""
    return next(_payloads)[:limit]


_payloads = itertools.cycle([MARKUP, ATTRIBUTE, SCRIPT, TEMPLATE])
LINKED = line(MARKUP, ranges=[{"offset": 0, "length": 4, "key": 0}])
ENTITY = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": LINK}}
#: Formatted text as the editor's own field stores it.
RICH = ContentstateConverter(TEXT_FEATURES).to_database_format(draft(LINKED, line(SCRIPT), **{"0": ENTITY}))


def poisoned_body(image, document) -> str:
    table = {
        **{"caption": poisoned(), "columns": [{"type": "text", "heading": poisoned()}]},
        "rows": [{"values": [poisoned()]}, {"values": [poisoned()]}],
    }
    blocks = [
        ("heading", {"text": MARKUP, "level": "h2"}),
        ("heading", {"text": ATTRIBUTE, "level": '"><script>'}),
        ("text", RICH),
        ("image", {"image": image.pk, "alt": ATTRIBUTE, "caption": MARKUP}),
        ("quote", {"text": poisoned(), "source": poisoned(), "source_role": poisoned()}),
        ("steps", {"title": poisoned(), "steps": [{"title": poisoned(), "text": RICH}]}),
        ("facts", {"title": poisoned(), "rows": [{"label": poisoned(), "value": poisoned()}]}),
        ("accordion", {"items": [{"title": poisoned(), "text": RICH}]}),
        ("video", {"title": poisoned(), "url": ADDRESS, "duration": poisoned(20), "transcript": RICH}),
        ("table", {"row_headers": True, "table": table}),
        ("call_to_action", {"title": poisoned(), "text": poisoned(), "label": poisoned(), "url": ADDRESS}),
        ("download", {"document": document.pk, "title": poisoned()}),
    ]
    return json.dumps([{"type": name, "value": value} for name, value in blocks])


@pytest.fixture
def poisoned_pages(filled):
    image = make_picture("Raadzaal")
    PortalImage.objects.filter(pk=image.pk).update(title=MARKUP, description=ATTRIBUTE, credit=SCRIPT)
    document = PortalDocument.objects.create(title=MARKUP, file=ContentFile(PDF, "<svg onload=x>.pdf"))
    make_user("</script><script>", PASSWORD, group=WRITER)
    makers = (make_article, make_publication, make_instrument, make_experience, make_news, make_event)
    pages = [
        maker(
            filled,
            title=payload,
            subtitle=poisoned(),
            summary=poisoned(),
            teaser=poisoned(),
            image=image,
            body=poisoned_body(image, document),
        )
        for maker, payload in zip(makers, itertools.cycle([MARKUP, ATTRIBUTE, SCRIPT]), strict=False)
    ]
    for page in pages:
        page.save_revision().publish()
        page.title = SCRIPT
        page.save_revision()
    return pages


def addresses_for_readers(pages):
    lists = ["/", "/kennisbank/", "/instrumenten/", "/inspiratie/", "/actueel/", "/agenda/", "/recent/"]
    return [*lists, "/zoeken/?q=script", f"/zoeken/?q={MARKUP}", *(page.url for page in pages)]


def addresses_for_editors(pages):
    per_page = ("edit/", "history/", "revisions/compare/earliest...latest/", "usage/", "view_draft/")
    parents = {page.get_parent().pk for page in pages}
    return [
        *(f"/beheer/pages/{page.pk}/{view}" for page in pages for view in per_page),
        *(f"/beheer/pages/{pk}/" for pk in parents),
        *("/beheer/", "/beheer/pages/search/?q=script", "/beheer/images/", "/beheer/documents/"),
        *("/beheer/images/?q=script", "/beheer/reports/site-history/", "/beheer/users/"),
    ]


@pytest.mark.parametrize("has_policy", [True, False], ids=["with the policy", "without it"])
def test_nothing_that_was_stored_runs(open_page, poisoned_pages, has_policy):
    reader = open_page(bypass_csp=not has_policy)
    editor = open_page(bypass_csp=not has_policy)
    ran, where = [], [""]
    for window in (reader, editor):
        window.context.add_init_script(WATCH)
        window.on("console", lambda message: ran.append(where[0]) if "IT RAN" in message.text else None)
        window.on("dialog", lambda dialog: (ran.append(where[0]), dialog.dismiss()))
    log_in(editor)
    editor.evaluate(RUN)
    assert ran == [""]  # the trap works
    ran.clear()

    visits = [(reader, address) for address in addresses_for_readers(poisoned_pages)]
    visits += [(editor, address) for address in addresses_for_editors(poisoned_pages)]
    for window, address in visits:
        where[0] = address
        answer = window.goto(address, wait_until="load")
        assert answer.status == 200, address
        if window is reader:
            assert window.locator("a[href^='javascript:'], a[href^='data:']").count() == 0, address
            assert "49" not in window.locator("h1").first.inner_text(), address

    assert ran == []
