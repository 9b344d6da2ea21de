"""The stream "Recent toegevoegd": what feeds it, and what never shows there."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from wagtail.models import PageViewRestriction

from portal.models import ContentPage, HomePage
from portal.work.publishing import expire_due, publish_due
from tests.factories import make_article, make_event, make_news, make_publication

LATER = datetime.timedelta(days=400)


def titles() -> list[str]:
    return [item.title for item in HomePage.objects.get().recent_items()]


@pytest.mark.parametrize("make", [make_news, make_event, make_publication])
def test_a_new_item_stands_first_and_leaves_when_it_is_unpublished(client, tree, make):
    make_news(tree, title="Ouder bericht")
    item = make(tree, title="Nieuw bericht")
    assert titles() == ["Nieuw bericht", "Ouder bericht"]

    item.unpublish()

    assert titles() == ["Ouder bericht"]
    assert "Nieuw bericht" not in client.get("/").content.decode()


def test_an_article_shows_only_when_an_editor_asks_for_it(tree):
    make_article(tree, title="Stille verdieping")
    make_article(tree, title="Getoonde verdieping", show_in_recent=True)

    assert titles() == ["Getoonde verdieping"]


def test_a_private_item_never_shows(client, tree):
    item = make_news(tree, title="Besloten bericht")
    PageViewRestriction.objects.create(page=item, restriction_type=PageViewRestriction.LOGIN)

    assert titles() == []
    assert "Besloten bericht" not in client.get("/recent/").content.decode()


def test_an_item_below_a_private_section_never_shows(tree):
    make_news(tree, title="Besloten bericht")
    PageViewRestriction.objects.create(page=tree.news, restriction_type=PageViewRestriction.LOGIN)

    assert titles() == []


def test_a_scheduled_item_shows_when_its_moment_has_come_and_is_new_then(tree):
    make_news(tree, title="Nu al te lezen", added_at=timezone.now() - datetime.timedelta(hours=1))
    item = make_news(tree, title="Straks te lezen", live=False, added_at=timezone.now() - LATER)
    item.go_live_at = timezone.now() + datetime.timedelta(hours=1)
    item.save_revision(approved_go_live_at=item.go_live_at)
    assert publish_due() == 0
    assert titles() == ["Nu al te lezen"]

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=2)):
        published = publish_due()

    assert published == 1
    item.refresh_from_db()
    assert titles() == ["Straks te lezen", "Nu al te lezen"]
    assert item.added_at == item.first_published_at


def test_an_expired_item_leaves(tree):
    make_news(tree, title="Kort bericht", expire_at=timezone.now() - datetime.timedelta(minutes=1))

    assert expire_due() == 1

    assert titles() == []


def test_an_item_that_is_published_again_keeps_its_place(tree):
    old = make_news(tree, title="Oud")
    make_news(tree, title="Nieuw")
    added_at = old.added_at
    old.unpublish()

    old.save_revision().publish()

    old.refresh_from_db()
    assert titles() == ["Nieuw", "Oud"]
    assert old.added_at == added_at


def test_publishing_a_change_keeps_the_moment_of_addition(tree):
    item = make_news(tree, title="Eerst")
    added_at = item.added_at
    item.title = "Daarna"

    item.save_revision().publish()

    item.refresh_from_db()
    assert (item.title, item.added_at) == ("Daarna", added_at)


def test_a_moved_item_stays_where_it_was_in_the_stream(tree):
    moved = make_news(tree, title="Verhuisd")
    make_news(tree, title="Gebleven")

    moved.move(tree.home, pos="last-child")

    assert titles() == ["Gebleven", "Verhuisd"]


def test_a_copy_is_new(tree):
    item = make_news(tree, title="Origineel", added_at=timezone.now() - LATER)

    copy = item.copy(update_attrs={"slug": "kopie", "title": "Kopie"}, keep_live=True)

    assert copy.added_at > item.added_at


def test_an_item_of_the_future_does_not_break_the_order(tree):
    make_news(tree, title="Vandaag")
    make_news(tree, title="Later", added_at=timezone.now() + LATER)

    assert titles() == ["Later", "Vandaag"]


def test_an_index_gives_the_stream_its_order(tree):
    for _ in range(20):
        make_news(tree)
    if (
        connection.vendor == "postgresql"
    ):  # so few rows are read faster without an index: ask whether it would serve
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off"
            )

    plan = ContentPage.objects.recent()[:6].explain()

    assert (
        "content_recent" in plan or "content_added" in plan
    )  # whichever the planner finds cheaper for so few rows
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def test_home_shows_the_chosen_number_of_items(client, tree):
    for _ in range(8):
        make_news(tree)
    tree.home.stream_count = 3
    tree.home.save()

    assert len(titles()) == 3
