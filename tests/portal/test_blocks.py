"""The blocks of a body: each shows an editor what it will look like before it is chosen."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from knowledgebase.blocks import InstrumentStepsBlock
from portal.blocks import BodyBlock
from portal.models import PortalImage
from tests.browser.reading.site import make_picture
from tests.factories import make_article

BLOCKS = {**BodyBlock().child_blocks, **InstrumentStepsBlock().child_blocks}


@pytest.fixture
def editor(client, tree):
    user = User.objects.create_superuser("beheer", "b@example.org", "x")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_has_a_dutch_label_and_an_icon_of_its_own(name):
    block = BLOCKS[name]

    assert block.label != name.replace("_", " ").capitalize()
    assert block.meta.icon != "placeholder"


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_shows_itself_in_the_look_of_the_site_before_it_is_chosen(editor, name):
    block = BLOCKS[name]

    answer = editor.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    markup = answer.content.decode()

    assert block.is_previewable
    assert answer.status_code == 200
    assert "css/site.css" in markup
    assert len(markup.split("<main")[1].split("</main>")[0]) > 60


@pytest.mark.parametrize("name", BodyBlock().child_blocks)
def test_a_block_that_was_only_just_added_does_not_break_the_preview(tree, name):
    page = make_article(tree)
    block = BLOCKS[name]
    page.body = BodyBlock().to_python([{"type": name, "value": block.get_prep_value(block.get_default())}])

    assert page.make_preview_request().status_code == 200


def test_a_page_outlives_a_picture_that_was_thrown_away(client, tree):
    picture = make_picture()
    page = make_article(tree, image=picture)
    page.body = BodyBlock().to_python([{"type": "image", "value": {"image": picture.pk, "alt": "Een zaal"}}])
    page.save()

    PortalImage.objects.all().delete()

    assert client.get(page.url).status_code == 200


@pytest.mark.parametrize(("name", "part"), [("image", "alt"), ("table", "table")])
def test_a_closed_block_is_called_by_what_it_holds_and_not_by_a_tick(name, part):
    assert BLOCKS[name].meta.label_format == f"{{{part}}}"


def test_items_in_a_text_cost_one_query_and_stand_in_the_order_of_the_editor(client, tree):
    items = [make_article(tree, title=f"Stuk {number}") for number in range(4)]
    hidden, gone = make_article(tree, title="Niet online", live=False), make_article(tree, title="Weg")
    numbers, costs = ([0, 0], [3, 1, 2, 3]), []
    pages = [
        make_article(
            tree,
            body=[("related", {"title": "Lees ook", "pages": [hidden, gone, *(items[n] for n in chosen)]})],
        )
        for chosen in numbers
    ]
    gone.delete()

    for page, chosen in zip(pages, numbers, strict=True):
        client.get(page.url)
        with CaptureQueriesContext(connection) as queries:
            text = client.get(page.url).text
        costs.append(len(queries))
        block = text[text.index('class="block related"') :].partition("</section>")[0]
        assert re.findall(r'">([^<]+)</a>', block) == [f"Stuk {number}" for number in chosen]

    assert costs[0] == costs[1]
