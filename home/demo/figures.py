"""Real figures for the demonstration: indicators from `content/indicators.toml`, values from the published files.

Daily series are kept as the value of the last day of each month. Where the folder with the files is absent, indicators
are loaded without values, and the pages say so.
"""

from __future__ import annotations

import csv
import datetime
import gzip
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from home.demo.reader import CONTENT, LANGUAGES, read_table
from reports.choices import Certainty
from reports.models import (
    Indicator,
    IndicatorLabel,
    IndicatorValueLabel,
    Measure,
    MeasureSource,
    MeasureText,
    Observation,
)
from taxonomy.models import Country, Organisation, OrganisationLabel, Theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

OXCGRT_FILES = {
    "OXCGRT.STRINGENCY": "stringency_index",
    "OXCGRT.C1": "c1_school_closing",
    "OXCGRT.C2": "c2_workplace_closing",
    "OXCGRT.C6": "c6_stay_at_home_requirements",
    "OXCGRT.H6": "h6_facial_coverings",
    "OXCGRT.H7": "h7_vaccination_policy",
    "OXCGRT.E1": "e1_income_support",
}
JHU_COLUMNS = {"JHU.CONFIRMED": "Confirmed", "JHU.DEATHS": "Deaths"}
WORLD_BANK_FILES = {"WB.SP.POP.TOTL": "population", "WB.NY.GDP.MKTP.CD": "gdp"}
MEASURE_INDICATORS = ("OXCGRT.C1", "OXCGRT.C2", "OXCGRT.C6", "OXCGRT.H6")
MEASURE_STRENGTH = 2
MEASURE_DAYS = 14
OXCGRT_URL = "https://github.com/OxCGRT/covid-policy-dataset"
Daily = dict[datetime.date, Decimal]
Value = tuple[str, datetime.date, Decimal]


def load_indicators() -> dict[str, Indicator]:
    """The indicators by code; those that exist already are left as they are."""
    table = read_table(CONTENT / "indicators.toml")
    for source in table["sources"]:
        organisation, created = Organisation.objects.get_or_create(
            code=source["code"],
            defaults={
                "kind": source["kind"],
                "url": source["url"],
                "country": Country.objects.filter(code=source["country"]).first(),
            },
        )
        if created:
            for language, name in source["name"].items():
                OrganisationLabel.objects.create(owner=organisation, language=language, label=name)
    return {row["code"]: _indicator(row) for row in table["indicators"]}


def _indicator(row: dict[str, Any]) -> Indicator:
    facts = {name: row[name] for name in ("unit", "scale_type", "decimals", "direction", "frequency", "licence")}
    indicator, created = Indicator.objects.get_or_create(
        code=row["code"],
        defaults={
            **facts,
            "aggregation": row["aggregation"],
            "source": Organisation.objects.get(code=row["source"]),
            "source_url": row["source_url"],
            "is_comparable": row["comparable"],
            "update_days": row["update_days"],
            "theme": Theme.objects.filter(code=row["theme"]).first(),
        },
    )
    if created:
        IndicatorLabel.objects.bulk_create(
            IndicatorLabel(
                owner=indicator,
                language=language,
                label=row[language]["name"],
                **{
                    name: row[language].get(name, "")
                    for name in ("short_name", "definition", "unit_label", "caveats", "attribution")
                },
            )
            for language in LANGUAGES
        )
        IndicatorValueLabel.objects.bulk_create(
            IndicatorValueLabel(indicator=indicator, value=int(value), language=language, label=label)
            for value, labels in row.get("values", {}).items()
            for language, label in labels.items()
        )
    return indicator


def load_observations(indicators: dict[str, Indicator], folder: Path) -> int:
    """Fill indicators that have no values yet; returns the number of values added."""
    countries = {country.alpha3: country.pk for country in Country.objects.prefetch_related(None)}
    now = timezone.now()
    added = 0
    for code, values in _published_values(folder):
        indicator = indicators[code]
        if indicator.observations.exists():
            continue
        rows = [
            Observation(
                indicator=indicator,
                country_id=countries[alpha3],
                period_start=day.replace(day=1),
                frequency=indicator.frequency,
                value=value,
                valid_from=now,
            )
            for alpha3, day, value in values
            if alpha3 in countries
        ]
        added += len(Observation.objects.bulk_create(rows, batch_size=2000))
    return added


def _published_values(folder: Path) -> Iterator[tuple[str, Iterable[Value]]]:
    for code, name in OXCGRT_FILES.items():
        yield code, [(country, day, value) for country, daily in _oxcgrt(folder, name) for day, value in _months(daily)]
    names = {
        row["Country_Region"]: row["iso3"]
        for row in _rows(folder / "jhu/reference.csv.gz")
        if not row["Province_State"]
    }
    jhu = list(_rows(folder / "jhu/countries-aggregated_2021-10-11.csv.gz"))
    for code, column in JHU_COLUMNS.items():
        by_country: dict[str, Daily] = {}
        for row in jhu:
            if alpha3 := names.get(row["Country"]):
                by_country.setdefault(alpha3, {})[datetime.date.fromisoformat(row["Date"])] = Decimal(row[column])
        yield code, [(country, day, value) for country, daily in by_country.items() for day, value in _months(daily)]
    for code, name in WORLD_BANK_FILES.items():
        yield (
            code,
            [
                (row["Country Code"], datetime.date(int(row["Year"]), 1, 1), Decimal(row["Value"]))
                for row in _rows(folder / f"worldbank/{name}.csv.gz")
            ],
        )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _oxcgrt(folder: Path, name: str) -> Iterator[tuple[str, Daily]]:
    """(alpha-3, value per day): a row per country, a column per day such as `01Jan2020`."""
    for row in _rows(folder / f"oxcgrt/legacy_202207/{name}.csv.gz"):
        yield (
            row["country_code"],
            {
                _day(column): Decimal(value)
                for column, value in row.items()
                if column[:2].isdigit() and value not in {"", "NA"}
            },
        )


@cache
def _day(column: str) -> datetime.date:
    return datetime.datetime.strptime(column, "%d%b%Y").replace(tzinfo=datetime.UTC).date()


def _months(daily: Daily) -> list[tuple[datetime.date, Decimal]]:
    """The last known value of each month."""
    last: dict[tuple[int, int], tuple[datetime.date, Decimal]] = {}
    for day in sorted(daily):
        last[day.year, day.month] = (day, daily[day])
    return list(last.values())


def load_measures(indicators: dict[str, Indicator], codes: Iterable[str], folder: Path) -> int:
    """Measures of the given countries (alpha-2): spells of at least two weeks in which a category was required.

    A spell that lasts to the end of the file has no end. Returns the number of measures added.
    """
    countries = {country.alpha3: country for country in Country.objects.filter(code__in=list(codes))}
    known = set(Measure.objects.values_list("import_key", flat=True))
    added = 0
    for code in MEASURE_INDICATORS:
        for alpha3, daily in _oxcgrt(folder, OXCGRT_FILES[code]):
            for spell in _spells(daily) if alpha3 in countries else ():
                key = f"{code}:{alpha3}:{spell.start}"
                if key not in known:
                    _measure(indicators[code], countries[alpha3], spell, key)
                    added += 1
    return added


class Spell(NamedTuple):
    start: datetime.date
    end: datetime.date | None
    strength: int


def _spells(daily: Daily) -> Iterator[Spell]:
    """Each spell at or above the required strength, with the greatest strength that it reached."""
    days: list[datetime.date] = []
    for day in [*sorted(daily), None]:
        if day is not None and daily[day] >= MEASURE_STRENGTH:
            days.append(day)
        elif days:
            if len(days) >= MEASURE_DAYS:
                yield Spell(days[0], None if day is None else days[-1], int(max(daily[one] for one in days)))
            days = []


def _measure(indicator: Indicator, country: Country, spell: Spell, key: str) -> None:
    measure = Measure.objects.create(
        country=country,
        category=indicator.code.rpartition(".")[2],
        start=spell.start,
        end=spell.end,
        end_certainty=Certainty.CERTAIN if spell.end else Certainty.UNKNOWN,
        strength=spell.strength,
        import_key=key,
    )
    labels = indicator.value_labels.filter(value=spell.strength)
    MeasureText.objects.bulk_create(
        MeasureText(measure=measure, language=row.language, title=row.label) for row in labels
    )
    MeasureSource.objects.create(measure=measure, url=OXCGRT_URL, language="en", date=spell.start)
