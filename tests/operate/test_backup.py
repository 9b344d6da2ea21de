"""A backup brings everything back, or says why not and changes nothing."""

import contextlib
import errno
import gzip
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pyrage
import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from wagtail.models import Page

from portal.lost.models import LostAddress
from portal.models import ContentPage, Heartbeat, HomePage, PortalDocument, PortalImage
from portal.operate import archive_file, media_snapshot, restore, rows
from portal.operate.archive_file import reading, writing
from portal.operate.backup import take_backup
from portal.operate.problems import OperatorError
from portal.operate.restore import restore_backup
from portal.operate.trial import last_test_restore, try_restore
from portal.selection.views import search_selection
from portal.work.locks import only_one_here
from tests import planting
from tests.factories import make_article, make_event, make_instrument, make_municipality, make_news
from tests.portal.test_pictures import make_image
from tests.uploads.hostile import PDF

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(tree):
    """A small site with everything that is kept in an odd way: bodies, files, drafts, revisions, links, moments."""
    planting.plant_on(tree, _fill)
    return tree


def _fill(tree):
    image = make_image()
    body = [("text", "<p>Wat ‘zij’ zei: <b>ja</b> &amp; nee</p>"), ("image", {"image": image, "alt": "Zaal"})]
    article = make_article(tree, title="Burgerberaad é € 🙂", body=body, image=image)
    article.municipality_links.create(municipality=make_municipality())
    article.save_revision().publish()
    make_instrument(tree, roles=[])
    make_event(tree)
    make_news(tree, live=False).save_revision()
    PortalDocument(title="Gids", file=ContentFile(PDF, "gids.pdf")).save()
    User.objects.create_user("redacteur", "r@example.org", "een-heel-lang-wachtwoord")


def every_row() -> dict[str, list[bytes]]:
    return {model._meta.db_table: list(rows.dump(model)) for model in rows.tables()}


def every_file(root) -> dict[str, str]:
    return {
        path.as_posix(): hashlib.sha256((Path(root) / path).read_bytes()).hexdigest()
        for path in media_snapshot.media_files(Path(root))
    }


def lose_everything(settings, tmp_path):
    rows.empty(rows.tables())
    settings.MEDIA_ROOT = tmp_path / "another-disk"


def test_after_the_disk_is_lost_every_row_file_and_page_comes_back(filled, client, settings, tmp_path):
    addresses = [page.url for page in Page.objects.live().filter(depth__gt=1)]
    pages = {address: client.get(address).content for address in addresses}
    before, files = every_row(), every_file(settings.MEDIA_ROOT)
    taken = take_backup(tmp_path / "site.backup")

    lose_everything(settings, tmp_path)
    restored = restore_backup(tmp_path / "site.backup")

    assert every_row() == before
    assert every_file(settings.MEDIA_ROOT) == files
    assert len(files) > 3
    assert {address: client.get(address).content for address in addresses} == pages
    assert (restored.rows, restored.files) == (taken.rows, taken.files)


def test_search_and_new_pages_work_after_a_restore(filled, rf, settings, tmp_path):
    take_backup(tmp_path / "site.backup")
    lose_everything(settings, tmp_path)
    restore_backup(tmp_path / "site.backup")

    found = search_selection(rf.get("/zoeken/", {"q": "burgerberaad"}))
    filled.home = HomePage.objects.get()
    new = filled.home.add_child(instance=type(filled.over)(title="Nieuw", slug="nieuw"))

    assert [item.title for item in found.page.object_list] == ["Burgerberaad é € 🙂"]
    assert Page.objects.filter(pk=new.pk).count() == 1


def test_a_page_that_is_written_meanwhile_waits_for_nothing_and_is_in_the_next_backup(
    filled, tmp_path, monkeypatch
):
    dump, first, failures = rows.dump, rows.tables()[0], []

    def write():
        try:
            make_news(filled, title="Later")
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    def dump_while_someone_writes(model):
        if model is first:
            editor = threading.Thread(target=write)
            editor.start()
            editor.join()
        yield from dump(model)

    monkeypatch.setattr(rows, "dump", dump_while_someone_writes)
    take_backup(tmp_path / "a.backup")
    monkeypatch.setattr(rows, "dump", dump)
    take_backup(tmp_path / "b.backup")

    assert failures == []
    assert b"Later" not in contents(tmp_path / "a.backup")["data/wagtailcore_page.jsonl.gz"]
    assert b"Later" in contents(tmp_path / "b.backup")["data/wagtailcore_page.jsonl.gz"]


def contents(path) -> dict[str, bytes]:
    with reading(path) as members:
        return {
            name: gzip.decompress(content.read()) if name.endswith(".gz") else content.read()
            for name, content in members
        }


def test_a_file_that_an_editor_deletes_meanwhile_is_in_the_backup(filled, settings):
    image = PortalImage.objects.get()

    with media_snapshot.media_as_it_is() as folder:
        (Path(settings.MEDIA_ROOT) / image.file.name).unlink()

        assert media_snapshot.missing_files(folder, [PortalImage]) == []
        assert (folder / image.file.name).is_file()

    assert not folder.exists()


def test_a_file_that_was_gone_before_is_named(filled, settings, tmp_path):
    (Path(settings.MEDIA_ROOT) / PortalImage.objects.get().file.name).unlink()

    assert take_backup(tmp_path / "site.backup").missing == [PortalImage.objects.get().file.name]


def flip(path, place):
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("share", [0, 0.01, 0.2, 0.5, 0.9, 0.999999])
def test_one_flipped_byte_anywhere_is_refused_and_nothing_changes(filled, settings, tmp_path, share):
    path = tmp_path / "site.backup"
    take_backup(path)
    before, files = every_row(), every_file(settings.MEDIA_ROOT)
    flip(path, int(path.stat().st_size * share))

    with pytest.raises(OperatorError):
        restore_backup(path, replace=True)

    assert every_row() == before
    assert every_file(settings.MEDIA_ROOT) == files


@pytest.mark.parametrize("share", [0, 0.3, 0.99])
def test_a_file_that_was_cut_short_is_refused(filled, tmp_path, share):
    path = tmp_path / "site.backup"
    take_backup(path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])

    with pytest.raises(OperatorError, match=r"no backup|missing"):
        restore_backup(path, replace=True)

    assert ContentPage.objects.count() == 4


def test_a_site_is_not_overwritten_unless_told(filled, tmp_path):
    take_backup(tmp_path / "site.backup")
    make_news(filled, title="Na de back-up")

    with pytest.raises(OperatorError, match="--replace"):
        restore_backup(tmp_path / "site.backup")
    assert ContentPage.objects.filter(title="Na de back-up").exists()
    restore_backup(tmp_path / "site.backup", replace=True)

    assert not ContentPage.objects.filter(title="Na de back-up").exists()


def a_file(settings):
    path = Path(settings.MEDIA_ROOT) / "documents" / "gids.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(PDF)


def an_account(settings):
    User.objects.create_superuser("beheerder")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (a_file, "1 file in .*another-disk"),
        (an_account, "1 account"),
        (lambda settings: make_municipality(), "rows in portal_municipality"),
    ],
)
def test_what_is_there_without_a_site_is_not_lost_unless_told_either(filled, settings, tmp_path, make, told):
    take_backup(tmp_path / "site.backup")
    lose_everything(settings, tmp_path)
    make(settings)
    before, files = every_row(), every_file(settings.MEDIA_ROOT)

    with pytest.raises(OperatorError, match=f"would be lost: {told}.*--replace"):
        restore_backup(tmp_path / "site.backup")

    assert every_row() == before
    assert every_file(settings.MEDIA_ROOT) == files
    restore_backup(tmp_path / "site.backup", replace=True)
    assert ContentPage.objects.count() == 4


def test_what_comes_by_itself_in_an_empty_database_is_no_reason_to_refuse(filled, settings, client, tmp_path):
    take_backup(tmp_path / "site.backup")
    lose_everything(settings, tmp_path)
    Heartbeat.objects.create(name="worker", beat_at=timezone.now())
    now = timezone.now()
    LostAddress.objects.create(path="/wp-login.php", first_seen_at=now, last_seen_at=now)
    client.session.save()

    restore_backup(tmp_path / "site.backup")

    assert ContentPage.objects.count() == 4


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": 2}, "newer release"),
        ({"migrations": ["portal.9999_future"]}, "portal.9999_future"),
        ({"migrations": []}, "older release"),
    ],
)
def test_a_backup_of_another_release_is_refused_with_what_to_do(filled, tmp_path, change, reason):
    path = tmp_path / "other.backup"
    with writing(path) as archive:
        archive.add_lines("manifest.json", [json.dumps({"format": 1, "migrations": [], **change}).encode()])

    with pytest.raises(OperatorError, match=reason):
        restore_backup(path, replace=True)

    assert ContentPage.objects.count() == 4


def test_after_a_way_back_to_the_release_before_a_backup_can_be_restored_there(filled, tmp_path):
    MigrationRecorder(connection).record_applied("portal", "9999_of_the_release_that_was_left")
    before = every_row()

    take_backup(tmp_path / "site.backup")
    MigrationRecorder(connection).record_unapplied("portal", "9999_of_the_release_that_was_left")
    restore_backup(tmp_path / "site.backup", replace=True)

    assert every_row() == before


def test_a_restore_that_breaks_half_way_leaves_what_was_there(filled, settings, tmp_path, monkeypatch):
    take_backup(tmp_path / "site.backup")
    make_news(filled, title="Na de back-up")
    before, files = every_row(), every_file(settings.MEDIA_ROOT)
    monkeypatch.setattr(rows, "reset_sequences", lambda models: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        restore_backup(tmp_path / "site.backup", replace=True)

    assert every_row() == before
    assert every_file(settings.MEDIA_ROOT) == files


class Killed(BaseException):
    """The process is gone: nothing of ours runs any more."""


@pytest.mark.parametrize("moves", range(6))
@pytest.mark.parametrize("is_committed", [False, True])
def test_media_follow_the_rows_at_whatever_move_a_restore_is_killed(
    filled, settings, monkeypatch, moves, is_committed
):
    root = Path(settings.MEDIA_ROOT)
    (root / "documents").mkdir(exist_ok=True)
    (root / "documents" / "oud.pdf").write_bytes(b"oud")
    before = every_file(root)
    fresh = media_snapshot.new_folder()
    for name in ("documents/nieuw.pdf", "images/nieuw.webp", "original_images/nieuw.png"):
        (fresh / name).parent.mkdir()
        (fresh / name).write_bytes(b"nieuw")
    wanted = every_file(fresh)
    rename, done = Path.rename, []

    def rename_until_killed(path, target):
        if not is_committed and len(done) == moves:
            raise Killed
        done.append(target)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", rename_until_killed)
    with contextlib.suppress(Killed):
        aside = media_snapshot.put_in_place(fresh)
        if is_committed:
            media_snapshot.keep_new(aside)
    monkeypatch.setattr(Path, "rename", rename)
    media_snapshot.recover_unless_running()

    kept = every_file(root)
    if is_committed:
        assert kept == wanted
    else:
        assert {name: kept.get(name) for name in before} == before
    assert not list(root.glob(".*"))
    assert not Heartbeat.objects.exists()


def test_a_restore_that_runs_is_left_alone(filled, settings):
    fresh = media_snapshot.new_folder()

    with only_one_here(media_snapshot.RESTORE):
        media_snapshot.recover_unless_running()

    assert fresh.is_dir()


def test_a_backup_that_cannot_be_written_leaves_no_half_file(filled, tmp_path, monkeypatch):
    def full(model):
        yield b"{}\n"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rows, "dump", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", str(tmp_path / "site.backup"))

    assert not list(tmp_path.glob("*.backup*"))
    assert not list(tmp_path.glob(".site*"))


@pytest.fixture
def key(tmp_path):
    """A key of age; its public half, and the file with the secret one is `key`."""
    made = pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(f"# mine\n{made}\n")
    return str(made.to_public())


@pytest.mark.parametrize("is_encrypted", [False, True])
def test_a_full_disk_under_a_backup_is_named_and_nothing_else_blamed(filled, tmp_path, key, is_encrypted):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / ".site.backup.part").symlink_to("/dev/full")

    with pytest.raises(OperatorError, match=f"No space left.*{folder} is full"):
        take_backup(folder / "site.backup", recipient=key if is_encrypted else "")

    assert list(folder.iterdir()) == []


def test_a_full_disk_under_a_restore_is_no_wrong_key(filled, settings, tmp_path, key, monkeypatch):
    take_backup(tmp_path / "site.backup", recipient=key)
    before = every_row()
    folders = []

    def on_a_full_disk(dir=None):
        folders.append(dir)
        return Path("/dev/full").open("wb", buffering=0)

    monkeypatch.setattr(archive_file.tempfile, "TemporaryFile", on_a_full_disk)

    with pytest.raises(OperatorError, match=f"No space left.*{settings.DATA_DIR} is full"):
        restore_backup(tmp_path / "site.backup", tmp_path / "key", replace=True)

    assert folders == [settings.DATA_DIR]
    assert every_row() == before


def test_a_full_disk_under_the_media_is_told_and_leaves_what_was_there(
    filled, settings, tmp_path, monkeypatch
):
    take_backup(tmp_path / "site.backup")
    before, files = every_row(), every_file(settings.MEDIA_ROOT)

    def full(source, target, length):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(restore.shutil, "copyfileobj", full)
    with pytest.raises(OperatorError, match=f"No space left.*{settings.MEDIA_ROOT} is full"):
        restore_backup(tmp_path / "site.backup", replace=True)

    assert every_row() == before
    assert every_file(settings.MEDIA_ROOT) == files


def test_nothing_of_a_backup_or_restore_goes_to_the_folder_for_temporary_files(
    filled, tmp_path, key, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))

    take_backup(tmp_path / "site.backup", recipient=key)
    restore_backup(tmp_path / "site.backup", tmp_path / "key", replace=True)

    assert ContentPage.objects.count() == 4


def test_a_backup_does_not_overwrite_a_file_unless_told(filled, tmp_path):
    path = tmp_path / "site.backup"
    path.write_bytes(b"of last year")

    with pytest.raises(CommandError, match=r"is there already.*--replace"):
        call_command("backup", str(path))
    assert path.read_bytes() == b"of last year"
    call_command("backup", str(path), "--replace")

    assert "manifest.json" in contents(path)


def test_a_flipped_byte_of_an_encrypted_backup_is_called_damage(filled, tmp_path, key):
    path = tmp_path / "site.backup"
    take_backup(path, recipient=key)
    flip(path, path.stat().st_size // 2)

    with pytest.raises(OperatorError, match="damaged"):
        restore_backup(path, tmp_path / "key", replace=True)


def test_an_encrypted_backup_needs_its_key(filled, tmp_path, key):
    (tmp_path / "other").write_text(f"{pyrage.x25519.Identity.generate()}\n")
    before = every_row()
    path = tmp_path / "site.backup"
    take_backup(path, recipient=key)

    with pytest.raises(OperatorError, match="--identity"):
        restore_backup(path, replace=True)
    with pytest.raises(OperatorError, match="cannot be decrypted"):
        restore_backup(path, tmp_path / "other", replace=True)
    assert b"Burgerberaad" not in path.read_bytes()
    restore_backup(path, tmp_path / "key", replace=True)

    assert every_row() == before


def test_a_wrong_public_key_is_told(filled, tmp_path):
    with pytest.raises(OperatorError, match="age1"):
        take_backup(tmp_path / "site.backup", recipient="nonsense")


@pytest.mark.once  # on SQLite it is the same database twice
def test_a_backup_moves_between_databases_both_ways(filled, settings, tmp_path):
    environment = {
        **os.environ,
        "MODE": "demo",
        "DATA_DIR": str(tmp_path / "other"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/other.sqlite3",
    }
    for command in (
        ["migrate", "-v0"],
        ["setup_site", "--no-user"],
        ["backup", str(tmp_path / "other.backup")],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=environment, check=True
        )

    restore_backup(tmp_path / "other.backup", replace=True)
    take_backup(tmp_path / "here.backup")
    try_restore(tmp_path / "here.backup")

    assert HomePage.objects.get().title == "Aan de slag met lokale democratie"
    assert last_test_restore() is not None
