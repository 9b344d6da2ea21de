"""Whether the index was made by the analysis that reads it, and making it anew when not."""

import hashlib
from functools import cache
from pathlib import Path

from django.core.checks import Tags, Warning, register
from django.core.management import call_command
from django.db import DatabaseError
from wagtail.search.index import get_indexed_models
from wagtail.search.models import IndexEntry

from portal.search.lexicon import DATA

#: What is kept in the index depends on these.
SOURCES = (
    "analysis.py",
    "compounds.py",
    "document.py",
    "forms.py",
    "indexing.py",
    "lexicon.py",
    "postgres.py",
    "sqlite.py",
)
#: These lists are read when someone searches.
ASKED = {"synonyms.txt", "opentaal.txt", "short.txt", "domain.txt", "nohead.txt", "notail.txt"}


@cache
def version() -> str:
    """A fingerprint of what is kept: code, lists, and the fields of every model that are looked in."""
    here = Path(__file__).parent
    files = [here / name for name in SOURCES]
    files += [path for path in sorted(DATA.glob("*.txt")) if path.name not in ASKED]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    digest.update("\n".join(sorted(searched_fields())).encode())
    return digest.hexdigest()[:16]


def searched_fields():
    """Each field that the index holds words of, with its weight, of each model."""
    for model in get_indexed_models():
        for field in model.get_search_fields():
            inner = [one.field_name for one in getattr(field, "fields", ())]
            boost = getattr(field, "boost", "")
            yield f"{model._meta.label} {type(field).__name__} {field.field_name} {boost} {inner}"


def made_version() -> str:
    """The fingerprint of the analysis that made the index; "" when that is not known."""
    from portal.search.models import IndexState

    return IndexState.objects.values_list("version", flat=True).first() or ""


def note_made():
    """The whole index has just been made anew."""
    from portal.search.models import IndexState

    IndexState.objects.update_or_create(pk=1, defaults={"version": version()})


def missing_entries() -> tuple[int, int]:
    """How many live items the index does not hold, and how many there are."""
    from portal.models import ContentPage
    from portal.search.engine import types_of

    live = set(ContentPage.objects.live().values_list("pk", flat=True))
    entries = IndexEntry.objects.filter(content_type_id__in=types_of(ContentPage))
    held = set(map(int, entries.values_list("object_id", flat=True)))
    return len(live - held), len(live)


def keep_index():
    """The worker's job: make the index anew when it is of another version."""
    if made_version() != version():
        call_command("update_index", verbosity=0)


@register(Tags.database)
def check_index(app_configs=None, databases=None, **kwargs):
    """Warn when words are kept in another way than they are looked for."""
    try:
        made = made_version()
    except DatabaseError:
        return []  # not migrated yet
    if made == version():
        return []
    return [
        Warning(
            "De zoekindex is gemaakt door een andere versie van het zoeken.",
            hint="Laat manage.py work lopen, of draai: manage.py update_index.",
            id="search.W001",
        )
    ]
