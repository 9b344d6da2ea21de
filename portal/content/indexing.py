"""Bringing the search index up to date after rows were written in bulk, without a signal for each."""

from wagtail.search.backends import get_search_backends

CHUNK = 500


def index_in_bulk(model, instances):
    """Add or refresh these instances in every search backend, `CHUNK` at a time."""
    instances = list(instances)
    for backend in get_search_backends(with_auto_update=True):
        for start in range(0, len(instances), CHUNK):
            backend.add_bulk(model, instances[start : start + CHUNK])
