"""How fast figures are shown where there are very many: measured in this process, on a database left as it is.

`DATABASE_URL=… .venv/bin/python benchmarks/figures.py [--values 1500000] [--requests 40]`: writes daily values of six
indicators for all countries, a tenth of them revised once, and asks for the profiles of countries that have these as
key indicators, for the page of one indicator and for its download. What is written is taken back at the end.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import time
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.test import Client

    from reports.models import Indicator

ROOT = Path(__file__).resolve().parent.parent
INDICATORS = 6
PROFILES = 8
REVISED = 10
KILOBYTES = 1024
# The parts in which the two databases differ: the day that lies so many days after the first.
DAY = {"postgresql": "DATE '2015-01-01' + n", "sqlite": "date('2015-01-01', '+' || n || ' days')"}
FILL = """
INSERT INTO reports_observation (
    indicator_id, country_id, period_start, frequency, value, status, scope, note, origin, valid_from, valid_to
)
WITH RECURSIVE days(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM days WHERE n + 1 < %(days)s)
SELECT indicator.id, country.id, {day}, 'D', (n * 37 + country.id * 11 + indicator.id) %% 1000, 'A', '', '',
    'international', %(valid_from)s, {valid_to}
FROM days CROSS JOIN taxonomy_country AS country CROSS JOIN reports_indicator AS indicator
WHERE indicator.code LIKE 'BENCHMARK.%%' AND n %% %(each)s = 0
ORDER BY indicator.id, country.id, n"""


def main() -> None:
    options = arguments()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    import django

    django.setup()
    from django.db import connection, transaction
    from django.test import Client

    from cms.collection import keep_what_is_loaded

    load = os.getloadavg()[0]
    with transaction.atomic():
        indicators, addresses = make_content()
        began = time.monotonic()
        fill(options.values)
        count = count_rows()
        print(
            f"{connection.vendor}: {count} observations, written in {time.monotonic() - began:.0f} s; load {load:.1f}\n"
        )
        keep_what_is_loaded()  # as each process of the site does
        client = Client(headers={"host": "127.0.0.1"})
        print(
            "| What | Queries | p50 ms | p95 ms | p50 CPU ms | p95 CPU ms |\n| --- | ---: | ---: | ---: | ---: | ---: |"
        )
        measure(client, "Profile of a country, six daily key indicators", addresses, options.requests)
        page = f"/en/indicators/{indicators[0].code}/"
        measure_first(client, page)
        measure(client, "Page of one of the indicators", [page], options.requests)
        measure_download(client, indicators[0])
        transaction.set_rollback(True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--values", type=int, default=1_500_000)
    parser.add_argument("--requests", type=int, default=40)
    return parser.parse_args()


def make_content() -> tuple[list[Indicator], list[str]]:
    """Indicators without values, and the addresses of some profiles that show them."""
    from cms.users.models import User
    from home.demo import figures, pages, site
    from home.demo.publisher import Publisher
    from home.demo.reader import read_items
    from reports.models import CountryPage, Indicator, IndicatorLabel, KeyIndicator
    from taxonomy.services import load_vocabularies

    load_vocabularies(None)
    site.create_locales()
    model = figures.load_indicators()["OXCGRT.STRINGENCY"]
    facts = {
        "unit": "points",
        "scale_type": "index",
        "frequency": "D",
        "source": model.source,
        "licence": model.licence,
    }
    made = [Indicator.objects.create(code=f"BENCHMARK.{number}", **facts) for number in range(INDICATORS)]
    for one in made:
        IndicatorLabel.objects.create(owner=one, language="en", label=one.code, definition="Made up.")
    if not CountryPage.objects.live().exists():
        publisher = Publisher(pages.Vocabulary(), User.objects.create(username="benchmark"))
        frame = site.build_frame(publisher)
        for item in read_items("countries")[:PROFILES]:
            publisher.add(item, pages.country, frame["countries"])
    profiles = CountryPage.objects.live().filter(locale__language_code="en")[:PROFILES]
    for profile in profiles:
        profile.key_indicators.all().delete()
        KeyIndicator.objects.bulk_create(
            KeyIndicator(page=profile, indicator=one, sort_order=place) for place, one in enumerate(made)
        )
    return made, [profile.url for profile in profiles]


def fill(values: int) -> None:
    """Open values first, then the closed ones that a tenth of them has replaced."""
    from django.db import connection
    from django.utils import timezone

    from reports.services import summarise
    from taxonomy.models import Country

    days = values * REVISED // (REVISED + 1) // INDICATORS // Country.objects.count() + 1
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        for valid_to, each in (("NULL", 1), ("%(valid_from)s", REVISED)):
            sql = FILL.format(day=DAY[connection.vendor], valid_to=cast_moment(valid_to))
            cursor.execute(sql, {"days": days, "valid_from": now, "each": each})
        cursor.execute("ANALYZE reports_observation")
    summarise(
        "SELECT indicator.id AS indicator_id, country.id AS country_id FROM reports_indicator AS indicator, "
        "taxonomy_country AS country WHERE indicator.code LIKE 'BENCHMARK.%'"
    )


def cast_moment(sql: str) -> str:
    from django.db import connection

    return f"CAST({sql} AS timestamp with time zone)" if connection.vendor == "postgresql" else sql


def count_rows() -> int:
    from reports.models import Observation

    return Observation.objects.count()


def measure_first(client: Client, address: str) -> None:
    """How long the first reader of a page waits for its drawings, once Vega is loaded and nothing of them is kept."""
    from django.core.cache import caches

    client.get(address)
    caches["charts"].clear()
    began, began_own = time.perf_counter(), time.process_time()
    client.get(address)
    spent, own = time.perf_counter() - began, time.process_time() - began_own
    print(
        f"| Page of one of the indicators, drawn for the first time | | {spent * 1000:.0f} | | {own * 1000:.0f} | |",
        flush=True,
    )


def measure(client: Client, name: str, addresses: list[str], requests: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for address in addresses:
        answer: Any = client.get(address)
        if answer.status_code != HTTPStatus.OK:
            sys.exit(f"{address} answers {answer.status_code}")
    with CaptureQueriesContext(connection) as captured:
        client.get(addresses[0])
        queries = len(captured)
    times, own_times = [], []
    for number in range(requests):
        began, began_own = time.perf_counter(), time.process_time()
        client.get(addresses[number % len(addresses)])
        times.append((time.perf_counter() - began) * 1000)
        own_times.append((time.process_time() - began_own) * 1000)
    figures = [pick(found) for found in (times, own_times) for pick in (statistics.median, ninety_fifth)]
    print(f"| {name} | {queries} | {' | '.join(f'{figure:.0f}' for figure in figures)} |", flush=True)


def ninety_fifth(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def measure_download(client: Client, indicator: Indicator) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES
    began = time.monotonic()
    answer: Any = client.get(f"/en/data/{indicator.code}.csv")
    parts: Iterable[bytes] = answer.streaming_content
    lines = sum(part.count(b"\n") for part in parts)
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES
    speed = f"{lines} lines in {seconds:.1f} s, {lines / seconds:.0f} a second"
    print(f"\nCSV: {speed}; peak memory {before:.0f} to {after:.0f} MB")


if __name__ == "__main__":
    main()
