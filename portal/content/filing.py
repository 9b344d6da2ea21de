"""Where an old site's words for themes, topics and roles belong here, however they were written."""

import re
from dataclasses import dataclass, field

from portal.content.mistakes import Wrong
from portal.content.tidy import tidy_line, title_key
from portal.models import ContentPage, Role

PREFIX = re.compile(r"^aan de slag met ")
LITTLE_WORDS = {"en", "and"}
BETWEEN = re.compile(r"[;|\n]")
BETWEEN_TOO = re.compile(r"[;|\n,/]")


def word_key(text: str) -> str:
    """What the name, the title and the slug of one theme share."""
    bare = PREFIX.sub("", " ".join(re.findall(r"\w+", tidy_line(text).lower())))
    return " ".join(word for word in title_key(bare).split() if word not in LITTLE_WORDS)


@dataclass
class Filed:
    """Slugs of the themes, topics and roles that an item belongs to."""

    themes: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)

    def add(self, other: "Filed"):
        for name in ("themes", "topics", "roles"):
            mine = getattr(self, name)
            mine += [slug for slug in getattr(other, name) if slug not in mine]


class Filing:
    """The themes, topics and roles of this site by every way to write them; a topic brings its theme."""

    def __init__(self):
        theme_model = ContentPage.themes.field.related_model
        topic_model = ContentPage.topics.field.related_model
        themes = list(theme_model.objects.values_list("slug", "name", "title", "path"))
        topics = list(topic_model.objects.values_list("slug", "name", "title", "path"))
        self.theme_names = [name for _, name, _, _ in themes]
        self.known: dict[str, Filed] = {}
        for slug, name, plural in Role.objects.values_list("slug", "name", "plural"):
            self._learn(Filed(roles=[slug]), slug, name, plural)
        for slug, name, title, path in topics:
            above = [theme for theme, _, _, theme_path in themes if path.startswith(theme_path)]
            self._learn(Filed(themes=above, topics=[slug]), slug, name, title)
        for slug, name, title, _ in themes:
            self._learn(Filed(themes=[slug]), slug, name, title)

    def _learn(self, filed: Filed, *texts: str):
        self.known.update({word_key(text): filed for text in texts if word_key(text)})

    def find(self, text: str) -> Filed | None:
        """What one word or name stands for; None when nothing here is called so."""
        return self.known.get(word_key(text))

    def read(self, cell: str, line: int) -> Filed:
        """Everything a cell names, one or several. Raises Wrong for a name that nothing here has."""
        filed = Filed()
        for part in self._parts(cell):
            found = self.find(part)
            if found is None:
                names = ", ".join(self.theme_names)
                raise Wrong(f"there is no theme {tidy_line(part)!r}; the themes are {names}", line)
            filed.add(found)
        return filed

    def _parts(self, cell: str) -> list[str]:
        """The names in a cell: whole if that is known, because a name may hold a comma itself."""
        for between in (None, BETWEEN, BETWEEN_TOO):
            parts = [part for part in (between.split(cell) if between else [cell]) if word_key(part)]
            if all(self.find(part) for part in parts):
                break
        return parts
