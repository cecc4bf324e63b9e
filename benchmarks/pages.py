"""How long each kind of public page takes, and how many queries: measured in this process, on the present database.

`make bench-pages`, or `DATABASE_URL=… .venv/bin/python benchmarks/pages.py [--requests 40] [--explain 50] [--kept]`.
With `--explain` the plan of each query that took longer than that many milliseconds follows. With `--kept` whole pages
are kept, as in use; a ledger that has begun and is settled is needed for it.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

ROOT = Path(__file__).resolve().parent.parent
ROOM = 64 * 1024 * 1024
LANGUAGES = ("en", "ru", "kk")
SAMPLE = 12
SHORT = 10  # milliseconds, of which tenths are of interest
WORDS = {"en": "waiting time service", "ru": "время ожидания услуги", "kk": "күту уақыты"}


@dataclass(frozen=True)
class Measured:
    """Times in milliseconds: on the clock, and of this process alone, which on SQLite includes the database."""

    name: str
    queries: int
    times: list[float]
    own_times: list[float]
    size: int
    slow: list[dict[str, str]]

    @property
    def digits(self) -> int:
        return 1 if statistics.median(self.times) < SHORT else 0

    @property
    def row(self) -> str:
        p50, p95 = statistics.median(self.times), statistics.quantiles(self.times, n=20)[-1]
        own = statistics.median(self.own_times)
        shown = " | ".join(f"{value:.{self.digits}f}" for value in (p50, p95, own))
        return f"| {self.name} | {self.queries} | {shown} | {self.size / 1024:.0f} |"


def main() -> None:
    options = arguments()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    settings.LEDGER_PAGES = ROOM if options.kept else 0
    client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    print(f"{connection.vendor}, {count_of_pages()} live pages, {options.requests} requests of each kind\n")
    print("| Kind of page | Queries | p50 ms | p95 ms | p50 CPU ms | KB |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, addresses in kinds().items():
        measured = measure(client, name, addresses, options)
        print(measured.row, flush=True)
        for query in measured.slow:
            explain(query)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=30, help="At most so long for each kind.")
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--explain", type=float, metavar="MILLISECONDS")
    return parser.parse_args()


def count_of_pages() -> int:
    from wagtail.models import Page

    return Page.objects.live().count()


def kinds() -> dict[str, list[str]]:
    """Addresses to ask for, by kind: up to `SAMPLE` pages of each type in all languages, lists narrowed and not."""
    from wagtail.models import Page, get_page_models

    from cms.core.models import BasePage

    found: dict[str, list[str]] = {}
    for model in get_page_models():
        if not issubclass(model, BasePage):
            continue
        ids = list(model.objects.live().values_list("pk", flat=True))
        chosen = random.Random(1).sample(ids, min(SAMPLE, len(ids)))
        found[model.__name__] = [page.url for page in Page.objects.filter(pk__in=chosen) if page.url]
    practices = found["PracticeIndexPage"]
    return found | {
        "Practices, two facets": [f"{url}?country=KZ&theme=service-delivery" for url in practices],
        "Practices, page 50, by title": [f"{url}?sort=title&page=50" for url in practices],
        "Indicator": [f"{url}OXCGRT.STRINGENCY/" for url in found["IndicatorIndexPage"]],
        "Search": [f"/{language}/search/?q={words}" for language, words in WORDS.items()],
        "Search, one rare word": ["/en/search/?q=freight", "/ru/search/?q=граница", "/kk/search/?q=шекара"],
        "Feed": [f"/{language}/feeds/all.atom" for language in LANGUAGES],
        "Calendar": [f"/{language}/feeds/events.ics" for language in LANGUAGES],
        "API, 20 practices": ["/api/v2/pages/?type=practices.PracticePage&fields=*&limit=20"],
        "Site map, practices": ["/sitemap-practicepage.xml"],
    }


def measure(client: Client, name: str, addresses: list[str], options: argparse.Namespace) -> Measured:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for address in addresses:
        answer = client.get(address)
        if answer.status_code != HTTPStatus.OK:
            sys.exit(f"{address} answers {answer.status_code}")
    with CaptureQueriesContext(connection) as captured:
        size = len(read(client.get(addresses[0])))
        queries = captured.captured_queries
    slow = [query for query in queries if float(query["time"]) * 1000 > (options.explain or 1e9)]
    times, own_times = [], []
    deadline = time.monotonic() + options.seconds
    for number in range(options.requests):
        began, began_own = time.perf_counter(), time.process_time()
        read(client.get(addresses[number % len(addresses)]))
        times.append((time.perf_counter() - began) * 1000)
        own_times.append((time.process_time() - began_own) * 1000)
        if time.monotonic() > deadline and number:
            break
    return Measured(name, len(queries), times, own_times, size, slow)


def read(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def explain(query: dict[str, str]) -> None:
    from django.db import connection

    prefix = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE, BUFFERS)"
    print(f"\n{float(query['time']) * 1000:.0f} ms: {query['sql'][:1500]}")
    with connection.cursor() as cursor:
        cursor.execute(f"{prefix} {query['sql']}".replace("%", "%%"))
        for row in cursor.fetchall():
            print("   ", row[-1])


if __name__ == "__main__":
    main()
