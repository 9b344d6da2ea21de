from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "portal.search"
    verbose_name = "zoeken"

    def ready(self):
        from portal.search import labels, signals, upkeep
        from portal.search.log import keep_searches
        from portal.search.match import find
        from portal.search.pdf import read_new_documents
        from portal.search.vocabulary import refresh_when_changed
        from portal.selection.words import register_word_search
        from portal.work.jobs import register

        signals.connect()
        labels.connect()
        register_word_search(find)
        register("searches", keep_searches, every=60)
        register("index", upkeep.keep_index, every=60)
        register("names", labels.index_outdated, every=10)
        register("documents", read_new_documents, every=30)
        register("words", refresh_when_changed, every=300)
