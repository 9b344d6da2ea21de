"""Every page type opens."""

import pytest

from tests.factories import MAKERS


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_of_item_opens(client, tree, kind):
    item = MAKERS[kind](tree)

    answer = client.get(item.url)

    assert answer.status_code == 200
    assert item.title in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/aan-de-slag-met/",
        "/aan-de-slag-met/de-raad/",
        "/aan-de-slag-met/participatie/uitdaagrecht/",
        "/instrumenten/",
        "/inspiratie/",
        "/kennisbank/",
        "/actueel/",
        "/agenda/",
        "/recent/",
        "/over/",
    ],
)
def test_every_index_opens_empty_and_filled(client, tree, address):
    assert client.get(address).status_code == 200

    for make in MAKERS.values():
        make(tree, themes=[tree.raad], topics=[tree.topic])

    assert client.get(address).status_code == 200
