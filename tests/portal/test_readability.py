"""The Flesch-Douma score, on words and texts that were counted by hand."""

from io import StringIO

import pytest
from django.core.management import call_command

from portal.readability import lines_of, measure, readability_of, syllables_in
from tests.factories import make_article, make_news

#: Eleven words of one syllable in three sentences.
EASY = "De raad kiest. Wat vind je? Zeg het dan ook nu."


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("raad", 1), ("leeuw", 1), ("nieuw", 1), ("fraai", 1), ("VNG", 1), ("2026", 1),
        ("gemeente", 3), ("rekenkamer", 4), ("beoordelen", 4), ("januari", 4), ("politie", 3), ("hypotheek", 3),
        ("bijeenkomst", 3), ("nieuwe", 2), ("groeien", 2), ("royaal", 2), ("video", 3), ("coördinatie", 5),
        ("geëvalueerd", 5), ("financiën", 4), ("ideeën", 3), ("beïnvloed", 3), ("participatieverordening", 9),
    ],
)  # fmt: skip
def test_the_syllables_of_a_word_are_counted(word, count):
    assert syllables_in(word) == count


def test_a_text_is_scored_by_the_formula_of_douma():
    easy = measure([EASY])

    assert (easy.words, easy.sentences, easy.syllables) == (11, 3, 11)
    assert easy.score == pytest.approx(206.84 - 0.77 * 100 - 0.93 * 11 / 3)


def test_long_words_in_a_long_sentence_score_low():
    hard = measure(["Gemeenschappelijke regelingen beïnvloeden besluitvormingsprocedures onmiskenbaar"])

    assert (hard.words, hard.sentences, hard.syllables) == (5, 1, 6 + 4 + 4 + 8 + 4)
    assert hard.score == pytest.approx(206.84 - 0.77 * 520 - 0.93 * 5)


def test_a_line_ends_its_sentence_and_a_dot_in_a_number_does_not():
    assert measure(["Wat je nodig hebt", "een zaal", "3.000 brieven."]).sentences == 3


def test_a_text_without_words_has_no_score():
    assert measure(["…", ""]).score == 0


def test_only_what_is_read_as_sentences_counts():
    html = (
        "<h2>Kop</h2><p>Eén <b>zin</b>.</p><table><tr><td>cel</td></tr></table>"
        "<figure><figcaption>bijschrift</figcaption></figure><ul><li>punt</li></ul>"
    )

    assert lines_of(html) == ["Kop", "Eén zin.", "punt"]


def test_a_page_is_measured_with_its_summary(tree):
    page = make_article(tree, summary="Een zin.", body=[("text", "<p>Nog een zin. En een derde.</p>")])

    assert readability_of(page).sentences == 3


def printed(**options) -> str:
    out = StringIO()
    call_command("readability", stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_each_article_the_hardest_first_and_the_average(tree):
    make_article(tree, title="Makkelijk", body=[("text", f"<p>{EASY * 10}</p>")])
    make_article(
        tree, title="Moeilijk", body=[("text", "<p>" + "Beleidsvoornemens verantwoorden. " * 60 + "</p>")]
    )
    make_article(tree, title="Te kort om te meten")

    lines = printed().splitlines()

    assert [line.split()[-1] for line in lines[1:3]] == ["Moeilijk", "Makkelijk"]
    assert lines[3].endswith("on average of 2")
    scores = [float(line.split()[0]) for line in lines[1:]]
    assert scores[2] == pytest.approx((scores[0] + scores[1]) / 2, abs=0.11)


def test_the_command_measures_another_kind_and_says_when_there_is_nothing(tree):
    make_news(tree, title="Bericht", body=[("text", f"<p>{EASY * 10}</p>")])

    assert "Bericht" in printed(kind="nieuws")
    assert printed() == "There is no page of the kind verdieping with 100 words or more.\n"
