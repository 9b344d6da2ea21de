"""Loading a folder: what is wrong is told by file and line, all at once, and nothing is half-loaded."""

import os

import pytest
from django.core.management import CommandError, call_command

from news.models import EventPage
from portal.content.loading import load_content
from portal.models import ContentPage, HomePage, PortalImage
from tests.content.conftest import ARTICLE, counts, picture, stored_files

pytestmark = pytest.mark.django_db
PAGE = "pages/kennisbank/rekenkamer.md"
EVENT = "---\ntype: event\ntitle: Avond\nsummary: Kom ook.\nstarts_at: {}\nends_at: {}\n---\n"
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\n"


def article(more: str = "", body: str = "") -> dict[str, str]:
    return {PAGE: f"{ARTICLE}{more}---\n{body}"}


def at(line: int, reason: str) -> str:
    return f"{PAGE}:{line}: {reason}"


BROKEN = {
    "a day that does not exist": (
        article("published_on: 2026-02-30\n"),
        at(6, "published_on: '2026-02-30' is not a day"),
    ),
    "a day in words": (article("published_on: 3 maart\n"), at(6, "published_on: '3 maart' is not a date")),
    "a year nobody means": (
        article("published_on: 0206-03-02\n"),
        at(6, "published_on: '0206-03-02' is not between"),
    ),
    "an hour that was skipped": (
        {"pages/agenda/a.md": EVENT.format("2026-03-29T02:30", "2026-03-29T05:00")},
        "pages/agenda/a.md:5: starts_at: 2026-03-29T02:30 does not exist",
    ),
    "an hour that came twice": (
        {"pages/agenda/a.md": EVENT.format("2026-10-25T02:30", "2026-10-25T05:00")},
        "pages/agenda/a.md:5: starts_at: 2026-10-25T02:30 exists twice",
    ),
    "an end before the start": (
        {"pages/agenda/a.md": EVENT.format("2026-03-02T12:00", "2026-03-02T11:00")},
        "pages/agenda/a.md:6: ends_at lies before starts_at",
    ),
    "an unknown type": ({PAGE: "---\ntype: artikel\n---\n"}, at(2, "there is no type 'artikel'")),
    "an unknown kind": (
        {
            "pages/actueel/index.md": "---\ntype: news_index\ntitle: Actueel\n---\n",
            "pages/actueel/a.md": "---\ntype: news\ntitle: A\nsummary: B\nkind: roddel\n---\n",
        },
        "pages/actueel/a.md:5: kind is one of",
    ),
    "an unknown key": (article("titel: x\n"), at(6, "there is no key 'titel'")),
    "a key that stands twice": (article("title: x\n"), at(6, "the key title stands here twice")),
    "an unknown theme": (
        {PAGE: ARTICLE.replace("de-raad", "de-baard") + "---\n"},
        at(5, "there is no theme 'de-baard'"),
    ),
    "no theme": ({PAGE: ARTICLE.replace("themes: [de-raad]\n", "") + "---\n"}, at(2, "themes is missing")),
    "an image that is not there": (article("image: raadzaal\n"), at(6, "there is no image named 'raadzaal'")),
    "a page that is not there": (
        article("", "\nLees [dit](/nergens/).\n"),
        at(8, "there is no page at /nergens/"),
    ),
    "an account that is not there": (article("maintainer: jan\n"), at(6, "there is no account named 'jan'")),
    "a description without its image": (
        {"images/a.md": "---\ntitle: A\n---\n"},
        "images/a.md:1: there is no file of that name",
    ),
    "an image without a description": (
        {"images/a.png": picture()},
        "images/a.png:1: its description images/a.md is missing",
    ),
    "an image that is something else": (
        {"images/a.png": b"MZ geen beeld", "images/a.md": "---\ntitle: A\n---\n"},
        "images/a.png:1: the image is damaged",
    ),
    "two pages at one address": (
        {PAGE: ARTICLE + "---\n", "pages/kennisbank/rekenkamer/index.md": ARTICLE + "---\n"},
        at(1, "the address /kennisbank/rekenkamer/ is already that of pages/kennisbank/rekenkamer/index.md"),
    ),
    "two themes of one name": (
        {
            "pages/aan-de-slag-met/a/b.md": "---\ntype: topic\ntitle: B\nname: B\n---\n",
            "pages/aan-de-slag-met/a/index.md": "---\ntype: theme\ntitle: A\nname: A\n---\n",
            "pages/aan-de-slag-met/c/index.md": "---\ntype: theme\ntitle: C\nname: C\n---\n",
            "pages/aan-de-slag-met/c/b.md": "---\ntype: topic\ntitle: B\nname: B\n---\n",
        },
        "pages/aan-de-slag-met/c/b.md:1: there is already a topic 'b'",
    ),
    "a page in the wrong place": (
        {"pages/agenda/x.md": ARTICLE + "---\n"},
        "pages/agenda/x.md:2: a page of type article cannot",
    ),
    "Latin-1": (
        {PAGE: ARTICLE.encode() + "---\ncaf\xe9\n".encode("latin-1")},
        at(7, "the file is not UTF-8"),
    ),
    "UTF-16": ({PAGE: (ARTICLE + "---\n").encode("utf-16")}, at(1, "the file is not UTF-8")),
    "UTF-16 without a mark": (
        {PAGE: (ARTICLE + "---\n").encode("utf-16-le")},
        at(1, "a control character (U+0000)"),
    ),
    "a NUL": (article("", "a\0b\n"), at(7, "a control character (U+0000)")),
    "a NUL in disguise": (article('subtitle: "\\0page:/\\0"\n'), at(6, "a control character (U+0000)")),
    "half a character": (article('subtitle: "\\ud800"\n'), at(6, "")),
    "no front matter": ({PAGE: "Zomaar tekst\n"}, at(1, "the file must begin with ---")),
    "front matter without an end": ({PAGE: ARTICLE}, at(1, "the front matter is not closed")),
    "an empty file": ({PAGE: ""}, at(1, "the file must begin with ---")),
    "a tab": (article("roles:\n\t- griffier\n"), at(7, "this is not valid YAML")),
    "a bomb of aliases": (
        {PAGE: ARTICLE + BOMB + "---\n"},
        at(6, "YAML anchors (&) and aliases (*) are not used"),
    ),
    "a thousand lists in one": (article(f"roles: {'[' * 1000}{']' * 1000}\n"), at(2, "")),
    "a Python object": (article("subtitle: !!python/object/apply:os.system [ls]\n"), at(6, "")),
    "a block that is not closed": (
        article("", "::: facts\ntitle: x\n"),
        at(7, "the block facts is not closed"),
    ),
    "an unknown block": (article("", "::: dans\na: b\n:::\n"), at(7, "there is no block 'dans'")),
    "a script": (
        article("", "::: html\n<p>a<script>x</script></p>\n:::\n"),
        at(8, "<script> cannot stand in rich text"),
    ),
    "a link with a script": (
        article("", "[x](javascript:alert(1))\n"),
        at(7, "a link may not begin with javascript:"),
    ),
    "a stored link with a script": (
        article("", '::: html\n<p><a href="javascript:x">a</a></p>\n:::\n'),
        at(8, "a link may not begin with javascript:"),
    ),
    "a title too long": ({PAGE: ARTICLE.replace("De rekenkamer", "x" * 256) + "---\n"}, at(3, "title: ")),
    "a slug too long": (
        {f"roles/{'r' * 61}.md": "---\nname: r\nplural: rs\n---\n"},
        f"roles/{'r' * 61}.md:1: ",
    ),
    "a name with spaces": (
        {"pages/kennisbank/mijn stuk.md": ARTICLE + "---\n"},
        "pages/kennisbank/mijn stuk.md:1: 'mijn stuk'",
    ),
    "a file that does not belong": (
        {"pages/foto.png": picture()},
        "pages/foto.png:1: this file has no place",
    ),
    "a redirect of a page": (
        {"redirects.csv": "old,new\n/kennisbank,/agenda/\n"},
        "redirects.csv:2: /kennisbank is the address of a page",
    ),
    "a redirect to nowhere": (
        {"redirects.csv": "old,new\n/oud,/weg/\n"},
        "redirects.csv:2: there is no page at /weg/",
    ),
    "a redirect twice": (
        {"redirects.csv": "old,new\n/a,/agenda/\n/a,/agenda/\n"},
        "redirects.csv:3: /a is already redirected",
    ),
    "a redirect with a word too many": (
        {"redirects.csv": "old,new\n/a,/agenda/,ja\n"},
        "redirects.csv:2: a line has the columns",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_told_by_file_and_line_and_nothing_is_loaded(name, files, empty_site, settings):
    broken, expected = BROKEN[name]
    before = counts()
    files.write({"images/goed.png": picture(), "images/goed.md": "---\ntitle: Goed\n---\n", **broken})

    mistakes = files.mistakes()

    assert any(mistake.startswith(expected) for mistake in mistakes), mistakes
    assert counts() == before
    assert stored_files(settings.MEDIA_ROOT) == []


def test_every_mistake_is_told_at_once_in_the_order_of_files_and_lines(files, empty_site):
    files.write(article("published_on: nooit\nroles: [baas]\n")).write({"roles/x.md": "---\nname: x\n---\n"})

    assert [mistake.split(": ")[0] for mistake in files.mistakes()] == [
        f"{PAGE}:6",
        f"{PAGE}:7",
        "roles/x.md:2",
    ]


def test_a_file_of_50_mb_is_refused_unread(files, empty_site):
    files.write(article())
    with (files.root / PAGE).open("r+b") as handle:
        handle.truncate(50 * 1024 * 1024)

    assert files.mistakes() == [at(1, "the file is 50.0 MB; a text file may be at most 1 MB")]


@pytest.mark.parametrize("target", ["geheim.md", "map"])
def test_a_symbolic_link_out_of_the_folder_is_never_followed(target, files, empty_site, tmp_path):
    (tmp_path / "geheim.md").write_text(ARTICLE + "---\nGeheim\n")
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "geheim.md").write_text(ARTICLE + "---\nGeheim\n")
    link = files.root / "pages" / "kennisbank" / target
    os.symlink(tmp_path / target, link)

    assert files.mistakes() == [
        f"pages/kennisbank/{target}:1: a symbolic link: copy the file itself into the folder"
    ]


def test_what_a_model_refuses_leaves_no_file_behind(files, empty_site, settings):
    moved = EVENT.format("2026-03-02T12:00", "2026-03-02T13:00").replace(
        "---\n", "status: verplaatst\n---\n", 2
    )
    files.write({
        "images/goed.png": picture(), "images/goed.md": "---\ntitle: Goed\n---\n",
        "pages/agenda/a.md": "---\n" + moved.removeprefix("status: verplaatst\n---\n"),
    })  # fmt: skip
    before = counts()

    mistakes = files.mistakes()

    assert mistakes[0].startswith("pages/agenda/a.md:1: status_note: Zeg wat er verplaatst is")
    assert counts() == before
    assert stored_files(settings.MEDIA_ROOT) == []


def test_a_load_that_breaks_halfway_over_a_filled_site_changes_nothing(
    files, empty_site, settings, monkeypatch
):
    files.write({"images/a.png": picture(), "images/a.md": "---\ntitle: A\n---\n"})
    load_content(files.root)
    before, held = counts(), stored_files(settings.MEDIA_ROOT)
    files.write(
        {"images/a.png": picture(41), "images/b.png": picture(), "images/b.md": "---\ntitle: B\n---\n"}
    )
    files.write(article())
    monkeypatch.setattr(ContentPage, "save", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        load_content(files.root)

    assert counts() == before
    assert stored_files(settings.MEDIA_ROOT) == held
    assert PortalImage.objects.get().file.storage.exists(PortalImage.objects.get().file.name)


def test_the_command_lists_mistakes_and_says_that_nothing_was_loaded(files, empty_site, capsys):
    files.write(article("published_on: nooit\n"))

    with pytest.raises(CommandError, match=r"^1 mistake found; nothing was loaded\.$"):
        call_command("load_content", files.root)

    assert capsys.readouterr().err.startswith(at(6, "published_on: 'nooit' is not a date"))
    assert not HomePage.objects.exists()


def test_the_card_of_a_loaded_meeting_speaks_dutch(files, empty_site):
    load_content(
        files.write({"pages/agenda/a.md": EVENT.format("2026-03-02T12:00", "2026-03-02T13:00")}).root
    )

    assert EventPage.objects.get().card_line == "2 maart 2026"


def test_a_meeting_counted_from_today_keeps_its_hour_over_the_change_of_the_clock(
    files, empty_site, time_machine
):
    time_machine.move_to("2026-10-20T08:00Z", tick=False)

    load_content(files.write({"pages/agenda/a.md": EVENT.format("today+4 13:30", "today+6 13:30")}).root)

    event = EventPage.objects.get()
    assert (event.starts_at.isoformat(), event.ends_at.isoformat()) == (
        "2026-10-24T11:30:00+00:00", "2026-10-26T12:30:00+00:00",
    )  # fmt: skip


def test_pages_that_a_folder_does_not_name_are_left_alone(files, empty_site):
    load_content(files.write(article()).root)
    (files.root / PAGE).unlink()

    assert load_content(files.root).is_quiet
    assert ContentPage.objects.get().slug == "rekenkamer"
