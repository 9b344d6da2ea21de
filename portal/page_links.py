"""Links to pages in running text."""

from django.utils.html import escape
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from portal.chrome import get_chrome


class PageAddressHandler(PageLinkHandler):
    """Writes the address of each page: known for sections and themes, else one query for a whole text.

    Wagtail's own reads every page as its own type, two queries or more for a text.
    """

    @classmethod
    def expand_db_attributes_many(cls, attrs_list):
        known = {str(pk): address for pk, address in get_chrome().addresses.items()}
        known |= cls._addresses({attrs.get("id") for attrs in attrs_list} - known.keys())
        addresses = [known.get(str(attrs.get("id"))) for attrs in attrs_list]
        return [f'<a href="{escape(address)}">' if address else "<a>" for address in addresses]

    @staticmethod
    def _addresses(ids: set) -> dict[str, str]:
        """The addresses of pages below home; what lies elsewhere has none."""
        chrome = get_chrome()
        ids = [pk for pk in ids if str(pk).isdecimal()]
        if not ids:
            return {}
        found = Page.objects.filter(pk__in=ids).values_list("pk", "url_path")
        return {str(pk): chrome.address_of(path) for pk, path in found}
