"""No page of a reader reads a whole table of content: each of its queries finds its rows by an index."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledgebase.models import ExperiencePage
from news.models import NewsPage
from portal import generation
from portal.models import ContentMunicipality
from tests import factories, planting

#: Tables that grow with the content.
GROWING = {
    "wagtailcore_page",
    "portal_contentpage",
    "portal_contentpage_themes",
    "portal_contentpage_topics",
    "portal_contentpage_roles",
    "portal_contentmunicipality",
    "news_newspage",
    "knowledgebase_experiencepage",
}


def scanned_tables(sql: str) -> set[str]:
    """The tables that the database would read from the first row to the last for this statement."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps = [row[3] for row in cursor.fetchall()]
            found = [re.match(r"SCAN (\S+)(?! USING)(?!.* INDEX)", step) for step in steps]
            aliases = dict(re.findall(r'"(\w+)" (U\d|V\d|T\d)', sql))
            names = {alias: table for table, alias in aliases.items()}
            return {names.get(step[1], step[1]) for step in found if step}
        cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows are read faster without an index
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
        text = plan if isinstance(plan, str) else json.dumps(plan)
        return set(re.findall(r'"Node Type": "Seq Scan"[^{}]*?"Relation Name": "(\w+)"', text))


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/aan-de-slag-met/de-raad/",
        "/recent/",
        "/recent/?pagina=2",
        "/recent/?thema=de-raad&gemeente=zeist&sorteer=titel",
        "/recent/feed.atom",
        "/zoeken/?thema=de-raad",
        "{news}",
        "{experience}",
    ],
)
def test_every_query_of_a_page_uses_an_index(client, tree, address):
    path = _path(tree, address)
    client.get(path)  # fills what is kept for a generation

    _assert_uses_indexes(client, path)


@pytest.mark.parametrize(
    "address", ["/", "/aan-de-slag-met/de-raad/", "/agenda/", "/zoeken/?q=raad", "{news}", "/lost/address/"]
)
def test_what_is_read_anew_after_a_publication_is_found_by_an_index(client, tree, address):
    path = _path(tree, address)
    client.get(path)
    generation.raise_now(())

    _assert_uses_indexes(client, path, 404 if "lost" in path else 200)


def _fill(tree):
    municipality = factories.make_municipality()
    for _ in range(25):
        factories.make_news(tree, themes=[tree.raad])
        experience = factories.make_experience(tree, themes=[tree.raad], topics=[tree.topic])
        ContentMunicipality.objects.create(page=experience, municipality=municipality)


def _path(tree, address: str) -> str:
    planting.plant_on(tree, _fill)
    return address.format(news=NewsPage.objects.last().url, experience=ExperiencePage.objects.last().url)


def _assert_uses_indexes(client, path: str, status=200):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == status

    selects = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
    assert selects
    assert {sql[:200]: tables for sql in selects if (tables := scanned_tables(sql) & GROWING)} == {}
