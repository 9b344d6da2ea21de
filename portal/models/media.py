"""Images and documents with what the portal must know of them."""

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from portal.uploads import check_document, count_pages

CONTENT_KEY = {
    "max_length": 120,
    "blank": True,
    "db_index": True,
    "editable": False,
    "help_text": "De naam in een map met content; leeg als het bestand in het beheer is geplaatst.",
}


class PortalImage(AbstractImage):
    """An image with its credit; Wagtail's `description` is the alternative text an editor starts from."""

    credit = models.CharField("maker of bron", max_length=160, blank=True)
    content_key = models.CharField("naam in de content", **CONTENT_KEY)

    admin_form_fields = (*Image.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = "afbeelding"
        verbose_name_plural = "afbeeldingen"


class PortalRendition(AbstractRendition):
    image = models.ForeignKey(PortalImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class PortalDocument(AbstractDocument):
    """A file to download; its number of pages is counted once, when it is saved."""

    content_key = models.CharField("naam in de content", **CONTENT_KEY)
    page_count = models.PositiveIntegerField("aantal pagina's", null=True, blank=True, editable=False)

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"
        verbose_name_plural = "documenten"

    def clean(self):
        super().clean()
        if self.file and not self.file._committed:
            problem = check_document(self.file, self.filename)
            if problem:
                raise ValidationError({"file": problem})

    def save(self, *args, **kwargs):
        if self.file and not self.file._committed:
            self.page_count = count_pages(self.file, self.filename)
            self.file_size = None
            self._set_document_file_metadata()
        super().save(*args, **kwargs)
