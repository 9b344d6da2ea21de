from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "portal.search"
    verbose_name = "zoeken"

    def ready(self):
        from portal.search import signals
        from portal.search.log import keep_searches
        from portal.search.match import find
        from portal.search.vocabulary import refresh_when_changed
        from portal.selection.words import register_word_search
        from portal.work.jobs import register

        signals.connect()
        register_word_search(find)
        register("searches", keep_searches, every=60)
        register("words", refresh_when_changed, every=300)
