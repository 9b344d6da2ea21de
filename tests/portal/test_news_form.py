"""What the form of a news item offers, and what it fills in by itself."""

import datetime

from django.urls import reverse
from django.utils import timezone

from news.models import NewsPage
from tests.factories import make_news
from tests.portal.test_admin import form_data


def publish(client, page, **fields) -> NewsPage:
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = {**form_data(page, client.get(edit).content.decode()), **fields}
    assert client.post(edit, {**data, "action-publish": "1"}).status_code == 302
    return NewsPage.objects.get(pk=page.pk)


def test_only_kinds_of_news_are_offered(beheerder, tree):
    form = beheerder.get(reverse("wagtailadmin_pages:edit", args=[make_news(tree).pk])).context["form"]

    offered = [value for value, label in form.fields["kind"].choices]

    assert offered == ["nieuws", "column", "interview", "verslag"]


def test_news_without_a_date_gets_the_day_it_comes_online(beheerder, tree, monkeypatch):
    late = datetime.datetime(2026, 3, 2, 23, 30, tzinfo=datetime.UTC)  # half past midnight in the Netherlands
    page = make_news(tree, live=False)
    monkeypatch.setattr(timezone, "now", lambda: late)

    assert publish(beheerder, page).published_on == datetime.date(2026, 3, 3)


def test_a_date_once_given_stays_where_a_later_version_has_none(beheerder, tree):
    given = publish(beheerder, make_news(tree, live=False), published_on="2019-05-01")

    emptied = publish(beheerder, given, published_on="")

    assert given.published_on == datetime.date(2019, 5, 1)
    assert emptied.published_on == given.published_on


def test_the_date_stands_beside_the_title_and_once(beheerder, tree):
    page = beheerder.get(reverse("wagtailadmin_pages:edit", args=[make_news(tree).pk])).content.decode()

    assert page.count('name="published_on"') == 1
    assert page.index('name="title"') < page.index('name="published_on"') < page.index('name="summary"')


def test_a_copy_has_no_date_yet(tree):
    page = make_news(tree, published_on=datetime.date(2019, 5, 1))

    copy = page.copy(update_attrs={"slug": "nog-eens"}, keep_live=False)

    assert copy.published_on is None
