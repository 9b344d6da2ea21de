"""What WAGTAILSEARCH_BACKENDS names: Dutch search on SQLite and PostgreSQL, Wagtail's own on any other database."""

from django.db import connection


def SearchBackend(params):
    """The backend of the default database."""
    if connection.vendor == "sqlite":
        from modelsearch.backends.database.sqlite.utils import fts5_available, fts_table_exists

        if fts5_available() and fts_table_exists():
            from portal.search.sqlite import SearchBackend as Backend

            return Backend(params)
    elif connection.vendor == "postgresql":
        from portal.search.postgres import SearchBackend as Backend

        return Backend(params)
    from modelsearch.backends.database import SearchBackend as Stock

    return Stock(params)
