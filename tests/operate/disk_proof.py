"""`make prove-disk`: disks that are really full (BAR.md R09, R07): tmpfs of 4 MB and 1 MB, below a running portal.

The mounts live in a namespace of this process and are gone when it ends. An editor uploads through the admin's forms
while others read; a backup is written; the copies of pages find no room. Printed per line: what was seen. Needs root.
"""

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
import time
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
from tests.operate.proof import check, mount, own_mounts, say  # noqa: E402
from tests.publishing.editors import PASSWORD, Editor  # noqa: E402
from tests.readers import Readers  # noqa: E402
from tests.uploads.hostile import PDF  # noqa: E402

SMALL = 4_000_000


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


def readers_of(port: int, addresses: list[str]) -> Readers:
    return Readers(lambda path: fetch(port, path).code, addresses)


def tell(readers: Readers, what: str):
    check(not readers.failed, f"{what}: {readers.reads} reads meanwhile, 0 failed {readers.failed[:3]}")


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
    with small_disk(media), readers_of(port, addresses) as readers:
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
    tell(readers, "uploads to a full disk")
    PortalImage.objects.all().delete()
    PortalDocument.objects.all().delete()


def backups(port: int, addresses: list[str]):
    media = FOLDER / "media" / "documents"
    media.mkdir(parents=True, exist_ok=True)
    (media / "groot.bin").write_bytes(os.urandom(6_000_000))
    with small_disk(FOLDER / "backups") as folder, readers_of(port, addresses) as readers:
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
    tell(readers, "backups to a full disk")
    (media / "groot.bin").unlink()


def changes(port: int, addresses: list[str]) -> Readers:
    """Three changes while others read."""
    with readers_of(port, addresses) as readers:
        for number in range(3):
            index = NewsIndexPage.objects.get()
            index.title = f"Nieuws {os.urandom(4).hex()}"
            index.save_revision().publish()
            check(index.title in fetch(port, index.url).text, f"change {number + 1} is read at once")
            time.sleep(5)
    return readers


def copies(port: int, addresses: list[str]):
    """The disk of the copies of pages is full; a change is still read at once."""
    usual = changes(port, addresses)
    log = FOLDER / "gunicorn.log"
    start = log.stat().st_size
    with small_disk(FOLDER / "pages", 1_000_000) as folder:
        fill(folder)
        readers = changes(port, addresses)
    tell(readers, "a full disk for the copies of pages")
    check(readers.p95 <= 3 * usual.p95, f"p95 {usual.p95:.0f} -> {readers.p95:.0f} ms")
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
