"""`make prove-install`: docs/operate.md done as it says, on this Debian, in a throw-away copy of its root.

The root file system is overlaid in memory and the network is one of its own: ports 80 and 443, /etc and /srv are free
and nothing stays behind. The blocks of the document are run as they stand; what systemd does, a stand-in does with the
documented units. Printed per line: what was seen. Needs root, and the network for the packages.
"""

import contextlib
import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from pathlib import Path

from tests.operate.proof import mount, own_mounts
from tests.operate.systemd_stand_in import LOGS, Systemd
from tests.readers import Readers

ROOT = Path(__file__).parent.parent.parent
REPOSITORY = f"file://{ROOT}"
HOST = "portal.example.nl"
PASSWORD = "zeven-stoelen-op-een-rij"
SECRET = b"alleen voor wie mag"
CLUSTER = (
    "pg_ctlcluster $(pg_lsclusters -h | awk '{print $1, $2; exit}')"  # the version that Debian installed
)


def say(text: str):
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def sh(script: str, **environment: str) -> str:
    """A piece of shell that must succeed; what it printed."""
    done = subprocess.run(
        ["bash", "-euc", script],
        env={**os.environ, "EERSTE_WACHTWOORD": PASSWORD, **environment},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"FAILED: {script}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


class Document:
    """The blocks of shell in docs/operate.md, by the heading above them."""

    def __init__(self, text: str):
        self.blocks: dict[str, list[str]] = {}
        for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
            heading = part.splitlines()[0]
            self.blocks[heading.split(":")[0]] = re.findall(r"```sh\n(.*?)```", part, flags=re.DOTALL)


class Proof:
    def __init__(self):
        self.systemctl = Systemd()
        self.document = Document((ROOT / "docs" / "operate.md").read_text(encoding="utf-8"))
        self.words = {
            "ADDRESS": REPOSITORY,
            "MAIL": "beheer@example.nl",
            "NAME": "beheerder --email b@example.nl --password-env EERSTE_WACHTWOORD",
        }
        self.context = None

    def run(self, heading: str, number: int = 0, *, after: dict[str, str] | None = None):
        """One block as it stands; `after` a line that holds a text, something an administrator does by hand."""
        waiting: list[str] = []

        def flush():
            if waiting:
                sh("\n".join(waiting))
                waiting[:] = [line for line in waiting if line.startswith("cd ")]

        for line in self.document.blocks[heading][number].splitlines():
            for word, meaning in self.words.items():
                line = re.sub(rf"\b{word}\b(?!=)", meaning, line)
            if line.startswith("systemctl "):
                flush()
                self.systemctl(*line.split("#")[0].split()[1:])
            else:
                waiting.append(line)
            for text, more in (after or {}).items():
                if text in line:
                    waiting.append(more)
        flush()

    # Asking.

    def get(self, path: str, *, tls: bool = True, timeout: float = 60) -> tuple[int, dict, bytes]:
        if tls:
            connection = http.client.HTTPSConnection(HOST, timeout=timeout, context=self.context)
        else:
            connection = http.client.HTTPConnection(HOST, timeout=timeout)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def pages(self) -> dict[str, bytes]:
        """Every address of the sitemap with what it answers."""
        text = self.get("/sitemap.xml")[2].decode()
        paths = [re.sub(r"^https://[^/]+", "", found) for found in re.findall(r"<loc>(.*?)</loc>", text)]
        answers = {path: self.get(path) for path in paths}
        for path, (status, _, _) in answers.items():
            self.check(status == 200, f"{path} answers {status}", quiet=True)
        return {path: body for path, (_, _, body) in answers.items()}

    def check(self, is_so: bool, text: str, quiet: bool = False):
        if not is_so:
            for log in LOGS.iterdir():
                print(f"--- {log.name}\n{log.read_text()[-1500:]}")
            sys.exit(f"FAILED: {text}")
        if not quiet:
            say(f"ok: {text}")


def another_root():
    """From here on this process lives on an overlay of the root: what it changes is gone when it ends."""
    bind, recursive = 4096, 16384
    own_mounts()
    base = "/mnt"
    mount("tmpfs", base, "tmpfs")
    for name in ("upper", "work", "root"):
        os.mkdir(f"{base}/{name}")
    mount("overlay", f"{base}/root", "overlay", 0, f"lowerdir=/,upperdir={base}/upper,workdir={base}/work")
    for place in ("proc", "dev"):
        mount(f"/{place}", f"{base}/root/{place}", "", bind | recursive)
    mount("tmpfs", f"{base}/root/run", "tmpfs", 0, "mode=755")
    mount("tmpfs", f"{base}/root/tmp", "tmpfs", 0, "mode=1777")
    os.chroot(f"{base}/root")
    os.chdir("/")


def own_network():
    """A network with nothing but this machine in it."""
    os.unshare(os.CLONE_NEWNET)
    sh("ip link set lo up")
    with open("/etc/hosts", "a") as hosts:
        hosts.write(f"\n127.0.0.1 {HOST}\n")


def stand_ins():
    """What a Debian 13 has and this machine has not: a Python 3.13 for everyone, a database server that boots."""
    base = Path(os.path.realpath(sys.executable)).parent.parent
    if base != Path("/usr"):
        for name in ("bin/python3.13", "lib/python3.13", "lib/libpython3.13.so.1.0"):
            sh(f"[ ! -e {base / name} ] || cp -a {base / name} /usr/local/{name}")
        sh("ldconfig")
    sh(
        "git config --system --add safe.directory '*'; mkdir -p /run/postgresql; chown postgres: /run/postgresql"
    )
    sh("rm -rf /etc/portaal.env /etc/systemd/system/portaal* /etc/letsencrypt /etc/nginx/sites-*/portaal")


CERTBOT = """#!/bin/sh -eu
# Instead of certbot, with its words: shows by http that the name is ours, leaves a certificate that this machine trusts
# where certbot would, and at a renewal runs the hook.
keep=/etc/letsencrypt/words
case $1 in
  certonly) printf '%s\n' "$@" > /tmp/words; renews= ;;
  renew) cp $keep /tmp/words; renews=1 ;;
esac
after() { grep -A1 -x -e "$1" /tmp/words | tail -1; }
root=$(after --webroot-path)/.well-known/acme-challenge name=$(after --domain) token=$(openssl rand -hex 8)
mkdir -p "$root"; echo "$token" > "$root/$token"
[ "$(curl -fsS "http://$name/.well-known/acme-challenge/$token")" = "$token" ]
rm "$root/$token"
folder=/etc/letsencrypt/live/$name; mkdir -p "$folder"
openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj "/CN=$name" -addext "subjectAltName=DNS:$name" \
  -keyout "$folder/privkey.pem" -out "$folder/fullchain.pem" 2>/dev/null
cp "$folder/fullchain.pem" /usr/local/share/ca-certificates/proof.crt; update-ca-certificates >/dev/null 2>&1
cp /tmp/words $keep
[ -z "$renews" ] || sh -euc "$(after --deploy-hook)"
"""


def certificate(proof: Proof):
    """By the words of the document, from a stand-in for certbot; before nginx has our configuration."""
    for name, text in {
        "certbot": CERTBOT,
        "systemctl": '#!/bin/sh\n[ "$*" != "reload nginx" ] || exec nginx -s reload\n',
    }.items():
        Path(f"/usr/local/bin/{name}").write_text(text)
        Path(f"/usr/local/bin/{name}").chmod(0o755)
    sh("nginx")  # as Debian does after apt-get
    proof.run("One small server", 1)
    say("ok: a certificate, shown for by http")
    proof.context = ssl.create_default_context()


def renewed(proof: Proof):
    """The same words again, now with our nginx.conf; nginx takes up the new certificate."""
    before = ssl.get_server_certificate((HOST, 443))
    sh("certbot renew")
    time.sleep(2)
    proof.context = ssl.create_default_context()
    proof.check(
        ssl.get_server_certificate((HOST, 443)) != before and proof.get("/")[0] == 200,
        "the certificate is renewed and nginx shows it",
    )


def install(proof: Proof):
    install_block = "One small server"
    proof.run(install_block, 0, after={"apt-get": f"{CLUSTER} start || true; sleep 2"})
    sh(
        "sed -i 's|^MAIL_FROM=.*|MAIL_FROM=redactie@gemeente.nl|; "
        "s|^SECURITY_CONTACT=.*|SECURITY_CONTACT=mailto:veilig@gemeente.nl|' /etc/portaal.env"
    )
    say("ok: packages, user, database, code and settings are there")
    packages_of_the_next_release()
    own_network()
    certificate(proof)


def packages_of_the_next_release():
    """Fetched while there is a network, and put in their place when the document says so."""
    sh(
        f"runuser -u portaal -- git clone -q {REPOSITORY} /srv/portaal/releases/2; "
        "su -s /bin/sh -c '/srv/portaal/releases/2/.ci/venv requirements.lock' portaal; "
        "mv /srv/portaal/releases/2/.venv /opt/next; rm -r /srv/portaal/releases/2"
    )


def mail_server():
    """Takes mail on port 25, as Debian's own server does."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Sink

    Controller(Sink(), hostname="127.0.0.1", port=25).start()


def wait_for_worker():
    until = time.monotonic() + 120
    while time.monotonic() < until:
        done = subprocess.run(["portaal", "doctor"], capture_output=True, text=True)
        if "The worker is running." in done.stdout:
            return
        time.sleep(3)


def doctor(proof: Proof, about: str):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        done = subprocess.run(["portaal", "doctor"], capture_output=True, text=True)
        if done.returncode == 0:
            break
        time.sleep(3)
    print(done.stdout, end="")
    proof.check(done.returncode == 0, f"the doctor finds nothing wrong ({about})")


def look(proof: Proof):
    """What a visitor may and may not see."""
    status, headers, body = proof.get("/")
    proof.check(status == 200 and b"Aan de slag met lokale democratie" in body, "the home page over TLS")
    for name in ("strict-transport-security", "content-security-policy", "x-content-type-options", "etag"):
        proof.check(name in headers, f"header {name}: {headers.get(name, '')[:60]}")
    proof.check(re.fullmatch(r"nginx|", headers.get("server", "")) is not None, "no version in Server:")
    status, headers, _ = proof.get("/over/?x=1", tls=False)
    proof.check(
        (status, headers["location"]) == (301, f"https://{HOST}/over/?x=1"), "http leads to https, same host"
    )
    until = time.monotonic() + 20  # the app keeps a copy in its own time
    while (by := proof.get("/over/")[1].get("x-portal")) and time.monotonic() < until:
        time.sleep(0.2)
    proof.check(by is None, f"nginx serves copies {by or ''}")
    style = re.search(rb'href="(/static/[^"]+\.css)"', body)[1].decode()
    status, headers, _ = proof.get(style)
    proof.check(
        status == 200 and "x-portal" not in headers and "immutable" in headers["cache-control"],
        "nginx serves static files",
    )
    os.makedirs("/srv/portaal/data/media/documents", exist_ok=True)
    Path("/srv/portaal/data/media/documents/geheim.pdf").write_bytes(SECRET)
    for path in (
        "/media/documents/geheim.pdf",
        "/documents/geheim.pdf",
        "/data/media/documents/geheim.pdf",
        "/metrics",
    ):
        status, headers, body = proof.get(path)
        proof.check(status == 404 and "x-portal" in headers and SECRET not in body, f"{path} is not served")
    proof.check(proof.get("/gezondheid/klaar/")[0] == 200, "ready")


def of_nginx(proof: Proof) -> str:
    """A header that nginx gives with an answer of its own."""
    return proof.get("/", tls=False)[1]["permissions-policy"]


def released(proof: Proof):
    """A release with a migration, while people read: nobody notices; and the way back."""
    paths = list(proof.pages())
    migration = (
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        "    dependencies = [('portal', '{last}')]\n"
        "    operations = [migrations.RunSQL('ALTER TABLE portal_contentpage ADD COLUMN proof integer NULL', "
        "'ALTER TABLE portal_contentpage DROP COLUMN proof')]\n"
    )
    sh("sed -i 's/proxy_read_timeout 60s/proxy_read_timeout 61s/' /etc/nginx/sites-available/portaal")  # ours
    last = sorted(Path("/srv/portaal/app/portal/migrations").glob("0*.py"))[-1].stem
    name = "/srv/portaal/releases/2/portal/migrations/9999_proof.py"
    Path("/opt/9999_proof.py").write_text(migration.format(last=last))
    with Readers(lambda path: proof.get(path)[0], paths) as readers:
        proof.run(
            "A new release",
            0,
            after={
                "git clone": f"install -o portaal -g portaal -m 644 /opt/9999_proof.py {name}; "
                "mv /opt/next /srv/portaal/releases/2/.venv; "
                "sed -i 's/camera=()/camera=(), midi=()/' /srv/portaal/releases/2/docs/operate/nginx.conf"
            },
        )
        time.sleep(2)
    proof.check(
        not readers.failed,
        f"a release with a migration: {readers.reads} reads, {len(readers.failed)} failed {readers.failed[:3]}, "
        f"longest {readers.longest:.2f} s",
    )
    proof.check(os.readlink("/srv/portaal/app") == "releases/2", "release 2 runs")
    proof.check("midi=()" in of_nginx(proof), "its nginx.conf is merged with what was ours in it")
    with Readers(lambda path: proof.get(path)[0], paths) as readers:
        proof.run("A new release", 1)
        time.sleep(2)
        proof.systemctl("reload", "portaal-web")
        time.sleep(5)
    proof.check("midi=()" not in of_nginx(proof), "the nginx.conf of release 1 is back")
    proof.check(
        not readers.failed,
        f"the way back, and a reload: {readers.reads} reads, {len(readers.failed)} failed {readers.failed[:3]}, "
        f"longest {readers.longest:.2f} s",
    )


def lose_and_restore(proof: Proof):
    """The disk is lost; the backup brings everything back."""
    before = proof.pages()
    sh("rm -f /srv/portaal/backups/portal-*.backup /srv/portaal/data/last-test-restore")
    status = proof.systemctl.run("portaal-nightly.service")
    proof.check(status == 0, "the nightly unit backs up, tries the backup and finds nothing wrong")
    backup = sorted(Path("/srv/portaal/backups").glob("portal-*.backup"))[-1]
    shutil.copy(backup, "/opt/kept.backup")
    proof.systemctl.stop_all()
    sh("runuser -u postgres -- dropdb --force portaal; rm -rf /srv/portaal/data /srv/portaal/backups")
    proof.check(
        proof.get("/nieuw-adres/")[0] == 503, "with everything lost nginx says 503 with our page or its own"
    )
    began = time.monotonic()
    sh(
        "install -d -o portaal -g portaal -m 750 /srv/portaal/data /srv/portaal/backups; "
        "runuser -u postgres -- createdb --owner portaal --encoding UTF8 --template template0 portaal; "
        f"install -o portaal -m 600 /opt/kept.backup /srv/portaal/backups/{backup.name}"
    )
    proof.words["FILE"] = f"/srv/portaal/backups/{backup.name}"
    proof.run("Backup and restore", 0)
    proof.systemctl("restart", "portaal-web", "portaal-worker")
    say(f"ok: back in {time.monotonic() - began:.0f} s")
    after = proof.pages()
    differing = [path for path in {*before, *after} if before.get(path) != after.get(path)]
    proof.check(not differing, f"{len(after)} pages are byte for byte what they were {differing[:3]}")
    proof.check(Path("/srv/portaal/data/media/documents/geheim.pdf").read_bytes() == SECRET, "media are back")
    sh("portaal nightly")


def main():
    if os.getuid() != 0 or not Path("/etc/debian_version").exists():
        sys.exit(
            "This needs root on a Debian machine: it overlays the root file system and leaves nothing behind."
        )
    another_root()
    if not ROOT.exists():
        sys.exit(f"{ROOT} is not seen from the throw-away root: run this in a clone in another folder.")
    stand_ins()
    proof = Proof()
    try:
        install(proof)
        mail_server()
        proof.run(
            "One small server",
            2,
            after={"setup_site": "portaal load_content /srv/portaal/app/portal/content/demo"}
            if "--bare" not in sys.argv
            else {},
        )
        look(proof)
        wait_for_worker()
        proof.run("One small server", 3)
        doctor(proof, "after the installation")
        renewed(proof)
        released(proof)
        lose_and_restore(proof)
        doctor(proof, "after the restore")
        for unit in ("web", "worker", "nightly"):
            print(
                sh(
                    f"systemd-analyze security --offline=yes /etc/systemd/system/portaal-{unit}.service | tail -1"
                ),
                end="",
            )
    finally:
        proof.systemctl.stop_all()
        subprocess.run(["nginx", "-s", "stop"], capture_output=True)
        subprocess.run(["sh", "-c", f"{CLUSTER} stop -m immediate"], capture_output=True)
    say("everything in docs/operate.md was done and seen")


if __name__ == "__main__":
    main()
