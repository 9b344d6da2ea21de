"""The media folder as it is at one moment: hard links cost no space and keep what an editor deletes meanwhile."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import models

from portal.operate.problems import OperatorError

_OWN = (".backup-", ".restoring-", ".before-")


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
    folder = Path(tempfile.mkdtemp(prefix=_OWN[0], dir=root))
    try:
        for path in media_files(root):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):  # deleted by an editor since the folder was listed
                try:
                    os.link(root / path, target)
                except OSError:
                    shutil.copyfile(root / path, target)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def missing_files(folder: Path, tables: list[type[models.Model]]) -> list[str]:
    """The files that rows name and that are not in the folder."""
    gone = []
    for model in tables:
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.FileField):
                names = model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
                gone += [name for name in names.iterator() if name and not (folder / name).is_file()]
    return gone


def put_in_place(fresh: Path):
    """Let the files of `fresh` (a folder inside the media folder) be the media; what was there goes."""
    root = Path(settings.MEDIA_ROOT)
    before = Path(tempfile.mkdtemp(prefix=_OWN[2], dir=root))
    try:
        for entry in sorted(root.iterdir()):
            if not entry.name.startswith(_OWN):
                entry.rename(before / entry.name)
        for entry in sorted(fresh.iterdir()):
            entry.rename(root / entry.name)
    except OSError as error:
        raise OperatorError(f"The media could not be put in {root}: {error.strerror}.") from error
    shutil.rmtree(before, ignore_errors=True)


def new_folder() -> Path:
    """An empty folder on the disk of the media, for files that are being restored."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=_OWN[1], dir=root))


def recover():
    """Mend what a killed backup or restore left: media it had put aside come back, its drafts go."""
    root = Path(settings.MEDIA_ROOT)
    if not root.is_dir():
        return
    for before in root.glob(f"{_OWN[2]}*"):
        for entry in before.iterdir():
            if not (root / entry.name).exists():
                entry.rename(root / entry.name)
    for entry in root.iterdir():
        if entry.name.startswith(_OWN):
            shutil.rmtree(entry, ignore_errors=True)
