"""Redirects from a file as Dutch Excel writes it: with semicolons, and a mark of its encoding in front."""

from wagtail.contrib.redirects import base_formats

DELIMITERS = ";,\t"


class CSV(base_formats.CSV):
    """Its name is the extension that it reads."""

    def create_dataset(self, data, delimiter=""):
        data = data.lstrip("\ufeff")
        headers = data.partition("\n")[0]
        return super().create_dataset(data, delimiter or max(DELIMITERS, key=headers.count))


def connect():
    """Called once, when the app is ready: Wagtail has no setting for the formats that it reads."""
    formats = base_formats.DEFAULT_FORMATS
    if base_formats.CSV in formats:
        formats[formats.index(base_formats.CSV)] = CSV
