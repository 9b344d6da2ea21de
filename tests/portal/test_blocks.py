"""The blocks of a body: each shows an editor what it will look like before it is chosen."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from knowledgebase.blocks import InstrumentStepsBlock
from portal.blocks import BodyBlock

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
