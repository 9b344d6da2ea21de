"""Fills the copies before a reader asks: what matters most at once, the whole sitemap when there is time."""

import time
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse

from portal import generation
from portal.cache.addresses import canonical_query
from portal.cache.copies import Copy
from portal.cache.crew import Task
from portal.cache.documents import is_document, public_documents
from portal.cache.layer import PageCache
from portal.cache.memory import Memory
from portal.cache.moments import last_raised
from portal.cache.store import place_of
from portal.chrome import get_chrome
from portal.sitemaps import PageSitemap

#: Addresses that are no page of the tree.
FILES = ("/sitemap.xml", "/robots.txt")
JUST = timedelta(seconds=30)
LONGEST_RENDER = 30


def _paths_of(pages) -> list[str]:
    sitemap = PageSitemap()
    sitemap.items()
    return [sitemap.location(page) for page in pages]


def first_addresses() -> list[str]:
    """Home, themes, lists, and what was published just now."""
    chrome = get_chrome()
    changed = PageSitemap().items().filter(last_published_at__gte=last_raised() - JUST)
    links = [theme.address for theme in chrome.themes] + [link.url for link in chrome.sections]
    return list(dict.fromkeys(["/", *(urlsplit(url).path for url in links if url), *_paths_of(changed[:50])]))


def all_addresses() -> Iterator[str]:
    """Every page of the sitemap, with the feeds of the lists."""
    yield from first_addresses()
    yield from FILES
    yield reverse("search")
    for link in get_chrome().sections:
        yield f"{urlsplit(link.url).path}feed.atom"
    yield from filter(place_of, (document.url for document in public_documents().iterator(chunk_size=500)))
    yield from _paths_of(PageSitemap().items().iterator(chunk_size=500))


class Warmer:
    """Renders addresses one after the other, for the generation in which it began."""

    def __init__(self, layer: PageCache | None = None):
        self.layer = layer or PageCache(WSGIHandler(), memory=Memory(0))
        self.number = 0
        self._left: Iterator[str] = iter(())

    def warm(self, address: str) -> bool:
        """Whether there is a copy of this address now."""
        path, _, query = address.partition("?")
        key = path + (canonical_query(path, query) or "")
        if self.layer.store.read(key, self.number):
            return True
        task = self.layer.crew.submit(Task(lambda: self.layer.render(key, self.number)))
        return task.wait(LONGEST_RENDER) and isinstance(task.result, Copy)

    def begin(self) -> bool:
        """Start again when there is a new generation; whether there is."""
        if self.number == generation.current():
            return False
        self.number = generation.current()
        self._left = iter(dict.fromkeys(all_addresses()))
        return True

    def work(self, seconds: float = float("inf")) -> tuple[int, int]:
        """Go on for so many seconds, or until a new generation; how many were made and how many could not be."""
        until, made, failed = time.monotonic() + seconds, 0, 0
        while time.monotonic() < until and self.number == generation.current():
            address = next(self._left, None)
            if address is None:
                break
            if self.warm(address):
                made += 1
            else:
                failed += 1
        return made, failed

    def sweep(self):
        """Take away what is of no use any more: earlier generations, and last copies of what is no public page now."""
        public = {*_paths_of(PageSitemap().items().iterator(chunk_size=500)), "/", reverse("search")}
        public |= {document.url for document in public_documents().iterator(chunk_size=500)}
        for key in self.layer.store.lasting_keys():
            path = key.partition("?")[0]
            if path not in public and (is_document(path) or path[: path.rfind("/") + 1] not in public):
                self.layer.store.withdraw(key)
        self.layer.store.remove_old()
