"""What a reader may mean by name: themes, topics, people, organisations and municipalities; and what editors promote.

Put together once per generation, so that naming them costs a search no query.
"""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from django.urls import reverse
from django.utils.http import urlencode

from portal.chrome import get_chrome
from portal.kept import Kept
from portal.search.analysis import tokens
from portal.search.names import ORGANISATION, PERSON, PROMOTION, get_names
from portal.search.query import Query
from portal.selection.shelf import get_shelf
from portal.selection.vocabulary import get_vocabulary
from portal.text import fold

MOST_HITS = 4
MOST_PEOPLE = 5000  # past this many names a search finds people through their items only


@dataclass(frozen=True)
class Entry:
    """Something with a name and a page or list of its own."""

    label: str
    kind: str
    url: str
    keys: frozenset[str]
    folded: str
    colour: str = ""
    #: Found only when nothing else is asked: its name is an everyday word.
    is_exact: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Promotion:
    """A result that editors put on top for one search."""

    title: str
    url: str
    description: str


@dataclass
class Directory:
    """Every entry, and the promotions by the keys of their search."""

    entries: list[Entry] = field(default_factory=list)
    promotions: dict[frozenset[str], list[Promotion]] = field(default_factory=dict)

    @cached_property
    def longest_first(self) -> list[Entry]:
        """The entries by the number of words in their names."""
        return sorted(self.entries, key=lambda entry: -len(entry.keys))


@lru_cache(maxsize=10_000)
def keys_of(text: str) -> frozenset[str]:
    """The main keys of a name."""
    return frozenset(token.key for token in tokens(text) if token.key)


@lru_cache(maxsize=10_000)
def _entry(label: str, kind: str, url: str, *others: str, **more) -> tuple[Entry, ...]:
    """The entry, once for each name it has; most are the same in each generation."""
    names = [name for name in (label, *others) if keys_of(name)]
    return tuple(Entry(label, kind, url, keys_of(name), fold(name), **more) for name in names)


@lru_cache(maxsize=10_000)
def _listed(key: str, value: str) -> str:
    return f"{reverse('search')}?{urlencode({key: value})}"


def _counts(key: str) -> dict[int, int]:
    """How many items that readers see are filed under each row."""
    return {number: items.bit_count() for number, items in get_shelf().sets[key].items()}


def _subjects() -> list[Entry]:
    found = []
    for theme in get_chrome().themes:
        found += _entry(theme.name, "Thema", theme.address, theme.title, colour=theme.colour, is_exact=True)
    for topic in get_vocabulary().topics:
        theme = get_chrome().theme_of(topic)
        if theme:
            found += _entry(topic.name, "Onderwerp", topic.address, topic.title, colour=theme.colour)
    return found


def _places() -> list[Entry]:
    counts = _counts("gemeente")
    found = []
    for choice in get_vocabulary().choices.get("gemeente", {}).values():
        total = sum(counts.get(pk, 0) for pk in choice.ids)
        if total:
            found += _entry(choice.label, "Gemeente", _listed("gemeente", choice.value), count=total)
    return found


def _people() -> list[Entry]:
    found = []
    for which, kind, key in ((PERSON, "Auteur", "auteur"), (ORGANISATION, "Afzender", "afzender")):
        counts = _counts(key)
        rows = [row for row in get_names()[which] if row[0] in counts][:MOST_PEOPLE]
        for pk, _, _, slug, name, short, *_ in sorted(rows, key=lambda row: row[4]):
            found += _entry(name, kind, _listed(key, slug), short, count=counts[pk])
    return found


def _promotions() -> dict[frozenset[str], list[Promotion]]:
    """By the keys of their search; a page in a private part, or of another site, is left out."""
    found: dict[frozenset[str], list[Promotion]] = {}
    chrome = get_chrome()
    for *_, words, description, url, title, path, url_path in sorted(get_names()[PROMOTION]):
        if path:
            url = chrome.address_of(url_path) if chrome.is_open_path(path) else ""
        if url and (keys := keys_of(words)):
            found.setdefault(keys, []).append(Promotion(title or url, url, description))
    return found


def read_directory() -> Directory:
    return Directory([*_subjects(), *_places(), *_people()], _promotions())


#: The names and promotions of this generation.
get_directory = Kept(read_directory).get


def direct_hits(query: Query) -> list[Entry]:
    """The entries whose whole name was asked, the longest name first; each address once."""
    asked = {key for group in query.groups for way in group.ways for key in way}
    own = {group.ways[0] for group in query.groups if group.ways}
    only = frozenset(key for way in own for key in way)
    found: dict[str, Entry] = {}
    for entry in get_directory().longest_first:
        is_named = entry.keys == only if entry.is_exact else entry.keys <= asked
        if is_named and entry.url not in found:
            found[entry.url] = entry
    return list(found.values())[:MOST_HITS]


def promoted(query: Query) -> list[Promotion]:
    """What editors put on top for exactly these words, in whatever form they were typed."""
    asked = frozenset(key for group in query.groups if group.ways for key in group.ways[0])
    return get_directory().promotions.get(asked, [])


def names_starting(text: str, most: int) -> list[Entry]:
    """Entries of which a word starts with what is being typed, those that start with it themselves first."""
    start = fold(text)
    if not start:
        return []
    first, later = [], []
    for entry in get_directory().entries:
        if entry.folded.startswith(start):
            first.append(entry)
        elif f" {start}" in entry.folded:
            later.append(entry)
    found: dict[str, Entry] = {}
    for entry in [*first, *later]:
        found.setdefault(entry.url, entry)
    return list(found.values())[:most]
