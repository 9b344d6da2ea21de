"""Redirects come from a file as an editor's spreadsheet writes it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect


@pytest.mark.parametrize(
    "text",
    [
        "van;naar\r\n/oud;https://example.org/a;b\r\n",
        "\ufeffvan,naar\n/oud,https://example.org/a;b\n",
        'van;naar\n/oud;"https://example.org/a;b"\n',
    ],
)
def test_a_file_of_dutch_excel_is_read(admin_client, tree, text):
    file = SimpleUploadedFile("doorverwijzingen.csv", text.encode(), "text/csv")
    shown = admin_client.post(reverse("wagtailredirects:start_import"), {"import_file": file})
    form = shown.context["form"]
    assert [label for _, label in form.fields["from_index"].choices if label][-2:] == ["van", "naar"]
    fields = {name: form.initial[name] for name in ("import_file_name", "input_format")}

    chosen = {**fields, "from_index": "0", "to_index": "1", "permanent": "on"}
    admin_client.post(reverse("wagtailredirects:process_import"), chosen)

    [redirect] = Redirect.objects.all()
    assert redirect.old_path == "/oud"
    assert redirect.redirect_link.startswith("https://example.org/a")
