"""Eight editors publish and others read at once; nobody is refused, and a killed server leaves a whole database.

BAR.md R19: on SQLite the writers wait for each other; the same holds on PostgreSQL.
"""

import os
import signal
import threading

import pytest
from django.db import connection

from news.models import NewsPage
from portal.accounts.people import CHIEF_EDITOR, make_user, set_up_groups
from portal.models import Role
from tests.cache.servers import children_of, database_url, fetch, gunicorn
from tests.factories import make_news
from tests.publishing.editors import PASSWORD, Editor

pytestmark = [pytest.mark.alone, pytest.mark.servers, pytest.mark.django_db(transaction=True)]
WRITERS = 8
#: BAR.md asks for twenty readers and a minute, which is some ten rounds: READERS=20 ROUNDS=10.
READERS, ROUNDS = (int(os.environ.get(name, usual)) for name, usual in (("READERS", 8), ("ROUNDS", 1)))


def all_at_once(*tasks):
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    return threads


def test_writers_and_readers_at_once_are_all_served(tree, tmp_path):
    set_up_groups(tree.home)
    role = Role.objects.create(name="griffier", slug="griffier")
    pages = [make_news(tree, title=f"Bericht {number}") for number in range(WRITERS)]
    names = [f"redacteur{number}" for number in range(WRITERS)]
    for name in names:
        make_user(name, PASSWORD, group=CHIEF_EDITOR)
    url = database_url(connection.settings_dict)
    refused, is_over = [], threading.Event()

    def write(editor, page):
        for _ in range(ROUNDS):
            editor.open(page, role)
            editor.publish()
            if editor.answer.status_code != 200:
                refused.append((editor.name, editor.answer.status_code))

    def read(number):
        while not is_over.is_set():
            answer = fetch(port, f"/zoeken/?q=bericht+{number}", X_Forwarded_Proto="https")
            if answer.code != 200:
                refused.append(("a reader", answer.code))

    with gunicorn(tmp_path, workers=2, threads=8, DATABASE_URL=url, MODE="test") as (port, process):
        editors = [Editor(port, name) for name in names]
        readers = all_at_once(*(lambda number=number: read(number) for number in range(READERS)))
        for writer in all_at_once(
            *(lambda e=editor, p=page: write(e, p) for editor, page in zip(editors, pages, strict=True))
        ):
            writer.join()
        is_over.set()
        for reader in readers:
            reader.join()
        assert refused == []
        assert [page.revisions.count() for page in pages] == [ROUNDS] * WRITERS

        for editor, page in zip(editors, pages, strict=True):
            editor.open(page, role)
            editor.fields["subtitle"] = "na de klap"
        cut_off = all_at_once(*(lambda e=editor: _publish_or_lose_the_line(e) for editor in editors))
        for worker in children_of(process.pid):
            os.kill(worker, signal.SIGKILL)
        for writer in cut_off:
            writer.join()

    for page in pages:
        saved = NewsPage.objects.get(pk=page.pk)
        is_new = saved.subtitle == "na de klap"
        assert page.revisions.count() == ROUNDS + is_new
        assert saved.live_revision_id == saved.latest_revision_id
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert cursor.execute("PRAGMA foreign_key_check").fetchall() == []


def _publish_or_lose_the_line(editor):
    try:
        editor.publish()
    except OSError:
        editor.answer = None
