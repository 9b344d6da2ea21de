"""The portal's identity, kept by the editors."""

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="home")
class PortalSettings(BaseSiteSetting):
    name = models.CharField("naam van de site", max_length=80, default="Lokale Democratie")
    tagline = models.CharField("ondertitel", max_length=160, blank=True)
    description = models.TextField(
        "omschrijving",
        blank=True,
        help_text="Voor zoekmachines, als een pagina zelf geen omschrijving heeft.",
    )
    publisher = models.CharField("uitgever", max_length=160, blank=True)
    publisher_uri = models.URLField(
        "adres van de uitgever in TOOI",
        blank=True,
        help_text="Het vaste adres van de organisatie in het register van overheidsorganisaties.",
    )
    contact_email = models.EmailField("e-mailadres voor vragen", blank=True)
    footer_text = models.TextField("tekst onderaan elke pagina", blank=True)
    share_image = models.ForeignKey(
        "portal.PortalImage",
        verbose_name="afbeelding bij gedeelde links",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("tagline"), FieldPanel("description")], heading="Site"
        ),
        MultiFieldPanel(
            [FieldPanel("publisher"), FieldPanel("publisher_uri"), FieldPanel("contact_email")],
            heading="Uitgever",
        ),
        FieldPanel("footer_text"),
        FieldPanel("share_image"),
    ]

    class Meta:
        verbose_name = "instellingen van de site"
