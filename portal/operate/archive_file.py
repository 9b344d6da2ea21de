"""The file of a backup: a tar of rows and media, closed by a checksum of every byte before it.

The last line says what the file is and the SHA-256 of the rest, so that one flipped or missing byte anywhere is seen
before anything is restored. Written and read as a stream: memory does not grow with the size.
"""

import contextlib
import gzip
import hashlib
import io
import os
import tarfile
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from portal.operate.problems import OperatorError, room_in

FORMAT = 1
_MAGIC = b"LOKALE-DEMOCRATIE-BACKUP "
TRAILER_LENGTH = len(_MAGIC) + 64 + 1
_AGE = b"age-encryption.org/"
PIECE = 1024 * 1024


class _Hashing(io.RawIOBase):
    """Passes every byte on and counts it in a checksum."""

    def __init__(self, target):
        self.target, self.sum, self.size = target, hashlib.sha256(), 0

    def writable(self):
        return True

    def write(self, data):
        self.target.write(data)
        self.sum.update(data)
        self.size += len(data)
        return len(data)


class BackupWriter:
    """Adds members to a backup, one after another."""

    def __init__(self, tar: tarfile.TarFile, folder: Path):
        self._tar, self._folder = tar, folder

    def add_lines(self, name: str, lines: Iterable[bytes]) -> int:
        """A member of compressed lines, gathered beside the backup first: a tar wants the size before; how many."""
        count = 0
        with tempfile.TemporaryFile(dir=self._folder) as draft:
            with gzip.GzipFile(fileobj=draft, mode="wb", compresslevel=4, mtime=0) as packed:
                for line in lines:
                    packed.write(line)
                    count += 1
            size = draft.tell()
            draft.seek(0)
            self._add(name, draft, size)
        return count

    def add_file(self, name: str, path: Path):
        try:
            source = path.open("rb")
        except OSError as error:
            raise OperatorError(f"{name} cannot be read ({error.strerror}): mend its owner.") from error
        with source:
            self._add(name, source, os.fstat(source.fileno()).st_size)

    def _add(self, name, source, size):
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o644
        self._tar.addfile(member, source)


class _Remembering:
    """A file that keeps the error of its disk; age makes every error one of its own."""

    def __init__(self, target):
        self.target, self.error = target, None

    def write(self, data):
        try:
            return self.target.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self):
        self.target.flush()


@contextlib.contextmanager
def _encrypted(target, recipient: str):
    """What is written here comes out encrypted for `recipient` (an age public key) in `target`."""
    import pyrage

    try:
        key = pyrage.x25519.Recipient.from_str(recipient)
    except Exception as error:
        raise OperatorError(f"{recipient!r} is no age public key: it starts with age1….") from error
    read_end, write_end = os.pipe()
    disk, failure = _Remembering(target), []

    def encrypt():
        with os.fdopen(read_end, "rb") as source:
            try:
                pyrage.encrypt_io(source, disk, [key])
            except Exception as error:
                failure.append(error)

    worker = threading.Thread(target=encrypt)
    worker.start()
    try:
        with os.fdopen(write_end, "wb") as sink:
            yield sink
    finally:  # also when the pipe broke: because of this failure
        worker.join()
        if disk.error:
            raise disk.error
        if failure:
            raise OperatorError(f"The backup could not be encrypted: {failure[0]}") from failure[0]


@contextlib.contextmanager
def writing(path: Path, recipient: str = "") -> Iterator[BackupWriter]:
    """A backup at `path`: there whole when the block ends well, not there at all when it does not."""
    draft = path.with_name(f".{path.name}.part")
    try:
        with room_in(path.parent, ", or write the backup elsewhere"), draft.open("wb") as raw:
            with _encrypted(raw, recipient) if recipient else contextlib.nullcontext(raw) as target:
                hashing = _Hashing(target)
                with tarfile.open(
                    fileobj=hashing, mode="w|", format=tarfile.PAX_FORMAT, bufsize=PIECE
                ) as tar:
                    yield BackupWriter(tar, path.parent)
                target.write(_MAGIC + hashing.sum.hexdigest().encode() + b"\n")
            raw.flush()
            os.fsync(raw.fileno())
        os.chmod(draft, 0o600)
        draft.replace(path)
    except OSError as error:
        raise OperatorError(
            f"The backup could not be written to {path}: {error.strerror or error}."
        ) from error
    finally:
        draft.unlink(missing_ok=True)


@contextlib.contextmanager
def _opened(path: Path, identity: Path | None):
    """The plain bytes of a backup, decrypted where it is encrypted."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from error
    with raw:
        is_encrypted = raw.read(len(_AGE)) == _AGE
        raw.seek(0)
        if not is_encrypted:
            yield raw
            return
        if identity is None:
            raise OperatorError(f"{path} is encrypted: name the file with the age key with --identity FILE.")
        yield from _decrypted(raw, identity)


def _decrypt(raw, plain, keys: list):
    import pyrage

    try:
        pyrage.decrypt_io(raw, plain, keys)
        plain.flush()
    except pyrage.DecryptError as error:
        raise OperatorError(f"The backup cannot be decrypted with this key: {error}.") from error
    except OSError as error:
        if error.errno:  # of a disk; age's own have none
            raise
        raise OperatorError("The encrypted backup is damaged: nothing was restored; take another.") from error


def _decrypted(raw, identity: Path):
    import pyrage

    try:
        lines = identity.read_text(encoding="ascii").splitlines()
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
    except Exception as error:
        raise OperatorError(f"{identity} is no file with an age key.") from error
    folder = settings.DATA_DIR  # on a disk, and where everything in it will be anyway
    with tempfile.TemporaryFile(dir=folder) as plain:
        with room_in(folder):
            _decrypt(raw, plain, keys)
        plain.seek(0)
        yield plain


def _verify(source, path: Path) -> int:
    """The length of the tar in a file that is whole; OperatorError for any byte that is not as it was written."""
    length = source.seek(0, os.SEEK_END) - TRAILER_LENGTH
    if length < 0:
        raise OperatorError(f"{path} is no backup of this portal, or not a whole one.")
    source.seek(length)
    trailer = source.read()
    if not trailer.startswith(_MAGIC):
        raise OperatorError(
            f"{path} is no backup of this portal, or its end is missing: take another backup."
        )
    source.seek(0)
    found, left = hashlib.sha256(), length
    while left:
        piece = source.read(min(PIECE, left))
        found.update(piece)
        left -= len(piece)
    if trailer[len(_MAGIC) :].strip() != found.hexdigest().encode() or not trailer.endswith(b"\n"):
        raise OperatorError(
            f"{path} is damaged (its checksum is another one): nothing was restored; take another."
        )
    source.seek(0)
    return length


@contextlib.contextmanager
def reading(path: Path, identity: Path | None = None) -> Iterator[Iterator[tuple[str, io.BufferedReader]]]:
    """The members of a backup that was found whole, in order: name and content."""
    with _opened(path, identity) as source:
        _verify(source, path)
        with tarfile.open(fileobj=source, mode="r|") as tar:
            yield ((member.name, tar.extractfile(member)) for member in tar if member.isfile())


def lines_of(content) -> Iterator[bytes]:
    """The lines of a member that `add_lines` wrote."""
    with gzip.GzipFile(fileobj=content, mode="rb") as packed:
        yield from packed
