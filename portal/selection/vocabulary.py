"""What a reader can choose from: themes, topics, kinds, roles and municipalities, with their names and numbers.

Read once with the frame of the site and kept as long as that is, so that reading an address and naming a list cost no
query. People and organisations may be many: only those that an address names are looked up.
"""

from dataclasses import dataclass, field
from functools import cached_property
from html import escape

from portal.chrome import Kept, get_chrome
from portal.models import ContentPage, Kind, Municipality, Organisation, Person, Role
from portal.text import fold


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


@dataclass
class Vocabulary:
    """The choices of each key, in the order in which readers see them."""

    choices: dict[str, dict[str, Choice]] = field(default_factory=dict)
    #: For each key: the number of a row to the choice that counts it.
    by_id: dict[str, dict[object, Choice]] = field(default_factory=dict)
    #: Municipalities whose successor merged again: number to the number of today's municipality.
    chained: dict[int, int] = field(default_factory=dict)

    def add(self, key: str, choice: Choice, number):
        self.choices.setdefault(key, {})[choice.value] = choice
        self.by_id.setdefault(key, {})[number] = choice


def _add_subjects(vocabulary: Vocabulary):
    chrome = get_chrome()
    for theme in chrome.themes:
        vocabulary.add("thema", Choice(theme.slug, theme.name, (theme.pk,), theme=theme), theme.pk)
    topics = ContentPage.topics.field.related_model.objects.live().public().order_by("path")
    for topic in topics:
        theme = chrome.theme_of(topic)
        value = topic.slug
        if value in vocabulary.choices.get("onderwerp", {}):
            value = f"{theme.slug if theme else topic.pk}.{topic.slug}"  # two themes with a topic of one name
        vocabulary.add("onderwerp", Choice(value, topic.name, (topic.pk,), theme=theme), topic.pk)


def _add_municipalities(vocabulary: Vocabulary):
    rows = list(Municipality.objects.order_by("name").values_list("pk", "slug", "name", "successor_id"))
    successor = {pk: successor_id for pk, _, _, successor_id in rows}
    names = {pk: name for pk, _, name, _ in rows}

    def today(pk: int) -> int:
        seen = set()
        while successor.get(pk) and pk not in seen:
            seen.add(pk)
            pk = successor[pk]
        return pk

    family: dict[int, list[int]] = {}
    for pk in successor:
        family.setdefault(today(pk), []).append(pk)
        if successor[pk] and today(pk) != successor[pk]:
            vocabulary.chained[pk] = today(pk)
    for pk, slug, name, successor_id in sorted(rows, key=lambda row: fold(row[2])):
        ids = (pk, today(pk)) if successor_id else tuple(family.get(pk, [pk]))
        note = f"{name} hoort nu bij de gemeente {names[today(pk)]}." if successor_id else ""
        vocabulary.add("gemeente", Choice(slug, name, ids, is_ended=bool(successor_id), note=note), pk)


def read_vocabulary() -> Vocabulary:
    """Read every choice from the database: four queries, whatever the size of the site."""
    vocabulary = Vocabulary()
    _add_subjects(vocabulary)
    for kind in Kind:
        vocabulary.add("soort", Choice(kind.value, kind.label, (kind.value,), kind.plural), kind.value)
    for role in Role.objects.all():
        vocabulary.add("rol", Choice(role.slug, role.name, (role.pk,), role.plural), role.pk)
    _add_municipalities(vocabulary)
    return vocabulary


#: The choices of this generation.
get_vocabulary = Kept(read_vocabulary).get


def _note_on_person(person: Person) -> str:
    home = person.organisation.name if person.organisation else ""
    role = ", ".join(filter(None, [person.job_title, home]))
    parts = [f"{role[:1].upper()}{role[1:]}." if role else "", person.description]
    return " ".join(filter(None, [*parts, "Deze persoon is verzonnen." if person.is_example else ""]))


def _note_on_sender(sender: Organisation) -> str:
    name = f"{sender.name}." if sender.abbreviation else ""
    return " ".join(filter(None, [name, sender.description]))


def _look_up(key: str, values: tuple[str, ...]) -> dict[str, Choice]:
    """People or organisations by the slugs that an address names."""
    if key == "auteur":
        return {
            person.slug: Choice(person.slug, person.name, (person.pk,), note=_note_on_person(person))
            for person in Person.objects.select_related("organisation").filter(slug__in=values)
        }
    return {
        sender.slug: Choice(
            sender.slug, sender.abbreviation or sender.name, (sender.pk,), note=_note_on_sender(sender)
        )
        for sender in Organisation.objects.filter(slug__in=values)
    }


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
        choices = (
            _look_up(key, values) if key in ("auteur", "afzender") else get_vocabulary().choices.get(key, {})
        )
        found[key] = [choices.get(value) or unknown(value) for value in values]
    return found
