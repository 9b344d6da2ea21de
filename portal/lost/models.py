"""The addresses that readers asked for and that lead nowhere."""

from django.db import models


class LostAddress(models.Model):
    """One address, how often it was asked for, and from which page of ours; nothing of who asked."""

    path = models.CharField("adres", max_length=200, unique=True)
    count = models.PositiveIntegerField("hoe vaak", default=0)
    first_seen_at = models.DateTimeField("voor het eerst")
    last_seen_at = models.DateTimeField("voor het laatst", db_index=True)
    referrer = models.CharField("link op", max_length=200, blank=True)

    class Meta:
        verbose_name = "verdwaald adres"
        verbose_name_plural = "verdwaalde adressen"
        ordering = ["-count", "-last_seen_at"]

    def __str__(self):
        return self.path
