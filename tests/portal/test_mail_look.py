"""A mail of the portal: readable as HTML and as text, with nothing from outside."""

import re

import pytest
from django.template.loader import render_to_string

from portal.components import LONG_TITLE, example_mail

NASTY = "Motie & amendement: <b>3 > 2</b>"


def test_both_forms_of_a_mail_say_the_same():
    mail = example_mail()

    html, text = (render_to_string(f"mail/message.{form}", mail) for form in ("html", "txt"))

    said = ["heading", "intro", "action_label", "action_url", "reason", "leave_label", "leave_url"]
    for words in [*(mail[name] for name in said), LONG_TITLE, mail["items"][0].text]:
        assert words in html
        assert words in text


def test_a_mail_loads_nothing_and_leads_only_where_it_says():
    mail = example_mail()

    html = render_to_string("mail/message.html", mail)

    assert not re.search(r"<(img|link|script|iframe|video)|\bsrc=|url\(|@import", html)
    assert set(re.findall(r'href="([^"]+)"', html)) == {
        mail["site_url"],
        mail["action_url"],
        mail["leave_url"],
        mail["items"][0].url,
    }


def test_a_title_is_escaped_as_html_and_left_alone_as_text():
    mail = example_mail() | {"heading": NASTY}

    assert "<b>" not in render_to_string("mail/message.html", mail)
    assert NASTY in render_to_string("mail/message.txt", mail)


@pytest.mark.parametrize("form", ["html", "txt"])
def test_a_mail_needs_only_a_heading(form):
    bare = {
        "heading": "Bevestig je aanmelding",
        "site_name": "Lokale Democratie",
        "site_url": "https://x.nl/",
    }

    words = render_to_string(f"mail/message.{form}", bare)

    assert "Bevestig je aanmelding" in words
    assert "None" not in words
    assert 'href=""' not in words
