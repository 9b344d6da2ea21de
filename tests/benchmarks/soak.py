"""What the workers hold after a long time under load: python -m tests.benchmarks.soak MINUTES (`make soak`).

The demo on a PostgreSQL of its own, 20 reads a second: mostly known addresses, also searches that nobody did before and
lists with filters; a new generation every 20 seconds. Printed each minute: reads, failed reads, and what workers hold.
"""

import random
import re
import sys
import tempfile
import time
from pathlib import Path

from tests.cache.load import Site
from tests.cache.servers import children_of

GENERATION = 20
SETTLED = 0.1  # part of the time after which caches and pools are filled, and growth is counted
WORDS = ("raad", "griffier", "burgerberaad", "participatie", "motie", "inwoners", "samenspel", "begroting")


def addresses_of(site: Site) -> list[str]:
    """One in six reads is of an address that is hardly ever asked for again."""
    dice = random.Random(6)
    searches = [f"/zoeken/?q={dice.choice(WORDS)}+{number}" for number in range(500)]
    lists = [
        f"/recent/?q={dice.choice(WORDS)}&jaar={dice.randrange(1990, 2027)}&onbekend={number}"
        for number in range(1500)
    ]
    known = site.addresses * (10_000 // len(site.addresses))
    return [*known, *searches, *lists]


def held_by(pid: int) -> tuple[float, float, int]:
    """Resident and proportional megabytes of a process, and its open files."""
    status = Path(f"/proc/{pid}/smaps_rollup").read_text()
    resident, shared = (
        int(re.search(rf"^{name}:\s+(\d+)", status, re.M)[1]) / 1024 for name in ("Rss", "Pss")
    )
    return resident, shared, len(list(Path(f"/proc/{pid}/fd").iterdir()))


def main(minutes: float):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        site = Site(Path(folder), content="demo")
        site.environment["MALLOC_ARENA_MAX"] = "2"  # as docs/operate/portaal-web.service says
        with site.running():
            began, settled = time.monotonic(), {}
            print("| minute | reads | failed | > 2 s | per worker: MB resident, MB of its own share, files |")
            print("|---:|---:|---:|---:|---|", flush=True)
            with site.readers(addresses_of(site)) as readers:
                for minute in range(1, int(minutes) + 1):
                    while time.monotonic() - began < minute * 60:
                        time.sleep(GENERATION)
                        site.change()
                    held = {pid: held_by(pid) for pid in children_of(site.process.pid)}
                    if not settled and minute >= minutes * SETTLED:
                        settled = held
                    said = "; ".join("{:.0f}, {:.0f}, {}".format(*one) for one in held.values())
                    print(
                        f"| {minute} | {readers.reads} | {len(readers.failed)} | {readers.slow} | {said} |",
                        flush=True,
                    )
            for pid, (resident, _, files) in held.items():
                before, _, files_before = settled.get(pid, (resident, 0, files))
                growth = (resident / before - 1) * 100
                print(f"worker {pid}: {resident:.0f} MB, {growth:+.1f} % since it had settled", end="")
                print(f", {files} files ({files_before} before)")
            print(f"failed reads: {readers.failed[:5]}")
    sys.exit(1 if readers.failed else 0)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 30)
