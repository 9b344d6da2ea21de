import pytest

from portal.text import cut, fold


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("Past precies", 12, "Past precies"),
        ("Dit past net niet meer", 20, "Dit past net niet…"),
        ("Een zin, met komma", 9, "Een zin…"),
        ("Onbreekbaarwoord", 8, "Onbreek…"),
        ("  veel   wit  ", 20, "veel wit"),
        ("", 10, ""),
    ],
)
def test_a_text_is_cut_at_a_word_and_closed_with_one_ellipsis(text, length, expected):
    assert cut(text, length) == expected
    assert len(cut(text, length)) <= length


def test_titles_sort_without_accents_case_and_quotes():
    assert sorted(["‘zebra’", "Éen", "appel"], key=fold) == ["appel", "Éen", "‘zebra’"]
