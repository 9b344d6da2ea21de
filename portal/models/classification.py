"""What items are filed under beside theme and topic: roles, municipalities, organisations and people."""

from django.db import models
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel
from wagtail.search import index


class Role(models.Model):
    """For whom an item is: a raadslid, a griffier."""

    name = models.CharField("naam", max_length=60, help_text="Enkelvoud, bijvoorbeeld: griffier.")
    plural = models.CharField("meervoud", max_length=60, help_text="Bijvoorbeeld: griffiers.")
    slug = models.SlugField("deel van het adres", max_length=60, unique=True)
    order = models.PositiveSmallIntegerField("volgorde", default=0)

    content_folder = "roles"
    panels = [FieldPanel("name"), FieldPanel("plural"), FieldPanel("slug"), FieldPanel("order")]

    class Meta:
        ordering = ["order", "name"]
        verbose_name = "rol"
        verbose_name_plural = "rollen"

    def __str__(self):
        return self.name


class MunicipalityQuerySet(models.QuerySet):
    def current(self):
        """Municipalities that exist today."""
        return self.filter(successor=None)


class Municipality(index.Indexed, models.Model):
    """A municipality, or one that merged into another: the old name still finds the case.

    Codes and shapes are those of CBS; see portal/content/data/ for the source and its attribution.
    """

    code = models.CharField("CBS-code", max_length=4, unique=True)
    name = models.CharField("naam", max_length=80)
    slug = models.SlugField("deel van het adres", max_length=80, unique=True)
    aliases = models.CharField("andere namen", max_length=255, blank=True)
    province = models.CharField("provincie", max_length=40)
    province_code = models.CharField("CBS-code van de provincie", max_length=4)
    latitude = models.FloatField("breedtegraad", null=True, blank=True)
    longitude = models.FloatField("lengtegraad", null=True, blank=True)
    label_x = models.IntegerField("x op de kaart", null=True, blank=True)
    label_y = models.IntegerField("y op de kaart", null=True, blank=True)
    path = models.TextField("vorm op de kaart", blank=True)
    successor = models.ForeignKey(
        "self",
        verbose_name="opgegaan in",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )
    ended_on = models.DateField("bestond tot", null=True, blank=True)

    objects = MunicipalityQuerySet.as_manager()

    search_fields = [
        index.SearchField("name"),
        index.SearchField("aliases"),
        index.AutocompleteField("name"),
        index.AutocompleteField("aliases"),
    ]

    class Meta:
        ordering = ["name"]
        verbose_name = "gemeente"
        verbose_name_plural = "gemeenten"

    def __str__(self):
        if self.successor_id:
            return f"{self.name} (tot {self.ended_on.year}, nu {self.successor.name})"
        return self.name

    @property
    def all_names(self) -> list[str]:
        """Its names, and those of the municipality it went up in and of those that went up in it."""
        names = [self.name, self.aliases, *(old.name for old in self.predecessors.all())]
        return [*names, *([self.successor.name] if self.successor else [])]

    @cached_property
    def outline_box(self) -> str:
        """The viewBox in which this municipality's own shape stands, square and with a margin; "" without a shape."""
        points = list(_points(self.path))
        if not points:
            return ""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        side = max(max(xs) - min(xs), max(ys) - min(ys)) * 1.2
        left = (max(xs) + min(xs) - side) / 2
        top = (max(ys) + min(ys) - side) / 2
        return f"{left:.0f} {top:.0f} {side:.0f} {side:.0f}"


def _points(path: str):
    """The corners of a path of `M x y l dx dy …z` runs, as the municipality data writes them."""
    for run in filter(None, path.split("M")):
        numbers = [int(n) for n in run.replace("-", " -").replace("l", " ").replace("z", " ").split()]
        x = y = 0
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=False):
            x, y = x + dx, y + dy
            yield x, y


class Organisation(index.Indexed, models.Model):
    """A sender (afzender) of items, or the home of a person."""

    name = models.CharField("naam", max_length=160)
    abbreviation = models.CharField("afkorting", max_length=20, blank=True)
    slug = models.SlugField("deel van het adres", max_length=80, unique=True)
    url = models.URLField("website", blank=True)
    description = models.TextField("omschrijving", blank=True, help_text="In een of twee zinnen.")

    content_folder = "organisations"
    panels = [FieldPanel(name) for name in ("name", "abbreviation", "slug", "url", "description")]
    search_fields = [
        index.SearchField("name"),
        index.SearchField("abbreviation"),
        index.AutocompleteField("name"),
    ]

    class Meta:
        ordering = ["name"]
        verbose_name = "organisatie"
        verbose_name_plural = "organisaties"

    def __str__(self):
        return self.name


class Person(index.Indexed, models.Model):
    """An author, or someone who is interviewed."""

    name = models.CharField("naam", max_length=120)
    slug = models.SlugField("deel van het adres", max_length=80, unique=True)
    job_title = models.CharField("functie", max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisatie", null=True, blank=True, on_delete=models.SET_NULL
    )
    description = models.TextField("over deze persoon", blank=True, help_text="In een of twee zinnen.")
    is_example = models.BooleanField(
        "verzonnen voorbeeld", default=False, help_text="Zet dit aan als deze persoon niet bestaat."
    )

    content_folder = "people"
    panels = [
        FieldPanel(n) for n in ("name", "slug", "job_title", "organisation", "description", "is_example")
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]
        verbose_name = "persoon"
        verbose_name_plural = "personen"

    def __str__(self):
        return self.name
