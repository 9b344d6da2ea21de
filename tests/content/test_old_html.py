"""HTML of an old editor as blocks: what an editor could have made, and a note for the rest."""

import pytest

from portal.blocks import BodyBlock
from portal.content.jsonapi.html_reading import HtmlReader


class NoSurroundings:
    """Every link to elsewhere stays, every picture is there."""

    def link(self, href, uuid=None):
        return ({"href": href}, "") if href.startswith("http") else (None, "leads nowhere here")

    def node_link(self, number):
        return None

    def picture(self, source, uuid, alt):
        return ("image", (f"mark of {source}", alt)), ""


def read(html: str):
    """(blocks as (type, value), notes)."""
    notes: list[str] = []
    reader = HtmlReader(NoSurroundings(), notes.append, "De pagina")
    reader.learn_levels([html])
    reader.read(html)
    return [(block["type"], block["value"]) for block in reader.finish()], notes


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Een <strong>vet</strong> en <em>schuin</em>.</p>", "<p>Een <b>vet</b> en <i>schuin</i>.</p>"),
        ("los<br>einde", "<p>los<br/>einde</p>"),
        ("een<br><br>twee", "<p>een</p><p>twee</p>"),
        ("<p>&nbsp;</p><p> </p><p><br></p><p>Tekst</p><p>\u200b</p>", "<p>Tekst</p>"),
        ("<p>Caf&eacute; &amp; raad &lt;x&gt; &euro;&nbsp;5</p>", "<p>Café &amp; raad &lt;x&gt; € 5</p>"),
        ("<div><div>Een</div>Twee</div>", "<p>Een</p><p>Twee</p>"),
        ("<p>Een\n   twee\t drie</p>", "<p>Een twee drie</p>"),
        ("<p><b>a</b><b>b</b> <b><i>c</i></b></p>", "<p><b>ab</b> <b><i>c</i></b></p>"),
        ('<p><a href="https://x.nl/?a=1&amp;b">Lees <b>dit</b></a></p>',
         '<p><a href="https://x.nl/?a=1&amp;b">Lees <b>dit</b></a></p>'),
        ("<ul><li>Een</li><li></li><li><p>Twee</p><p>Nog</p></li></ul>", "<ul><li>Een</li><li>Twee<br/>Nog</li></ul>"),
        ("<ul><li>A<ol><li>B<ul><li>C</li></ul></li></ol></li></ul>",
         "<ul><li>A<ol><li>B<ul><li>C</li></ul></li></ol></li></ul>"),
        ("<ul><li>A</li><ul><li>B</li></ul></ul>", "<ul><li>A<ul><li>B</li></ul></li></ul>"),
        ("<pre>een\ntwee</pre>", "<p>een twee</p>"),
        ("<dl><dt>Wat</dt><dd>Dit</dd></dl>", "<p><b>Wat</b></p><p>Dit</p>"),
        ("<p>niet gesloten <b>vet", "<p>niet gesloten <b>vet</b></p>"),
        ("<p>a<!-- weg --><!--[if gte mso 9]><xml>x</xml><![endif]-->b</p>", "<p>ab</p>"),
    ],
)  # fmt: skip
def test_text_becomes_what_an_editor_could_have_made(html, text):
    blocks, notes = read(html)

    assert blocks == [("text", text)]
    assert notes == []


def test_what_was_pasted_from_word_loses_its_looks_and_keeps_its_words():
    html = (
        '<p class="MsoNormal" style="margin:0cm"><o:p></o:p><span lang="NL" style="font-family:Calibri">De '
        "<st1:place>raad</st1:place> besluit.</span><o:p>&nbsp;</o:p></p><style>p {color: red}</style>"
        '<font color="red">Rood</font>'
    )

    blocks, notes = read(html)

    assert blocks == [("text", "<p>De raad besluit.</p><p>Rood</p>")]
    assert notes == ["looks were left out: class ×1, color ×1, style ×2, style sheet ×1"]


def test_the_highest_heading_of_a_page_becomes_ours_and_the_others_the_one_below():
    blocks, _ = read("<h1>Een</h1><h3>Drie</h3><p>Tekst</p><h6>Zes</h6><h1></h1>")

    assert blocks == [
        ("heading", {"text": "Een", "level": "h2"}),
        ("heading", {"text": "Drie", "level": "h3"}),
        ("text", "<p>Tekst</p>"),
        ("heading", {"text": "Zes", "level": "h3"}),
    ]


def test_a_heading_that_is_a_paragraph_becomes_bold_text():
    blocks, notes = read(f"<h2>{'woord ' * 40}</h2>")

    assert blocks[0][0] == "text"
    assert blocks[0][1].startswith("<p><b>woord")
    assert "became a bold paragraph" in notes[0]


def test_a_table_keeps_its_caption_headings_and_merged_cells():
    html = (
        "<table><caption>Uitslag</caption><thead><tr><th>Partij</th><th>2014</th><th>2018</th></tr></thead>"
        "<tr><th>A</th><td colspan='2'>4</td></tr><tr><th rowspan='2'>B</th><td>1</td><td>2</td></tr>"
        "<tr><td>3</td><td>4</td></tr></table>"
    )

    ((kind, value),), notes = read(html)

    assert kind == "table"
    assert [column["heading"] for column in value["table"]["columns"]] == ["Partij", "2014", "2018"]
    assert [row["values"] for row in value["table"]["rows"]] == [
        ["A", "4", ""],
        ["B", "1", "2"],
        ["", "3", "4"],
    ]
    assert value["table"]["caption"] == "Uitslag"
    assert notes == ["a table has merged cells; the words stand in the first of them"]


def test_a_table_without_caption_is_called_after_the_heading_above_it():
    blocks, notes = read(
        "<h2>De planning</h2><table><tr><td>Dag</td><td>Plaats</td></tr><tr><td>1 mei</td><td>Zeist</td></tr></table>"
    )

    assert blocks[1][1]["table"]["caption"] == "De planning"
    assert "a table has no row of headings; its first row is used" in notes


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>Alleen<p>tekst</p></td></tr></table>",
        "<table><tr><td><table><tr><td>Alleen</td><td>tekst</td></tr></table></td><td></td></tr></table>",
        f"<table><tr><td>Alleen</td><td>tekst</td></tr><tr><td>{'lang ' * 200}</td><td>x</td></tr></table>",
    ],
)
def test_a_table_that_is_none_keeps_its_text(html):
    blocks, notes = read(html)

    words = " ".join(str(block[1]) for block in blocks)
    assert "Alleen" in words
    assert "tekst" in words
    assert any("became ordinary text" in note for note in notes)


def test_a_quotation_says_whose_it_is_or_becomes_text():
    blocks, notes = read(
        "<blockquote><p>“Luister.”</p><footer>— Sanne de Wit</footer></blockquote><blockquote>Zonder naam</blockquote>"
    )

    assert blocks == [
        ("quote", {"text": "Luister.", "source": "Sanne de Wit", "source_role": ""}),
        ("text", "<p>Zonder naam</p>"),
    ]
    assert notes == ["a quotation that does not say whose it is became ordinary text"]


def test_pictures_break_the_text_and_keep_alt_and_caption():
    blocks, _ = read(
        '<p>Voor <img src="/a.png" alt="Een plein"> na</p>'
        '<figure><img src="/b.png" alt="B"><figcaption>Bij b</figcaption></figure>'
    )

    assert [kind for kind, _ in blocks] == ["text", "image", "text", "image"]
    assert blocks[1][1] == {
        "image": "mark of /a.png",
        "alt": "Een plein",
        "is_decorative": False,
        "caption": "",
    }
    assert blocks[3][1]["caption"] == "Bij b"


def test_pictures_in_lists_stand_below_them():
    blocks, _ = read('<ul><li>Een <img src="/a.png" alt="A"></li></ul><p>Na</p>')

    assert [kind for kind, _ in blocks] == ["text", "image", "text"]


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("https://www.youtube.com/embed/abcdefgh123?rel=0", "https://www.youtube.com/watch?v=abcdefgh123"),
        ("//player.vimeo.com/video/12345", "https://vimeo.com/12345"),
        ("https://kaart.example.nl/x?a=1&amp;b=2", "https://kaart.example.nl/x?a=1&amp;b=2"),
    ],
)
def test_a_frame_becomes_a_link_and_is_named(source, link):
    blocks, notes = read(f'<iframe src="{source}" width="1"></iframe>')

    assert f'<a href="{link}">Bekijk ' in blocks[0][1]
    assert "<iframe> became a link" in notes[0]


@pytest.mark.parametrize(
    ("html", "note"),
    [
        ("<script>kwaad()</script>", "<script> was refused"),
        ("<form><input name=x></form>", "<form> was refused"),
        ("<object data=x></object>", "<object> was refused"),
        ('<p onclick="kwaad()">x</p>', "the script in onclick of <p> was refused"),
        ("<iframe src='javascript:kwaad()'></iframe>", "<iframe> was left out"),
        ("<hr>", "a horizontal line was left out"),
        ("<p>x<sup>2</sup></p>", "superscript became plain text: 2"),
        ("<marquee>x</marquee>", "<marquee> is not known here; its text is kept"),
        ("<p>[[{\"fid\":\"12\"}]]</p>", "the code [[{\"fid\":\"12\"}]] stands for nothing here"),
        ('<p><a href="/weg">x</a></p>', "the link to /weg leads nowhere here; its text is kept"),
    ],
)  # fmt: skip
def test_what_has_no_place_is_named(html, note):
    blocks, notes = read(html)

    assert any(note in one for one in notes)
    assert "kwaad" not in str(blocks)


@pytest.mark.parametrize(
    "html",
    [
        "<" * 5000,
        "<ul><li>" * 60,
        "<b>" * 100 + "x",
        "</p></div>" * 50,
        "<table><tr>" * 30,
        "<p>" + "a" * 100_000,
        "<div>" * 20_000 + "diep",
        "\x00<p>x</p>",
    ],
)
def test_broken_html_is_read_all_the_same(html):
    blocks, _ = read(html)

    assert (
        BodyBlock().to_python([{"type": kind, "value": value} for kind, value in blocks if kind == "text"])
        is not None
    )
