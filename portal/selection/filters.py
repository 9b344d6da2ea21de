"""What a reader asks of a list, as it stands in an address: read from it, and written to it in one canonical order."""

import re
import unicodedata
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404

from portal.text import clean_line

#: The keys of which a reader may choose several values, in the order of the canonical address.
VALUE_KEYS = ("thema", "onderwerp", "soort", "rol", "gemeente", "auteur", "afzender", "jaar")
SORTS = ("relevantie", "nieuw", "titel")
MOST_VALUES = 20
LONGEST_VALUE = 100
LONGEST_WORDS = 300
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
#: Control, formatting (such as text that runs the other way), lone halves and what is no character at all.
_UNPRINTABLE = ("Cc", "Cf", "Cs", "Co", "Cn")


def _clean(text: str, length: int) -> str:
    """The text on one line, without what cannot be printed, at most `length` characters."""
    spaced = clean_line(text[: length * 4])
    printable = "".join(c for c in spaced if unicodedata.category(c) not in _UNPRINTABLE)
    return clean_line(clean_line(printable)[:length])


def _read_values(texts: list[str]) -> tuple[str, ...]:
    values = []
    for text in texts[: 10 * MOST_VALUES]:
        value = _clean(_clean(text, LONGEST_VALUE).lower(), LONGEST_VALUE)
        if value and value not in values:
            values.append(value)
        if len(values) == MOST_VALUES:
            break
    return tuple(sorted(values))


def _read_page(text: str | None) -> int:
    if text is None:
        return 1
    if not _PAGE_NUMBER.fullmatch(text):
        raise Http404("Deze pagina van de lijst bestaat niet.")
    return int(text)


@dataclass(frozen=True)
class Filters:
    """Words, chosen values, order and page. Values repeat: OR within a key, AND between keys."""

    q: str = ""
    thema: tuple[str, ...] = ()
    onderwerp: tuple[str, ...] = ()
    soort: tuple[str, ...] = ()
    rol: tuple[str, ...] = ()
    gemeente: tuple[str, ...] = ()
    auteur: tuple[str, ...] = ()
    afzender: tuple[str, ...] = ()
    jaar: tuple[str, ...] = ()
    periode: str = ""
    sorteer: str = ""
    pagina: int = 1

    @classmethod
    def parse(cls, data, periods: tuple[str, ...] = (), sorts: tuple[str, ...] = SORTS) -> "Filters":
        """Read a QueryDict. Whatever is not of the grammar is ignored; a page number that cannot be is a 404.

        `periods` and `sorts` are the values of `periode` and `sorteer` that this list knows.
        """
        words = _clean(data.get("q", ""), LONGEST_WORDS)
        default = "relevantie" if words else "nieuw"
        sort = data.get("sorteer", "")
        if sort not in sorts or sort == default or (sort == "relevantie" and not words):
            sort = ""
        period = data.get("periode", "")
        return cls(
            q=words,
            **{key: _read_values(data.getlist(key)) for key in VALUE_KEYS},
            periode=period if period in periods else "",
            sorteer=sort,
            pagina=_read_page(data.get("pagina")),
        )

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The keys with a chosen value, in canonical order."""
        return {key: values for key in VALUE_KEYS if (values := getattr(self, key))}

    @property
    def value_count(self) -> int:
        """How many values are chosen, words not counted."""
        return sum(len(values) for values in self.chosen.values())

    @property
    def sort(self) -> str:
        """The order in force: the chosen one, else by relevance for words and newest first without."""
        return self.sorteer or ("relevantie" if self.q else "nieuw")

    @property
    def is_plain(self) -> bool:
        return self == Filters()

    def pairs(self) -> list[tuple[str, str]]:
        """Name and value of everything that differs from the plain list, in canonical order."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(key, value) for key, values in self.chosen.items() for value in values]
        pairs += [(key, getattr(self, key)) for key in ("periode", "sorteer") if getattr(self, key)]
        if self.pagina > 1:
            pairs.append(("pagina", str(self.pagina)))
        return pairs

    @property
    def query(self) -> str:
        """The canonical query string, with its question mark; "" for the plain list."""
        pairs = self.pairs()
        return f"?{urlencode(pairs)}" if pairs else ""

    def change(self, **changes) -> "Filters":
        """The same with something else, on the first page; an order that has lost its meaning goes."""
        changed = replace(self, **{"pagina": 1, **changes})
        default = "relevantie" if changed.q else "nieuw"
        if changed.sorteer == default or (changed.sorteer == "relevantie" and not changed.q):
            changed = replace(changed, sorteer="")
        return changed

    def with_value(self, key: str, value: str) -> "Filters":
        return self.change(**{key: tuple(sorted({*getattr(self, key), value}))})

    def without_value(self, key: str, value: str) -> "Filters":
        return self.change(**{key: tuple(v for v in getattr(self, key) if v != value)})

    def without_key(self, key: str) -> "Filters":
        return self.change(**{key: "" if key == "q" else ()})

    def cleared(self, keeps_words: bool = False) -> "Filters":
        """Without values, and without words unless those are kept; the period of an agenda stays."""
        return Filters(q=self.q if keeps_words else "", periode=self.periode)
