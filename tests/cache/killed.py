"""R06: an editor's publication killed at a random moment, again and again: python -m tests.cache.killed PORT TRIES.

Runs in the environment of a portal that is served on PORT, and publishes in children of its own through the admin's
form. After each kill readers see the old page or the new one, whole; after the jobs of the worker everything agrees.
"""

import json
import os
import random
import re
import signal
import sys
import time

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from wagtail.models import PageLogEntry, Revision  # noqa: E402
from wagtail.test.utils.form_data import querydict_from_html  # noqa: E402

from knowledgebase.models import ArticlePage, KnowledgeIndexPage  # noqa: E402
from portal import generation  # noqa: E402
from tests.cache.servers import fetch  # noqa: E402
from themes.models import ThemePage  # noqa: E402

TOKEN = re.compile(r"versie\d+x")


def forget_database():
    """A child may not use what its parent had open."""
    connections.close_all()
    if hasattr(connections["default"], "close_pool"):
        connections["default"].close_pool()


class Publisher:
    """An editor with the edit form of one article open."""

    def __init__(self):
        article = ArticlePage(title="versie0x", slug="versie", summary="versie0x")
        article.themes = [ThemePage.objects.first()]
        KnowledgeIndexPage.objects.get().add_child(instance=article)
        article.save_revision().publish()
        self.pk, self.path = article.pk, article.get_url()
        self.client = Client(SERVER_NAME="localhost")
        user = User.objects.create_superuser("doelwit")
        self.client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        self.edit = reverse("wagtailadmin_pages:edit", args=[self.pk])
        html = self.client.get(self.edit).content.decode()
        self.form = {**querydict_from_html(html, form_id="page-edit-form").dict(), "body-count": "0"}
        self.form["action-publish"] = "action-publish"

    def start(self, token: str) -> int:
        """A child that publishes the article with this word as its title and its summary."""
        forget_database()
        child = os.fork()
        if child:
            return child
        code = 1
        try:
            answer = self.client.post(self.edit, {**self.form, "title": token, "summary": token})
            code = 0 if answer.status_code == 302 else 2
        finally:
            os._exit(code)


def shown(port: int, path: str) -> set[str]:
    """The versions that a reader sees on the page: one, in title and summary."""
    text = fetch(port, path).text
    main = text[text.index("<main") : text.index("</main>")]
    return set(TOKEN.findall(main.partition("page-head--reading")[2].partition("</header>")[0]))


def disagreements(port: int, publisher: Publisher) -> list[str]:
    """What does not tell the same of the article, once the worker has done its jobs."""
    notes = generation._note().parent
    for note in notes.iterdir() if notes.exists() else ():
        os.utime(note, (0, 0))  # as if the minute had passed
    generation.recover()
    page = ArticlePage.objects.get(pk=publisher.pk)
    revisions = Revision.objects.for_instance(page).order_by("pk")
    published = PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish").order_by("pk").last()
    found = {
        "summary": page.summary,
        "live revision": page.live_revision.as_object().title,
        "log": published.revision.as_object().title,
        "reader": "".join(shown(port, publisher.path)),
        "search": page.title
        if publisher.path in fetch(port, f"/zoeken/?q={page.title}").text
        else "not found",
    }
    wrong = [f"{name}: {said}, not {page.title}" for name, said in found.items() if said != page.title]
    if page.latest_revision_id != revisions.last().pk:
        wrong.append("the latest revision is not the last one")
    return wrong


def main(port: int, tries: int):
    publisher, dice = Publisher(), random.Random(6)
    longest = 0.0
    for number in (1, 2, 3):
        began = time.monotonic()
        _, status = os.waitpid(publisher.start(f"versie{number}x"), 0)
        longest = max(longest, time.monotonic() - began)
        if status or shown(port, publisher.path) != {f"versie{number}x"}:
            raise SystemExit(f"The article cannot be published ({status}).")
    old = before = "versie3x"
    counts, mixed = {"old": 0, "new": 0}, []
    for number in range(4, 4 + tries):
        new = f"versie{number}x"
        child = publisher.start(new)
        time.sleep(dice.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        page = ArticlePage.objects.get(pk=publisher.pk)
        seen = shown(port, publisher.path)
        if page.title != page.summary or len(seen) != 1 or not seen <= {before, old, new}:
            mixed.append([page.title, page.summary, sorted(seen)])
        counts["new" if page.title == new else "old"] += 1
        old, before = (
            page.title,
            min(seen, default=""),
        )  # the copy may be older: its change was never announced
    wrong = disagreements(port, publisher)
    print(json.dumps({"tries": tries, **counts, "mixed": mixed, "disagree": wrong}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
