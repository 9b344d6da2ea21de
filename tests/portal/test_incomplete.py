"""Requests that no page of the admin sends are answered plainly, and never with a 500."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.contrib.redirects.models import Redirect

from tests.factories import make_news


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/beheer/pages/{page}/edit/", 400),
        ("/beheer/pages/{page}/copy/", 400),
        ("/beheer/choose-external-link/", 400),
        ("/beheer/redirects/import/process/", 400),
        ("/beheer/snippets/choose/portal/person/create/", 404),
        ("/beheer/failwhale/", 404),
    ],
)
def test_an_empty_form_is_a_bad_request(beheerder, tree, address, status):
    item = make_news(tree)

    answer = beheerder.post(address.format(page=item.pk))

    assert answer.status_code == status
    assert not item.get_latest_revision()


@pytest.fixture
def second_step(beheerder):
    """What the browser holds after a file of redirects was sent: the form in which columns are chosen."""
    file = SimpleUploadedFile(
        "oud.csv", b"van,naar\n/oud,https://nieuw.nl/a\n/ouder,https://nieuw.nl/b\n", "text/csv"
    )
    answer = beheerder.post("/beheer/redirects/import/", {"import_file": file})
    fields = answer.context["form"].initial

    return {**fields, "from_index": "0", "to_index": "1", "permanent": "on"}


def test_redirects_are_imported_from_a_file(beheerder, second_step):
    answer = beheerder.post("/beheer/redirects/import/process/", second_step)

    assert answer.status_code == 302
    assert set(Redirect.objects.values_list("old_path", "redirect_link")) == {
        ("/oud", "https://nieuw.nl/a"),
        ("/ouder", "https://nieuw.nl/b"),
    }


@pytest.mark.parametrize(
    "change",
    [{"import_file_name": "../../etc/passwd"}, {"import_file_name": " "}, {"input_format": "1:onecht"}],
)
def test_an_import_with_a_changed_field_is_refused_in_words(beheerder, second_step, change):
    answer = beheerder.post("/beheer/redirects/import/process/", {**second_step, **change})

    assert answer.status_code == 400
    assert "Dit formulier kwam niet goed aan" in answer.content.decode()
    assert not Redirect.objects.exists()


def test_an_import_that_is_sent_twice_says_so(beheerder, second_step):
    beheerder.post("/beheer/redirects/import/process/", second_step)

    again = beheerder.post("/beheer/redirects/import/process/", second_step)

    assert again.status_code == 400
    assert Redirect.objects.count() == 2
