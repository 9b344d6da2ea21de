"""An editor's browser, without the browser: logs in, opens a form, publishes."""

import re

import requests
from bs4 import BeautifulSoup

PASSWORD = "een-heel-lang-wachtwoord"


class Editor:
    """A browser of one editor: cookies, the form as it was opened, and the answer."""

    def __init__(self, port, name):
        self.name, self.base = name, f"http://localhost:{port}"
        self.session = requests.Session()
        self.session.headers["Referer"] = f"{self.base}/"
        self.post("/beheer/login/", {"username": name, "password": PASSWORD})

    def post(self, path, data):
        page = self.session.get(self.base + path).text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        return self.session.post(self.base + path, {**data, "csrfmiddlewaretoken": token})

    def open(self, page, role):
        """The form of the page, filled with this editor's own words and own role."""
        self.path = f"/beheer/pages/{page.pk}/edit/"
        form = BeautifulSoup(self.session.get(self.base + self.path).text, "html.parser").find(
            id="page-edit-form"
        )
        self.fields = {
            field["name"]: field.get("value", "")
            for field in form.find_all("input", type="hidden", attrs={"name": True})
        }
        self.fields |= {
            **{"title": f"Van {self.name}", "summary": f"Geschreven door {self.name}.", "kind": "nieuws"},
            **{"slug": page.slug, "body-count": "1", "body-0-type": "heading", "body-0-deleted": ""},
            **{
                "body-0-order": "0",
                "body-0-value-text": f"Kop van {self.name}",
                "body-0-value-level": "h2",
                "roles": [str(role.pk)],
            },
            **{"added_at": "2026-01-01 10:00", "published_on": "2026-01-01", "action-publish": "1"},
        }

    def publish(self, after=lambda: None):
        after()
        self.answer = self.session.post(self.base + self.path, self.fields)
