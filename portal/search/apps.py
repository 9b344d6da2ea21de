from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "portal.search"
    verbose_name = "zoeken"

    def ready(self):
        from portal.search.match import find
        from portal.selection.words import register_word_search

        register_word_search(find)
