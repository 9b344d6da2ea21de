"""What every page says of itself for an archive (BAR.md L17), judged as `make audit` does."""

import pytest
from django.conf import settings
from wagtail.models import Page

from portal.models import PortalSettings
from tests.audit.record import faults, feed_faults, read
from tests.factories import NOON, make_event, make_news, make_publication

ADDRESS_IN_TOOI = "https://identifier.overheid.nl/tooi/id/gemeente/gm0355"


@pytest.fixture
def addresses(tree):
    """Lists, themes, plain pages and items."""
    items = [make(tree) for make in (make_news, make_event, make_publication)]
    Page.objects.update(last_published_at=NOON)
    PortalSettings.objects.update_or_create(
        site=tree.home.get_site(), defaults={"publisher": "Zeist", "publisher_uri": ADDRESS_IN_TOOI}
    )
    return [
        "/",
        "/kennisbank/",
        "/agenda/",
        "/over/",
        "/aan-de-slag-met/participatie/",
        "/zoeken/",
        *(item.url for item in items),
    ]


def test_every_page_has_its_record_and_the_publisher_of_the_site_as_creator(client, addresses):
    for address in addresses:
        record = read(f"{settings.SITE_URL}{address}", client.get(address).content)

        assert faults(record) == [], address
        assert record.terms["creator"] == ADDRESS_IN_TOOI


@pytest.mark.parametrize(
    ("said", "instead", "fault"),
    [
        ('<html lang="nl">', "<html>", "language ''"),
        ('name="dcterms.modified"', 'name="x"', "no dcterms.modified"),
        ('rel="canonical" href="', 'rel="canonical" href="/x', "another address"),
        ("https://schema.org", "https://schema.example", "another vocabulary"),
        ("<h1", "<h2", "0 headings"),
    ],
)
def test_a_page_that_leaves_something_out_does_not_pass(client, addresses, said, instead, fault):
    text = client.get("/over/").text
    assert said in text

    found = faults(read(f"{settings.SITE_URL}/over/", text.replace(said, instead).encode()))

    assert any(fault in one for one in found), found


def test_a_feed_is_read_as_a_reader_of_feeds_does(client, addresses):
    feed = client.get("/recent/feed.atom").getvalue()

    assert feed_faults(feed) == []
    assert feed_faults(feed.replace(b"<updated>", b"<changed>").replace(b"</updated>", b"</changed>"))
    assert feed_faults(feed[:-20])
