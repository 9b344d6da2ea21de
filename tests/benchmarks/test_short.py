"""The short form of `make bench`: it runs to its end, and no template asks the database more than it may."""

import os
import subprocess
import sys

import pytest

from tests.cache.servers import ROOT

DETAILS = (
    "verdieping",
    "publicatie",
    "instrument",
    "praktijkvoorbeeld",
    "nieuws",
    "column",
    "interview",
    "verslag",
)
#: For each template: with what a generation keeps in memory, and when all of that is read anew.
MOST_QUERIES = {
    "home": (6, 6),
    "list": (9, 9),
    "agenda": (9, 9),
    "search": (9, 9),
    "search, first of its words": (9, 9),
    "bijeenkomst": (9, 9),
    **dict.fromkeys(DETAILS, (9, 9)),
}


@pytest.fixture(scope="module")
def table() -> dict[str, list[str]]:
    """The cells of each row by its name."""
    database = "postgres" if "postgres" in os.environ.get("DATABASE_URL", "") else "sqlite"
    options = ("--part", "templates", "--rounds", "1", "--database", database)
    environment = {name: value for name, value in os.environ.items() if name != "MODE"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *options],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=900,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    rows = [line.strip("| ").split(" | ") for line in done.stdout.splitlines() if line.startswith("| ")]
    return {name: cells for name, *cells in rows}


@pytest.mark.parametrize("template", MOST_QUERIES)
def test_a_template_asks_the_database_no_more_than_it_may(table, template):
    queries, published, anew = map(int, table[template][:3])
    most, most_anew = MOST_QUERIES[template]

    assert 0 < queries <= most
    assert queries < published <= anew <= most_anew


def test_every_template_is_measured(table):
    assert {"fresh Wagtail project, home", "theme", "topic", "feed", "beheer: explorer"} <= set(table)
    costs = (cells[3].partition(" ") for name, cells in table.items() if name != "template")
    assert all(float(cpu) > 0 and float(ratio.strip("()")) > 0 for cpu, _, ratio in costs)
