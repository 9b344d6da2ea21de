"""What search keeps: the words of the site, what editors say means the same, and what was asked."""

import zlib

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel


class SearchTerm(models.Model):
    """A word as readers see it on live public pages, with its key and the number of pages that hold it."""

    is_derived = True  # made anew from the pages, so no backup holds it
    surface = models.CharField(max_length=60, unique=True)
    key = models.CharField(max_length=60, db_index=True)
    df = models.PositiveIntegerField()

    class Meta:
        verbose_name = "woord van de site"
        verbose_name_plural = "woorden van de site"

    def __str__(self):
        return self.surface


class PageWords(models.Model):
    """The different words of a page as it is indexed, and whether they count for `SearchTerm`."""

    is_derived = True
    page = models.OneToOneField("portal.ContentPage", on_delete=models.CASCADE, related_name="+")
    #: Joined by a space and compressed.
    packed = models.BinaryField()
    is_read = models.BooleanField()

    class Meta:
        verbose_name = "woorden van een pagina"
        verbose_name_plural = "woorden van pagina's"

    def __str__(self):
        return str(self.page_id)

    @staticmethod
    def pack(words: set[str]) -> bytes:
        return zlib.compress(" ".join(sorted(words)).encode(), 1)

    @property
    def words(self) -> set[str]:
        return set(zlib.decompress(self.packed).decode().split())


class OutdatedEntry(models.Model):
    """An item of which the index holds a name that it is no longer filed under."""

    is_derived = True
    # Without a constraint: a theme that is deleted together with its items notes them while they go.
    page = models.OneToOneField(
        "portal.ContentPage", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )

    class Meta:
        verbose_name = "verouderd in de zoekindex"
        verbose_name_plural = "verouderd in de zoekindex"

    def __str__(self):
        return str(self.page_id)


class Synonym(models.Model):
    """Words that a search for one word also finds; used when someone searches, so a change works at once."""

    term = models.CharField(
        "wie zoekt naar",
        max_length=80,
        unique=True,
        help_text="Een woord, afkorting of naam, zoals een lezer die typt. Bijvoorbeeld: Woo.",
    )
    also = models.CharField(
        "vindt ook",
        max_length=500,
        help_text="Een of meer woorden of namen, met een komma ertussen. Bijvoorbeeld: Wet open overheid, Wob.",
    )
    is_mutual = models.BooleanField(
        "ook andersom",
        default=True,
        help_text="Wie naar een van deze woorden zoekt, vindt dan ook alle andere.",
    )

    content_folder = "synonyms"
    panels = [FieldPanel("term"), FieldPanel("also"), FieldPanel("is_mutual")]

    class Meta:
        ordering = ["term"]
        verbose_name = "synoniem"
        verbose_name_plural = "synoniemen"

    def __str__(self):
        return self.term

    @staticmethod
    def words_in(also: str) -> list[str]:
        """What is found as well, one by one."""
        return [word for part in also.split(",") if (word := part.strip())]

    def clean(self):
        if not self.words_in(self.also):
            raise ValidationError({"also": "Vul ten minste één woord in."})


class SearchQuery(models.Model):
    """One search: the words and what came of it. Nothing says who asked."""

    query = models.CharField("gezocht", max_length=300)
    hits = models.PositiveIntegerField("gevonden")
    selection = models.CharField("in de lijst", max_length=500, blank=True)
    clicked_rank = models.PositiveSmallIntegerField("geopend resultaat", null=True, blank=True)
    asked_at = models.DateTimeField("moment", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "zoekopdracht"
        verbose_name_plural = "zoekopdrachten"

    def __str__(self):
        return self.query


class DocumentText(models.Model):
    """The words of a PDF, read once; the hash says of which file."""

    document = models.OneToOneField("portal.PortalDocument", on_delete=models.CASCADE, related_name="words")
    text = models.TextField(blank=True)
    file_hash = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "tekst van een document"
        verbose_name_plural = "teksten van documenten"

    def __str__(self):
        return str(self.document)


class IndexState(models.Model):
    """Which version of the analysis made the index: one row."""

    is_derived = True
    version = models.CharField(max_length=16)

    class Meta:
        verbose_name = "stand van de zoekindex"
        verbose_name_plural = "stand van de zoekindex"

    def __str__(self):
        return self.version
