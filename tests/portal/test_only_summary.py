"""What a reader sees of an item that is a summary and nothing more, or invented."""

import datetime

import pytest

from portal.models import ContentDownload, PortalDocument, PortalSettings
from tests import factories

NOTICE = "Hier staat alleen een korte beschrijving."
TEXT = [("text", "<p>Een hele tekst.</p>")]


def page_of(client, item) -> str:
    return client.get(item.url).content.decode()


@pytest.mark.parametrize("kind", factories.MAKERS)
def test_an_item_without_a_text_says_so_and_one_with_a_text_does_not(client, tree, kind):
    empty, written = factories.MAKERS[kind](tree), factories.MAKERS[kind](tree, body=TEXT)

    assert (NOTICE in page_of(client, empty)) is (kind != "event")  # when and where it is, is its text
    assert NOTICE not in page_of(client, written)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("instrument", {"yields": "Een lijst."}),
        ("instrument", {"steps": [("step", {"title": "Begin", "text": "<p>Zo.</p>"})]}),
        ("experience", {"lessons": "Begin klein."}),
        ("event", {"report": TEXT}),
    ],
)
def test_a_text_of_its_kind_is_a_text(client, tree, kind, fields):
    assert NOTICE not in page_of(client, factories.MAKERS[kind](tree, **fields))


def test_a_publication_with_its_file_is_whole(client, tree):
    publication = factories.make_publication(tree)
    document = PortalDocument.objects.create(title="Rapport", file="documents/rapport.pdf")
    ContentDownload.objects.create(page=publication, document=document)

    assert NOTICE not in page_of(client, publication)


def test_the_notice_leads_on(client, tree):
    PortalSettings.objects.create(site=tree.site, contact_email="redactie@example.org")
    factories.make_article(tree, body=TEXT)
    publication = factories.make_publication(tree, title="Rapport & meer")

    markup = page_of(client, publication)

    notice = markup.partition(NOTICE)[2].partition("</section>")[0]
    assert "De publicatie zelf staat niet op deze site." in notice
    assert 'href="mailto:redactie@example.org?subject=Rapport%20%26%20meer"' in notice
    assert 'href="#verwant"' in notice
    assert 'id="verwant"' in markup


@pytest.mark.parametrize("kind", factories.MAKERS)
def test_an_invented_item_says_so_under_its_summary(client, tree, kind):
    markup = page_of(client, factories.MAKERS[kind](tree, is_example=True))

    assert "Dit is een voorbeeld: het is verzonnen" in markup.partition("reading__text")[0]
    assert markup.count("Dit is een voorbeeld") == 1


@pytest.mark.parametrize(
    ("path", "is_said"),
    [
        ("/kennisbank/", True),
        ("/recent/", True),
        ("/kennisbank/?sorteer=titel", False),
        ("/aan-de-slag-met/de-raad/", False),
        ("/", False),
    ],
)
def test_a_list_by_addition_says_when_an_old_piece_was_added(client, tree, path, is_said):
    for year in (2018, 2026):
        factories.make_article(
            tree, published_on=datetime.date(year, 1, 9), show_in_recent=True, added_at=factories.NOON
        )

    assert client.get(path).content.decode().count("toegevoegd op 2 maart 2026") == is_said


def test_a_mail_address_among_facts_is_a_link(client, tree):
    rows = [{"label": "E-mail", "value": "redactie@example.org <b>"}]
    item = factories.make_article(tree, body=[("facts", {"title": "", "rows": rows})])

    markup = page_of(client, item)

    assert '<a href="mailto:redactie@example.org">redactie@example.org</a> &lt;b&gt;' in markup
