"""What the models refuse, and in which words."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from portal.models import ContentPage
from portal.templatetags.meetings import event_day, first_day
from tests.factories import NOON, make_event, make_experience, make_instrument, make_municipality, make_news


def refused(page) -> dict:
    with pytest.raises(ValidationError) as error:
        page.full_clean()
    return error.value.message_dict


def test_a_summary_is_needed(tree):
    page = make_news(tree)
    page.summary = ""

    assert "summary" in refused(page)


def test_an_event_ends_after_it_starts(tree):
    page = make_event(tree)
    page.ends_at = page.starts_at - datetime.timedelta(minutes=1)

    assert refused(page)["ends_at"] == ["Het einde ligt voor het begin. Controleer datum en tijd."]


def test_a_moved_event_says_from_when(tree):
    page = make_event(tree)
    page.status = "verplaatst"

    assert "status_note" in refused(page)


def test_a_group_is_not_smaller_than_its_smallest_number(tree):
    page = make_instrument(tree)
    page.group_min, page.group_max = 10, 5

    assert "group_max" in refused(page)


def test_an_evaluation_has_a_source(tree):
    page = make_experience(tree)
    page.is_evaluated = True

    assert "evaluation_source" in refused(page)


def test_news_keeps_to_its_own_kinds(tree):
    page = make_news(tree)
    page.kind = "instrument"

    assert "kind" in refused(page)


def test_a_new_version_of_an_appointment_counts_on(tree):
    page = make_event(tree)
    page.location = "Stadhuis"
    page.save_revision().publish()
    page.refresh_from_db()
    assert page.sequence == 1

    page.summary = "Een andere samenvatting."
    page.save_revision().publish()

    page.refresh_from_db()
    assert page.sequence == 1


@pytest.mark.parametrize(
    ("hours", "all_day", "expected"),
    [
        (2, False, "maandag 2 maart 2026, 13.00–15.00 uur"),
        (2, True, "maandag 2 maart 2026"),
        (24, True, "2 en 3 maart 2026"),
        (24 * 40, True, "2 maart tot en met 11 april 2026"),
        (0, False, "maandag 2 maart 2026, 13.00 uur"),
        (24, False, "maandag 2 maart, 13.00 uur, tot dinsdag 3 maart 2026, 13.00 uur"),
        (24 * 365, False, "maandag 2 maart 2026, 13.00 uur, tot dinsdag 2 maart 2027, 13.00 uur"),
    ],
)
def test_a_moment_is_told_in_words(tree, hours, all_day, expected):
    page = make_event(tree, starts_at=NOON, ends_at=NOON + datetime.timedelta(hours=hours), all_day=all_day)

    assert page.when == expected


def test_a_time_before_ten_is_told_without_a_zero(tree):
    nine = NOON.replace(hour=8)
    page = make_event(tree, starts_at=nine, ends_at=nine + datetime.timedelta(minutes=30))

    assert page.when == "maandag 2 maart 2026, 9.00–9.30 uur"


@pytest.mark.parametrize(
    ("hours", "card", "day", "first"),
    [
        (2, "2 maart 2026", ("2", "mrt"), "2 maart 2026"),
        (24 * 2, "2 tot en met 4 maart 2026", ("2", "mrt"), "2 maart 2026"),
        (24 * 40, "2 maart tot en met 11 april 2026", ("2", "mrt"), "2 maart 2026"),
    ],
)
def test_a_card_is_dutch_whatever_the_language_of_who_saved_it(tree, hours, card, day, first):
    with translation.override("en"):
        event = make_event(tree, starts_at=NOON, ends_at=NOON + datetime.timedelta(hours=hours))
        assert event.when.startswith("maandag 2 maart")

    item = ContentPage.objects.get(pk=event.pk)

    assert item.card_line == card
    assert (event_day(item).number, event_day(item).month) == day
    assert first_day(item) == first


def test_a_card_says_what_is_its_own(tree):
    zeist = make_municipality()
    experience = make_experience(tree, year_from=2024, year_to=2025)
    experience.municipality_links.create(municipality=zeist)
    experience.save()

    assert experience.card_line == "Zeist · 2024–2025"
    assert (
        make_instrument(tree, group_min=6, group_max=20, duration="2 uur").card_line
        == "6 tot 20 mensen · 2 uur"
    )
    assert make_event(tree, location="Stadhuis", status="vol").card_line == "2 maart 2026 · Stadhuis · vol"


def test_a_municipality_that_ended_says_what_it_became(db):
    heden = make_municipality()
    old = make_municipality("Oud-Zeist", "9999", successor=heden, ended_on=datetime.date(2019, 1, 1))

    assert str(old) == "Oud-Zeist (tot 2019, nu Zeist)"
    assert heden.outline_box == "-1 -1 12 12"
