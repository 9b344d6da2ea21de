"""How an address that leads nowhere gets into the editors' report: a line in a file at once, a row a minute later.

The reader's request only adds a line to a file of this machine, so it waits for no database and cannot fail; the
worker reads the file. Nothing of the reader is kept: no address, no browser, no time of the single visit.
"""

import re
from collections import Counter
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from portal import spool
from portal.lost.addresses import normal
from portal.lost.models import LostAddress

NOTES = "lost"
LONGEST_PATH = 200
MOST_AT_ONCE = 500
MOST_ROWS = 1000
KEPT_DAYS = 90
#: An address that may name a person: a mail address, or a number as long as a phone's.
PERSONAL = re.compile(r"@|%40|\d{8,}")


def note(request):
    """Leave a note that this address was asked for; nothing of the reader, and no answer waits for it."""
    if path := _plain(request.path):
        spool.leave(NOTES, {"path": path, "on": _own_page(request)})


def collect():
    """Put the notes in the report, and keep the report small. A job of the worker."""
    with spool.taken(NOTES) as notes:
        _count([(note["path"], note.get("on", "")) for note in notes if isinstance(note.get("path"), str)])
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
def _count(lines: list[tuple[str, str]]):
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
