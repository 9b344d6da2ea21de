"""Bodies of generated items as a StreamField stores them: several kinds of blocks, of lengths that real ones have."""

import uuid

from portal.content.generated.words import LISTS, Words


class BodyMaker:
    """Makes blocks from words; `images` are the primary keys that an image block may show."""

    def __init__(self, words: Words, images: list[tuple[int, str]]):
        self.words, self.random, self.images = words, words.random, images

    def body(self, fewest: int, most: int) -> list[dict]:
        """An opening, then so many parts: a heading with text, and now and then another kind of block."""
        blocks = [self.text()]
        for _ in range(self.random.randint(fewest, most)):
            blocks += [self.heading(), self.text()]
            if self.random.random() < 0.55:
                blocks.append(self.random.choice(self.others)(self))
        return blocks

    def _block(self, name: str, value) -> dict:
        return {"type": name, "value": value, "id": self._id()}

    def _id(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def _items(self, values: list) -> list[dict]:
        return [{"type": "item", "value": value, "id": self._id()} for value in values]

    def paragraph(self, fewest: int = 2, most: int = 5) -> str:
        return f"<p>{self.words.sentences(fewest, most)}</p>"

    def heading(self) -> dict:
        return self._block("heading", {"text": self.words.heading(), "level": "h2"})

    def text(self) -> dict:
        html = "".join(self.paragraph() for _ in range(self.random.randint(1, 3)))
        if self.random.random() < 0.25:
            points = "".join(f"<li>{self.words.sentence()}</li>" for _ in range(self.random.randint(3, 5)))
            html += f"<ul>{points}</ul>"
        return self._block("text", html)

    def quote(self) -> dict:
        return self._block(
            "quote",
            {
                "text": self.words.sentences(1, 2),
                "source": self.words.name(),
                "source_role": f"{self.random.choice(LISTS['job_titles'])} (verzonnen)",
            },
        )

    def step(self) -> dict:
        return {"title": self.words.sentence().rstrip("."), "text": self.paragraph(1, 3)}

    def steps(self) -> dict:
        steps = [self.step() for _ in range(self.random.randint(3, 6))]
        return self._block("steps", {"title": "Zo begin je", "steps": self._items(steps)})

    def facts(self) -> dict:
        labels = self.random.sample(list(LISTS["facts"]), self.random.randint(2, 4))
        rows = [{"label": label, "value": self.random.choice(LISTS["facts"][label])} for label in labels]
        return self._block("facts", {"title": "In het kort", "rows": self._items(rows)})

    def accordion(self) -> dict:
        items = [
            {"title": self.words.heading(), "text": self.paragraph(1, 3)}
            for _ in range(self.random.randint(2, 4))
        ]
        return self._block("accordion", {"items": self._items(items)})

    def table(self) -> dict:
        rows = [
            {
                "values": [
                    str(year),
                    str(self.random.randint(20, 900)),
                    f"{self.random.randint(5, 90)} procent",
                ]
            }
            for year in range(2021, 2021 + self.random.randint(3, 5))
        ]
        table = {
            "caption": "Deelnemers per jaar (verzonnen)",
            "columns": [{"type": "text", "heading": name} for name in ("Jaar", "Mensen", "Tevreden")],
            "rows": rows,
        }
        return self._block("table", {"table": table, "row_headers": True})

    def image(self) -> dict:
        if not self.images:
            return self.quote()
        pk, alt = self.random.choice(self.images)
        value = {"image": pk, "alt": alt, "is_decorative": False, "caption": self.words.sentence()}
        return self._block("image", value)

    def call_to_action(self) -> dict:
        return self._block(
            "call_to_action",
            {
                "title": "Doe mee",
                "text": self.words.sentence(),
                "label": "Meld je aan",
                "page": None,
                "url": "https://example.org/",
            },
        )

    def instrument_steps(self) -> list[dict]:
        return [self._block("step", self.step()) for _ in range(self.random.randint(3, 7))]

    others = (quote, quote, steps, facts, accordion, table, image, image, call_to_action)
