"""Where an imported page stands: below the list of its type at a free address, or where it already is."""

from collections import defaultdict
from dataclasses import dataclass

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from portal.content.mistakes import Wrong
from portal.content.present import Present
from portal.content.schema import type_name
from portal.content.tidy import slug_of, title_key
from portal.models import ContentPage


@dataclass(frozen=True)
class Known:
    """A page that the site already has."""

    address: str
    pk: int
    published_on: object = None


class Places:
    """Gives pages their address; a page that is already there keeps the one it has."""

    def __init__(self, present: Present):
        self.present = present
        self.taken = set(present.pages)
        self.live: set[str] = set()
        self.claimed: set[int] = set()
        self.parents: dict[type, str] = {}
        self.by_title: dict[tuple, list[Known]] = defaultdict(list)
        self.by_key: dict[str, list[str]] = defaultdict(list)
        self.addresses = {pk: address for address, (pk, _) in present.pages.items()}
        self._read_titles()
        self.redirects = {
            old: self.addresses[pk]
            for old, pk in Redirect.objects.exclude(redirect_page=None).values_list(
                "old_path", "redirect_page_id"
            )
            if pk in self.addresses
        }

    def _read_titles(self):
        items = ContentPage.objects.values_list("pk", "title", "kind", "published_on")
        kinds = {pk: (kind, date) for pk, _, kind, date in items}
        pages = Page.objects.order_by("pk").values_list("pk", "title", "live")
        for pk, title, live in pages:
            if pk not in self.addresses:
                continue
            address = self.addresses[pk]
            if live:
                self.live.add(address)
            kind, date = kinds.get(pk, ("", None))
            model = self.present.pages[address][1]
            self.by_title[model, kind, title_key(title)].append(Known(address, pk, date))
            self.by_key[title_key(title)].append(address)

    def known(self, model: type, kind: str, title: str, date, old_path: str, *, is_alone: bool) -> str:
        """The address of the page that this item already is, or "". Each page is given once.

        It is found by its old address, else by its title: that of the same date first, and one of another date only
        when `is_alone`, the one item of that title.
        """
        there = self.redirects.get(old_path, "")
        candidates = self.by_title.get((model, kind, title_key(title)), [])
        found = [one for one in candidates if one.address == there]
        found += [one for one in candidates if one.published_on == date]
        found += candidates[:1] if is_alone and len(candidates) == 1 else []
        if there and issubclass(self.present.pages[there][1], model):
            found.append(Known(there, self.present.pages[there][0]))
        for one in found:
            if one.pk not in self.claimed:
                self.claimed.add(one.pk)
                return one.address
        return ""

    def new(self, model: type, title: str, fallback: str) -> str:
        """A free address for a new page. Raises Wrong when the site has no list to put it under."""
        parent = self.parent_of(model)
        slug = slug_of(title) or fallback
        address, number = f"{parent}{slug}/", 1
        while address in self.taken:
            number += 1
            address = f"{parent}{slug}-{number}/"
        self.taken.add(address)
        return address

    def parent_of(self, model: type) -> str:
        if model not in self.parents:
            allowed = model.allowed_parent_page_models()
            found = [address for address, (_, kind) in self.present.pages.items() if kind in allowed]
            if not found:
                raise Wrong(
                    f"the site has no page to put a page of type {type_name(model)} under: run setup_site first",
                    0,
                )
            self.parents[model] = min(found, key=lambda address: (address.count("/"), address))
        return self.parents[model]
