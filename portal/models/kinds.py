"""The kinds of items, as readers call them."""

from django.db import models


class Kind(models.TextChoices):
    """What a reader sees an item to be; filters, facets, cards and exports use only this."""

    ARTICLE = "verdieping", "Verdieping"
    PUBLICATION = "publicatie", "Publicatie"
    INSTRUMENT = "instrument", "Instrument"
    EXPERIENCE = "praktijkvoorbeeld", "Praktijkvoorbeeld"
    NEWS = "nieuws", "Nieuws"
    COLUMN = "column", "Column"
    INTERVIEW = "interview", "Interview"
    REPORT = "verslag", "Verslag"
    EVENT = "bijeenkomst", "Bijeenkomst"

    @property
    def plural(self) -> str:
        """The kind in the plural, as a sentence about a list uses it."""
        return {
            "verdieping": "verdiepende artikelen",
            "publicatie": "publicaties",
            "instrument": "instrumenten",
            "praktijkvoorbeeld": "praktijkvoorbeelden",
            "nieuws": "nieuwsberichten",
            "column": "columns",
            "interview": "interviews",
            "verslag": "verslagen",
            "bijeenkomst": "bijeenkomsten",
        }[self.value]
