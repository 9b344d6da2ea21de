"""The media folder as it is at one moment: hard links cost no space and keep what an editor deletes meanwhile."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.models import Heartbeat
from portal.operate.problems import OperatorError, room_in
from portal.work.locks import only_one_here

_OWN = (".backup-", ".restoring-", ".before-")
LONGEST_BACKUP = 24 * 60 * 60  # seconds after which the folder of a backup is one that was killed
RESTORE = "restore"  # the lock of whoever changes the media as a whole


def media_files(root: Path) -> Iterator[Path]:
    """Every file of the media folder, relative to it, in a fixed order; what backups keep there is not media."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(_OWN))
        for name in sorted(files):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(root)


@contextlib.contextmanager
def media_as_it_is() -> Iterator[Path]:
    """A folder with every media file as it is now; files that are written or deleted later change nothing in it."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with room_in(root):
        folder = Path(tempfile.mkdtemp(prefix=_OWN[0], dir=root))
    try:
        with room_in(root):
            _link_all(root, folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _link_all(root: Path, folder: Path):
    for path in media_files(root):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # deleted by an editor since the folder was listed
            try:
                os.link(root / path, target)
            except OSError:
                shutil.copyfile(root / path, target)


def missing_files(folder: Path, tables: list[type[models.Model]]) -> list[str]:
    """The files that rows name and that are not in the folder."""
    gone = []
    for model in tables:
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.FileField):
                names = model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
                gone += [name for name in names.iterator() if name and not (folder / name).is_file()]
    return gone


def put_in_place(fresh: Path) -> Path:
    """Let the files of `fresh` (a folder inside the media folder) be the media; the folder where the old ones are now.

    First everything old goes aside, then everything new comes in, so that `recover` can tell how far it was.
    """
    root = Path(settings.MEDIA_ROOT)
    aside = Path(tempfile.mkdtemp(prefix=_OWN[2], dir=root))
    try:
        for entry in sorted(root.iterdir()):
            if not entry.name.startswith(_OWN):
                entry.rename(aside / entry.name)
        for entry in sorted(fresh.iterdir()):
            entry.rename(root / entry.name)
    except OSError as error:
        raise OperatorError(f"The media could not be put in {root}: {error.strerror}.") from error
    return aside


def keep_new(aside: Path):
    """Note, in the transaction that brings the rows, that once it is committed the media set aside may go."""
    Heartbeat.objects.create(name=aside.name, beat_at=timezone.now())


def new_folder() -> Path:
    """An empty folder on the disk of the media, for files that are being restored."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=_OWN[1], dir=root))


def recover():
    """Mend what a killed backup or restore left: media follow the rows, whichever were committed, and drafts go.

    For whoever holds the lock of restores only.
    """
    root = Path(settings.MEDIA_ROOT)
    if not root.is_dir():
        return
    for aside in root.glob(f"{_OWN[2]}*"):
        if not Heartbeat.objects.filter(name=aside.name).exists():
            _bring_back(aside, root)
    border = time.time() - LONGEST_BACKUP
    for entry in root.iterdir():
        is_running = entry.name.startswith(_OWN[0]) and entry.stat().st_mtime > border
        if entry.name.startswith(_OWN) and not is_running:
            shutil.rmtree(entry, ignore_errors=True)
    Heartbeat.objects.filter(name__startswith=_OWN[2]).delete()


def _bring_back(aside: Path, root: Path):
    """What has the name of something set aside is what came in its place."""
    for entry in sorted(aside.iterdir()):
        target = root / entry.name
        if target.is_dir():
            shutil.rmtree(target)
        entry.replace(target)


def recover_unless_running():
    """For the worker: a restore that was killed is mended without anybody asking."""
    root = Path(settings.MEDIA_ROOT)
    if root.is_dir() and any(entry.name.startswith(_OWN) for entry in os.scandir(root)):
        with only_one_here(RESTORE) as is_mine:
            if is_mine:
                recover()
