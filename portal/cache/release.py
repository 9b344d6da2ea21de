"""What the code, the templates and the static files of this release are: one short text that changes with them."""

import hashlib
from pathlib import Path

from django.conf import settings

PARTS = ("portal", "themes", "knowledgebase", "news", "templates", "requirements.lock")


def fingerprint() -> str:
    """The same for the same release on every machine."""
    base = Path(settings.BASE_DIR)
    seen = hashlib.blake2b(settings.SITE_URL.encode(), digest_size=12)
    files = [path for part in PARTS for path in sorted([base / part, *(base / part).rglob("*")])]
    files.append(Path(settings.STATIC_ROOT) / "staticfiles.json")
    for path in files:
        if path.is_file() and path.suffix in (".py", ".html", ".txt", ".xml", ".json", ".lock"):
            seen.update(str(path.relative_to(base) if path.is_relative_to(base) else path.name).encode())
            seen.update(path.read_bytes())
    return seen.hexdigest()
