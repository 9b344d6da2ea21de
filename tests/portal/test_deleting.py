"""Who deletes hears what goes along, and never reads a 500."""

import pytest
from django.db import connection
from django.db.models.signals import pre_delete
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from news.models import NewsPage
from portal.models import Municipality, Role
from tests.factories import make_article, make_municipality, make_news, make_role
from themes.models import ThemePage, TopicPage


def said(answer) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def delete_page(page) -> str:
    return reverse("wagtailadmin_pages:delete", args=[page.pk])


def test_the_items_of_a_topic_are_counted_and_named_before_it_goes(beheerder, tree):
    items = [make_news(tree, title=f"Bericht {number}", topics=[tree.topic]) for number in range(7)]

    asked = said(beheerder.get(delete_page(tree.topic)))
    beheerder.post(delete_page(tree.topic))

    assert "7 stukken hebben dit als onderwerp" in asked
    assert f'<a href="/beheer/pages/{items[0].pk}/edit/">Bericht 0</a>' in asked
    assert "en nog 2" in asked
    assert not TopicPage.objects.exists()


def test_a_theme_names_its_own_items_and_those_of_its_topics(beheerder, tree):
    make_news(tree, title="Over uitdagen", topics=[tree.topic])
    make_article(tree, themes=[tree.participatie, tree.raad])

    asked = said(beheerder.get(delete_page(tree.participatie)))

    assert "1 stuk heeft dit als thema" in asked
    assert "1 stuk heeft dit als onderwerp" in asked
    assert "Over uitdagen" in asked


@pytest.mark.parametrize("start", ["participatie", "themes"])
def test_the_only_theme_of_something_published_stays(beheerder, tree, start):
    make_article(tree, title="Alleen hier", themes=[tree.participatie])
    make_article(tree, title="Een concept", themes=[tree.participatie], live=False)
    make_news(tree, title="Een bericht", themes=[tree.participatie])

    answer = beheerder.post(delete_page(getattr(tree, start)), follow=True)

    assert "het enige thema van 1 stuk dat online staat" in said(answer)
    assert "Alleen hier" in said(answer)
    assert "Een concept" not in said(answer)
    assert ThemePage.objects.filter(pk=tree.participatie.pk).exists()


def test_a_topic_in_use_is_not_deleted_with_others_at_once(beheerder, tree):
    make_news(tree, topics=[tree.topic])
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])

    answer = beheerder.post(f"{address}?id={tree.topic.pk}", follow=True)

    assert "1 stuk heeft dit als onderwerp" in said(answer)
    assert TopicPage.objects.filter(pk=tree.topic.pk).exists()


def test_the_items_for_a_role_are_named_before_it_goes(beheerder, tree):
    role = make_role()
    make_news(tree, title="Voor griffiers", roles=[role])
    address = reverse("wagtailsnippets_portal_role:delete", args=[role.pk])

    asked = said(beheerder.get(address))
    beheerder.post(address)

    assert "1 stuk heeft dit als rol" in asked
    assert "Voor griffiers" in asked
    assert not Role.objects.exists()


def test_asking_costs_as_much_for_many_items_as_for_few(beheerder, tree):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            beheerder.get(delete_page(tree.topic))
        return len(captured)

    for _ in range(2):
        make_news(tree, topics=[tree.topic])
    queries()
    few = queries()
    for _ in range(8):
        make_news(tree, topics=[tree.topic])

    assert queries() == few


@pytest.mark.parametrize("action", ["add", "delete"])
def test_municipalities_are_not_added_or_deleted_by_hand(beheerder, action):
    zeist = make_municipality()
    make_municipality("Oud-Zeist", "9999", successor=zeist, ended_on="2001-01-01")
    address = reverse(
        f"wagtailsnippets_portal_municipality:{action}", args=[zeist.pk] if action == "delete" else []
    )

    opened, sent = beheerder.get(address), beheerder.post(address, {"aliases": ""})

    assert opened.status_code == sent.status_code == 302
    assert Municipality.objects.count() == 2
    listing = beheerder.get(reverse("wagtailsnippets_portal_municipality:list")).content.decode()
    assert "/portal/municipality/add/" not in listing
    assert "/portal/municipality/edit/" in listing


@pytest.mark.parametrize("kind", ["page", "snippet"])
def test_what_others_hold_on_to_is_refused_in_words(beheerder, tree, request, kind):
    zeist = make_municipality()
    make_municipality("Rijsenburg", "9999", successor=zeist, ended_on="2001-01-01")
    role, item = make_role(), make_news(tree)

    def held(sender, **kwargs):
        if sender in (Role, NewsPage):
            zeist.delete()

    pre_delete.connect(held)
    request.addfinalizer(lambda: pre_delete.disconnect(held))
    address = (
        delete_page(item) if kind == "page" else reverse("wagtailsnippets_portal_role:delete", args=[role.pk])
    )

    answer = beheerder.post(address, follow=True)

    assert answer.status_code == 200
    assert "Niet verwijderd: dit wordt nog gebruikt, door Rijsenburg" in said(answer)
