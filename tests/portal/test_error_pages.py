"""The way on from an answer that is an error: an editor goes back to the admin, a reader to the home page."""

import pytest
from django.test import Client

BACK, HOME = 'href="/beheer/">Terug naar de redactie', 'href="/">Naar de startpagina'


@pytest.fixture
def strict(tree):
    return Client(enforce_csrf_checks=True)


def test_a_form_of_an_older_session_says_what_happened_and_what_to_do(strict):
    editor, reader = strict.post("/beheer/login/"), strict.post("/over/")
    script = strict.post("/beheer/login/", headers={"Accept": "application/json"})

    for answer in (editor, reader, script):
        assert answer.status_code == 403
        assert "DEBUG" not in answer.text
    assert "opnieuw ingelogd" in editor.text
    assert BACK in editor.text
    assert "laad de pagina opnieuw" in reader.text
    assert HOME in reader.text
    assert "opnieuw ingelogd" in script.json()["error_message"]


@pytest.mark.parametrize(
    ("request_line", "status"), [({"path": "%01"}, 400), ({"CONTENT_LENGTH": "9" * 12}, 413)]
)
def test_an_error_leads_back_to_where_one_came_from(client, tree, request_line, status):
    more = dict(request_line)
    path = more.pop("path", "")
    editor, reader = client.get(f"/beheer/{path}", **more), client.get(f"/over/{path}", **more)

    assert (editor.status_code, reader.status_code) == (status, status)
    assert BACK in editor.text
    assert HOME not in editor.text
    assert HOME in reader.text
    assert BACK not in reader.text
