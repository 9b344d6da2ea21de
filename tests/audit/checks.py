"""Each check of the running portal: BAR.md's id, and what was found. "" is a pass; the figure is what was measured."""

import difflib
import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.audit.headers import loose_ends, missing
from tests.cache.servers import ROOT

TOOLS = ROOT / ".venv-audit" / "bin"
CHECKS: list[tuple[str, str, object]] = []


@dataclass
class Found:
    """What a check saw; `is_done` is false when its judge could not work here: neither a pass nor a failure."""

    problems: list[str]
    figure: str
    is_done: bool = True


def check(ids: str, what: str):
    def add(function):
        CHECKS.append((ids, what, function))
        return function

    return add


def tool(*words: str, seconds: int = 900) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(TOOLS / words[0]), *words[1:]], cwd=ROOT, capture_output=True, text=True, timeout=seconds
    )


def first_link(portal, pattern: str) -> str:
    """The first address of this form in the pages of the sitemap."""
    for path in portal.sitemap():
        if found := re.search(f'"({pattern})"', portal.get(path)[2].decode()):
            return found[1]
    raise LookupError(f"no page names {pattern}")


def kinds_of_answer(portal) -> dict[str, tuple]:
    """Every kind of answer that BAR.md L07 names and more, each as status, headers and body."""
    with portal.without_search_index():
        broken = portal.get("/zoeken/?q=nooitgezocht")
    return {
        "page": portal.get("/"),
        "redirect of the page": portal.get("/", tls=False),
        "redirect": portal.get("/over"),
        "404": portal.get("/bestaat-niet/"),
        "bad host": portal.get("/", Host="kwaad.example"),
        "bad port": portal.get("/", Host="localhost:kwaad"),
        "bad input": portal.get("/recent/%7f/"),
        "too large": portal.get("/", "POST", Content_Length="99999999999"),
        "500": broken,
        "static file": portal.get(first_link(portal, r"/static/[^\"]+\.css")),
        "image": portal.get(first_link(portal, r"/media/[^\" ]+\.\w+")),
        "document": portal.get(first_link(portal, r"/documenten/[^\"]+")),
        "feed": portal.get("/recent/feed.atom"),
        "search": portal.get("/zoeken/?q=raad"),
        "login": portal.get("/beheer/login/"),
    }


#: The status that makes an answer one of its kind; of the others it is 200.
STATUS = {
    **{"redirect of the page": 301, "redirect": 301, "404": 404, "bad host": 400, "bad port": 400},
    **{"bad input": 400, "too large": 413, "500": 500},
}


@check("L07", "headers on pages, redirects, errors, files, images and documents")
def headers(portal):
    answers, problems = kinds_of_answer(portal), []
    for kind, (status, found, _) in answers.items():
        if status != STATUS.get(kind, 200):
            problems.append(f"{kind}: answers {status}")
        policy = "default-src 'self'" if kind == "login" else "default-src 'none'"
        is_secure = kind != "redirect of the page"
        problems += [f"{kind}: {problem}" for problem in missing(found, policy, is_secure)]
    return Found(problems, f"{len(answers)} kinds of answer")


@check("L09", "the policy of public pages: this site only, and one script in a page by its hash")
def policy(portal):
    text = portal.get("/")[1]["content-security-policy"]
    return Found(loose_ends(text), f"{len(text.split(';'))} directives")


@check("L10", "security.txt is valid")
def security_txt(portal):
    status, _, body = portal.get("/.well-known/security.txt")
    script = (
        "import json, sys, sectxt; p = sectxt.Parser(sys.stdin.buffer.read());"
        "print(json.dumps([e['message'] for e in p.errors]))"
    )
    done = subprocess.run([TOOLS / "python", "-c", script], input=body, capture_output=True)
    problems = json.loads(done.stdout) if done.returncode == 0 else [done.stderr.decode()[-200:]]
    return Found(problems + ([] if status == 200 else [f"answers {status}"]), "sectxt")


@check("L11", "http leads to https on the same host")
def to_https(portal):
    status, found, _ = portal.get("/over/", tls=False)
    good = status in (301, 308) and found["location"] == f"{portal.url}/over/"
    return Found([] if good else [f"{status} {found.get('location')}"], str(status))


@check("L12", "a page fetched twice is the same")
def same_twice(portal):
    first, second = portal.get("/")[2], portal.get("/")[2]
    ratio = (
        1 - difflib.SequenceMatcher(None, first, second, autojunk=False).quick_ratio()
        if first != second
        else 0
    )
    return Found([] if first == second else ["differs"], f"{ratio:.1%} difference")


@check("L13 L14 S12", "no cookie, no token, no editor's bar on any page of the sitemap")
def nothing_personal(portal):
    problems, pages = [], portal.sitemap()
    for path in pages:
        status, found, body = portal.get(path)
        if status != 200:
            problems.append(f"{path} answers {status}")
        if found["set-cookie"]:
            problems.append(f"{path} sets a cookie")
        problems += [
            f"{path} holds {word}"
            for word in ("csrfmiddlewaretoken", "wagtail-userbar")
            if word.encode() in body
        ]
    return Found(problems, f"{len(pages)} pages")


@check("S01", "manage.py check --deploy")
def deploy(portal):
    done = portal.manage("check", "--deploy", "--fail-level", "WARNING", check=False)
    return Found([] if done.returncode == 0 else [done.stderr[-600:]], "no warnings")


@check("S07", "cookies of the admin")
def cookies(portal):
    problems, seen = [], 0
    for line in portal.get("/beheer/login/")[1]["set-cookie"]:
        seen += 1
        for part in ("Secure", "SameSite", "Path=/"):
            if part.lower() not in line.lower():
                problems.append(f"{line.split('=')[0]}: no {part}")
    return Found(problems, f"{seen} cookies at the door")


@check("S10 D17", "another host is refused and never stored")
def hosts(portal):
    clean, problems = portal.get("/")[2], []
    for name in ("X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Port", "Forwarded"):
        portal.get("/", **{name: "kwaad.example"})
    for value in ("kwaad.example", "localhost@kwaad.example", "localhost:abc", "[::1"):
        status, found, body = portal.get("/", Host=value)
        if status < 400 or "kwaad" in found.get("location", "") + body.decode("utf-8", "replace"):
            problems.append(f"Host {value}: {status}")
    if portal.get("/")[2] != clean:
        problems.append("the stored page changed")
    return Found(problems, "9 ways")


@check("S13", "no redirect to another host")
def redirects(portal):
    problems = []
    targets = (
        "//kwaad.example",
        "/\\kwaad.example",
        "https:kwaad.example",
        "https://kwaad.example",
        "/%09/kwaad.example",
    )
    for target in targets:
        for path in (
            f"/beheer/login/?next={target}",
            f"/{target.lstrip('/')}",
            f"/recent/?next={target}",
            f"/over?x={target}",
        ):
            _, found, _ = portal.get(path)
            if re.match(r"(https?:)?[/\\]{2}(?!localhost)", found.get("location", "")):
                problems.append(f"{path} leads to {found['location']}")
    return Found(problems, f"{len(targets) * 4} addresses")


@check("S17", "bandit over our own code")
def bandit(portal):
    done = tool(
        "bandit",
        "-q",
        "-r",
        "portal",
        "themes",
        "knowledgebase",
        "news",
        "-f",
        "json",
        "--severity-level",
        "high",
    )
    results = json.loads(done.stdout)["results"]
    return Found(
        [f"{r['filename']}:{r['line_number']} {r['issue_text']}" for r in results], f"{len(results)} high"
    )


@check("S16", "known vulnerabilities of what is installed, with a canary")
def vulnerabilities(portal):
    with tempfile.TemporaryDirectory() as folder:
        canary = Path(folder) / "canary.txt"
        canary.write_text("wagtail==7.0\n")
        seen = tool("pip-audit", "--no-deps", "--disable-pip", "-r", str(canary))
    if seen.returncode == 0 or "wagtail" not in seen.stdout:
        return Found(
            ["the canary wagtail==7.0 was not reported: no list can be reached here"], "", is_done=False
        )
    done = tool("pip-audit", "--disable-pip", "--require-hashes", "-r", "requirements.lock")
    return Found([] if done.returncode == 0 else [done.stdout[-400:]], "canary red, lock file read")


@check("S19", "errors tell nothing")
def errors(portal):
    problems = []
    for kind, (_, found, body) in kinds_of_answer(portal).items():
        text = body.decode("utf-8", "replace")
        problems += [
            f"{kind}: {word}" for word in ("Traceback", "SELECT ", "django.", "wagtail/") if word in text
        ]
        if re.search(r"\d", found.get("server", "")):
            problems.append(f"{kind}: Server: {found['server']}")
    return Found(problems, "no trace, no version")


@check("D05", "no file outside through any path")
def paths(portal):
    problems = []
    places = ("/media/", "/static/", "/documenten/", "/")
    climbs = (
        "../../../etc/passwd",
        "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "..%5c..%5cetc%5cpasswd",
        "%252e%252e/etc/passwd",
    )
    for path in (place + climb for place in places for climb in (*climbs, "a%00.png", "x" * 8000)):
        status, _, body = portal.get(path)
        if status >= 500 or b"root:" in body:
            problems.append(f"{path[:60]} answers {status}")
    return Found(problems, "24 paths")


@check("D06", "odd requests")
def odd_requests(portal):
    problems = []
    for method in ("TRACE", "TRACK", "PROPFIND", "GEK"):
        status = portal.get("/", method)[0]
        if status not in (400, 403, 404, 405, 501):
            problems.append(f"{method} answers {status}")
    for name, value in {
        "If-None-Match": "x" * 4000,
        "Range": "bytes=9-1",
        "Accept-Language": "nl," * 1500,
    }.items():
        status = portal.get("/", **{name: value})[0]
        if status >= 500:
            problems.append(f"{name} answers {status}")
    return Found(problems, "7 requests")


def injections(url: str, *options: str) -> list[str]:
    """What sqlmap finds at an address; an error when it did not get to a verdict."""
    with tempfile.TemporaryDirectory() as folder:
        done = tool(
            *("sqlmap", "-u", url, "--batch", "--level", "2", "--risk", "1", "--output-dir", folder),
            *("--disable-coloring", "--flush-session", *options),
        )
    found = [
        line for line in done.stdout.splitlines() if "is vulnerable" in line or "injection point" in line
    ]
    if not found and "do not appear to be injectable" not in done.stdout:
        raise RuntimeError(f"sqlmap did not get to a verdict: {done.stdout[-300:]}")
    return found


def is_only_an_echo(portal, kind: str, item: dict) -> bool:
    """Whether a finding is that a page repeats what was asked, or that other words find other pages.

    wapiti asks for `raad AND 38=91` and `raad AND 38=38`, and calls it an injection when one answer is a little less
    like the page than the other. sqlmap looks more closely, so it has the last word.
    """
    if kind != "SQL Injection" or item["method"] != "GET":
        return False
    name = item["parameter"]
    return not injections(f"{portal.url}{item['path']}?{name}=raad", "-p", name)


@check("S20", "wapiti over the site")
def wapiti(portal):
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        limits = {
            "--max-scan-time": "120",
            "--max-attack-time": "40",
            "--max-links-per-page": "20",
            "-d": "2",
        }
        done = tool(
            *("wapiti", "-u", f"{portal.url}/zoeken/", "--scope", "folder", "-f", "json", "-o", str(report)),
            *("--verify-ssl", "0", "--no-bugreport", *(word for pair in limits.items() for word in pair)),
            *("-m", "sql,xss,exec,file,crlf,redirect,ssrf,xxe", "--flush-session", "--store-session", folder),
        )
        if not report.exists():
            return Found([(done.stdout + done.stderr)[-300:]], "not done")
        said = json.loads(report.read_text())
    found = [(kind, item) for kind, items in said["vulnerabilities"].items() for item in items]
    open_ones = [(kind, item) for kind, item in found if not is_only_an_echo(portal, kind, item)]
    figure = f"{said['infos'].get('crawled_pages_nbr', '?')} pages"
    if len(found) > len(open_ones):
        figure += f", {len(found) - len(open_ones)} echo of what was asked, harmless by sqlmap"
    return Found([f"{kind}: {item['info']} in {item['path']}" for kind, item in open_ones], figure)


@check("S20 D04", "sqlmap on the search form")
def sqlmap(portal):
    return Found(injections(f"{portal.url}/zoeken/?q=raad&thema=participatie&pagina=1", "--smart"), "level 2")


@check("R21", "health: live and ready")
def health(portal):
    problems = []
    for path in ("/gezondheid/live/", "/gezondheid/klaar/"):
        status, found, _ = portal.get(path)
        if status != 200 or "no-store" not in found.get("cache-control", ""):
            problems.append(f"{path} answers {status} {found.get('cache-control')}")
    return Found(problems, "200, not cached")
