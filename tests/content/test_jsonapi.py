"""Importing saved answers of a Drupal site: pages, redirects and files, with everything that real exports get wrong."""

import datetime
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from news.models import EventPage, NewsPage
from portal.content.jsonapi.importing import import_answers
from portal.content.mistakes import ContentMistakes
from portal.models import ContentPage, Person, PortalImage, StandardPage
from tests.content import drupal
from tests.content.drupal import HOST, Export, file, medium, node, redirect, term, thing, to, user
from tests.factories import make_role


@pytest.fixture
def export(tmp_path, tree):
    export = Export(tmp_path / "export")
    export.write("mapping.yml", "hosts: [www.oudesite.nl]\n")
    return export


def load(export, **options):
    return import_answers(export.root, **{"is_live": True, **options})


def only() -> Page:
    return ContentPage.objects.get().specific


def notes(report) -> str:
    return "\n".join([*report.notes, *(note for page in report.pages for note in page.notes)])


def everything() -> list:
    pages = list(Page.objects.order_by("path").values("path", "title", "live", "latest_revision_id"))
    return [
        pages,
        list(Redirect.objects.order_by("pk").values()),
        PortalImage.objects.count(),
        Person.objects.count(),
    ]


def refused(export) -> str:
    before = everything()
    with pytest.raises(ContentMistakes) as caught:
        load(export)

    assert everything() == before
    return "\n".join(map(str, caught.value.mistakes))


# What a node becomes.


def test_a_node_becomes_a_page_with_its_dates_themes_author_and_addresses(export, client):
    make_role("griffier")
    author, theme, role = user("Jan de Vries"), term("de raad"), term("Griffiers", "doelgroep")
    relationships = {"uid": to(author), "field_thema": to(theme), "field_tags": to(role)}
    export.save(
        "node--nieuws.json",
        [node(nid=12, alias="/nieuws/een-bericht", relationships=relationships)],
        [author, theme, role],
    )

    report = load(export)

    page = only()
    assert (type(page), page.title, page.summary, page.live) == (
        NewsPage,
        "Een bericht",
        "Samenvatting.",
        True,
    )
    assert page.published_on == datetime.date(2018, 2, 6)
    assert page.added_at.isoformat() == "2018-02-06T22:30:00+00:00"
    assert [theme.slug for theme in page.themes.all()] == ["de-raad"]
    assert [role.slug for role in page.roles.all()] == ["griffier"]
    assert [link.person.name for link in page.author_links.all()] == ["Jan de Vries"]
    assert not page.show_in_recent
    assert client.get("/nieuws/een-bericht")["Location"] == page.url
    assert client.get("/node/12/")["Location"] == page.url
    assert report.pages[0].redirects == ["/nieuws/een-bericht", "/node/12"]
    assert client.get(page.url).status_code == 200


def test_importing_twice_changes_nothing(export):
    export.picture("x.png")
    body = '<p>Zie <a href="/node/2">twee</a>.</p><img src="/sites/default/files/x.png" alt="Een plein">'
    export.save("a.json", [node(nid=1, title="Een", body=body), node(nid=2, title="Twee")])
    load(export)
    before = everything()

    report = load(export)

    assert everything() == before
    assert report.outcome.is_quiet


def test_a_trial_leaves_nothing_behind(export, tmp_path):
    export.picture("x.png")
    export.save("a.json", [node(body='<img src="/sites/default/files/x.png" alt="x">')])
    before = everything()

    report = load(export, is_trial=True)

    assert everything() == before
    assert report.pages[0].is_new
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


def test_types_fields_terms_and_people_go_where_the_mapping_says(export):
    export.write(
        "mapping.yml",
        "hosts: [oudesite.nl]\ntypes: {artikel: interview, webform: '-'}\n"
        "terms: {Burgers: Participatie, Archief: '-'}\n"
        "authors: {admin: '-', jdv: Jan de Vries}\n"
        "fields: {field_intro: summary, field_sub: subtitle, field_datum: date, field_oud: '-'}\n",
    )
    terms, people = [term("Burgers"), term("Archief"), term("Onbekend")], [user("admin"), user("jdv")]
    fields = {
        "field_intro": "De inleiding.",
        "field_sub": "Onder",
        "field_datum": "2017-05-04",
        "field_oud": "weg",
    }
    relationships = {"uid": to(*people), "field_tags": to(*terms)}
    export.save(
        "a.json",
        [node("artikel", relationships=relationships, **fields), node("webform", "Formulier")],
        [*terms, *people],
    )

    report = load(export)

    page = only()
    assert (page.kind, page.summary, page.subtitle) == ("interview", "De inleiding.", "Onder")
    assert page.published_on == datetime.date(2017, 5, 4)
    assert [theme.slug for theme in page.themes.all()] == ["participatie"]
    assert [link.person.slug for link in page.author_links.all()] == ["jan-de-vries"]
    assert "the term “Onbekend” (thema) is not known here" in notes(report)
    assert "left out: Formulier, of the type webform" in report.notes
    assert "Archief" not in notes(report)
    assert "field_oud" not in notes(report)


def test_what_was_not_published_stays_a_draft_and_so_does_all_without_publish(export):
    export.save("a.json", [node(title="Concept", status=False), node(title="Klaar")])
    report = load(export)

    assert {page.title: page.live for page in ContentPage.objects.all()} == {"Concept": False, "Klaar": True}
    assert "it was not published on the old site" in notes(report)


def test_without_publish_everything_is_a_draft(export):
    export.save("a.json", [node()])

    load(export, is_live=False)

    assert not only().live


def test_a_meeting_takes_its_moment_from_a_range_and_is_a_draft_without(export):
    when = {"value": "2018-06-04T13:00:00+02:00", "end_value": "2018-06-04T17:00:00+02:00"}
    export.save("a.json", [node("evenement", "Dag", field_wanneer=when), node("evenement", "Ooit")])

    load(export)

    assert EventPage.objects.get(title="Dag").when == "maandag 4 juni 2018, 13.00–17.00 uur"
    assert not EventPage.objects.get(title="Ooit").live


def test_a_plain_page_becomes_a_standard_page(export):
    export.write("mapping.yml", "types: {page: over-pagina}\n")
    export.save("a.json", node("page", "Over ons", "<h2>Wie</h2><p>Wij.</p>"))

    load(export)

    page = StandardPage.objects.get(title="Over ons")
    assert [block.block_type for block in page.body] == ["heading", "text"]


# Files and media.


def test_pictures_documents_and_videos_of_media_find_their_place(export):
    for name in ("2018-02/kop.png", "2018-02/tweede.png"):
        export.picture(name)
    export.write("files/2018-02/nota.txt", "Een nota.")
    things = [
        *(medium("2018-02/kop.png", "De raadzaal"), file("2018-02/kop.png")),
        *(medium("2018-02/tweede.png"), file("2018-02/tweede.png")),
        *(medium("2018-02/nota.txt", kind="document"), file("2018-02/nota.txt")),
        thing(
            "media--remote_video",
            "film",
            name="De film",
            field_media_oembed_video="https://youtu.be/abcdefgh123",
        ),
    ]
    kop, _, tweede, _, nota, _, film = things
    relationships = {"field_beeld": to(kop, tweede), "field_bijlage": to(nota), "field_video": to(film)}
    export.save("a.json", [node(relationships=relationships)], things)

    report = load(export)

    page = only()
    assert page.image.description == "De raadzaal"
    assert [link.document.title for link in page.download_links.all()] == ["nota"]
    kinds = [block.block_type for block in page.body]
    assert kinds == ["text", "image"]
    assert 'href="https://youtu.be/abcdefgh123"' in page.body[0].value.source
    assert page.body[1].value["is_decorative"]
    assert "a picture has no description" in notes(report)


def test_a_medium_inside_the_text_is_found_by_its_key(export):
    export.picture("plein.png")
    things = [medium("plein.png", "Een plein"), file("plein.png")]
    named = f'data-entity-type="media" data-entity-uuid="{things[0]["id"]}"'
    body = f'<p>Voor</p><drupal-media {named} data-caption="Het plein"></drupal-media>'
    export.save("a.json", [node(body=body)], things)

    load(export)

    image = only().body[1].value
    assert (image["image"].description, image["alt"], image["caption"]) == (
        "Een plein",
        "Een plein",
        "Het plein",
    )


def test_two_files_of_one_name_stay_apart(export):
    export.picture("2017/foto.png", "red")
    export.picture("2018/foto.png", "blue")
    body = "".join(f'<img src="/sites/default/files/{year}/foto.png" alt="{year}">' for year in (2017, 2018))
    export.save("a.json", [node(body=body)])

    load(export)

    hashes = {block.value["image"].file_hash or block.value["image"].get_file_hash() for block in only().body}
    assert len(hashes) == 2


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("/sites/default/files/weg.png", "a picture is not in the folder"),
        ("https://anders.nl/x.png", "a picture from another site was left out"),
        ("data:image/png;base64,AAAA", "a picture that was kept inside the text was left out"),
        ("/sites/default/files/kapot.png", "a file cannot be taken in (the image is damaged"),
        ("/sites/default/files/kwaad.svg", "files of the type svg are not taken in"),
    ],
)
def test_a_picture_that_cannot_come_along_is_named(export, source, reason):
    export.write("files/kapot.png", b"\x89PNG niets")
    export.write("files/kwaad.svg", "<svg/>")
    export.save("a.json", [node(body=f'<p>Tekst</p><img src="{source}" alt="x">')])

    report = load(export)

    assert reason in notes(report)
    assert [block.block_type for block in only().body] == ["text"]


def test_a_symbolic_link_among_the_files_is_not_followed(export, tmp_path):
    (tmp_path / "geheim.png").write_bytes(b"x")
    export.picture("goed.png")
    (export.root / "files/link.png").symlink_to(tmp_path / "geheim.png")
    export.save("a.json", [node(body='<img src="/sites/default/files/link.png" alt="x">')])

    assert "a picture is not in the folder" in notes(load(export))


def test_paragraphs_become_blocks_in_their_order(export):
    export.picture("p.png")
    things = [
        thing(
            "paragraph--tekst",
            "1",
            field_titel="Waarom",
            field_tekst={"value": "<p>Omdat.</p>", "format": "basic_html"},
        ),
        thing("paragraph--beeld", "2", {"field_foto": to(medium("p.png", "Een foto"))}),
        thing(
            "paragraph--groep", "3", {"field_delen": to(thing("paragraph--tekst", "4"))}, field_kleur="rood"
        ),
        thing("paragraph--tekst", "4", field_tekst={"value": "<p>Binnen.</p>", "format": "basic_html"}),
        *(medium("p.png", "Een foto"), file("p.png")),
    ]
    gone = thing("paragraph--tekst", "weg")
    export.save("a.json", [node(body=None, relationships={"field_inhoud": to(*things[:3], gone)})], things)

    report = load(export)

    assert [block.block_type for block in only().body] == ["heading", "text", "image", "text"]
    assert "the field field_kleur of groep was left out: rood" in notes(report)
    assert "what the field field_inhoud points to (paragraph--tekst) was not saved" in notes(report)


# Links and old addresses.


@pytest.mark.parametrize(
    "href",
    [
        *(
            "/node/2",
            "/nieuws/twee",
            f"{HOST}/nieuws/twee/",
            "http://oudesite.nl/Nieuws/Twee.html",
            "entity:node/2",
        ),
        *("internal:/node/2", "twee", "../nieuws/twee", "//www.oudesite.nl/nieuws/twee?utm_source=x"),
    ],
)
def test_a_link_to_another_node_leads_to_its_page_here(export, href):
    export.save(
        "a.json",
        [
            node(nid=1, title="Een", alias="/nieuws/een", body=f'<p><a href="{href}">Lees</a></p>'),
            node(nid=2, title="Twee", alias="/nieuws/twee"),
        ],
    )

    load(export)

    twee = ContentPage.objects.get(title="Twee")
    source = ContentPage.objects.get(title="Een").body[0].value.source
    assert f'<a linktype="page" id="{twee.pk}">Lees</a>' in source


def test_a_token_of_another_node_becomes_a_link_with_its_title(export):
    export.save(
        "a.json",
        [node(nid=1, title="Een", body="<p>Zie [node:2] en [node:99:title].</p>"), node(nid=2, title="Twee")],
    )

    report = load(export)

    source = ContentPage.objects.get(title="Een").body[0].value.source
    assert f'id="{ContentPage.objects.get(title="Twee").pk}">Twee</a> en .' in source
    assert "the code [node:99:title] stands for nothing here" in notes(report)


@pytest.mark.parametrize(
    ("href", "reason"),
    [
        ("/nieuws/weg", "leads nowhere here"),
        ("javascript:alert(1)", "was refused"),
        ("/sites/default/files/weg.pdf", "is a file that is not in the folder"),
        ("#onder", "led to a place on the page itself"),
        ("https://[kapot", "is not an address"),
        ("file:///C:/stuk.doc", "was refused"),
    ],
)
def test_a_link_that_leads_nowhere_keeps_its_text_and_is_named(export, href, reason):
    export.save("a.json", [node(body=f'<p>Lees <a href="{href}">dit</a> stuk.</p>')])

    report = load(export)

    assert only().body[0].value.source == "<p>Lees dit stuk.</p>"
    assert f"the link to {href} {reason}; its text is kept" in notes(report)


@pytest.mark.parametrize(
    "href", ["https://vng.nl/a?b=1&c=2", "mailto:info@vng.nl", "tel:+31701234567", "/zoeken"]
)
def test_links_to_elsewhere_stay(export, href):
    export.save(
        "a.json",
        [node(body=f'<p><a href="{href.replace("&", "&amp;")}" target="_blank" rel="x">dit</a></p>')],
    )

    load(export)

    assert href.replace("&", "&amp;") in only().body[0].value.source


def test_redirects_of_the_old_site_come_along_in_one_hop(export, client):
    things = [
        *(
            redirect("oud/een", "entity:node/1"),
            redirect("oud/twee", "internal:/nieuws/een"),
            redirect("vng", "https://vng.nl/"),
        ),
        *(
            redirect("weg", "internal:/node/99"),
            redirect("over", "internal:/node/1"),
            thing("redirect--redirect", "leeg"),
        ),
        redirect("oud/vraag", "internal:/node/1", {"id": "7"}),
        thing("path_alias--path_alias", "x", path="/node/1", alias="/ook/dit", langcode="nl"),
    ]
    export.save("nodes.json", [node(nid=1, alias="/nieuws/een")])
    export.save("redirects.json", things)

    report = load(export)

    url = only().url
    for address in ("/oud/een", "/oud/twee", "/nieuws/een", "/node/1", "/ook/dit", "/oud/vraag?id=7"):
        assert client.get(address)["Location"] == url
    assert client.get("/vng")["Location"] == "https://vng.nl/"
    assert "the redirect from /weg leads nowhere here" in notes(report)
    assert "no redirect from /over: it is the address of a page of this site" in notes(report)
    assert "a redirect without its addresses was left out" in notes(report)


# Oddities of real exports.


def test_pages_of_an_answer_are_one_list_and_a_node_that_stands_twice_is_one(export):
    base = f"{HOST}/jsonapi/node/nieuws"
    old, new = node(nid=1, title="Oud"), node(nid=1, title="Nieuw", changed="2019-01-01T00:00:00+00:00")
    export.save("1.json", [old], own=base, following=f"{base}?page%5Boffset%5D=50&page%5Blimit%5D=50")
    export.save(
        "2.json", [new, node(nid=2, title="Ander")], own=f"{base}?page%5Boffset%5D=50&page%5Blimit%5D=50"
    )

    report = load(export)

    assert set(ContentPage.objects.values_list("title", flat=True)) == {"Nieuw", "Ander"}
    assert "the newest is used" in notes(report)
    assert "was not saved" not in notes(report)


def test_a_next_page_that_was_not_saved_is_named(export):
    export.save(
        "1.json",
        [node()],
        own=f"{HOST}/jsonapi/node/nieuws",
        following=f"{HOST}/jsonapi/node/nieuws?page%5Boffset%5D=50",
    )

    assert "1.json has a next page that was not saved" in load(export).notes


def test_a_translation_does_not_take_the_place_of_the_dutch_text(export):
    dutch, english = (
        node(nid=1, title="Nieuws"),
        node(nid=1, title="News", langcode="en", changed="2020-01-01T00:00:00+00:00"),
    )
    export.save("a.json", [dutch])
    export.save("b.json", [english, node(nid=2, title="Only English", langcode="en")])

    report = load(export)

    assert only().title == "Nieuws"
    assert "left out: Only English, in the language en" in report.notes


def test_null_fields_and_dangling_relationships_stop_nothing(export):
    gone = user("weg")
    relationships = {
        "uid": to(gone),
        "field_a": {"data": None},
        "field_b": {},
        "field_c": None,
        "field_d": to(term("weg")),
    }
    fields = {"path": None, "field_x": None, "field_y": [], "metatag": None, "changed": None}
    export.save("a.json", [node(body=None, relationships=relationships, **fields)])

    report = load(export)

    assert only().summary == "Een bericht"
    assert "its author was not saved with the answers" in notes(report)
    assert "what the field field_d points to (taxonomy_term--thema) was not saved" in notes(report)


def test_a_field_that_has_no_place_is_named_with_what_it_held(export):
    export.save(
        "a.json", [node(field_raar=["een", "twee"], field_link={"uri": "https://vng.nl/", "title": "De VNG"})]
    )

    report = load(export)

    assert "the field field_raar of nieuws was left out: een" in notes(report)
    assert "the field field_raar of nieuws was left out: twee" in notes(report)
    assert '<a href="https://vng.nl/">De VNG</a>' in only().body[0].value.source


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"data": [', "bad.json:1: this is not valid JSON"),
        ("<!DOCTYPE html><title>504 Gateway Time-out</title>", "this is a web page, perhaps an error"),
        ('{"errors": [{"status": "403"}]}', "the old site answered with an error"),
        ('{"jsonapi": {}}', "this is no answer of JSON:API"),
        ("[]", "this is no answer of JSON:API"),
        ("[" * 100_000, "this is not valid JSON"),
        (b'{"data": "\xe9"}', "the file is not UTF-8"),
        ('{"data": [{"type": "node--nieuws"}]}', "a thing in this answer has no type or id"),
        (json.dumps({"data": [node(title="")]}), "has no title"),
        (json.dumps({"data": [node("brochure")]}), "the type 'brochure' is not known"),
        (json.dumps({"data": [node(created="gisteren")]}), "'gisteren' is not a moment"),
        (json.dumps({"data": [node(created=10**30)]}), "is not a moment"),
    ],
)
def test_an_answer_that_is_wrong_is_named_and_nothing_is_imported(export, text, reason):
    export.save("good.json", [node()])
    export.write("bad.json", text)

    assert reason in refused(export)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("types: [a]", "types must be a list of `old: new`"),
        ("soorten: {a: b}", "there is no part 'soorten'"),
        ("fields: {a: titel}", "a field can go to summary"),
        ("terms: {a: [b]}", "a must be a single text"),
        ("hosts: x", "hosts must be a list"),
        ("a: b: c", "this is not valid YAML"),
    ],
)
def test_a_mapping_that_is_wrong_is_named_with_its_line(export, text, reason):
    export.save("good.json", [node()])
    export.write("mapping.yml", text)

    assert f"mapping.yml:1: {reason}" in refused(export)


def test_a_folder_without_nodes_or_that_is_not_there_is_refused(export):
    assert "there are no nodes" in refused(export)
    export.root = export.root / "weg"
    assert "there is no such folder" in refused(export)


def test_the_command_reports_each_page_and_what_did_not_come_along(export, capsys):
    export.save(
        "a.json", [node(nid=drupal_number(), alias="/nieuws/x", body="<script>alert(1)</script><p>Tekst</p>")]
    )

    call_command("import_jsonapi", str(export.root), "--publish", "--dry-run")
    said = capsys.readouterr().out

    assert "live   /actueel/een-bericht/  <- /nieuws/x, /node/" in said
    assert "    <script> was refused" in said
    assert "1 new pages, 0 there already" in said
    assert not ContentPage.objects.exists()


def test_the_command_stops_where_something_is_wrong(export, capsys):
    export.write("bad.json", "{")

    with pytest.raises(CommandError, match="nothing was imported"):
        call_command("import_jsonapi", str(export.root))

    assert "bad.json, line 1: this is not valid JSON" in capsys.readouterr().err


def drupal_number() -> int:
    return next(drupal._numbers)
