"""How long charts take to draw: cold, and out of the cache; measured in this process, on a database left as it is.

`DATABASE_URL=… .venv/bin/python benchmarks/charts.py [--times 20]`: writes five years of monthly values of all
countries, draws every kind of chart for all its sizes, and takes the values back. Cold is from the specification to
clean SVG; cached is from the specification, whose digest is the key, to what was drawn before. Building the
specification is a part of both, the query for the values of neither.
"""

from __future__ import annotations

import argparse
import datetime
import os
import resource
import statistics
import sys
import time
import zlib
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
MONTHS, FIRST_YEAR = 60, 2018
KILOBYTES = 1024
CODES = ["KZ", "KG", "UZ", "TJ", "TM", "MN", "GE", "AM"]
# Name, type of chart, whether the indicator is an ordinal scale, number of countries
KINDS = [
    ("line, one country", "line", False, 1),
    ("lines, eight countries", "line", False, 8),
    ("area", "area", False, 1),
    ("columns", "bar", False, 1),
    ("bars, eight countries", "bar", False, 8),
    ("steps", "step", True, 1),
    ("levels, eight countries", "line", True, 8),
    ("small multiples, eight countries", "multiples", False, 8),
    ("map of the world", "map", False, 0),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    import django

    django.setup()
    from django.db import transaction

    from taxonomy.services import load_vocabularies

    with transaction.atomic():
        load_vocabularies(None)
        indicators = {is_ordinal: write_values(is_ordinal=is_ordinal) for is_ordinal in (False, True)}
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before the start")
        report_first(indicators[False])
        print("\n| Chart | Sizes | Cold ms | Cached ms | KB | KB compressed |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for name, chart_type, is_ordinal, count in KINDS:
            report(name, chart_of(indicators[is_ordinal], chart_type, count), options.times)
        transaction.set_rollback(True)


def write_values(*, is_ordinal: bool) -> Any:
    from django.utils import timezone

    from reports.models import Indicator, Observation
    from reports.services import summarise
    from taxonomy.models import Country, Organisation

    indicator = Indicator.objects.create(
        code=f"BENCHMARK.{is_ordinal}",
        unit="units",
        scale_type="ordinal" if is_ordinal else "count",
        frequency="M",
        licence="CC-BY-4.0",
        source=Organisation.objects.get_or_create(code="benchmark", defaults={"kind": "academia"})[0],
    )
    months = [datetime.date(FIRST_YEAR + number // 12, number % 12 + 1, 1) for number in range(MONTHS)]
    highest, moment = 4 if is_ordinal else 1_000_000, timezone.now()
    Observation.objects.bulk_create(
        Observation(
            indicator=indicator,
            country=country,
            period_start=month,
            frequency="M",
            value=Decimal(zlib.crc32(f"{country.code}{month}".encode()) % highest),
            valid_from=moment,
        )
        for country in Country.objects.all()
        for month in months
    )
    touched = "SELECT DISTINCT indicator_id, country_id FROM reports_observation WHERE indicator_id = %(indicator)s"
    summarise(touched, indicator=indicator.pk)
    return indicator


def chart_of(indicator: Any, chart_type: str, count: int) -> Any:
    from reports.charts import Form, charts_for
    from taxonomy.models import Country

    countries = [Country.objects.get(code=code) for code in CODES[:count]]
    return charts_for([indicator], countries, Form(chart_type=chart_type))[0]


def report_first(indicator: Any) -> None:
    """What the first drawing of a process costs: Vega is loaded with it."""
    from reports.vega.drawings import specifications
    from reports.vega.rendering import draw

    chart = chart_of(indicator, "line", 1)
    before = memory()
    took = seconds(lambda: draw(specifications(chart)))
    print(f"First drawing of the process: {took * 1000:.0f} ms, {memory() - before:.0f} MB of memory")


def report(name: str, chart: Any, times: int) -> None:
    from django.core.cache import caches

    from reports.vega.drawings import specifications
    from reports.vega.rendering import CACHE, draw

    cold, cached = [], []
    for _time in range(times):
        caches[CACHE].clear()
        cold.append(seconds(lambda: draw(specifications(chart))))
        cached.append(seconds(lambda: draw(specifications(chart))))
    pictures = draw(specifications(chart))
    markup = "".join(picture.markup for picture in pictures).encode()
    facts = (len(markup) / KILOBYTES, len(zlib.compress(markup)) / KILOBYTES)
    times_taken = (statistics.median(cold) * 1000, statistics.median(cached) * 1000)
    print(
        f"| {name} | {len(pictures)} | {times_taken[0]:.0f} | {times_taken[1]:.1f} | {facts[0]:.0f} | {facts[1]:.0f} |"
    )


def seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def memory() -> float:
    """The most memory that this process has taken so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES


if __name__ == "__main__":
    main()
