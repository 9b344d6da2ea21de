"""The blocks every body shares: few, each with a Dutch label, a template in templates/blocks/ and a preview."""

from contextlib import contextmanager
from copy import copy

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.forms.utils import ErrorList
from draftjs_exporter.error import ExporterException
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]
LINE_FEATURES = ["bold", "italic", "link"]


@contextmanager
def as_sent_by_an_editor():
    """Wagtail takes for granted that its own scripts made what a form holds; what they never make is refused (400)."""
    try:
        yield
    except (
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        RecursionError,
        ExporterException,
    ) as error:
        raise SuspiciousOperation(f"A form was not made by the editor: {error!r:.200}") from error


def _require(block, value, errors: dict[str, str]):
    """The value, or every error at its field; a draft may be kept with them."""
    if errors and not block.is_deferred_validation:
        raise StructBlockValidationError(
            block_errors={name: ValidationError(text) for name, text in errors.items()}
        )
    return value


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label="Kop", max_length=160)
    level = blocks.ChoiceBlock(
        label="Niveau", choices=[("h2", "Kop van een deel"), ("h3", "Kop daaronder")], default="h2"
    )

    class Meta:
        label = "Kop"
        icon = "title"
        template = "blocks/heading.html"
        preview_value = {"text": "Wat doet een rekenkamer?", "level": "h2"}


class TextBlock(blocks.RichTextBlock):
    class Meta:
        label = "Tekst"
        icon = "pilcrow"
        template = "blocks/text.html"
        preview_value = "<p>De raad stelt <b>kaders</b> en controleert het college.</p>"


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label="Afbeelding")
    alt = blocks.CharBlock(
        label="Wat is er te zien?",
        required=False,
        max_length=250,
        help_text="Voor wie de afbeelding niet ziet. Beschrijf wat ertoe doet, in een zin.",
    )
    is_decorative = blocks.BooleanBlock(
        label="Alleen versiering",
        required=False,
        help_text="Zet dit aan als de afbeelding niets toevoegt aan de tekst.",
    )
    caption = blocks.CharBlock(label="Bijschrift", required=False, max_length=250)

    class Meta:
        label = "Afbeelding"
        label_format = "{alt}"
        icon = "image"
        template = "blocks/image.html"
        preview_template = "blocks/image_preview.html"

    def clean(self, value):
        value = super().clean(value)
        missing = not value["is_decorative"] and not value["alt"].strip()
        return _require(
            self,
            value,
            {"alt": "Beschrijf wat er te zien is, of zet ‘Alleen versiering’ aan."} if missing else {},
        )


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label="Citaat", help_text="Zonder aanhalingstekens.")
    source = blocks.CharBlock(label="Wie zegt dit?", max_length=160)
    source_role = blocks.CharBlock(label="Functie", required=False, max_length=160)

    class Meta:
        label = "Citaat"
        icon = "openquote"
        template = "blocks/quote.html"
        preview_value = {
            "text": "Een raad die luistert, hoeft minder uit te leggen.",
            "source": "Sanne de Wit",
            "source_role": "columnist (verzonnen)",
        }


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Stap", max_length=160)
    text = blocks.RichTextBlock(label="Uitleg", features=TEXT_FEATURES, required=False)

    class Meta:
        label = "Stap"
        icon = "arrow-right"
        template = "blocks/step.html"
        preview_value = {"title": "Kies een vraag", "text": "<p>Maak haar klein.</p>"}


class StepsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Titel", required=False, max_length=160)
    steps = blocks.ListBlock(StepBlock(), label="Stappen", min_num=1)

    class Meta:
        label = "Stappen"
        icon = "list-ol"
        template = "blocks/steps.html"
        preview_value = {
            "title": "Zo begin je",
            "steps": [{"title": "Kies een vraag", "text": "<p>Maak haar klein.</p>"}],
        }


class FactBlock(blocks.StructBlock):
    label = blocks.CharBlock(label="Wat", max_length=80)
    value = blocks.CharBlock(label="Gegeven", max_length=300)


class FactsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Titel", max_length=160, default="In het kort")
    rows = blocks.ListBlock(FactBlock(label="Regel"), label="Regels", min_num=1)

    class Meta:
        label = "Feiten"
        icon = "table"
        template = "blocks/facts.html"
        preview_value = {"title": "In het kort", "rows": [{"label": "Wie besluit?", "value": "De raad"}]}


class DownloadBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label="Bestand")
    title = blocks.CharBlock(
        label="Titel", required=False, max_length=160, help_text="Leeg: de titel van het bestand."
    )

    class Meta:
        label = "Bestand om te downloaden"
        icon = "download"
        template = "blocks/download.html"
        preview_template = "blocks/download_preview.html"


class VideoBlock(blocks.StructBlock):
    """A link to a video elsewhere: nothing of another site is loaded before a reader chooses to go there."""

    title = blocks.CharBlock(label="Titel", max_length=160)
    url = blocks.URLBlock(label="Adres van de video")
    poster = ImageChooserBlock(label="Stilstaand beeld", required=False)
    duration = blocks.CharBlock(
        label="Duur", required=False, max_length=40, help_text="Bijvoorbeeld: 3 minuten."
    )
    transcript = blocks.RichTextBlock(
        label="Uitgeschreven tekst",
        features=TEXT_FEATURES,
        help_text="Wat er te horen en te zien is, voor wie de video niet kan volgen.",
    )

    class Meta:
        label = "Video (link)"
        icon = "media"
        template = "blocks/video.html"
        preview_value = {
            "title": "Zo werkt een raadsvergadering",
            "url": "https://example.org/video",
            "duration": "3 minuten",
            "transcript": "<p>De voorzitter opent de vergadering.</p>",
        }


class AccordionItemBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Vraag of titel", max_length=160)
    text = blocks.RichTextBlock(label="Tekst", features=TEXT_FEATURES)


class AccordionBlock(blocks.StructBlock):
    items = blocks.ListBlock(AccordionItemBlock(label="Onderdeel"), label="Onderdelen", min_num=1)

    class Meta:
        label = "Uitklaptekst"
        icon = "collapse-down"
        template = "blocks/accordion.html"
        preview_value = {"items": [{"title": "Wie mag meedoen?", "text": "<p>Iedere inwoner.</p>"}]}


class TableBlock(blocks.StructBlock):
    table = TypedTableBlock(
        [("text", blocks.CharBlock(label="Tekst", required=False, max_length=500))], label="Tabel"
    )
    row_headers = blocks.BooleanBlock(
        label="De eerste kolom benoemt de rij", required=False, help_text="Dan staat die kolom vet."
    )

    class Meta:
        label = "Tabel"
        label_format = "{table}"
        icon = "table"
        template = "blocks/table.html"

    def get_preview_value(self):
        return self.to_python(
            {
                "row_headers": True,
                "table": {
                    "caption": "Wie doet wat?",
                    "columns": [{"type": "text", "heading": word} for word in ("Wie", "Taak")],
                    "rows": [
                        {"values": ["De raad", "Stelt kaders en controleert"]},
                        {"values": ["Het college", "Bestuurt van dag tot dag"]},
                    ],
                },
            }
        )

    def clean(self, value):
        value = super().clean(value)
        has_caption = bool((value["table"].caption or "").strip())
        return _require(
            self,
            value,
            {} if has_caption else {"table": "Geef de tabel een opschrift: dat zegt waar zij over gaat."},
        )


class CallToActionBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Titel", max_length=120)
    text = blocks.TextBlock(label="Tekst", required=False)
    label = blocks.CharBlock(label="Tekst op de knop", max_length=60)
    page = blocks.PageChooserBlock(label="Pagina", required=False)
    url = blocks.URLBlock(label="Of een adres elders", required=False)

    class Meta:
        label = "Oproep"
        icon = "pick"
        template = "blocks/call_to_action.html"
        preview_value = {"title": "Doe mee", "label": "Meld je aan", "url": "https://example.org/"}

    def clean(self, value):
        value = super().clean(value)
        if bool(value["page"]) == bool(value["url"]) and not self.is_deferred_validation:
            raise StructBlockValidationError(
                non_block_errors=ErrorList(["Kies een pagina of vul een adres in: een van de twee."])
            )
        return value


class ItemChooserBlock(blocks.PageChooserBlock):
    """Chooses an item, and reads no more of it than a link and the chooser show."""

    def bulk_to_python(self, values):
        found = self.model_class.objects.briefly("live", "draft_title").in_bulk(values)
        return [copy(found[pk]) if pk in found else None for pk in values]

    def deconstruct(self):
        """In a migration it is the block it is made from: what it keeps is the same."""
        return ("wagtail.blocks.PageChooserBlock", *super().deconstruct()[1:])


class RelatedBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Titel", max_length=120, default="Lees ook")
    pages = blocks.ListBlock(
        ItemChooserBlock(target_model="portal.ContentPage", label="Pagina"),
        label="Pagina's",
        min_num=1,
    )

    class Meta:
        label = "Verwante pagina's"
        icon = "link"
        template = "blocks/related.html"
        preview_template = "blocks/related_preview.html"


class BodyBlock(blocks.StreamBlock):
    """What an editor can put in the body of any page."""

    heading = HeadingBlock()
    text = TextBlock(features=TEXT_FEATURES)
    image = ImageBlock()
    quote = QuoteBlock()
    steps = StepsBlock()
    facts = FactsBlock()
    download = DownloadBlock()
    video = VideoBlock()
    accordion = AccordionBlock()
    table = TableBlock()
    call_to_action = CallToActionBlock()
    related = RelatedBlock()

    class Meta:
        required = False

    def value_from_datadict(self, data, files, prefix):
        with as_sent_by_an_editor():
            return super().value_from_datadict(data, files, prefix)
