"""docs/audit.md is complete: every id is judged by something that exists, or is said to be not judged."""

import re

import pytest

from tests.audit.__main__ import PROOFS, TESTS
from tests.audit.checks import CHECKS
from tests.audit.ids import IDS
from tests.cache.servers import ROOT

DOCUMENT = (ROOT / "docs" / "audit.md").read_text()
ID = r"[LSRD]\d\d(?:b\b)?|0\.[a-z]+"
JUDGED, BY_HAND, NOT_JUDGED = (
    re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)[1]
    for heading in ("Judged by a command", "Judged by hand", "Not judged")
)


def rows(part: str) -> list[list[str]]:
    """The cells of each row of a table, without its head."""
    lines = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in cells] for cells in lines[1:]]


def ids_in(text: str) -> set[str]:
    """The ids in a cell, of S05–S07 also the one between."""
    between = re.sub(
        r"([LSRD])(\d\d)–\1(\d\d)",
        lambda found: " ".join(
            f"{found[1]}{number:02}" for number in range(int(found[2]), int(found[3]) + 1)
        ),
        text,
    )
    return set(re.findall(ID, between))


BY_COMMAND = {name: cells for cells in rows(JUDGED) for name in ids_in(cells[0])}
WITHOUT = {
    name for line in re.findall(r"^- \*\*(.+?)\*\*", NOT_JUDGED, re.MULTILINE) for name in ids_in(line)
}


@pytest.mark.parametrize("name", IDS)
def test_an_id_is_judged_or_said_to_be_not_judged(name):
    by_hand = {name for cells in rows(BY_HAND) for name in ids_in(cells[0])}

    assert name in {*BY_COMMAND, *by_hand, *WITHOUT}


@pytest.mark.parametrize("cells", rows(JUDGED), ids=lambda cells: cells[0])
def test_what_judges_it_exists(cells):
    how = cells[-1]
    paths = re.findall(r"`(?:\w+=\S+ make test ARGS=)?(tests/[\w/.]+)", how)
    targets = re.findall(r"make ([\w-]+)", how)
    makefile = (ROOT / "Makefile").read_text()

    assert paths or targets
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert [target for target in targets if f"\n{target}:" not in makefile] == []


@pytest.mark.parametrize("cells", rows(BY_HAND), ids=lambda cells: cells[0])
def test_what_was_judged_by_hand_says_with_what_when_and_what_was_found(cells):
    ids, _, tool, when, found = cells

    assert ids_in(ids)
    assert tool
    assert found
    assert re.search(r"20\d\d", when)


def test_what_the_audit_runs_stands_in_the_document():
    run = {name for ids in (*TESTS, *PROOFS, *(ids for ids, _, _ in CHECKS)) for name in ids.split()}

    assert run - {"doctor"} <= set(BY_COMMAND)
    assert set(BY_COMMAND) | WITHOUT <= set(IDS)


@pytest.mark.parametrize("tests", [path for tests in TESTS.values() for path in tests.split()])
def test_what_the_audit_runs_exists(tests):
    assert (ROOT / tests).exists()


def test_the_last_run_names_its_release():
    assert re.search(r"Last run.*release \d+\.\d+", DOCUMENT)
