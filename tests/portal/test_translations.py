"""The few messages of Wagtail that the portal words itself."""

import gettext
import re

import wagtail.admin
from django.conf import settings
from django.utils.translation import gettext as translated
from django.utils.translation import override

FOLDER = settings.BASE_DIR / "portal" / "locale" / "nl" / "LC_MESSAGES"
MESSAGE = re.compile(r'^msgid "(.+)"\nmsgstr "(.+)"$', re.MULTILINE)


def written() -> dict[str, str]:
    """Our messages, by those of Wagtail."""
    found = MESSAGE.findall((FOLDER / "django.po").read_text(encoding="utf-8"))
    return {key.replace('\\"', '"'): text.replace('\\"', '"') for key, text in found}


def test_what_is_written_is_what_is_compiled_and_what_editors_read():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    assert len(written()) >= 4
    with override("nl"):
        for key, text in written().items():
            assert compiled.gettext(key) == translated(key) == text


def test_each_of_them_is_still_a_message_of_wagtail():
    own = gettext.translation("django", f"{wagtail.admin.__path__[0]}/locale", ["nl"])

    for key in written():
        assert own.gettext(key) != key


def test_a_list_says_how_many_were_found(admin_client, tree):
    shown = admin_client.get(f"/beheer/pages/{tree.home.pk}/", {"q": "Actueel"}).text

    assert re.search(r"1–1 van 1\s+onder ‘", shown)
