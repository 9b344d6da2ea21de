"""How fast search is: python -m tests.benchmarks.search SIZE, on DATABASE_URL or else a SQLite of its own."""

import os
import statistics
import sys
import tempfile
import time

WORDS = [
    "raad",
    "burgerberaad",
    "participatie inwoners",
    "mag een inwoner inspreken?",
    "gemeenteraadsverkiezingen",
    "begroting lezen als raadslid",
    '"lokale driehoek"',
    "raadsleden opleiding",
    "burgerberaat",
    "gemeente",
]
ROUNDS = 5


def main(size: int):
    os.environ.setdefault("DATA_DIR", tempfile.mkdtemp())
    os.environ |= {"MODE": "demo", "LOG_LEVEL": "ERROR", "BENCH_PASSWORD": "alleen-voor-deze-meting"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import RequestFactory

    from portal.selection.views import search_selection

    call_command("migrate", verbosity=0)
    call_command("load_municipalities", verbosity=0)
    call_command("setup_site", username="meting", password_env="BENCH_PASSWORD", verbosity=0)
    call_command("generate_content", size)
    start = time.perf_counter()
    call_command("update_index", verbosity=0)
    print(f"{connection.vendor}, {size} items: index made in {time.perf_counter() - start:.1f} s")

    def first_page(words: str) -> float:
        start = time.perf_counter()
        selection = search_selection(RequestFactory().get("/zoeken/", {"q": words}))
        list(selection.page.object_list)
        _ = selection.total, selection.facets
        return (time.perf_counter() - start) * 1000

    for words in WORDS:
        first_page(words)
    times = sorted(first_page(words) for _ in range(ROUNDS) for words in WORDS)
    print(
        f"first page with facets and count: median {statistics.median(times):.0f} ms,"
        f" p95 {times[int(len(times) * 0.95) - 1]:.0f} ms, most {times[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
