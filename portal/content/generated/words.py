"""Sentences, titles and names of generated items, built from the word lists in words.yaml.

What comes out is grammatical, varied and says nothing: it is the ground for measuring, not something to read.
"""

from pathlib import Path
from random import Random

import yaml

LISTS = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
SECOND_PARTS = [tuple(pair.split()) for pair in LISTS["second_parts"]]
PREDICATES = [tuple(text.split("|")) for text in LISTS["predicates"]]


def capital(text: str) -> str:
    """The text with a capital in front, also behind a quotation mark."""
    place = 1 if text.startswith("‘") else 0
    return text[:place] + text[place : place + 1].upper() + text[place + 1 :]


class Words:
    """Sentences, titles and names for one item; the same `random` gives the same words. `place` is a municipality."""

    def __init__(self, random: Random, place: str = ""):
        self.random, self.place = random, place
        self.subject = self._compound()

    def _compound(self) -> tuple[str, str]:
        article, second = self.random.choice(SECOND_PARTS)
        return article, self.random.choice(LISTS["first_parts"]) + second

    def fill(self, text: str, year: int = 2020) -> str:
        """The text with its places filled: mostly with the subject of the item, sometimes with another."""
        if "{" not in text:
            return text
        subject = self.subject if self.random.random() < 0.6 else self._compound()
        return self._format(text, subject, year)

    def _format(self, text: str, subject: tuple[str, str], year: int) -> str:
        article, noun = subject
        return text.format(
            de=f"{article} {noun}",
            een=f"een {noun}",
            x=noun,
            X=capital(noun),
            y=self._compound()[1],
            place=self.place,
            year=year,
        )

    def title(self, kind: str, year: int) -> str:
        text = self._format(self.random.choice(LISTS["titles"][kind]), self.subject, year)
        return capital(text)

    def sentence(self) -> str:
        choice = self.random.random()
        if choice < 0.12:
            return self.random.choice(LISTS["short_sentences"])
        subject = self.random.choice(LISTS["subjects"])
        verb, rest = self.random.choice(PREDICATES)
        text = f"{subject} {verb} {rest}"
        if choice > 0.5:
            text = f"{self.random.choice(LISTS['openings'])} {verb} {subject} {rest}"
        if self.random.random() < 0.3:
            text = f"{text}, {self.random.choice(LISTS['clauses'])}"
        return f"{capital(self.fill(text))}."

    def sentences(self, fewest: int, most: int) -> str:
        return " ".join(self.sentence() for _ in range(self.random.randint(fewest, most)))

    def heading(self) -> str:
        return self.fill(self.random.choice(LISTS["headings"]))

    def name(self) -> str:
        return f"{self.random.choice(LISTS['first_names'])} {self.random.choice(LISTS['last_names'])}"
