"""Real figures for the demonstration: indicators from `content/indicators.toml`, values from the published files.

They go the way of every import (`reports.importers`), which keeps one of the daily values of each month. Where the
folder with the files is absent, indicators are loaded without values, and the pages say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from home.demo.reader import CONTENT, LANGUAGES, read_table
from reports.choices import Certainty
from reports.importers.files import TextFile
from reports.importers.judging import judge
from reports.importers.profiles.base import Options
from reports.importers.profiles.registry import PROFILES
from reports.importers.services import Wish, import_statistics
from reports.models import (
    ImportRun,
    Indicator,
    IndicatorLabel,
    IndicatorValueLabel,
    Measure,
    MeasureSource,
    MeasureText,
)
from taxonomy.models import Country, Organisation, OrganisationLabel, Theme

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator
    from decimal import Decimal
    from pathlib import Path

    from reports.importers.profiles.base import Profile

    Daily = dict[datetime.date, Decimal]

OXCGRT_FILES = {
    "OXCGRT.STRINGENCY": "stringency_index",
    "OXCGRT.C1": "c1_school_closing",
    "OXCGRT.C2": "c2_workplace_closing",
    "OXCGRT.C6": "c6_stay_at_home_requirements",
    "OXCGRT.H6": "h6_facial_coverings",
    "OXCGRT.H7": "h7_vaccination_policy",
    "OXCGRT.E1": "e1_income_support",
}
OXCGRT_FOLDER = "oxcgrt/legacy_202207"
JHU_VALUES, JHU_COUNTRIES = "jhu/countries-aggregated_2021-10-11.csv.gz", "jhu/reference.csv.gz"
WORLD_BANK_FILES = ("population", "gdp")
MEASURE_INDICATORS = ("OXCGRT.C1", "OXCGRT.C2", "OXCGRT.C6", "OXCGRT.H6")
MEASURE_STRENGTH = 2
MEASURE_DAYS = 14
OXCGRT_URL = "https://github.com/OxCGRT/covid-policy-dataset"


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
            "update_days": row.get("update_days"),
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


def load_observations(folder: Path) -> int:
    """Import the published files that were not imported yet; returns the number of values that came of them."""
    known = set(ImportRun.objects.values_list("sha256", flat=True))
    added = 0
    for code, values, companions in published_files(folder):
        profile = PROFILES[code]
        files = [file for file in opened(profile, values) if file.sha256() not in known]
        if files:
            reports = import_statistics(profile, [*files, *opened(profile, companions)], Options(), Wish())
            added += sum(report.added for report in reports)
    return added


def published_files(folder: Path) -> Iterator[tuple[str, list[Path], list[Path]]]:
    """The code of the profile, the files with values, and those that go with them."""
    flags = [folder / OXCGRT_FOLDER / f"{name.partition('_')[0]}_flag.csv.gz" for name in OXCGRT_FILES.values()]
    values = [folder / OXCGRT_FOLDER / f"{name}.csv.gz" for name in OXCGRT_FILES.values()]
    yield "oxcgrt", values, [path for path in flags if path.is_file()]
    yield "jhu", [folder / JHU_VALUES], [folder / JHU_COUNTRIES]
    yield "worldbank", [folder / f"worldbank/{name}.csv.gz" for name in WORLD_BANK_FILES], []


def opened(profile: Profile, paths: Iterable[Path]) -> list[TextFile]:
    return [TextFile.at(path, profile.encoding) for path in paths]


def daily_values(path: Path) -> Iterator[tuple[int, Daily]]:
    """The values of each country (id) by day, as an import reads them before it keeps one for each month."""
    profile = PROFILES["oxcgrt"]
    for layout in profile.layouts([TextFile.at(path, profile.encoding)], Options()):
        for frame, _read in layout.rows.frames():
            values = judge(layout, frame).values.filter(pl.col("value").is_not_null())
            for (country,), rows in values.group_by("country_id"):
                yield int(country), dict(rows.select("day", "value").rows())


def load_measures(indicators: dict[str, Indicator], codes: Iterable[str], folder: Path) -> int:
    """Measures of the given countries (alpha-2): spells of at least two weeks in which a category was required.

    A spell that lasts to the end of the file has no end. Returns the number of measures added.
    """
    countries = {country.pk: country for country in Country.objects.filter(code__in=list(codes))}
    known = set(Measure.objects.values_list("import_key", flat=True))
    added = 0
    for code in MEASURE_INDICATORS:
        for pk, daily in daily_values(folder / OXCGRT_FOLDER / f"{OXCGRT_FILES[code]}.csv.gz"):
            for spell in _spells(daily) if pk in countries else ():
                key = f"{code}:{countries[pk].alpha3}:{spell.start}"
                if key not in known:
                    _measure(indicators[code], countries[pk], spell, key)
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
