"""What headers must say (BAR.md L07, L09); judged by `make audit` on answers, and in the suite on the settings."""

import base64
import hashlib
import re

from tests.cache.servers import ROOT

MODULES = ROOT / "templates" / "components" / "modules.js"
#: The one script that stands in a page, named by its hash (decision 0072).
PINNED = f"'sha256-{base64.b64encode(hashlib.sha256(MODULES.read_bytes()).digest()).decode()}'"
OWN = {"'self'", "'none'"}
#: What a directive may name beside this site or nothing.
MORE = {"script-src": {PINNED}, "img-src": {"data:"}}
NEEDED = ("default-src", "base-uri", "form-action", "frame-ancestors")
YEAR = 365 * 24 * 3600


def loose_ends(policy: str) -> list[str]:
    """What a policy of public pages allows beyond this site, its one script and drawings in the style sheet."""
    problems, seen = [], set()
    for name, *values in (part.split() for part in policy.split(";") if part.strip()):
        if name in seen:
            problems.append(f"{name} is said twice")
        seen.add(name)
        problems += [f"{name} {value}" for value in values if value not in OWN | MORE.get(name, set())]
        if name == "default-src" and values != ["'none'"]:
            problems.append("default-src is not 'none'")
    return problems + [f"{name} is missing" for name in NEEDED if name not in seen]


def missing(found: dict[str, str], policy: str = "default-src 'none'", is_secure: bool = True) -> list[str]:
    """What the headers of an answer (names in lower case) lack; without TLS a browser must not be told of it."""
    wanted = {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY|SAMEORIGIN",
        "referrer-policy": "same-origin",
        "content-security-policy": rf"{policy}(;.*)?",
    }
    problems = [
        f"{name}: {found.get(name, 'missing')[:60]}"
        for name, pattern in wanted.items()
        if not re.fullmatch(pattern, found.get(name, ""))
    ]
    transport = found.get("strict-transport-security", "")
    age = re.match(r"max-age=(\d+)\b", transport)
    if is_secure and not (age and int(age[1]) >= YEAR):
        problems.append(f"strict-transport-security: {transport or 'missing'}")
    return problems
