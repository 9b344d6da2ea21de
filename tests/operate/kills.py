"""Backups and restores that are killed at random moments, on a small site of their own: `make prove-kills`.

After each kill the file is whole or not there, and the site is wholly the one before or wholly the one of the backup,
once the worker has looked. Printed: how often each was seen.
"""

import hashlib
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

TIMES = 20
FILES = 120


def main():
    folder = Path(tempfile.mkdtemp(prefix="kills-"))
    os.environ.update(MODE="demo", DATA_DIR=str(folder / "data"), PAGE_CACHE="0", LOG_LEVEL="ERROR")
    os.environ["DATABASE_URL"] = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/site.sqlite3"
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django

    django.setup()
    Kills(folder).run()


class Kills:
    def __init__(self, folder: Path):
        from django.conf import settings

        self.folder, self.media = folder, Path(settings.MEDIA_ROOT)
        self.dice = random.Random(7)

    def run(self):
        from django.core.management import call_command

        from portal.operate.backup import take_backup

        call_command("setup_site", no_user=True, verbosity=0)
        self.fill("oud")
        old = self.folder / "old.backup"
        take_backup(old)
        before = self.state()
        self.fill("nieuw")
        whole = self.seconds(lambda: take_backup(self.folder / "new.backup"))
        after = self.state()
        assert before != after
        print(
            f"a backup takes {whole:.1f} s; {TIMES} are killed: {dict(self.kill_backups(whole))}", flush=True
        )
        whole = self.seconds(lambda: self.restore(old))
        assert self.state() == before
        seen = self.kill_restores(whole, old, before)
        print(f"a restore takes {whole:.1f} s; {TIMES} are killed: {dict(seen)}", flush=True)

    def fill(self, word: str):
        """Media and a title that say which site this is."""
        from portal.models import HomePage

        for number in range(FILES):
            path = self.media / f"documents/{word}/{number}.bin"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(word.encode() * 20_000)
        HomePage.objects.update(title=word)

    def state(self) -> str:
        """One sum of every row and every file."""
        from portal.operate import media_snapshot, rows

        found = hashlib.sha256()
        for model in rows.tables():
            for line in rows.dump(model):
                found.update(line)
        for path in media_snapshot.media_files(self.media):
            found.update(str(path).encode() + (self.media / path).read_bytes())
        return found.hexdigest()

    def restore(self, path: Path):
        from portal.operate.restore import restore_backup

        restore_backup(path, replace=True)

    def seconds(self, work) -> float:
        began = time.monotonic()
        work()
        return time.monotonic() - began

    def killed(self, work, most: float):
        """Let a process of its own do this, and kill it after a random part of that time."""
        from django.db import connections

        connections.close_all()
        child = os.fork()
        if not child:
            os.setsid()
            work()
            os._exit(0)
        time.sleep(self.dice.uniform(0, most))
        os.killpg(child, signal.SIGKILL) if os.getpgid(child) == child else os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    def kill_backups(self, whole: float) -> Counter:
        from portal.operate.archive_file import reading
        from portal.operate.backup import take_backup

        seen: Counter = Counter()
        for number in range(TIMES):
            path = self.folder / f"killed-{number}.backup"
            self.killed(lambda path=path: take_backup(path), whole * 2)
            if not path.exists():
                seen["absent"] += 1
                continue
            with reading(path) as members:
                seen["whole"] += 1
                assert sum(1 for _ in members) > FILES
        return seen

    def kill_restores(self, whole: float, old: Path, before: str) -> Counter:
        from portal.operate.media_snapshot import recover_unless_running

        seen: Counter = Counter()
        for number in range(TIMES):
            self.restore(self.folder / "new.backup")
            now = self.state()
            # Rows and media change places early; the rest of the time goes to the search index.
            self.killed(lambda: self.restore(old), whole * (1.1 if number % 4 == 0 else 0.4))
            recover_unless_running()
            found = self.state()
            seen[{before: "all of the backup", now: "all that was there"}.get(found, "HALF")] += 1
        if seen["HALF"]:
            sys.exit(f"FAILED: {dict(seen)}")
        return seen


if __name__ == "__main__":
    main()
