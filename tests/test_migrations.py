"""A migration works with the code of the release before it: readers go on while it runs, and the way back is open."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

from tests.conftest import make_roots

ROOT = Path(settings.BASE_DIR)
#: The migrations of the last release, written by `make freeze-migrations`; empty until the first one.
FROZEN = (Path(__file__).parent / "released_migrations.txt").read_text().split()


def ours() -> list:
    """Every migration of our own apps, as (name, migration)."""
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    labels = {app.label for app in apps.get_app_configs() if Path(app.path).is_relative_to(ROOT)}
    labels = {label for label in labels if ".venv" not in Path(apps.get_app_config(label).path).parts}
    return [(f"{label}.{name}", found[label, name]) for label, name in sorted(found) if label in labels]


def released() -> list[str]:
    """What nobody upgrades from while the portal runs: the migrations of the last release, or all before the first."""
    return FROZEN or [name for name, _ in ours()]


def judged(names: list[str], folder: Path) -> list[str]:
    """Of these migrations, those that the linter calls incompatible with the code before them."""
    make_roots()  # an image's default collection is asked for while SQL is written
    linter = MigrationLinter(path=str(folder), no_cache=True, quiet=["ok", "warning", "ignore"])
    wrong = []
    for name, migration in ours():
        if name in names:
            before = linter.nb_erroneous
            linter.lint_migration(migration)
            wrong += [name] * (linter.nb_erroneous > before)
    return wrong


@pytest.mark.django_db(transaction=True)  # SQLite judges no table inside a transaction
def test_every_migration_since_the_release_works_with_the_code_before_it():
    new = [name for name, _ in ours() if name not in released()]

    assert judged(new, ROOT) == []


@pytest.mark.django_db(transaction=True)  # SQLite judges no table inside a transaction
def test_the_linter_sees_a_migration_that_does_not():
    """One of our own from before the release, that took a column away or made one NOT NULL."""
    assert judged(released(), ROOT) != []


def test_every_released_migration_is_still_there():
    assert set(released()) - {name for name, _ in ours()} == set()


def test_every_migration_can_be_undone():
    one_way = [
        name
        for name, migration in ours()
        if name not in released() and not all(operation.reversible for operation in migration.operations)
    ]

    assert one_way == []


def freeze():
    """With each release: what is there now is released from here on."""
    (Path(__file__).parent / "released_migrations.txt").write_text("".join(f"{name}\n" for name, _ in ours()))
