"""One Dutch sentence that names a selection: "34 praktijkvoorbeelden over Participatie voor griffiers"."""

from portal.models import Kind
from portal.selection.vocabulary import Choice

#: What is counted where a list holds more than one kind: one and several.
ANYTHING = ("resultaat", "resultaten")
SINGULAR = {
    Kind.ARTICLE: "verdiepend artikel",
    Kind.PUBLICATION: "publicatie",
    Kind.INSTRUMENT: "instrument",
    Kind.EXPERIENCE: "praktijkvoorbeeld",
    Kind.NEWS: "nieuwsbericht",
    Kind.COLUMN: "column",
    Kind.INTERVIEW: "interview",
    Kind.REPORT: "verslag",
    Kind.EVENT: "bijeenkomst",
}
#: The word before the values of each key, in the order of the sentence.
LINKS = {
    "thema": "over",
    "onderwerp": "over",
    "rol": "voor",
    "gemeente": "in",
    "auteur": "van",
    "afzender": "van",
    "jaar": "uit",
}


def alternatives(words: list[str]) -> str:
    """The words as a choice: "a", "a of b", "a, b of c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} of {words[-1]}"


def kind_nouns(chosen: list[Choice]) -> tuple[str, str]:
    """One and several of the chosen kinds."""
    one = [SINGULAR[Kind(choice.value)] if choice.is_known else choice.label for choice in chosen]
    return alternatives(one), alternatives([choice.words for choice in chosen])


def grouped(number: int) -> str:
    """The number with dots between the thousands, as Dutch writes it."""
    return f"{number:,}".replace(",", ".")


def tail(words: str, noun: tuple[str, str], groups: list[dict[str, list[Choice]]]) -> str:
    """What comes behind the noun: the words, then every key with its values; "" for a plain list.

    `groups` are what the list is fixed to and what the reader chose: both must hold, so both are said.
    """
    parts = []
    if words:
        parts.append(f"{'voor' if noun == ANYTHING else 'met'} ‘{words}’")
    last = ""
    for key, link in LINKS.items():
        for group in groups:
            if group.get(key):
                joint = f"en {link}" if link == last else link
                parts.append(f"{joint} {alternatives([choice.words for choice in group[key]])}")
                last = link
    return " ".join(parts)


def name(total: int, noun: tuple[str, str], rest: str) -> str:
    """The selection with its count: "34 instrumenten …", "1 instrument …", "Geen instrumenten …"."""
    count = grouped(total) if total else "Geen"
    return f"{count} {noun[0] if total == 1 else noun[1]} {rest}".rstrip()


def title(noun: tuple[str, str], rest: str, words: str) -> str:
    """The selection without its count, as a heading: "Praktijkvoorbeelden over Participatie"."""
    text = f"Alles {rest}" if noun == ANYTHING and not words else f"{noun[1]} {rest}"
    return text[:1].upper() + text[1:].rstrip()
