"""Every municipality of today and every one that ended since 2014, from the files in portal/content/data/.

The files carry their sources and the attribution to show; see municipalities.meta.json.
"""

import datetime
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from portal.content.indexing import index_in_bulk
from portal.models import Municipality
from portal.search.labels import note_changed
from portal.signals import something_changed

DATA = Path(__file__).parent / "data"
COMPARED = (
    "name",
    "slug",
    "aliases",
    "province",
    "province_code",
    "latitude",
    "longitude",
    "label_x",
    "label_y",
    "path",
    "successor_id",
    "ended_on",
)


@dataclass
class Outcome:
    """How many rows were made, changed and left alone, and how many exist today."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    current: int = 0
    ended: int = 0


def read_current(mergers: list[dict], rows: list[dict]) -> list[Municipality]:
    """The municipalities of today; a name that one had before, under the same code, is one of its aliases."""
    earlier = defaultdict(list)
    for merger in mergers:
        if merger["old_code"] == merger["into_code"]:
            earlier[merger["into_code"]].append(merger["old_name"])
    return [
        Municipality(
            code=row["code"],
            name=row["name"],
            aliases=", ".join(dict.fromkeys([*row.get("aliases", []), *earlier[row["code"]]])),
            province=row["province"],
            province_code=row["province_code"],
            latitude=row["lat"],
            longitude=row["lng"],
            label_x=row["label_point"][0],
            label_y=row["label_point"][1],
            path=row["path"],
        )
        for row in rows
    ]


def read_ended(mergers: list[dict], current: dict[str, Municipality]) -> dict[str, tuple[Municipality, str]]:
    """By code: the municipalities that ended, each with the code of the one that took in most of it."""
    ended = {}
    for merger in mergers:
        if merger["old_code"] in current or not merger.get("main", True):
            continue
        heir = current[merger["into_code"]]
        old = Municipality(
            code=merger["old_code"],
            name=merger["old_name"],
            province=heir.province,
            province_code=heir.province_code,
            ended_on=datetime.date.fromisoformat(merger["date"]),
        )
        ended[old.code] = (old, heir.code)
    return ended


def give_slugs(municipalities: list[Municipality]):
    """Each its own part of an address: its name, with the province (then the code) where another has that name."""
    taken = set()
    for municipality in municipalities:
        name, province = slugify(municipality.name), slugify(municipality.province)
        options = [name, f"{name}-{province}", f"{name}-{municipality.code}"]
        municipality.slug = next(slug for slug in options if slug not in taken)
        taken.add(municipality.slug)


@transaction.atomic
def load_municipalities(folder: Path = DATA) -> Outcome:
    """Write all municipalities, in at most a handful of queries; rows that are right already are not touched."""
    rows = json.loads((folder / "municipalities.json").read_text("utf-8"))
    mergers = json.loads((folder / "mergers.json").read_text("utf-8"))
    current = {row.code: row for row in read_current(mergers, rows)}
    ended = read_ended(mergers, current)
    give_slugs([*current.values(), *(old for old, _ in ended.values())])
    known = {row.code: row for row in Municipality.objects.all()}
    outcome = Outcome(current=len(current), ended=len(ended))
    changed = _write(list(current.values()), known, outcome)
    for old, heir in ended.values():
        old.successor_id = known[heir].pk
    changed += _write([old for old, _ in ended.values()], known, outcome)
    if changed:
        index_in_bulk(Municipality, changed)
        note_changed(Municipality, [row.pk for row in changed])
        something_changed()
    return outcome


def _write(
    wanted: list[Municipality], known: dict[str, Municipality], outcome: Outcome
) -> list[Municipality]:
    """Create or update rows in bulk; `known` holds every row with its primary key afterwards."""
    new, changed = [], []
    for municipality in wanted:
        present = known.get(municipality.code)
        if present is None:
            new.append(municipality)
        elif any(getattr(present, name) != getattr(municipality, name) for name in COMPARED):
            municipality.pk = present.pk
            changed.append(municipality)
        else:
            outcome.unchanged += 1
    Municipality.objects.bulk_create(new, batch_size=200)
    Municipality.objects.bulk_update(changed, [name.removesuffix("_id") for name in COMPARED], batch_size=200)
    known.update({municipality.code: municipality for municipality in [*new, *changed]})
    outcome.created += len(new)
    outcome.updated += len(changed)
    return [*new, *changed]
