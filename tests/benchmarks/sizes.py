"""What a page costs as the portal grows: python -m tests.benchmarks.sizes demo 1000 10000 (`make bench-sizes`).

Portals of these sizes stand ready at once and are asked in turn, so that a slow moment hits them all. The demo does not
fill the pages of every list: 1,000 generated items do, and from there on a page shows as much as it ever will.
"""

import argparse
import re
import statistics
import tempfile
from pathlib import Path

from tests.benchmarks.__main__ import CHANGES, FIRST, OF_ITS_WORDS, PAGES, ask
from tests.benchmarks.projects import Portal, Process, another_database

ROUNDS, WARM_UP = 15, 3
MORE = {
    "agenda, past": "/agenda/?periode=voorbij",
    "all, page 50": "/zoeken/?pagina=50",
    "all, page 500": "/zoeken/?pagina=500",
    "search, found on nearly every page": "/zoeken/?q=raad",
    "search, found on few pages": "/zoeken/?q=motie",
}
MORE |= {f"{name}{OF_ITS_WORDS}": path for name, path in MORE.items() if name.startswith("search")}


def portal_of(size: str, database: str, folder: Path) -> Portal:
    """A portal with the demo and so many generated items, in a folder that is used again (SQLite)."""
    own = folder / f"portal-{size}"
    is_file = database == "sqlite"
    url = f"sqlite:///{own / 'portal.sqlite3'}" if is_file else another_database(f"bench_{size}")
    portal = Portal(own, 0 if size == "demo" else int(size), url)
    portal.prepare()
    return portal


def measure(processes: dict[str, Process], rounds: int, only: str, changed: str) -> list[str]:
    """A row of Markdown for each page: queries, bytes and CPU at each size, and the multiple of the first size; each
    answer after a change, if one is named."""
    pages = {name: path for name, path in {**PAGES, **FIRST, **MORE}.items() if re.search(only, name)}
    for process in processes.values():
        process.call("log_in")
    kennisbank = {size: process.call("page_id", "/kennisbank/") for size, process in processes.items()}
    rows = []
    for name, path in pages.items():
        paths = {size: path.format(kennisbank=kennisbank[size]) for size in processes}
        looks = {}
        for size, process in processes.items():
            process.call("look", paths[size])  # what a generation keeps in memory is made by now
            looks[size] = ask(process, "look", name, paths[size], changed)
        there = [size for size in processes if looks[size]["status"].startswith("200")]
        found = {size: [] for size in there}
        for number in range(-WARM_UP, rounds):
            for size in there:
                cpu = ask(processes[size], "cost", name, paths[size], changed)["cpu"]
                if number >= 0:
                    found[size].append(cpu)
        cells, first = [], None
        for size in processes:
            if size not in there:
                cells.append("–")
                continue
            first, look = first or found[size], looks[size]
            ratios = [own / other for own, other in zip(found[size], first, strict=True)]
            times = "" if first is found[size] else f" ({statistics.median(ratios):.2f})"
            median = statistics.median(found[size])
            cells.append(f"{look['queries']} queries, {look['raw'] / 1000:.0f} kB, {median:.1f} ms{times}")
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="+", help="demo, or numbers of generated items beside the demo")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--folder", type=Path, help="keep and reuse the filled portals here (SQLite)")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="a regular expression for the names of pages")
    parser.add_argument("--changed", choices=CHANGES, default="", help="what each answer comes after")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        portals = {size: portal_of(size, options.database, folder) for size in options.sizes}
        processes = {size: portal.start() for size, portal in portals.items()}
        try:
            rows = measure(processes, options.rounds, options.only, options.changed)
        finally:
            for process in processes.values():
                process.stop()
    print(f"{options.database}, median of {options.rounds} rounds; in brackets: times the first size\n")
    print(f"| page | {' | '.join(options.sizes)} |")
    print("|---|" + "---|" * len(options.sizes))
    print("\n".join(rows))


if __name__ == "__main__":
    main()
