"""Whatever an editor typed comes back: odd texts in YAML, rich text as Markdown, bodies of any blocks, moments."""

import datetime
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.blocks import BodyBlock
from portal.content.block_reading import read_body
from portal.content.block_writing import BlockWriter
from portal.content.markdown import read_rich_text
from portal.content.markup import as_in_file, parse_yaml, split_body, split_file
from portal.content.mistakes import Wrong
from portal.content.moments import FIRST_YEAR, LAST_YEAR, read_moment, write_moment
from portal.content.names import Names
from portal.content.references import References
from portal.content.row_writing import said
from portal.content.stored_html import canonical
from portal.content.yaml_writing import Bare, Html, InLine, write_yaml
from portal.models import ContentPage

TRAPS = [
    *("no", "yes", "on", "~", "null", "Null", "", " ", "=", "<<", "true", "False", "1_000", "0o17", "1e3", ".inf"),
    *("2026-03-02", "2026-03-02T13:30", "12:30:45", "- lijst", "? vraag", ": punt", "a: b", "a:", "#kop", "a #b"),
    *("'", '"', "''", '"ja"', "\\", "\\n", "%doc", "@jan", "`code`", "&anker", "*ster", "!tag", "!html", "| blok"),
    *("> vouw", "[a, b", "{a: b}", "a, b", "---", "...", ":::", "::: facts", "eind ", " begin", "a\n b", "a\n\n\nb"),
    *("a\n", "\na", "a \nb", "a\tb", "\t", "😀", "e\u0301", "\u2028", "a\u2029b", "\ufeffa", "\uffff", "a\u00a0b"),
    *("eerste regel\ntweede regel: met punt\n- en streep", "regel\r\nregel", "a\x0bb", "É" * 300),
]  # fmt: skip
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
readable = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
texts = st.text(st.one_of(readable, st.sampled_from("\n :-#'\"&*!|>%@`[]{},?~")), max_size=60)
lines = st.text(st.one_of(st.sampled_from("ab 1.-+*_#>`[]()<&!\\:~|="), readable), min_size=1, max_size=25)


def back(text: str, key: str = "a"):
    keys, _, _ = split_file(f"---\n{text}---\n")
    return keys.values[key]


@pytest.mark.parametrize("trap", TRAPS)
def test_a_text_that_yaml_would_take_for_something_else_comes_back(trap):
    assert back(write_yaml({"a": trap})).text == as_in_file(trap)
    assert [item.text for item in back(write_yaml({"a": InLine([trap, "b"])})).values] == [
        as_in_file(trap),
        "b",
    ]
    rows = back(write_yaml({"a": [{"label": trap, "value": trap}]})).values
    assert [text.text for text in rows[0].values.values()] == [as_in_file(trap)] * 2


@unhurried
@given(texts)
def test_any_text_comes_back_from_yaml_and_is_never_taken_for_nothing(text):
    value = back(write_yaml({"a": text, "b": {"c": [text, {"d": text}]}}))

    assert (value.text, value.is_null, value.is_html) == (text, False, False)


@unhurried
@given(texts)
def test_any_text_comes_back_from_a_block_of_the_body(text):
    body = "::: quote\n" + write_yaml({"text": text, "source": "x"}) + ":::\n"

    (piece,) = split_body(body, 1)

    assert parse_yaml(piece.text, piece.line).values["text"].text == text


def test_dates_and_numbers_are_written_bare_and_texts_that_look_like_them_are_not():
    assert write_yaml({"a": Bare("2026-03-02"), "b": "2026-03-02", "c": Bare(6), "d": "6", "e": True}) == (
        "a: 2026-03-02\nb: '2026-03-02'\nc: 6\nd: '6'\ne: true\n"
    )


addresses = st.sampled_from(["/over/", "https://example.org/?a=1&b=(2)", "mailto:a@b.nl", "#x", "/zo maar/"])
words = st.recursive(
    lines.map(lambda text: escape(text, quote=False)),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["b", "i"]), inner).map(lambda t: f"<{t[0]}>{t[1]}</{t[0]}>"),
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("<br/>".join),
        st.tuples(addresses, inner).map(
            lambda t: f'<a href="{escape(t[0])}">{t[1]}</a>'
        ),
        inner.map(lambda text: f'<a linktype="page" id="7">{text}</a>'),
        inner.map(lambda text: f'<a linktype="document" id="3">{text}</a>'),
    ),
    max_leaves=5,
)  # fmt: skip
lists = st.recursive(
    words,
    lambda inner: st.tuples(
        st.sampled_from(["ul", "ol"]), words, st.lists(inner, min_size=1, max_size=3)
    ).map(lambda t: f"{t[1]}<{t[0]}>{''.join(f'<li>{item}</li>' for item in t[2])}</{t[0]}>"),
    max_leaves=4,
)
paragraphs = st.one_of(
    words.map(lambda text: f"<p>{text}</p>"),
    st.tuples(st.sampled_from(["ul", "ol"]), st.lists(lists, min_size=1, max_size=3)).map(
        lambda t: f"<{t[0]}>{''.join(f'<li>{item}</li>' for item in t[1])}</{t[0]}>"
    ),
    st.just("<p></p>"),
)
rich_texts = st.lists(paragraphs, max_size=4).map("".join)

NAMES = Names(pages={"/over/": ContentPage, "/": ContentPage}, documents={"regeling"}, images={"raadzaal"})
REFERENCES = References(page={7: "/over/"}, document={3: "regeling"}, image={5: "raadzaal"})
WRITER = BlockWriter(NAMES, REFERENCES)


def refuse(wrong):
    raise wrong


def read_back(body: str) -> list[dict]:
    return REFERENCES.marks().resolve(
        read_body(BodyBlock(), body, 1, NAMES, refuse, identity="x", is_draft=True)
    )


@unhurried
@given(rich_texts)
def test_any_rich_text_comes_back_word_for_word(html):
    body = WRITER.body(BodyBlock(), [{"type": "text", "value": html}], refuse)

    (block,) = read_back(body)

    assert block["value"] == canonical(html)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (
            "<p>Een <b>vet</b> en <i>schuin</i> woord.</p><p>Twee.</p>",
            "Een **vet** en *schuin* woord.\n\nTwee.",
        ),
        ('<p>Zie <a linktype="page" id="7">over</a>.</p>', "Zie [over](/over/)."),
        ('<p>De <a linktype="document" id="3">regeling</a></p>', "De [regeling](document:regeling)"),
        ("<ul><li>een</li><li>twee<ol><li>drie</li></ol></li></ul>", "- een\n- twee\n  1. drie"),
        ("<p>regel<br/>regel</p>", "regel\\\nregel"),
        (
            "<p>- geen lijst &amp; 1. ook niet</p><p>1. of toch</p>",
            "\\- geen lijst & 1. ook niet\n\n1\\. of toch",
        ),
        ("<p># geen kop, *geen* [link]</p>", "\\# geen kop, \\*geen\\* \\[link\\]"),
        ("<p>snake_case en _zo_</p>", "snake_case en \\_zo\\_"),
    ],
)
def test_rich_text_that_markdown_can_say_is_written_as_an_author_would(html, markdown):
    assert WRITER.rich(html, refuse) == markdown


@pytest.mark.parametrize(
    "html", ["<p></p>", "<p><b>vet </b>woord</p>", "<h4>kop</h4>", "<p>a</p><p> b</p>", "los"]
)
def test_rich_text_that_markdown_cannot_say_is_written_as_it_is_stored(html):
    assert WRITER.rich(html, refuse) == html
    assert isinstance(WRITER.rich(html, refuse), Html)


@unhurried
@given(st.text(st.one_of(readable, st.sampled_from("\n\n  -*_#>`[]()<&!\\:~|=1.")), max_size=80))
def test_any_markdown_is_refused_or_comes_back(text):
    try:
        first = read_rich_text(text, 1, NAMES, refuse)
    except Wrong:
        return
    html = REFERENCES.marks().resolve(first)
    written = WRITER.body(BodyBlock(), [{"type": "text", "value": html}], refuse)

    assert [block["value"] for block in read_back(written)] == [html]


def struct(**parts):
    return st.fixed_dictionaries(parts)


def items(inner):
    return st.lists(inner.map(lambda value: {"type": "item", "value": value}), min_size=1, max_size=3)


short = st.text(readable, max_size=30)
blocks = st.one_of(
    st.tuples(st.just("text"), rich_texts),
    st.tuples(st.just("heading"), struct(text=short, level=st.sampled_from(["h2", "h3"]))),
    st.tuples(st.just("quote"), struct(text=texts, source=short, source_role=short)),
    st.tuples(st.just("steps"), struct(title=short, steps=items(struct(title=short, text=rich_texts)))),
    st.tuples(st.just("facts"), struct(title=short, rows=items(struct(label=short, value=short)))),
    st.tuples(
        st.just("image"), struct(image=st.just(5), alt=short, is_decorative=st.booleans(), caption=short)
    ),
    st.tuples(st.just("accordion"), struct(items=items(struct(title=short, text=rich_texts)))),
    st.tuples(
        st.just("call_to_action"),
        struct(title=short, text=texts, label=short, page=st.sampled_from([7, None]), url=st.just("")),
    ),
    st.tuples(st.just("related"), struct(title=short, pages=items(st.just(7)))),
    st.tuples(
        st.just("table"),
        st.integers(1, 3).flatmap(
            lambda width: struct(
                table=struct(
                    columns=st.lists(
                        struct(type=st.just("text"), heading=short), min_size=width, max_size=width
                    ),
                    rows=st.lists(struct(values=st.lists(short, min_size=width, max_size=width)), max_size=3),
                    caption=short,
                ),
                row_headers=st.booleans(),
            )
        ),
    ),
)


@unhurried
@given(st.lists(blocks, max_size=6))
def test_any_body_comes_back_block_by_block(stream):
    raw = [{"type": name, "value": value} for name, value in stream]

    found = read_back(WRITER.body(BodyBlock(), raw, refuse))

    assert said(BodyBlock(), found) == said(BodyBlock(), raw)


def test_what_is_gone_is_left_out_with_a_remark_and_its_words_stay():
    remarks = []
    raw = [
        {"type": "text", "value": '<p>Zie <a linktype="page" id="99">dit</a>.</p>'},
        {"type": "image", "value": {"image": 99, "alt": "x", "is_decorative": False, "caption": ""}},
        {"type": "related", "value": {"title": "Lees", "pages": [99, 7]}},
        {"type": "related", "value": {"title": "Lees", "pages": [99]}},
    ]

    body = WRITER.body(BodyBlock(), raw, remarks.append)

    assert body == "Zie dit.\n\n::: related\ntitle: Lees\npages:\n  - /over/\n:::\n"
    assert len(remarks) == 5


moments = st.datetimes(
    datetime.datetime(FIRST_YEAR, 1, 2), datetime.datetime(LAST_YEAR, 12, 30), timezones=st.just(datetime.UTC)
)


@unhurried
@given(moments)
def test_any_moment_comes_back(moment):
    assert read_moment(write_moment(moment)) == moment


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-03-29T00:59:59+00:00", "2026-03-29T01:59:59"),
        ("2026-03-29T01:00:00+00:00", "2026-03-29T03:00"),
        ("2026-10-25T00:30:00+00:00", "2026-10-25T02:30+02:00"),
        ("2026-10-25T01:30:00+00:00", "2026-10-25T02:30+01:00"),
        ("2026-10-25T02:00:00+00:00", "2026-10-25T03:00"),
    ],
)
def test_an_hour_that_comes_twice_carries_its_offset(moment, text):
    assert write_moment(datetime.datetime.fromisoformat(moment)) == text
    assert read_moment(text) == datetime.datetime.fromisoformat(moment)
