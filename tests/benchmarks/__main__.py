"""The benchmark itself: python -m tests.benchmarks --size demo|10000|100000 --database sqlite|postgres."""

import argparse
import platform
import re
import statistics
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import served
from tests.benchmarks.projects import Fresh, Portal, Process, database_urls

ROUNDS, WARM_UP, NEW_GENERATIONS = 200, 3, 9
#: Name and address; the same pages at every size.
PAGES = {
    "home": "/",
    "theme": "/aan-de-slag-met/de-raad/",
    "topic": "/aan-de-slag-met/participatie/uitdaagrecht/",
    "list": "/kennisbank/",
    "list, facets chosen": "/kennisbank/?thema=de-raad&rol=griffier",
    "all, page 1": "/zoeken/",
    "verdieping": "/kennisbank/wat-doet-een-rekenkamer/",
    "publicatie": "/kennisbank/raadsleden-in-positie/",
    "instrument": "/instrumenten/dialoogtafel/",
    "praktijkvoorbeeld": "/inspiratie/burgerberaad-over-warmte-in-waterhoven/",
    "nieuws": "/actueel/een-nieuwe-raad-aan-het-werk/",
    "column": "/actueel/column-lof-van-het-saaie-stuk/",
    "interview": "/actueel/interview-een-griffier-moet-nee-kunnen-zeggen/",
    "verslag": "/actueel/verslag-een-avond-over-het-uitdaagrecht/",
    "bijeenkomst": "/agenda/themadag-de-driehoek-in-gesprek/",
    "agenda": "/agenda/",
    "search": "/zoeken/?q=participatie",
    "feed": "/recent/feed.atom",
    "beheer: explorer": "/beheer/pages/{kennisbank}/",
    "beheer: page chooser": "/beheer/choose-page/{kennisbank}/",
}
#: The first search for its words in a generation; what it found is remembered until something is published.
OF_ITS_WORDS = ", first of its words"
FIRST = {f"search{OF_ITS_WORDS}": PAGES["search"]}
#: What begins a new generation: the publication of an item, or what may have changed anything (as a start does).
CHANGES = ("item", "anything")
DEEPEST = "all, last page"


@dataclass
class Row:
    """One template in one project."""

    name: str
    path: str
    #: What an answer is, in memory ("") and as the first of a new generation, by what began it.
    looks: dict[str, dict] = field(default_factory=dict)
    #: Milliseconds of CPU, and multiples of what the fresh home page cost just before, by the same.
    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    ratios: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def rows_of(portal: Process, only: str) -> list[Row]:
    """The templates to measure, with addresses that depend on the content filled in."""
    portal.call("log_in")
    pages = {**PAGES, **FIRST}
    first = portal.call("look", pages["all, page 1"])["text"]
    last = max([int(number) for number in re.findall(r"[?;&]pagina=(\d+)", first)], default=0)
    if last:
        pages[DEEPEST] = f"/zoeken/?pagina={last}"
    kennisbank = portal.call("page_id", "/kennisbank/")
    rows = []
    for name, path in pages.items():
        if re.search(only, name):
            rows.append(Row(name, path.format(kennisbank=kennisbank)))
    return rows


def ask(process: Process, call: str, name: str, path: str, *options) -> dict:
    """What the probe says of a page; when its name says so, of the first search for its words."""
    if name.endswith(OF_ITS_WORDS):
        process.call("forget_searches")
    return process.call(call, path, *options)


def measure(portal: Process, fresh: Process, rows: list[Row], rounds: int) -> Row:
    """Every template in each round, the fresh home page just before it, so that a slow moment hits them both."""
    base = Row("fresh Wagtail project, home", "/")
    for row in rows:
        portal.call("cost", row.path)  # what is asked once in the life of a process
        for changed in CHANGES:
            row.looks[changed] = portal.call("look", row.path, changed)
        row.looks[""] = ask(portal, "look", row.name, row.path)
        if not row.looks[""]["status"].startswith("200"):
            raise SystemExit(f"{row.path} answers {row.looks['']['status']}.")
    base.looks[""] = fresh.call("look", base.path)
    for changed, times in {"": rounds, **dict.fromkeys(CHANGES, min(rounds, NEW_GENERATIONS))}.items():
        for number in range(-WARM_UP, times):
            for row in rows:
                limit = fresh.call("cost", base.path)["cpu"]
                cpu = ask(portal, "cost", row.name, row.path, changed)["cpu"]
                if number >= 0:
                    base.cpu[""].append(limit)
                    row.cpu[changed].append(cpu)
                    row.ratios[changed].append(cpu / limit)
    return base


def table(base: Row, rows: list[Row]) -> str:
    """The result as a Markdown table: in memory, after the publication of an item, after what may change anything."""
    lines = [
        "| template | queries | published | all read | CPU ms (÷ fresh) | published | all read | raw | gzip | br |",
        f"|---|{'---:|' * 9}",
    ]
    for row in [base, *rows]:
        queries, costs = [], []
        for changed in ("", *CHANGES):
            is_known = changed in row.looks
            queries.append(str(row.looks[changed]["queries"]) if is_known else "–")
            ratio = statistics.median(row.ratios[changed] or [1])
            costs.append(f"{statistics.median(row.cpu[changed]):.1f} ({ratio:.2f})" if is_known else "–")
        look = row.looks[""]
        sizes = (f"{look[size]:,}" for size in ("raw", "gzip", "br"))
        lines.append(f"| {' | '.join([row.name, *queries, *costs, *sizes])} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="demo", help="demo, or a number of generated items beside the demo")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--folder", type=Path, help="keep and reuse the filled portal here (SQLite)")
    parser.add_argument(
        "--rounds", type=int, help=f"{ROUNDS} for templates, {served.ROUNDS} for what is served"
    )
    parser.add_argument("--only", default="", help="measure only templates whose name matches")
    parser.add_argument(
        "--part", choices=("all", "templates", "served"), default="all", help="one of the two tables"
    )
    options = parser.parse_args()
    size = 0 if options.size == "demo" else int(options.size)
    with tempfile.TemporaryDirectory() as name:
        temporary = Path(name)
        folder = (options.folder or temporary / "portal").resolve()
        portal_url, fresh_url = database_urls(options.database, folder, temporary)
        portal, fresh = Portal(folder, size, portal_url), Fresh(temporary / "fresh", fresh_url)
        portal.prepare()
        if options.part != "served":
            print_templates(portal, fresh, options)
        if options.part != "templates":
            print(served.measure(portal, temporary / "served", options.rounds or served.ROUNDS))


def print_templates(portal: Portal, fresh: Fresh, options):
    """The table of what each template costs without a server."""
    fresh.prepare()
    processes = portal.start(), fresh.start()
    try:
        rows, rounds = rows_of(processes[0], options.only), options.rounds or ROUNDS
        base = measure(*processes, rows, rounds)
    finally:
        for process in processes:
            process.stop()
    print(
        f"{options.size} on {options.database}: median of {rounds} interleaved rounds, "
        f"Python {platform.python_version()}, {platform.machine()}\n"
    )
    print(table(base, rows))


if __name__ == "__main__":
    main()
