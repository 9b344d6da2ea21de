"""What stands above a list: its title says the choice, its count says the rest to who hears it."""

import datetime

import pytest
from django.utils.html import strip_tags

from tests.factories import make_event, make_instrument, make_role

WHEN = datetime.datetime(2090, 12, 3, 9, tzinfo=datetime.UTC)


def head_of(client, url: str) -> tuple[str, str, str]:
    """The title of the page, and the seen and the whole text of the heading of its results."""
    markup = client.get(url).content.decode()
    title = markup.partition("<h1")[2].partition(">")[2].partition("</h1>")[0]
    count = markup.partition('id="zin">')[2].partition("</h2>")[0]
    return strip_tags(title).strip(), count.partition("<")[0], strip_tags(count)


def test_a_plain_list_is_named_after_its_page_and_counts(client, tree):
    make_instrument(tree, themes=[tree.raad])

    assert head_of(client, "/instrumenten/") == (tree.instruments.title, "1 instrument", "1 instrument")


def test_a_narrowed_list_says_its_choice_in_the_title_and_its_whole_sentence_to_who_hears_it(client, tree):
    make_instrument(tree, themes=[tree.participatie], roles=[make_role()])

    assert head_of(client, "/instrumenten/?thema=participatie&rol=griffier") == (
        "Instrumenten over Participatie voor griffiers",
        "1 instrument",
        "1 instrument over Participatie voor griffiers",
    )


def test_an_empty_list_has_a_way_out_and_nothing_to_follow(client, tree):
    make_instrument(tree, themes=[tree.raad])

    markup = client.get("/instrumenten/?q=xyzzy").content.decode()

    assert "Geen instrumenten" in markup
    assert "Bekijk alles" in markup
    assert "toolbar--forms" not in markup


@pytest.mark.parametrize(
    ("status", "flag"),
    [("gepland", ""), ("vol", "Vol"), ("verplaatst", "Verplaatst"), ("afgelast", "Afgelast")],
)
def test_a_row_of_the_agenda_says_day_and_time_and_flags_what_is_not_as_planned(client, tree, status, flag):
    make_event(
        tree,
        starts_at=WHEN,
        ends_at=WHEN + datetime.timedelta(hours=2),
        location="Stadhuis",
        status=status,
        status_note="Om een reden.",
    )

    row = client.get("/agenda/").content.decode().partition('<li class="row"')[2].partition("</li>")[0]

    assert "zondag 3 december 2090, 10.00–12.00 uur" in row
    assert row.partition("meta__flag--state")[2].partition("</span>")[0].removeprefix('">') == flag
    assert '<p class="row__line">Stadhuis</p>' in row


def test_who_a_piece_is_for_has_a_capital_as_an_option_only(client, tree):
    for theme in (tree.raad, tree.participatie):
        make_instrument(tree, themes=[theme], roles=[make_role(f"rol-{theme.slug}")])

    markup = client.get("/instrumenten/").content.decode()

    assert '<span class="option__label">Rol-de-raad</span>' in markup
    assert '">rol-de-raads</a>' in markup


def test_the_footer_says_what_is_a_feed_and_leads_to_the_page_too(client, tree):
    footer = client.get("/").content.decode().partition("<footer")[2]

    assert 'href="/recent/">Wat nieuw is</a>' in footer
    assert 'href="/recent/feed.atom">Volg wat nieuw is (Atom-feed)</a>' in footer
