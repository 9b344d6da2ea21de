"""A full disk: the editor reads what to do, nothing is half there, and readers notice nothing."""

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.storage import filesystem
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from wagtail.models import Collection

from portal.accounts.people import make_user
from portal.models import PortalDocument, PortalImage
from portal.operate import archive_file
from tests.portal.test_pictures import make_image
from tests.uploads.hostile import PDF


class FullDisk:
    """The system, with room for a hundred bytes of each file and no more."""

    def __getattr__(self, name):
        return getattr(os, name)

    @staticmethod
    def fdopen(handle, mode):
        file = os.fdopen(handle, mode)

        def write(data):
            os.write(handle, data[:100])
            raise OSError(errno.ENOSPC, "No space left on device")

        return SimpleNamespace(write=write, close=file.close)


@pytest.fixture
def editor(tree, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    client.force_login(make_user("ineke", "een-heel-lang-wachtwoord", is_superuser=True))
    client.raise_request_exception = False
    return client


def files(root) -> list[str]:
    return [path.name for path in Path(root).rglob("*") if path.is_file()]


def picture() -> bytes:
    image = make_image()
    with image.file.open("rb") as file:
        content = file.read()
    image.delete()
    return content


@pytest.mark.parametrize("kind", ["image", "document"])
def test_an_upload_to_a_full_disk_is_refused_in_words_and_leaves_nothing(editor, settings, monkeypatch, kind):
    content = {"image": picture(), "document": PDF}[kind]
    for path in Path(settings.MEDIA_ROOT).rglob("*.*"):
        path.unlink()
    upload = SimpleUploadedFile({"image": "zaal.png", "document": "gids.pdf"}[kind], content)
    form = {"title": "Proef", "file": upload, "collection": Collection.get_first_root_node().pk}
    with monkeypatch.context() as full:
        full.setattr(filesystem, "os", FullDisk())

        refused = editor.post(f"/beheer/{kind}s/add/", form)

    assert refused.status_code == 507
    assert "geen ruimte meer" in refused.content.decode()
    assert (PortalImage.objects.count(), PortalDocument.objects.count()) == (0, 0)
    assert files(settings.MEDIA_ROOT) == []
    assert editor.get("/").status_code == 200

    upload.seek(0)
    assert editor.post(f"/beheer/{kind}s/add/", form).status_code == 302
    assert PortalImage.objects.count() + PortalDocument.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_backup_to_a_full_disk_is_refused_in_words_and_leaves_nothing(
    tree, settings, tmp_path, monkeypatch
):
    settings.MEDIA_ROOT = tmp_path / "media"
    folder = tmp_path / "backups"
    folder.mkdir()

    def fill_up(target, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive_file._Hashing, "write", fill_up)

    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", str(folder / "site.backup"))

    assert files(folder) == []


def test_another_failure_is_not_called_a_full_disk(editor, monkeypatch):
    monkeypatch.setattr("wagtail.admin.views.home.HomeView.get", lambda *arguments: 1 / 0)

    assert editor.get("/beheer/").status_code == 500
