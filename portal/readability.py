"""How easy a Dutch text reads: the Flesch-Douma score of plain lines, and the lines of a page.

The higher, the easier: 60 and more is plain language, below 30 is very hard. It counts, it does not understand: use it
to find the article that needs another look, never as proof that a text is B1.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
SENTENCE_END = re.compile(r"[.!?…]+[\"'’”)]*(?=\s|$)")
#: What sounds as one vowel, the longest first; a vowel with a diaeresis always begins a syllable of its own.
VOWELS = re.compile(
    r"aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ou|au|ei|ij|y(?![aeiou])|[aeiouàáâäèéêëìíîïòóôöùúûü]"
)
#: Parts of a page that hold sentences, and parts that are looked at rather than read.
SENTENCE_TAGS = {"p", "li", "h2", "h3", "h4", "blockquote", "dd", "summary"}
SKIPPED_TAGS = {"table", "figure", "svg", "script", "style", "nav", "form"}


@dataclass(frozen=True)
class Readability:
    """The counts of a text, and the score that follows from them."""

    words: int
    sentences: int
    syllables: int

    @property
    def words_per_sentence(self) -> float:
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def score(self) -> float:
        """Flesch-Douma: 206.84 - 0.77 x syllables per 100 words - 0.93 x words per sentence; 0 without words."""
        if not self.words:
            return 0.0
        return 206.84 - 77 * self.syllables / self.words - 0.93 * self.words_per_sentence


def syllables_in(word: str) -> int:
    """How many syllables a Dutch word has; a number or an abbreviation without vowels is one."""
    return max(1, len(VOWELS.findall(word.lower())))


def measure(lines: list[str]) -> Readability:
    """Count lines of plain text; the end of a line ends its sentence."""
    words = sentences = syllables = 0
    for line in lines:
        for sentence in SENTENCE_END.split(line):
            found = WORD.findall(sentence)
            if found:
                sentences += 1
                words += len(found)
                syllables += sum(map(syllables_in, found))
    return Readability(words, sentences, syllables)


class _Lines(HTMLParser):
    """The text of HTML, a line for each paragraph, heading and item."""

    def __init__(self):
        super().__init__()
        self.lines, self.skipped = [""], []

    def handle_starttag(self, tag, attrs):
        if tag in SKIPPED_TAGS:
            self.skipped.append(tag)
        elif tag in SENTENCE_TAGS:
            self.lines.append("")

    def handle_endtag(self, tag):
        if self.skipped and tag == self.skipped[-1]:
            self.skipped.pop()
        elif tag in SENTENCE_TAGS:
            self.lines.append("")

    def handle_data(self, data):
        if not self.skipped:
            self.lines[-1] += data


def lines_of(html: str) -> list[str]:
    """What of this HTML is read as sentences."""
    parser = _Lines()
    parser.feed(html)
    return [line for text in parser.lines if (line := " ".join(text.split()))]


def readability_of(page) -> Readability:
    """The readability of a page: its summary and its body, as readers get them."""
    body = page.body.render_as_block() if page.body else ""
    return measure([page.summary, *lines_of(body)])
