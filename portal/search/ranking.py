"""Putting the best of the found items first, by the same rules on every database.

BM25 over fields: a word in a title weighs more than one in a head (summary, theme, kind), and that more than one in a
body; a part of a compound weighs less than the word itself, a synonym less than what was typed.
"""

import math

from portal.search.document import read_sections
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


def _needle(phrase: tuple[str, ...]) -> str:
    """A phrase as it stands in a section; a key that follows itself at once counts once."""
    return f" {' '.join(phrase)} "


class _Asked:
    """A group as it is counted in texts."""

    def __init__(self, group: Group):
        self.itself = _needle(group.phrase)
        self.synonyms = [_needle(phrase) for phrase in group.synonyms]
        self.pieces = [[_needle((key,)) for key in piece] for piece in group.pieces]


class Ranking:
    """The order of candidates for one query."""

    def __init__(self, query: Query, counts: list[int], total: int):
        """`counts` says how many of all `total` items answer each group."""
        self.groups = [_Asked(group) for group in query.groups]
        self.worth = [math.log(1 + (total - count + 0.5) / (count + 0.5)) for count in counts]

    @staticmethod
    def _frequency(group: _Asked, sections: list[tuple[str, float]]) -> float:
        """How much an item speaks of a group: weighted over fields and over the ways to say it."""

        def weighted(needle: str) -> float:
            total = 0.0
            for section, weight in sections:
                if times := section.count(needle):
                    total += weight * times
            return total

        frequency = weighted(group.itself)
        frequency += SYNONYM * sum(map(weighted, group.synonyms))
        if len(group.pieces) > 1:
            frequency += PIECES * min(max(map(weighted, piece)) for piece in group.pieces)
        return frequency

    def score(self, title_text: str, body_text: str) -> float:
        sections = []
        for keys, weight, share, usual in zip(
            read_sections(title_text, body_text), FIELD_WEIGHTS, LENGTH_SHARE, USUAL_LENGTH, strict=True
        ):
            if keys:
                norm = 1 - share + share * (keys.count(" ") + 1) / usual
                sections.append((f" {keys} ", weight / norm))
        total = 0.0
        for group, worth in zip(self.groups, self.worth, strict=True):
            frequency = self._frequency(group, sections)
            total += worth * frequency / (SATURATION + frequency)
        return total

    def order(self, rows) -> list[int]:
        """The primary keys of rows (key, title, body, age in days), the best first; what is new a little ahead."""
        scored = []
        for pk, title, body, age in rows:
            bonus = FRESH * 0.5 ** (max(age, 0) / HALF_LIFE) if age is not None else 0
            scored.append((self.score(title, body) * (1 + bonus), pk))
        return [pk for _, pk in sorted(scored, key=lambda pair: (-pair[0], -pair[1]))]
