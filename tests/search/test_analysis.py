"""Words to keys: compounds, forms, accents, and what must stay whole."""

from pathlib import Path

import pytest

from portal.search.analysis import analyse, tokens
from portal.search.compounds import split
from portal.search.forms import fold_word, key_of

HERE = Path(__file__).parent
COMPOUNDS = (HERE / "compounds.txt").read_text(encoding="utf-8").split()

WHOLE = (HERE / "whole.txt").read_text(encoding="utf-8").split()

SAME_KEY = [
    ("raadslid", "raadsleden"),
    ("burgerraadslid", "burgerraadsleden"),
    ("stad", "steden"),
    ("referendum", "referenda"),
    ("inspreken", "ingesproken"),
    ("inspreken", "inspraak"),
    ("loten", "geloot"),
    ("loten", "gelote"),
    ("evaluatie", "geëvalueerd"),
    ("participeren", "participatie"),
    ("vergaderen", "vergadert"),
    ("bezuinigen", "bezuinigd"),
    ("aanvragen", "aangevraagd"),
    ("coöperatie", "cooperaties"),
    ("motie", "moties"),
    ("brief", "brieven"),
    ("huis", "huizen"),
    ("kiezen", "gekozen"),
    ("kaart", "kaartje"),
    ("democratie", "democratische"),
    ("raadsstukken", "raadstukken"),
]

OTHER_KEY = [
    ("gemeente", "menen"),
    ("hoofd", "hof"),
    ("geluid", "luiden"),
    ("verkeerd", "verkeer"),
]


@pytest.mark.parametrize("compound", COMPOUNDS)
def test_a_compound_is_taken_apart(compound):
    assert "+".join(split(compound.replace("+", ""))) == compound


@pytest.mark.parametrize("word", WHOLE)
def test_a_word_that_only_looks_like_a_compound_stays_whole(word):
    assert split(word) == ()


@pytest.mark.parametrize(("one", "other"), SAME_KEY)
def test_forms_of_a_word_share_a_key(one, other):
    assert tokens(one)[0].key == tokens(other)[0].key


@pytest.mark.parametrize(("one", "other"), OTHER_KEY)
def test_words_that_only_look_alike_do_not_share_a_key(one, other):
    assert key_of(one) != key_of(other)


def test_parts_within_parts_are_found():
    (token,) = tokens("gemeenteraadsverkiezingen")

    assert set(token.parts) >= {
        key_of(word) for word in ("gemeente", "raad", "verkiezing", "gemeenteraad")
    } - {key_of("gemeenteraad")}
    assert tokens("gemeenteraad")[0].key in token.parts


def test_a_token_knows_where_it_stands():
    text = "De coöperatie’s, B&W en foto's."

    assert [text[token.start : token.end] for token in tokens(text)] == [
        "De",
        "coöperatie’s",
        "B&W",
        "en",
        "foto's",
    ]


@pytest.mark.parametrize("text", ["B&W", "B & W", "B en W", "b&w", "college van B&W"])
def test_burgemeester_en_wethouders_is_one_word_however_it_is_written(text):
    assert tokens(text)[-1].key == "benw"


def test_a_word_that_is_cut_short_is_completed():
    main, parts, _ = analyse("raads- en commissieleden")

    assert main[0] == tokens("raadsleden")[0].key
    assert key_of("lid") in parts


def test_words_that_a_hyphen_ties_are_found_as_one_too():
    _, parts, _ = analyse("co-creatie")

    assert tokens("cocreatie")[0].key in parts


def test_common_words_and_question_words_have_no_key():
    assert [token.key for token in tokens("hoe doet de wie dat")] == [""] * 5


def test_accents_case_and_joined_letters_make_no_difference():
    assert fold_word("Coöperatie") == fold_word("COOPERATIE") == "cooperatie"
    assert fold_word("ĳsclub") == "ijsclub"


def test_composed_and_decomposed_text_is_the_same():
    import unicodedata

    text = "coöperatie één"

    assert analyse(unicodedata.normalize("NFD", text))[:2] == analyse(text)[:2]


@pytest.mark.parametrize(
    "text", ["a" * 3000, "raad" * 750, "𝔯𝔞𝔞𝔡 🏛️ \x00\u202e", "' OR 1=1 --", "ß" * 400, "١٢٣ २०२६ ½ ²"]
)
def test_no_text_is_too_strange(text):
    for token in tokens(text):
        assert len(token.key) <= 60


def test_a_text_is_kept_by_the_same_keys_as_it_is_marked_by():
    text = (
        "De coöperaties, raads- en commissieleden\nB&W en co-creatie: 3.500 euro’s\n"
        "Gemeenteraadsverkiezingen in 2026 zijn ²½ keer zo_leuk\nb en w, d'Artagnan/Łódź"
    )

    found = analyse(text)

    every = [token for line in text.split("\n") for token in tokens(line) if token.key]
    assert found.keys == [token.key for token in every]
    assert found.parts == [part for token in every for part in token.parts]
    assert {"coöperaties", "commissieleden", "gemeenteraadsverkiezingen"} <= found.words
    assert not found.words & {"de", "in", "2026"}
