"""`make prove-disk`: disks that are really full (BAR.md R09, R07): tmpfs of 4 MB and 1 MB, below a running portal.

The mounts live in a namespace of this process and are gone when it ends. An editor uploads through the admin's forms
while others read; a backup is written; the copies of pages find no room. Printed per line: what was seen. Needs root.
"""

import contextlib
import ctypes
import io
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import django
from PIL import Image

# The site of this proof, before anything asks for its settings.
KEPT = tempfile.TemporaryDirectory()
FOLDER = Path(KEPT.name)
SITE = {"MODE": "demo", "DATA_DIR": str(FOLDER), "LOG_LEVEL": "WARNING", "METRICS_ADDRESS": "0"}
SITE["DATABASE_URL"] = f"sqlite:///{FOLDER}/site.sqlite3"  # never one that someone else uses
os.environ.update(SITE, DJANGO_SETTINGS_MODULE="portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from wagtail.models import Collection  # noqa: E402

from news.models import NewsIndexPage  # noqa: E402
from portal.accounts.people import make_user  # noqa: E402
from portal.models import PortalDocument, PortalImage  # noqa: E402
from tests.cache.servers import ROOT, fetch, gunicorn  # noqa: E402
from tests.publishing.editors import PASSWORD, Editor  # noqa: E402
from tests.uploads.hostile import PDF  # noqa: E402

SMALL = 4_000_000


def say(text: str):
    print(text, flush=True)


def check(is_so: bool, text: str):
    if not is_so:
        sys.exit(f"FAILED: {text}")
    say(f"ok: {text}")


def mount(source: str, target: str, kind: str, flags: int, options: str = ""):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode()):
        raise OSError(ctypes.get_errno(), f"mount {target}")


def own_mounts():
    recursive, private = 16384, 1 << 18
    os.unshare(os.CLONE_NEWNS)
    mount("none", "/", "", recursive | private)


@contextlib.contextmanager
def small_disk(folder: Path, size: int = SMALL):
    """A disk of this size where the folder is."""
    folder.mkdir(parents=True, exist_ok=True)
    mount("tmpfs", str(folder), "tmpfs", 0, f"size={size}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, leave: int = 0):
    """Take the room that is left, but for this much."""
    with contextlib.suppress(OSError), (folder / "vol").open("wb") as file:
        for _ in range((os.statvfs(folder).f_bavail * 4096 - leave) // 4096):
            file.write(os.urandom(4096))
            file.flush()


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def noise(width: int, height: int) -> bytes:
    """A PNG that cannot be packed: three bytes a pixel."""
    target = io.BytesIO()
    Image.frombytes("RGB", (width, height), os.urandom(width * height * 3)).save(target, "PNG")
    return target.getvalue()


class Readers:
    """Four visitors who read every page of the sitemap again and again; what failed them."""

    def __init__(self, port: int, addresses: list[str]):
        self.port, self.addresses = port, addresses
        self.took, self.failed, self.is_over = [], [], threading.Event()

    def _read(self, place: int):
        while not self.is_over.wait(0.05):
            place += 1
            address = self.addresses[place % len(self.addresses)]
            answer = fetch(self.port, address)
            self.took.append(answer.seconds)
            if answer.code != 200:
                self.failed.append((address, answer.code))

    def __enter__(self):
        self.threads = [threading.Thread(target=self._read, args=(number * 7,)) for number in range(4)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def told(self, what: str):
        check(not self.failed, f"{what}: {len(self.took)} reads meanwhile, 0 failed {self.failed[:3]}")

    def p95(self) -> float:
        return sorted(self.took)[int(len(self.took) * 0.95)] * 1000


class Uploads:
    """An editor at the forms for images and documents."""

    def __init__(self, port: int):
        make_user("ineke", PASSWORD, is_superuser=True)
        self.editor = Editor(port, "ineke")

    def send(self, kind: str, name: str, content: bytes):
        address = f"{self.editor.base}/beheer/{kind}s/add/"
        token = re.search(
            r'name="csrfmiddlewaretoken" value="([^"]+)"', self.editor.session.get(address).text
        )[1]
        form = {
            "title": name,
            "collection": Collection.get_first_root_node().pk,
            "csrfmiddlewaretoken": token,
        }
        return self.editor.session.post(address, form, files={"file": (name, content)}, allow_redirects=False)

    def rows(self) -> int:
        return PortalImage.objects.count() + PortalDocument.objects.count()


def uploads(port: int, addresses: list[str]):
    sent = Uploads(port)
    media = FOLDER / "media"
    with small_disk(media), Readers(port, addresses) as readers:
        before = sent.rows()
        for kind, name, content in (
            ("image", "groot.png", noise(1600, 1000)),
            ("document", "groot.pdf", PDF + os.urandom(5_000_000)),
        ):
            answer = sent.send(kind, name, content)
            is_told = answer.status_code == 507 and "geen ruimte meer" in answer.text
            check(is_told, f"{name}, {len(content) / 1e6:.1f} MB on a disk of 4 MB: 507, told in Dutch")
            check((sent.rows(), files(media)) == (before, []), "no row, no file, no part of one")
        fits = noise(600, 400)
        fill(media, leave=len(fits) + 20_000)
        answer = sent.send("image", "past.png", fits)
        check(answer.status_code == 302 and sent.rows() == before + 1, "what just fits is taken")
        listed = sent.editor.session.get(f"{sent.editor.base}/beheer/images/").status_code
        check(
            listed in (200, 507), f"with no room left for its thumbnail the list of images answers {listed}"
        )
        (media / "vol").unlink()
        answer = sent.send("document", "klein.pdf", PDF)
        check(answer.status_code == 302 and sent.rows() == before + 2, "with room again an upload is taken")
        listed = sent.editor.session.get(f"{sent.editor.base}/beheer/images/")
        check(listed.status_code == 200, "and the list shows it")
    readers.told("uploads to a full disk")
    PortalImage.objects.all().delete()
    PortalDocument.objects.all().delete()


def backups(port: int, addresses: list[str]):
    media = FOLDER / "media" / "documents"
    media.mkdir(parents=True, exist_ok=True)
    (media / "groot.bin").write_bytes(os.urandom(6_000_000))
    with small_disk(FOLDER / "backups") as folder, Readers(port, addresses) as readers:
        for command in (("backup", str(folder / "site.backup")), ("nightly",)):
            done = subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env={**os.environ, "BACKUP_DIR": str(folder)},
                capture_output=True,
                text=True,
            )
            said = [line for line in done.stderr.splitlines() if "No space left" in line]
            check(
                done.returncode != 0 and bool(said), f"{command[0]} ends with {done.returncode}: {said[:1]}"
            )
            check("Traceback" not in done.stderr and files(folder) == [], "no trace, no half file")
    readers.told("backups to a full disk")
    (media / "groot.bin").unlink()


def changes(port: int, addresses: list[str]) -> Readers:
    """Three changes while others read."""
    with Readers(port, addresses) as readers:
        for number in range(3):
            index = NewsIndexPage.objects.get()
            index.title = f"Nieuws {os.urandom(4).hex()}"
            index.save_revision().publish()
            check(index.title in fetch(port, index.url).text, f"change {number + 1} is read at once")
            readers.is_over.wait(5)
    return readers


def copies(port: int, addresses: list[str]):
    """The disk of the copies of pages is full; a change is still read at once."""
    usual = changes(port, addresses)
    log = FOLDER / "gunicorn.log"
    start = log.stat().st_size
    with small_disk(FOLDER / "pages", 1_000_000) as folder:
        fill(folder)
        readers = changes(port, addresses)
    readers.told("a full disk for the copies of pages")
    check(readers.p95() <= 3 * usual.p95(), f"p95 {usual.p95():.0f} -> {readers.p95():.0f} ms")
    lines = log.read_bytes()[start:].decode().splitlines()
    check(len(lines) <= 4, f"{len(lines)} lines in the log")


def main():
    if os.getuid() != 0:
        sys.exit("This needs root: it mounts small disks, in a namespace of its own.")
    own_mounts()
    call_command("setup_site", no_user=True, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with gunicorn(FOLDER, workers=2, **SITE) as (port, _):
        text = fetch(port, "/sitemap.xml").text
        addresses = [re.sub(r"^https?://[^/]+", "", place) for place in re.findall(r"<loc>(.*?)</loc>", text)]
        check(len(addresses) > 10, f"{len(addresses)} pages to read")
        uploads(port, addresses)
        backups(port, addresses)
        copies(port, addresses)
    say("every full disk was told, nothing was half there, and every read was answered")


if __name__ == "__main__":
    main()
