"""What a reader can choose from: themes, topics, kinds, roles and municipalities, with their names and numbers.

Read once with the frame of the site and kept until more than items changed, so that reading an address and naming a
list cost no query. People and organisations may be many: only those that an address names are looked up.
"""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import escape
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import F, Value

from portal.chrome import get_chrome
from portal.kept import Kept, as_it_was
from portal.models import ContentPage, Kind, Municipality, Organisation, Person, Role
from portal.models.content import THEME_LENGTH
from portal.text import cut, fold


@dataclass(frozen=True)
class Choice:
    """One value of a filter: how it is written in an address, its name, and the rows it stands for."""

    value: str
    label: str
    ids: tuple = ()
    phrase: str = ""
    theme: object = None
    is_known: bool = True
    #: A municipality that merged into another.
    is_ended: bool = False
    #: Who or what it is, in a sentence or two, for above its list; "" where the name says enough.
    note: str = ""

    @cached_property
    def menu_option(self) -> str:
        """The beginning of its `<option>`, without a count; municipalities are the same few hundred on every list."""
        return f'<option value="{escape(self.value)}">{escape(self.label)}'

    @property
    def words(self) -> str:
        """The choice as a sentence about a list uses it."""
        return self.phrase or self.label


def unknown(value: str) -> Choice:
    """A value that stands for nothing on this site."""
    return Choice(value, f"‘{value}’", is_known=False)


class Topic(NamedTuple):
    """What a search and the page of its theme ask of a topic."""

    pk: int
    name: str
    title: str
    path: str
    address: str
    introduction: str

    @property
    def short_introduction(self) -> str:
        """What a list of topics says of it."""
        return cut(self.introduction, THEME_LENGTH)


@dataclass
class Vocabulary:
    """The choices of each key, in the order in which readers see them."""

    choices: dict[str, dict[str, Choice]] = field(default_factory=dict)
    #: For each key: the number of a row to the choice that counts it.
    by_id: dict[str, dict[object, Choice]] = field(default_factory=dict)
    #: Municipalities whose successor merged again: number to the number of today's municipality.
    chained: dict[int, int] = field(default_factory=dict)
    #: The topics that readers may see, in the order of the tree.
    topics: list[Topic] = field(default_factory=list)

    def add(self, key: str, choice: Choice, number):
        self.choices.setdefault(key, {})[choice.value] = choice
        self.by_id.setdefault(key, {})[number] = choice


TOPIC, ROLE, MUNICIPALITY = range(3)


def _topic_model():
    return ContentPage.topics.field.related_model


@lru_cache(maxsize=8)
def _names_query(topic_type: int) -> tuple[str, tuple]:
    """The query for topics, roles and municipalities, written once: which of them, a number, and texts.

    Topics by their type too: SQLite would go through every page.
    """
    zero, nothing = Value(0), Value("")
    topics = _topic_model().objects.live().filter(content_type=topic_type)
    topics = topics.values_list(
        Value(TOPIC), "pk", "slug", "name", zero, "path", "url_path", "title", "introduction"
    )
    roles = Role.objects.values_list(
        Value(ROLE), "pk", "slug", "name", F("order"), F("plural"), nothing, nothing, nothing
    )
    municipalities = Municipality.objects.values_list(
        Value(MUNICIPALITY), "pk", "slug", "name", F("successor_id"), nothing, nothing, nothing, nothing
    )
    first, *others = [part.order_by() for part in (topics, roles, municipalities)]
    return first.union(*others, all=True).query.sql_with_params()


def _read_names() -> list[list[tuple]]:
    """What there is of topics, roles and municipalities, without the first column that says which they are."""
    found: list[list[tuple]] = [[], [], []]
    with connection.cursor() as cursor:
        cursor.execute(*_names_query(ContentType.objects.get_for_model(_topic_model()).pk))
        for which, *row in cursor:
            found[which].append(tuple(row))
    return found


def _add_subjects(vocabulary: Vocabulary, rows: list[tuple]):
    chrome = get_chrome()
    for theme in chrome.themes:
        vocabulary.add("thema", Choice(theme.slug, theme.name, (theme.pk,), theme=theme), theme.pk)
    for pk, slug, name, _, path, url_path, title, introduction in sorted(rows, key=lambda row: row[4]):
        topic = Topic(pk, name, title, path, chrome.address_of(url_path), introduction)
        if not chrome.is_open(topic):
            continue
        theme, value = chrome.theme_of(topic), slug
        if value in vocabulary.choices.get("onderwerp", {}):
            value = f"{theme.slug if theme else pk}.{slug}"  # two themes with a topic of one name
        vocabulary.add("onderwerp", Choice(value, name, (pk,), theme=theme), pk)
        vocabulary.topics.append(topic)


@lru_cache(maxsize=1)
def _municipalities(rows: tuple[tuple, ...]) -> tuple[list[tuple[int, Choice]], dict[int, int]]:
    """The choices of these municipalities, and those that are chained: the same until a municipality changes."""
    successor = {pk: successor_id for pk, _, _, successor_id, *_ in rows}
    names = {pk: name for pk, _, name, *_ in rows}

    def today(pk: int) -> int:
        seen = set()
        while successor.get(pk) and pk not in seen:
            seen.add(pk)
            pk = successor[pk]
        return pk

    family: dict[int, list[int]] = {}
    chained, choices = {}, []
    for pk in successor:
        family.setdefault(today(pk), []).append(pk)
        if successor[pk] and today(pk) != successor[pk]:
            chained[pk] = today(pk)
    for pk, slug, name, successor_id, *_ in sorted(rows, key=lambda row: (fold(row[2]), row[2])):
        ids = (pk, today(pk)) if successor_id else tuple(family.get(pk, [pk]))
        note = f"{name} hoort nu bij de gemeente {names[today(pk)]}." if successor_id else ""
        choices.append((pk, Choice(slug, name, ids, is_ended=bool(successor_id), note=note)))
    return choices, chained


def read_vocabulary() -> Vocabulary:
    """Read every choice from the database: one query, whatever the size of the site."""
    vocabulary = Vocabulary()
    topics, roles, municipalities = _read_names()
    _add_subjects(vocabulary, topics)
    for kind in Kind:
        vocabulary.add("soort", Choice(kind.value, kind.label, (kind.value,), kind.plural), kind.value)
    for pk, slug, name, _, plural, *_ in sorted(roles, key=lambda row: (row[3], row[2])):
        vocabulary.add("rol", Choice(slug, name, (pk,), plural), pk)
    choices, vocabulary.chained = _municipalities(tuple(sorted(municipalities)))
    for pk, choice in choices:
        vocabulary.add("gemeente", choice, pk)
    return vocabulary


#: The choices of this generation.
get_vocabulary = Kept(read_vocabulary, as_it_was, has_names=True).get


def _note_on_person(person: Person) -> str:
    home = person.organisation.name if person.organisation else ""
    role = ", ".join(filter(None, [person.job_title, home]))
    parts = [f"{role[:1].upper()}{role[1:]}." if role else "", person.description]
    return " ".join(filter(None, [*parts, "Deze persoon is verzonnen." if person.is_example else ""]))


def _note_on_sender(sender: Organisation) -> str:
    name = f"{sender.name}." if sender.abbreviation else ""
    return " ".join(filter(None, [name, sender.description]))


def _look_up(key: str, values: tuple[str, ...]) -> dict[str, Choice]:
    """People or organisations by the slugs that an address names, as far as readers see something that is by them."""
    from portal.selection.shelf import get_shelf

    known = get_shelf().sets[key]
    if key == "auteur":
        people = Person.objects.select_related("organisation").filter(slug__in=values)
        found = [Choice(each.slug, each.name, (each.pk,), note=_note_on_person(each)) for each in people]
    else:
        senders = Organisation.objects.filter(slug__in=values)
        found = [
            Choice(each.slug, each.abbreviation or each.name, (each.pk,), note=_note_on_sender(each))
            for each in senders
        ]
    return {choice.value: choice for choice in found if choice.ids[0] in known}


def _year(value: str) -> Choice:
    # The first and the last year a database knows have no room for a time zone.
    if value.isascii() and value.isdigit() and len(value) == 4 and 1 < int(value) < 9999:
        return Choice(value, value, (int(value),))
    return unknown(value)


def resolve(chosen: dict[str, tuple[str, ...]]) -> dict[str, list[Choice]]:
    """What the values of an address stand for; a value that stands for nothing stays, and finds nothing."""
    found = {}
    for key, values in chosen.items():
        if key == "jaar":
            found[key] = [_year(value) for value in values]
            continue
        is_by = key in ("auteur", "afzender")
        choices = _look_up(key, values) if is_by else get_vocabulary().choices.get(key, {})
        found[key] = [choices.get(value) or unknown(value) for value in values]
    return found
