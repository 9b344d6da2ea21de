"""What an editor's own form never sends gets a clear answer and changes nothing (BAR.md D18)."""

import pytest

from news.models import NewsPage
from tests.factories import make_news
from tests.publishing.forms import body, draft, form_of, line

LINKED = line("klik", ranges=[{"offset": 0, "length": 4, "key": 0}])
ODD = {
    "ten megabytes": body("text", value=draft(line("x" * 10_000_000))),
    "no json": body("text", value="<p>niet wat het moet zijn</p>"),
    "a number for json": body("text", value="12"),
    "nothing in json": body("text", value=draft()[:-1]),
    "deeper than anyone writes": body("text", value="[" * 100_000),
    "a list of a thousand levels": body(
        "text", value=draft(*(line(str(depth), "unordered-list-item", depth) for depth in range(1000)))
    ),
    "a block of an unknown kind": body("text", value=draft(line("x", "kwaad"))),
    "an entity that is not there": body("text", value=draft(LINKED)),
    "a body block of an unknown kind": body("kwaad", value="x"),
    "a million body blocks": {**body("heading"), "body-count": "1000000"},
    "a negative number of blocks": {**body("heading"), "body-count": "-5"},
    "words for a number of blocks": {**body("heading"), "body-count": "veel"},
    "a picture that does not exist": body("image", image="99999999"),
    "a picture with words for a number": body("image", image="../../etc/passwd"),
    "more fields than any form has": {f"veld-{number}": "x" for number in range(10_001)},
    "a formset of a million": {"related_links-TOTAL_FORMS": "1000000"},
    "a broken formset": {"related_links-TOTAL_FORMS": "-1"},
    "a date that is none": {"published_on": "2026-02-30", "added_at": "9999-12-31 23:59"},
    "control characters": {"title": "a\0b\x1b", "summary": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
    "a slug that climbs": {"slug": "../../beheer"},
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_an_odd_form_gets_a_clear_answer_and_changes_nothing(editor, tree, name):
    page = make_news(tree, title="Oud")

    answer = editor.post(f"/beheer/pages/{page.pk}/edit/", {**form_of(), **ODD[name]})

    saved = NewsPage.objects.get(pk=page.pk)
    assert answer.status_code in (200, 302, 400, 413), answer.status_code
    if answer.status_code != 302:
        assert (saved.title, saved.revisions.count()) == ("Oud", 0)
        return
    public = editor.get(saved.url)  # what it took is harmless: the page can be read
    assert public.status_code == 200
    assert "kwaad" not in public.text


RUNS = ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x"]


@pytest.mark.parametrize("address", RUNS)
def test_a_link_that_runs_something_never_reaches_a_reader(editor, tree, address):
    page = make_news(tree, title="Oud")
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": address}}

    editor.post(
        f"/beheer/pages/{page.pk}/edit/", {**form_of(), **body("text", value=draft(LINKED, **{"0": link}))}
    )

    text = editor.get(NewsPage.objects.get(pk=page.pk).url).text
    assert f'href="{address}"' not in text
    assert "alert(1)" not in text
