"""Asks a Django project for pages, one at a time, and says what each cost; runs inside it, told by lines of JSON.

The same file runs in the portal and in the fresh project it is compared with: a call of the WSGI application, without a
server, CPU time of this process around it.
"""

import gzip
import json
import os
import sys
import time
from io import BytesIO


class Probe:
    """One project, ready to answer; `fresh` starts every request without what the portal keeps in memory."""

    def __init__(self):
        from django.core.wsgi import get_wsgi_application

        self.application = get_wsgi_application()
        self.cookie = ""

    def environ(self, path: str) -> dict:
        address, _, query = path.partition("?")
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": address,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookie if path.startswith("/beheer/") else "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def ask(self, path: str) -> tuple[str, bytes, float]:
        """Status, body and milliseconds of CPU."""
        status = []
        environ = self.environ(path)
        before = time.process_time()
        response = self.application(environ, lambda line, headers, exc_info=None: status.append(line))
        try:
            body = b"".join(response)
        finally:
            response.close()
        return status[0], body, (time.process_time() - before) * 1000

    def change(self, what: str):
        """Start a new generation as the publication of an "item" does, or as what may have changed "anything"."""
        if not what:
            return
        from django.utils import timezone

        from portal import generation
        from portal.models import ContentPage

        newest = ContentPage.objects.live().order_by("-added_at").values_list("pk", flat=True)[0]
        ContentPage.objects.filter(pk=newest).update(last_published_at=timezone.now())
        generation.raise_now([newest] if what == "item" else None)

    def cost(self, path: str, changed: str = "") -> dict:
        self.change(changed)
        status, _, cpu = self.ask(path)
        return {"status": status, "cpu": cpu}

    def forget_searches(self) -> dict:
        """The next search is the first of its words in this generation."""
        from portal.selection.shelf import get_shelf

        get_shelf().recalled.clear()
        return {}

    def look(self, path: str, changed: str = "") -> dict:
        """Queries and size of an answer, and its text."""
        import brotli
        from django.db import connection

        self.change(changed)
        queries = []

        def count(execute, sql, params, many, context):
            queries.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            status, body, _ = self.ask(path)
        return {
            "status": status,
            "queries": len(queries),
            "raw": len(body),
            "gzip": len(gzip.compress(body, 6)),
            "br": len(brotli.compress(body, quality=5)),
            "text": body.decode("utf-8", "replace"),
        }

    def page_id(self, address: str) -> int:
        from wagtail.models import Page

        return Page.objects.get(url_path__endswith=address, depth=3).pk

    def publish(self, address: str, title: str) -> dict:
        """Publish a page under another title, as an editor does."""
        from wagtail.models import Page

        page = Page.objects.get(url_path__endswith=address, depth=3).specific
        page.title = title
        page.save_revision().publish()
        return {"title": title}

    def log_in(self) -> dict:
        """A beheerder's session for what stands under /beheer/."""
        from django.conf import settings
        from django.contrib.auth.models import User
        from django.test import Client

        user, _ = User.objects.get_or_create(
            username="bench", defaults={"is_superuser": True, "is_staff": True}
        )
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        return {}


def main():
    sys.path.insert(0, os.getcwd())
    probe, answers = Probe(), sys.stdout
    sys.stdout = sys.stderr
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        answers.write(json.dumps(getattr(probe, name)(*arguments)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
