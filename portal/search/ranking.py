"""Putting the best of the found items first, by the same rules on every database.

BM25 over fields: a word in a title weighs more than one in a head (summary, theme, kind), and that more than one in a
body; a part of a compound weighs less than the word itself, a synonym less than what was typed.
"""

import math
from dataclasses import dataclass

from portal.search.document import read_sections
from portal.search.engine import Counted
from portal.search.query import Group, Query

#: Title, parts of the title, head, parts of the head, body, parts of the body.
FIELD_WEIGHTS = (6.0, 3.5, 2.5, 1.5, 1.0, 0.6)
#: How much the length of a section counts against it, and what is usual.
LENGTH_SHARE = (0.3, 0.0, 0.5, 0.0, 0.6, 0.0)
USUAL_LENGTH = (6, 6, 40, 20, 350, 150)
SATURATION = 3.0
SYNONYM = 0.45
PIECES = 0.5
#: What was added now scores so much more; the advantage halves in so many days.
FRESH, HALF_LIFE = 0.05, 180


@dataclass
class _Section:
    keys: list[str]
    counts: dict[str, int]


def _count(section: _Section, phrase: tuple[str, ...]) -> int:
    """How often a phrase stands in a section."""
    if len(phrase) == 1:
        return section.counts.get(phrase[0], 0)
    first, length = phrase[0], len(phrase)
    if any(key not in section.counts for key in phrase):
        return 0
    keys = section.keys
    return sum(
        1 for place, key in enumerate(keys) if key == first and tuple(keys[place : place + length]) == phrase
    )


class Ranking:
    """The order of candidates for one query."""

    def __init__(self, query: Query, counted: Counted):
        self.query = query
        total = counted.total
        self.worth = [math.log(1 + (total - count + 0.5) / (count + 0.5)) for count in counted.counts]

    def _frequency(self, group: Group, sections: list[_Section], norms: list[float]) -> float:
        """How much an item speaks of a group: weighted over fields and over the ways to say it."""

        def weighted(phrase) -> float:
            return sum(
                weight * count / norm
                for weight, section, norm in zip(FIELD_WEIGHTS, sections, norms, strict=True)
                if (count := _count(section, phrase))
            )

        frequency = weighted(group.phrase)
        frequency += SYNONYM * sum(map(weighted, group.synonyms))
        if len(group.pieces) > 1:
            frequency += PIECES * min(max(weighted((key,)) for key in piece) for piece in group.pieces)
        return frequency

    def score(self, title_text: str, body_text: str) -> float:
        sections = []
        for keys in read_sections(title_text, body_text):
            counts: dict[str, int] = {}
            for key in keys:
                counts[key] = counts.get(key, 0) + 1
            sections.append(_Section(keys, counts))
        norms = [
            1 - share + share * len(section.keys) / usual
            for share, section, usual in zip(LENGTH_SHARE, sections, USUAL_LENGTH, strict=True)
        ]
        total = 0.0
        for group, worth in zip(self.query.groups, self.worth, strict=True):
            frequency = self._frequency(group, sections, norms)
            total += worth * frequency / (SATURATION + frequency)
        return total

    def order(self, rows) -> list[int]:
        """The primary keys of rows (key, title, body, age in days), the best first; what is new a little ahead."""
        scored = []
        for pk, title, body, age in rows:
            bonus = FRESH * 0.5 ** (max(age, 0) / HALF_LIFE) if age is not None else 0
            scored.append((self.score(title, body) * (1 + bonus), pk))
        return [pk for _, pk in sorted(scored, key=lambda pair: (-pair[0], -pair[1]))]
