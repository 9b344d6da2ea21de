"""Search in the admin: the synonyms that editors keep."""

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.search.models import Synonym


class SynonymViewSet(SnippetViewSet):
    model = Synonym
    icon = "search"
    menu_label = "Synoniemen"
    menu_order = 310
    add_to_admin_menu = True
    list_display = ["term", "also", "is_mutual"]
    search_fields = ["term", "also"]


register_snippet(SynonymViewSet)
