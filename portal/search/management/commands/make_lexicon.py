"""`manage.py make_lexicon WORDLIST`: which words a compound may be split into, chosen from OpenTaal's list.

A word is a building block when many other words of the list are made of it and another word of the list. It is chosen
by how much it builds, not by any text of this site. Run it when the lists beside the lexicon change; commit the result.
"""

import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.search.forms import PREFIXED, SEPARABLE, fold_word, plain_key, undouble
from portal.search.lexicon import DATA, LINKS, words_of

#: How many words of the list a block must build, as a first or as a last part, for its length.
ENOUGH = {5: 14, 6: 9, 7: 6}
ENOUGH_FOR_LONG = 3
HEADER = """# Words that a Dutch compound may be split into: "word" may stand anywhere, "word-" first, "-word" last.
# Made by `manage.py make_lexicon` from the word list of OpenTaal (BSD or CC BY 3.0; see opentaal.txt).
"""
VERB_HEADER = """# The keys of weak verbs, by which their forms are known.
# Made by `manage.py make_lexicon` from the word list of OpenTaal (BSD or CC BY 3.0; see opentaal.txt).
"""


def read_words(path: Path) -> set[str]:
    """Every ordinary word of the list, folded: no names, no abbreviations, no hyphens."""
    lines = path.read_text(encoding="utf-8").splitlines()
    plain = (line.strip() for line in lines)
    return {fold_word(word) for word in plain if word.islower() and word.isalpha()}


def count_building(words: set[str]) -> tuple[Counter, Counter]:
    """In how many words of the list each word is the first and the last part."""
    first, last = Counter(), Counter()
    for word in words:
        for cut in range(3, len(word) - 3):
            head, tail = word[:cut], word[cut:]
            if tail not in words:
                continue
            for link in LINKS:
                block = head.removesuffix(link) if link else head
                if len(block) >= 3 and len(block) + len(link) == cut and block in words:
                    first[block] += 1
                    last[tail] += 1
    return first, last


def is_enough(word: str, count: int) -> bool:
    return len(word) > 4 and count >= ENOUGH.get(len(word), ENOUGH_FOR_LONG)


def _stems_of_participle(key: str) -> set[str]:
    return {key, undouble(key[:-1])} if key[-1:] in ("d", "t") else set()


def find_verbs(words: set[str], keys: set[str]) -> set[str]:
    """The keys of weak verbs: infinitives of which the list has the participle too."""
    stems = set()
    for key in keys:
        for before in ("", *SEPARABLE):
            if key.startswith(f"{before}ge"):
                stems |= {before + stem for stem in _stems_of_participle(key[len(before) + 2 :])}
        if key.startswith(PREFIXED):
            stems |= _stems_of_participle(key) - {key}
    infinitives = {plain_key(word) for word in words if word.endswith("en")}
    verbs = {stem for stem in stems & infinitives if len(stem) > 2}
    past_tenses = {key for key in verbs if key[-1] in "dt" and undouble(key[:-1]) in verbs}
    return verbs - past_tenses


class Command(BaseCommand):
    help = "Kies uit de woordenlijst van OpenTaal de bouwstenen van samenstellingen."

    def add_arguments(self, parser):
        parser.add_argument(
            "wordlist", type=Path, help="Debian: /usr/share/dict/dutch uit het pakket wdutch."
        )

    def handle(self, *args, wordlist, **options):
        if not wordlist.is_file():
            raise CommandError(
                f"{wordlist} bestaat niet. Installeer wdutch, of geef het pad van de woordenlijst."
            )
        words = read_words(wordlist)
        by_key = defaultdict(set)
        for word in words:
            by_key[plain_key(word)].add(word)
        first, last = count_building(words)
        own = words_of("short.txt") | words_of("domain.txt")
        heads = {word for word in words if is_enough(word, first[word])} | own
        tails = {word for word in words if is_enough(word, last[word])} | own
        tails |= {
            form for word in tails for form in by_key[plain_key(word)] if len(form) > 4 and form[0] == word[0]
        }
        heads -= words_of("nohead.txt")
        tails -= words_of("notail.txt")
        verbs = sorted(find_verbs(words, set(by_key)))
        (DATA / "verbs.txt").write_text(VERB_HEADER + "\n".join(verbs) + "\n", encoding="utf-8")
        lines = [
            word if word in heads and word in tails else f"{word}-" if word in heads else f"-{word}"
            for word in sorted(heads | tails)
        ]
        text = HEADER + "\n".join(lines) + "\n"
        (DATA / "lexicon.txt").write_text(unicodedata.normalize("NFC", text), encoding="utf-8")
        self.stdout.write(f"{len(lines)} bouwstenen en {len(verbs)} werkwoorden geschreven in {DATA}.")
