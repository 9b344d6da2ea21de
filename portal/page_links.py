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
    def get_many(cls, attrs_list):
        ids = [attrs.get("id") for attrs in attrs_list]
        pages = {str(page.pk): page for page in Page.objects.filter(pk__in=ids)}
        return [pages.get(str(pk)) for pk in ids]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list):
        known = {str(pk): address for pk, address in get_chrome().addresses.items()}
        unknown = [attrs for attrs in attrs_list if str(attrs.get("id")) not in known]
        for attrs, page in zip(unknown, cls.get_many(unknown) if unknown else [], strict=True):
            known[str(attrs.get("id"))] = page.url if page else None
        addresses = [known[str(attrs.get("id"))] for attrs in attrs_list]
        return [f'<a href="{escape(address)}">' if address else "<a>" for address in addresses]
