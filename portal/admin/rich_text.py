"""The field for formatted text outside a body."""

from wagtail.admin.rich_text import DraftailRichTextArea

from portal.blocks import as_sent_by_an_editor


class RichTextArea(DraftailRichTextArea):
    def value_from_datadict(self, data, files, name):
        with as_sent_by_an_editor():
            return super().value_from_datadict(data, files, name)
