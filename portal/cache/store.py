"""The copies on disk: a folder for each generation, `fresh` points to the current one, `last` has the last good ones.

Addresses of the sitemap and lists without filters have files of their own, which nginx serves too
(docs/operate/nginx.conf); all others share a fixed number of slots.
A store that cannot be used is a loss of speed, never of an answer: each failure is logged once a minute and passed by.
"""

import contextlib
import json
import logging
import os
import re
import secrets
import shutil
import time
import zlib
from pathlib import Path

from django.conf import settings

from portal import generation
from portal.cache import downstream
from portal.cache.copies import OLDEST, Copy
from portal.cache.slots import Slots
from portal.cache.turns import turn

logger = logging.getLogger(__name__)

_EXTENSIONS = "|".join(settings.WAGTAILDOCS_EXTENSIONS)
DOCUMENT = re.compile(rf"/documenten/\d{{1,12}}/[A-Za-z0-9_-][A-Za-z0-9._-]*\.(?i:{_EXTENSIONS})")
PLACE = re.compile(r"/(?:[a-z0-9_-]+/)*(?:[a-z0-9_-]+\.[a-z]+)?(?:\?(?:periode=[a-z]+&?)?(?:pagina=\d+)?)?")
SUFFIXES = {"": "", "gzip": ".gz", "br": ".br"}
HEAD = ".head"
ENDS = (*SUFFIXES.values(), HEAD)
LAST = "last"
BRIEFLY, PATIENTLY = 1.0, 10.0  # seconds to wait for another who writes the same


def place_of(key: str) -> str | None:
    """The file of an address below a generation's folder; None for what never lies on disk."""
    if not (PLACE.fullmatch(key) or DOCUMENT.fullmatch(key)) or len(key) > 1000:
        return None
    path, mark, query = key.partition("?")
    if path.endswith("/index.html"):
        return None  # where the copy of the address before it lies
    name = path[1:] + ("index.html" if path.endswith("/") else "")
    return f"{name}{mark}{query}" if all(len(part) < 200 for part in key.split("/")) else None


class Store:
    def __init__(self, root: Path, release: str = ""):
        self.root = root
        self.release = release
        self.slots = Slots(root / "others")
        self._complained_at = float("-inf")

    # Reading.

    def read(self, key: str, number: int) -> Copy | None:
        """The copy of this generation."""
        return self._read(key, str(number))

    def read_last(self, key: str) -> Copy | None:
        """The last good copy, of whatever generation."""
        return self._read(key, LAST)

    def _read(self, key: str, folder: str) -> Copy | None:
        place = place_of(key)
        try:
            if place is not None:
                return self._read_files(self.root / folder / place)
            copy = self.slots.read(key)
            return copy if copy and folder in (LAST, str(copy.generation)) else None
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._complain("read", error)
            return None

    def _read_files(self, path: Path) -> Copy | None:
        known = json.loads(path.with_name(path.name + HEAD).read_bytes())
        bodies = {name: path.with_name(path.name + SUFFIXES[name]).read_bytes() for name in ("br", "gzip")}
        if {name: zlib.crc32(body) for name, body in bodies.items()} != known["sums"]:
            return None
        headers = [tuple(pair) for pair in known["headers"]]
        return Copy(
            **{name: known[name] for name in ("generation", "digest", "size", "stored_at", "modified")},
            made_by=known.get("made_by", ""),
            reads_query=known.get("reads_query", True),
            headers=headers,
            bodies=bodies,
            on_disk=True,
        )

    def has_lasting(self) -> bool:
        """Whether the folder of last good copies can be looked into."""
        return os.access(self.root / LAST, os.R_OK | os.X_OK)

    # Writing.

    def write(self, key: str, copy: Copy) -> bool:
        """Keep a copy for its generation and as the last good one."""
        place = place_of(key)
        try:
            if not self.is_of_this_release():
                return False
            if place is None:
                return self.slots.write(key, copy, self._replace)
            path, last = self.root / str(copy.generation) / place, self.root / LAST / place
            with self.only_one("write", key, BRIEFLY) as is_alone:
                before = self._read_head(last)
                if not is_alone or before.get("generation", 0) > copy.generation:
                    return False
                for folder in (path.parent, last.parent):
                    folder.mkdir(parents=True, exist_ok=True)
                self._write_files(path, last, before, copy)
                if before.get("digest") != copy.digest:
                    downstream.tell(key)
            self._point_fresh(copy.generation)
        except OSError as error:
            self._complain("write", error)
            copy.on_disk = False
            return False
        return True

    def _write_files(self, path: Path, last: Path, before: dict, copy: Copy):
        """The bodies first and what the app reads last, so that a half-written copy is no copy."""
        is_same = before.get("digest") == copy.digest
        if is_same:
            copy.modified = before["modified"]
        else:
            copy.modified = max(copy.modified, before.get("modified", 0) + 1)
        copy.on_disk = True
        for encoding, suffix in SUFFIXES.items():
            new, old = path.with_name(path.name + suffix), last.with_name(last.name + suffix)
            if not (is_same and self._link(old, new)):
                self._replace(new, copy.body(encoding), copy.modified)
                self._link(new, old)
        head = {
            "generation": copy.generation,
            "digest": copy.digest,
            "size": copy.size,
            "stored_at": copy.stored_at,
            "modified": copy.modified,
            "made_by": copy.made_by,
            "reads_query": copy.reads_query,
            "headers": copy.headers,
            "sums": {name: zlib.crc32(body) for name, body in copy.bodies.items()},
        }
        head_path = path.with_name(path.name + HEAD)
        self._replace(head_path, json.dumps(head).encode())
        self._link(head_path, last.with_name(last.name + HEAD))

    def _read_bytes(self, name: str) -> bytes | None:
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None

    def _read_head(self, path: Path) -> dict:
        try:
            return json.loads(path.with_name(path.name + HEAD).read_bytes())
        except (OSError, ValueError):
            return {}

    def _replace(self, path: Path, body: bytes, modified: int | None = None):
        new = path.with_name(f".{secrets.token_hex(8)}")
        try:
            new.write_bytes(body)
            if modified is not None:
                os.utime(new, (modified, modified))
            new.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                new.unlink()
            raise

    def _link(self, source: Path, target: Path) -> bool:
        """The same file under another name, in the place of what was there."""
        new = target.with_name(f".{secrets.token_hex(8)}")
        try:
            os.link(source, new)
        except FileNotFoundError:
            return False
        new.replace(target)
        new.unlink(missing_ok=True)  # two names of one file are not replaced by each other
        return True

    def is_of_this_release(self) -> bool:
        """Whether the code that runs here is the one that was started last: older code writes nothing."""
        try:
            return (self.root / "release").read_text() == self.release
        except FileNotFoundError:  # the whole store was deleted: begin again
            if self.release:
                self.root.mkdir(parents=True, exist_ok=True)
                self._replace(self.root / "release", self.release.encode())
            return True

    def begin_release(self):
        """Start a new generation when other code, templates or static files made the copies that are there."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            is_new = self._read_bytes("release") != self.release.encode()
            if is_new:
                self._replace(self.root / "release", self.release.encode())
        except OSError as error:
            self._complain("use", error)
            is_new = True
        if is_new or not generation.current():
            generation.raise_now()

    # What nginx serves.

    def leave_unavailable(self, body: bytes):
        """The 503 page for when nobody is there to send it."""
        try:
            if self._read_bytes("503.html") != body:
                self._replace(self.root / "503.html", body)
        except OSError as error:
            self._complain("write", error)

    def _point_fresh(self, number: int):
        fresh = self.root / "fresh"
        with contextlib.suppress(OSError):
            if os.readlink(fresh) == str(number):
                return
        with self.only_one("fresh", "", BRIEFLY) as is_alone:
            if not is_alone or generation.current() != number:
                return
            new = self.root / f".{secrets.token_hex(8)}"
            new.symlink_to(str(number), target_is_directory=True)
            new.replace(fresh)

    def close_fresh(self):
        """Nothing of an earlier generation is served from now on."""
        fresh = self.root / "fresh"
        if not os.path.lexists(fresh):
            return
        try:
            with self.only_one("fresh", "", PATIENTLY):
                if fresh.is_symlink() and os.readlink(fresh) != str(generation.current()):
                    fresh.unlink()
        except OSError as error:
            self._complain("close", error)

    # Upkeep.

    def withdraw(self, key: str):
        """This address is no longer for everyone: its last good copy is none."""
        place = place_of(key)
        if place is None:
            self.slots.drop(key)
        else:
            path = self.root / LAST / place
            for end in reversed(ENDS):
                with contextlib.suppress(OSError):
                    path.with_name(path.name + end).unlink()
                    if end == HEAD:
                        downstream.tell(key)

    def lasting_keys(self) -> list[str]:
        """The addresses of which a last good copy lies here."""
        root = self.root / LAST
        names = (str(path.relative_to(root))[: -len(HEAD)] for path in root.rglob(f"*{HEAD}"))
        keys = ("/" + re.sub(r"(^|/)index\.html(\?|$)", r"\1\2", name) for name in names)
        return [key for key in keys if place_of(key)]

    def remove_stale(self):
        """Drop last good copies of more than a day old, which nginx would serve when the app is gone."""
        border, current = time.time() - OLDEST, generation.current()
        for key in self.lasting_keys():
            head = self._read_head(self.root / LAST / place_of(key))
            if head.get("generation") != current and head.get("stored_at", 0) < border:
                self.withdraw(key)

    def remove_old(self, keep_seconds: float = 60):
        """Drop the folders of earlier generations, but not one that may still be read."""
        current, border = generation.current(), (time.time() - keep_seconds) * 1e9
        with contextlib.suppress(OSError):
            for folder in self.root.iterdir():
                if folder.name.isdigit() and int(folder.name) != current and int(folder.name) < border:
                    shutil.rmtree(folder, ignore_errors=True)

    def only_one(self, kind: str, name: str, patience: float):
        """`with store.only_one("write", "/over/", 2) as is_alone:` one process at a time, and never an error.

        Names share 1024 files, so a turn inside another must be of another kind: two names of one file wait for ever.
        """
        place = self.root / "locks" / f"{kind}-{zlib.crc32(name.encode()) % 1024}"
        return turn(place, patience, self._complain)

    def _complain(self, verb: str, error: Exception):
        if time.monotonic() - self._complained_at > 60:
            self._complained_at = time.monotonic()
            logger.error("The copies in %s are out of use (%s: %s): check the folder", self.root, verb, error)
