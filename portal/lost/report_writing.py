"""How an address that leads nowhere gets into the editors' report: a line in a file at once, a row a minute later.

The reader's request only adds a line to a file of this machine, so it waits for no database and cannot fail; the
worker reads the file. Nothing of the reader is kept: no address, no browser, no time of the single visit.
"""

import contextlib
import os
import re
from collections import Counter
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from portal.lost.addresses import normal
from portal.lost.models import LostAddress

LARGEST_FILE = 256 * 1024
LONGEST_PATH = 200
MOST_AT_ONCE = 500
MOST_ROWS = 1000
KEPT_DAYS = 90
#: An address that may name a person: a mail address, or a number as long as a phone's.
PERSONAL = re.compile(r"@|%40|\d{8,}")


def note(request):
    """Write down that this address was asked for; a full disk or a full file keeps nothing and stops nobody."""
    path = _plain(request.path)
    if not path:
        return
    line = f"{path}\t{_own_page(request)}\n".encode()
    with contextlib.suppress(OSError):
        handle = os.open(_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.fstat(handle).st_size < LARGEST_FILE:
                os.write(handle, line)
        finally:
            os.close(handle)


def collect():
    """Put what was written down in the report, and keep the report small. A job of the worker."""
    reading = _file().with_suffix(".reading")
    with contextlib.suppress(FileNotFoundError):
        if not reading.exists():
            _file().replace(reading)
    if reading.exists():
        text = reading.read_text(encoding="utf-8", errors="replace")
        _count([line.split("\t") for line in text.splitlines() if line.count("\t") == 1])
        reading.unlink()
    trim()


def trim():
    """Forget what was not asked for in 90 days, and keep the thousand that are asked for most."""
    long_ago = timezone.now() - timezone.timedelta(days=KEPT_DAYS)
    LostAddress.objects.filter(last_seen_at__lt=long_ago).delete()
    surplus = list(
        LostAddress.objects.values_list("pk", flat=True)[MOST_ROWS : MOST_ROWS + 10 * MOST_AT_ONCE]
    )
    if surplus:
        LostAddress.objects.filter(pk__in=surplus).delete()


@transaction.atomic
def _count(lines: list[list[str]]):
    now = timezone.now()
    counted = dict(Counter(path for path, _ in lines).most_common(MOST_AT_ONCE))
    solved = set(Redirect.objects.filter(old_path__in=counted).values_list("old_path", flat=True))
    links = {path: referrer for path, referrer in lines if referrer}
    known = {row.path: row for row in LostAddress.objects.filter(path__in=counted)}
    fresh = []
    for path, times in counted.items():
        if path in solved:
            continue
        row = known.get(path) or LostAddress(path=path, first_seen_at=now)
        row.count += times
        row.last_seen_at = now
        row.referrer = links.get(path, row.referrer)
        if not row.pk:
            fresh.append(row)
    LostAddress.objects.bulk_update(known.values(), ["count", "last_seen_at", "referrer"])
    LostAddress.objects.bulk_create(fresh, ignore_conflicts=True)


def _file():
    return settings.DATA_DIR / "lost.txt"


def _plain(path: str) -> str:
    """The path as the report holds it; "" for one that is too long or may be personal."""
    plain = normal(path)
    is_kept = plain and len(plain) <= LONGEST_PATH and plain.isprintable() and not PERSONAL.search(plain)
    return plain.partition("?")[0] if is_kept else ""


def _own_page(request) -> str:
    """The path of the page of this portal on which the link stands; "" for any other site."""
    try:
        parts = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:
        return ""
    return _plain(parts.path) if parts.netloc == request.get_host() else ""
