"""Pull the database's plug under load and no reader notices (the short form of `make chaos`)."""

import tempfile
from pathlib import Path

import pytest

from tests.cache.chaos import faults, kill_publications, stampede
from tests.cache.load import Site

pytestmark = [pytest.mark.alone, pytest.mark.servers, pytest.mark.once]  # it brings a PostgreSQL of its own


@pytest.fixture(scope="module")
def site():
    with tempfile.TemporaryDirectory() as folder:  # not pytest's own: PostgreSQL runs as another user
        Path(folder).chmod(0o755)
        with Site(Path(folder)).running() as site:
            yield site


def test_no_read_fails_whatever_fails(site):
    for result in faults(site, seconds=6):
        assert result.reads > 0
        # What a killed worker had in hand is lost with it; on a busy machine that is more than one read.
        assert len(result.failed) <= 2 * result.kills, (result.fault, result.failed[:10])
        assert result.recovered is not None, result.fault
        if result.unread:
            assert result.unread.code == 503
            assert result.unread.headers["retry-after"] == "60"
            assert result.unread.headers["cache-control"] == "no-store"
            assert "We zijn zo terug" in result.unread.text
            assert int(result.kept.headers["age"]) > 0
            is_there = "locked" in result.fault  # it answers, only not about pages
            assert (result.live.code, result.ready.code) == (200, 200 if is_there else 503)


def test_everyone_at_once_gets_the_page(site):
    got, asked = stampede(site, readers=100)

    assert (got, asked) == (100, 100)


def test_a_publication_that_is_killed_is_made_whole_or_not_at_all(site):
    found = kill_publications(site, tries=12)

    assert found["old"] + found["new"] == 12
    assert (found["mixed"], found["disagree"]) == ([], [])
