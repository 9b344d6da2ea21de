"""Every Dutch word that a reader or an editor sees is spelled well, and speaks in our one voice."""

import re

import pytest

from tests.spelling.speller import own_words, unknown, unknown_to_hunspell, words_in
from tests.spelling.texts import (
    ROOT,
    all_texts,
    texts_of_content,
    texts_of_html,
    texts_of_python,
    texts_of_script,
)

#: What we do not write: "u" where we say "je", and the words of an office. See docs/writing.md.
STIFF = {
    *(
        "u",
        "uw",
        "uzelf",
        "alsmede",
        "betreffende",
        "derhalve",
        "doch",
        "echter",
        "heden",
        "inzake",
        "middels",
    ),
    *("teneinde", "tevens", "wenselijk", "zulks"),
}
#: The home page repeats the old site word for word, see the seed.
OLD_WORDS = "We nodigen u uit…"
DATE_WITH_CAPITAL = re.compile(
    r"\d (?:Januari|Februari|Maart|April|Mei|Juni|Juli|Augustus|September|Oktober|November|December)\b"
)


@pytest.fixture(scope="module")
def texts():
    return list(all_texts())


def place(text) -> str:
    return f"{text.path.relative_to(ROOT)}:{text.line}"


def misspelled(texts) -> list[tuple]:
    """The texts with a word that no list knows; a guess of which half the words are unknown is not Dutch."""
    wrong = unknown(word for text in texts for word in words_in(text.words))
    found = []
    for text in texts:
        words = words_in(text.words)
        misses = [word for word in words if word in wrong]
        if misses and not (text.is_guess and 2 * len(misses) > len(words) > 1):
            found += [(text, word) for word in misses]
    return found


def test_every_word_is_known(texts):
    found = [f"{place(text)}: {word}" for text, word in misspelled(texts)]

    assert not found, "Mend these, or add what is right to tests/spelling/woorden.txt:\n" + "\n".join(found)


def test_our_own_list_is_sorted_and_holds_only_what_is_needed(texts):
    own = own_words()
    used = {word for text in texts for word in words_in(text.words)}
    used |= {word[:1].lower() + word[1:] for word in used}

    assert own == sorted(set(own), key=lambda word: (word.casefold(), word))
    assert sorted(set(own) - used) == []
    assert sorted(set(own) - unknown_to_hunspell(own)) == []


def test_no_text_is_stiff(texts):
    found = [
        f"{place(text)}: {word}"
        for text in texts
        for word in words_in(text.words.replace(OLD_WORDS, ""))
        if word.lower() in STIFF
    ]

    assert found == []


def test_no_date_has_a_capital(texts):
    assert [place(text) for text in texts if DATE_WITH_CAPITAL.search(text.words)] == []


def words_of(texts) -> list[tuple[int, str]]:
    return [(text.line, word) for text in texts for word in words_in(text.words)]


def test_a_content_file_is_read_with_its_lines_and_without_its_code(tmp_path):
    path = tmp_path / "stuk.md"
    path.write_text(
        "---\n"
        "type: article\n"
        "title: 'Wat doet: de raadd?'\n"
        "themes: [checks-balances]\n"
        "steps:\n"
        "  - {title: Kies eerts, text: Begin}\n"
        "---\n"
        "Lees [verdre](/kennisbank/stuk/) of mail info@example.org.\n"
        "\n"
        "::: facts\n"
        "rows:\n"
        "  - {label: Wie, value: De raad}\n"
        ":::\n"
    )

    found = words_of(texts_of_content(path))

    assert {(3, "raadd"), (6, "eerts"), (8, "verdre"), (12, "Wie"), (12, "raad")} <= set(found)
    assert not {"article", "checks-balances", "title", "facts", "kennisbank", "info", "example"} & {
        word for _, word in found
    }


def test_a_template_is_read_with_its_attributes_and_the_words_in_its_tags(tmp_path):
    path = tmp_path / "deel.html"
    path.write_text(
        "{# needs: page #}\n"
        "{% load look %}<nav\n"
        '  aria-label="Hofdmenu" class="menu">{{ value.title|default:"In het kortt" }}\n'
        '<img alt="Een {{ x }} raadzaaal"></nav>\n'
        "<script>const code = 1</script>Zoeck\n"
    )

    found = words_of(texts_of_html(path))

    assert found == [
        *[(3, "Hofdmenu"), (3, "In"), (3, "het"), (3, "kortt")],
        *[(4, "Een"), (4, "raadzaaal"), (5, "Zoeck")],
    ]


def test_a_module_is_read_where_its_strings_are_dutch_or_shown(tmp_path):
    path = tmp_path / "module.py"
    path.write_text(
        '"""A docstring with a speling mistake."""\n'
        'name = models.CharField("naaam", max_length=9, help_text=("Kort en "\n'
        '    "conkreet."))\n'
        'logger.info("recieved again" if count else "Het bestand is er niiet")\n'
        "raise ValidationError({'title': 'Vul iets inn.'})\n"
        'SORT_LABELS = {"nieuw": "Niewste"}\n'
        'text = f"Er zijn {count} bijeenkomten"\n'
        'index.SearchField("summarry")\n'
    )

    found = [word for _, word in words_of(texts_of_python(path))]

    assert {"naaam", "conkreet", "inn", "Niewste", "bijeenkomten"} <= set(found)
    assert not {"speling", "recieved", "niiet", "summarry", "title", "nieuw", "count"} & set(found)


def test_a_guess_that_is_mostly_unknown_is_taken_for_another_language(tmp_path):
    path = tmp_path / "module.py"
    path.write_text('a = "leads nowhere here"\nb = "Wis alle keuzess"\n')

    assert [word for _, word in misspelled(list(texts_of_python(path)))] == ["keuzess"]


def test_a_script_is_read_where_its_strings_are_dutch(tmp_path):
    path = tmp_path / "deel.js"
    path.write_text(
        '// A comment that is not red\nconst a = document.querySelector(".lijst a");\n'
        'knop.textContent = "Sluitt";\nstatus.textContent = `${n} suggesties gevonde voor je`;\n'
    )

    assert words_of(texts_of_script(path)) == [
        *[(3, "Sluitt"), (4, "suggesties"), (4, "gevonde"), (4, "voor"), (4, "je")]
    ]


def test_a_wrong_word_is_found_and_a_capital_at_the_start_is_not_wrong():
    assert unknown(["gemeenteraad", "Januari", "Gelote", "gemeeteraad", "Gemeeteraad"]) == {
        "gemeeteraad",
        "Gemeeteraad",
    }
