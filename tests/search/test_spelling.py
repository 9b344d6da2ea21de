"""Correcting costs a stranger's words little, however many and however long."""

import pytest

from portal.search import match, spelling, vocabulary
from tests.factories import make_article


@pytest.fixture
def looked_for(tree, monkeypatch):
    """The words for which a near one was looked for."""
    make_article(tree, title="Gemeenteraadsverkiezingen en begrotingsbehandeling in de gemeente")
    vocabulary.forget()
    asked, nearest = [], spelling._nearest
    monkeypatch.setattr(spelling, "_nearest", lambda word, words: asked.append(word) or nearest(word, words))
    return asked


def test_the_same_word_is_looked_for_once(client, looked_for):
    for _ in range(3):
        assert "begrotingsbehandeling" in client.get("/zoeken/", {"q": "begrotingsbehandelng"}).text

    assert looked_for == ["begrotingsbehandelng"]


def test_of_many_unknown_words_a_few_are_corrected(client, looked_for):
    unknown = [f"{first}zwxqvbk" for first in ("aardappel", "boter", "citroen", "dadel", "eikel", "framboos")]

    assert client.get("/zoeken/", {"q": " ".join(unknown)}).status_code == 200

    whole = [word for word in looked_for if word in unknown]
    assert sorted(set(whole)) == unknown[: match.MOST_CORRECTED]
    assert len(whole) == len(set(whole))
    assert len(looked_for) <= match.MOST_CORRECTED * (1 + 2 * spelling.MOST_CUTS)
