"""What an administrator and an archive keep: backup, restore, the doctor's word, and a crawl (R16, L16)."""

import json
import subprocess
import tempfile
import time
from pathlib import Path

from tests.audit.checks import TOOLS, Found, check
from tests.cache.servers import fetch, gunicorn


@check(
    "doctor R17", "a night: backup while the portal runs, that backup tried, the doctor finds nothing wrong"
)
def night(portal):
    Path(portal.environment["BACKUP_DIR"]).mkdir()
    with portal.worker():
        for _ in range(60):
            if "The worker is running." in portal.manage("doctor", check=False).stdout:
                break
            time.sleep(2)
        done = portal.manage("nightly", check=False)
        said = portal.manage("doctor", check=False)
    problems = [line for line in said.stdout.splitlines() if line.lower().startswith(("error", "warning"))]
    problems += [
        f"{name} ends with {run.returncode}: {run.stdout[-300:]}{run.stderr[-300:]}"
        for name, run in (("nightly", done), ("doctor", said))
        if run.returncode
    ]
    return Found(problems, f"{len(said.stdout.splitlines())} findings")


@check("R16", "the backup restored elsewhere, from PostgreSQL into SQLite: every page as it was")
def restored(portal):
    backup = next(Path(portal.environment["BACKUP_DIR"]).glob("portal-*.backup"))
    with tempfile.TemporaryDirectory() as name:
        elsewhere = {"DATA_DIR": name, "DATABASE_URL": f"sqlite:///{name}/site.sqlite3"}
        portal.manage("migrate", "-v0", **elsewhere)
        portal.manage("collectstatic", "--noinput", "-v0", **elsewhere)
        began = time.monotonic()
        portal.manage("restore", str(backup), **elsewhere)
        took = time.monotonic() - began
        asked = {"Host": f"localhost:{portal.port}", "X_Forwarded_Proto": "https"}
        with gunicorn(Path(name), workers=1, **{**portal.environment, **elsewhere}) as (port, _):
            pages = portal.sitemap()
            differing = [path for path in pages if fetch(port, path, **asked).body != portal.get(path)[2]]
    return Found([f"{path} differs" for path in differing], f"{len(pages)} pages, restored in {took:.0f} s")


@check("L16", "harvested by wget into a WARC: every page of the sitemap, digests valid, an end")
def harvest(portal):
    with tempfile.TemporaryDirectory() as name:
        crawl = subprocess.run(
            [
                *(
                    "wget",
                    "--mirror",
                    "--page-requisites",
                    "--warc-file=x",
                    "--no-warc-compression",
                    "--no-verbose",
                ),
                f"--ca-certificate={portal.folder}/chain.pem",
                f"{portal.url}/",
            ],
            cwd=name,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )  # 8: some answer was no 200, of which the figure tells
        valid = subprocess.run(
            [TOOLS / "warcio", "check", "x.warc"], cwd=name, capture_output=True, text=True
        )
        fields = "warc-type,warc-target-uri,http:status"
        index = subprocess.run(
            [TOOLS / "warcio", "index", "-f", fields, "x.warc"], cwd=name, capture_output=True, text=True
        )
    answers = [row for row in map(json.loads, index.stdout.splitlines()) if row["warc-type"] == "response"]
    kept = {row["warc-target-uri"].strip("<>") for row in answers if row["http:status"] == "200"}
    pages = portal.sitemap()
    problems = [f"{path} is not in it" for path in pages if portal.url + path not in kept]
    if crawl.returncode not in (0, 8):
        problems.append(f"wget ends with {crawl.returncode}: {crawl.stderr[-300:]}")
    if valid.returncode:
        problems.append(f"warcio check: {(valid.stdout + valid.stderr)[-300:]}")
    if len(answers) > 5 * len(pages):
        problems.append("more than five requests for each page")
    lost = len(answers) - sum(row["http:status"] in ("200", "301") for row in answers)
    return Found(problems, f"{len(answers)} requests for {len(pages)} pages, {lost} neither 200 nor 301")
