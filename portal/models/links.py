"""The ordered links of an item: authors, senders, municipalities, downloads and the editor's choice of related items.

They are rows of their own, not many-to-many fields, so that an editor picks them in a chooser and Wagtail's reference
index sees them.
"""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable


class ContentAuthor(Orderable):
    page = ParentalKey("portal.ContentPage", on_delete=models.CASCADE, related_name="author_links")
    person = models.ForeignKey(
        "portal.Person", verbose_name="persoon", on_delete=models.CASCADE, related_name="content_links"
    )

    class Meta(Orderable.Meta):
        verbose_name = "auteur"
        verbose_name_plural = "auteurs"


class ContentSender(Orderable):
    page = ParentalKey("portal.ContentPage", on_delete=models.CASCADE, related_name="sender_links")
    organisation = models.ForeignKey(
        "portal.Organisation",
        verbose_name="organisatie",
        on_delete=models.CASCADE,
        related_name="content_links",
    )

    class Meta(Orderable.Meta):
        verbose_name = "afzender"
        verbose_name_plural = "afzenders"


class ContentMunicipality(Orderable):
    page = ParentalKey("portal.ContentPage", on_delete=models.CASCADE, related_name="municipality_links")
    municipality = models.ForeignKey(
        "portal.Municipality", verbose_name="gemeente", on_delete=models.PROTECT, related_name="content_links"
    )

    class Meta(Orderable.Meta):
        verbose_name = "gemeente"
        verbose_name_plural = "gemeenten"


class ContentDownload(Orderable):
    page = ParentalKey("portal.ContentPage", on_delete=models.CASCADE, related_name="download_links")
    document = models.ForeignKey(
        "portal.PortalDocument",
        verbose_name="bestand",
        on_delete=models.CASCADE,
        related_name="content_links",
    )

    class Meta(Orderable.Meta):
        verbose_name = "download"
        verbose_name_plural = "downloads"


class RelatedItem(Orderable):
    page = ParentalKey("portal.ContentPage", on_delete=models.CASCADE, related_name="related_links")
    related_page = models.ForeignKey(
        "portal.ContentPage", verbose_name="pagina", on_delete=models.CASCADE, related_name="+"
    )

    class Meta(Orderable.Meta):
        verbose_name = "verwante pagina"
        verbose_name_plural = "verwante pagina's"
