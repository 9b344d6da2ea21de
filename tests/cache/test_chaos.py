"""Pull the database's plug under load and no reader notices (the short form of `make chaos`)."""

import pytest

from tests.cache.chaos import Site, faults, stampede

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chaos")
    for parent in (folder, *folder.parents):  # PostgreSQL runs as a user of its own
        if parent.stat().st_uid == folder.stat().st_uid and parent.name.startswith(("pytest", "chaos")):
            parent.chmod(0o755)
    with Site(folder).running() as site:
        yield site


def test_no_read_fails_whatever_fails(site):
    for result in faults(site, seconds=6):
        assert result.reads > 0
        allowed = 6 if "killed" in result.fault else 0  # what a killed worker had in hand is lost with it
        assert len(result.failed) <= allowed, (result.fault, result.failed[:10])
        assert result.recovered is not None, result.fault
        if result.unread:
            assert result.unread.code == 503
            assert result.unread.headers["retry-after"] == "60"
            assert result.unread.headers["cache-control"] == "no-store"
            assert "We zijn zo terug" in result.unread.text


def test_everyone_at_once_gets_the_page(site):
    got, asked = stampede(site, readers=100)

    assert (got, asked) == (100, 100)
