"""What an old site called its items, and what each is here: the table of DESIGN, in one place."""

from dataclasses import dataclass

from portal.models import Kind
from portal.text import fold


@dataclass(frozen=True)
class OldKind:
    """A type of page here, with the kind or the form that goes with it."""

    type_name: str
    kind: str = ""
    form: str = ""


OLD_KINDS = {
    "publicatie": OldKind("publication", Kind.PUBLICATION),
    "handreiking": OldKind("publication", Kind.PUBLICATION, "handreiking"),
    "essay": OldKind("publication", Kind.PUBLICATION, "essay"),
    "factsheet": OldKind("publication", Kind.PUBLICATION, "factsheet"),
    "boek": OldKind("publication", Kind.PUBLICATION, "boek"),
    "magazine": OldKind("publication", Kind.PUBLICATION, "magazine"),
    "rapport": OldKind("publication", Kind.PUBLICATION, "rapport"),
    "instrument": OldKind("instrument", Kind.INSTRUMENT),
    "opleiding": OldKind("instrument", Kind.INSTRUMENT),
    "praktijkvoorbeeld": OldKind("experience", Kind.EXPERIENCE),
    "nieuws": OldKind("news", Kind.NEWS),
    "column": OldKind("news", Kind.COLUMN),
    "interview": OldKind("news", Kind.INTERVIEW),
    "verslag": OldKind("news", Kind.REPORT),
    "evenement": OldKind("event", Kind.EVENT),
    "bijeenkomst": OldKind("event", Kind.EVENT),
    "programma": OldKind("article", Kind.ARTICLE),
    "verdieping": OldKind("article", Kind.ARTICLE),
    "over-pagina": OldKind("standard"),
}
#: What a publication without a form of its own is, by a word of its title.
FORM_WORDS = {
    "boekje": "boek",
    **{form: form for form in ("boek", "magazine", "handreiking", "essay", "factsheet")},
}


def old_kind(word: str) -> OldKind | None:
    """The type of page for the old site's word, in any case and with a space or a hyphen; None when unknown."""
    return OLD_KINDS.get("-".join(fold(word).replace("-", " ").split()))


def form_of(kind: OldKind, title: str) -> str:
    """The form of a publication: its own, else what its title says; "" where nobody knows."""
    if kind.form:
        return kind.form
    first = next(iter(fold(title).split()), "")
    return FORM_WORDS.get(first, "")
