"""The spelling of every Dutch text; left out where no hunspell is, required with REQUIRE_SPELLING=1."""

import os

import pytest

from tests.spelling.speller import is_installed


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.spelling)


def pytest_ignore_collect(collection_path):
    """Without hunspell these tests are not collected, unless they are required: then its absence is an error."""
    if is_installed():
        return None
    if os.environ.get("REQUIRE_SPELLING") != "1":
        return True
    raise pytest.UsageError(
        "No hunspell with a Dutch list was found: install it (Debian: apt install hunspell hunspell-nl)."
    )
