"""Trying a backup: restored into an empty SQLite database in a temporary folder, by another process."""

import datetime
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from portal.operate.problems import OperatorError


def _stamp() -> Path:
    return Path(settings.DATA_DIR) / "last-test-restore"


def last_test_restore() -> datetime.datetime | None:
    """When a backup was last restored as a test; None when it never was."""
    try:
        return datetime.datetime.fromtimestamp(_stamp().stat().st_mtime, datetime.UTC)
    except OSError:
        return None


def try_restore(path: Path, identity: Path | None = None):
    """Restore a backup where it does no harm, and remember that it worked. Raises OperatorError."""
    with tempfile.TemporaryDirectory(prefix="test-restore-", dir=settings.DATA_DIR) as folder:
        environment = {
            **os.environ,
            "DATA_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/test.sqlite3",
            "MODE": "demo",
        }
        environment.pop("MEDIA_ROOT", None)
        more = ["--identity", str(identity.resolve())] if identity else []
        for command in (["migrate", "--verbosity", "0"], ["restore", str(path.resolve()), *more]):
            done = subprocess.run(  # noqa: S603 - our own commands, no shell
                [sys.executable, "manage.py", *command],
                cwd=settings.BASE_DIR,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
                raise OperatorError(f"The test restore failed: {reason}")
    _stamp().touch()
    os.utime(_stamp(), (timezone.now().timestamp(),) * 2)
