"""Every published form is read from its real file, and compared with what Python's own CSV reader finds in it."""

from __future__ import annotations

import csv
import datetime
import gzip
from decimal import Context, Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pycountry
import pytest
from django.conf import settings
from django.db import connection

from reports.choices import RejectReason
from reports.models import ImportRun, Indicator, Measure, Observation

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.importers.reporting import FileReport

    Take = Callable[..., list[FileReport]]

REAL = Path(settings.DATA_DIR)
OXFORD = REAL / "oxcgrt/legacy_202207"
STRINGENCY_V1 = REAL / "oxcgrt/OxCGRT_timeseries_StringencyIndex_v1.csv.gz"
ALPHA3 = {country.alpha_3 for country in pycountry.countries}
SAMPLE = 97
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not (REAL / "oxcgrt").is_dir(), reason=f"the published files are not in {REAL}"),
]


class Value(NamedTuple):
    code: str
    country: str
    day: datetime.date
    value: Decimal


def rows(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


@cache
def number(text: str) -> Decimal:
    """As the database keeps it: six decimals, a half to the even neighbour; on SQLite 15 digits in all."""
    value = Decimal(text).quantize(Decimal("0.000001"))
    return Context(prec=15).create_decimal_from_float(float(value)) if connection.vendor == "sqlite" else value


@cache
def day_of(name: str) -> datetime.date:
    """The day of a column such as 01Jan2020."""
    return datetime.datetime.strptime(name, "%d%b%Y").replace(tzinfo=datetime.UTC).date()


def check(expected: list[Value]) -> None:
    """All values are there, no other one is, and some 200 of them are those in the file."""
    codes = {one.code for one in expected}
    current = Observation.objects.current().filter(indicator__code__in=codes)
    assert current.exclude(value=None).count() == len(expected)
    for one in expected[:: max(len(expected) // 200, 1)]:
        found = current.get(indicator__code=one.code, country__alpha3=one.country, period_start=one.day)
        assert found.value == one.value, one


def check_second_run(take: Take, first: list[FileReport], profile: str, *paths: Path) -> None:
    """The same files again: all values are as they were, and no row is written."""
    before = Observation.objects.count(), Measure.objects.count()
    for report, earlier in zip(take(profile, *paths), first, strict=True):
        assert (report.added, report.changed) == (0, 0)
        assert report.unchanged == earlier.added
        assert report.rejected == earlier.rejected
    assert (Observation.objects.count(), Measure.objects.count()) == before


def test_world_bank(take: Take) -> None:
    paths = [REAL / "worldbank/population.csv.gz", REAL / "worldbank/gdp.csv.gz"]
    population, gdp = reports = take("worldbank", *paths)
    assert (population.rows, population.added, population.rejected) == (17_195, 13_945, 0)
    assert (gdp.rows, gdp.added, gdp.rejected) == (13_979, 11_113, 0)
    assert population.left_out == {"aggregate": 3_120, "no-code": 130}
    for code, path in zip(("WB.SP.POP.TOTL", "WB.NY.GDP.MKTP.CD"), paths, strict=True):
        check(
            [
                Value(code, row["Country Code"], datetime.date(int(row["Year"]), 1, 1), number(row["Value"]))
                for row in rows(path)
                if row["Country Code"] in ALPHA3
            ]
        )
    check_second_run(take, reports, "worldbank", *paths)


@pytest.mark.one_database
def test_our_world_in_data(take: Take) -> None:
    path, codebook = REAL / "owid/owid-covid-data_2020-05-24.csv.gz", REAL / "owid/owid-covid-codebook_2022-03.csv"
    (report,) = reports = take("owid", codebook, path)
    assert (report.rows, report.added, report.rejected) == (19_496, 198_177, 2)
    assert report.left_out == {"aggregate": 146, "no-place": 64, "no-code": 70, "background": 11, "description": 1}
    assert [(one.line, one.column, one.reason) for one in report.rejects] == [
        (1, "cvd_death_rate", RejectReason.COLUMN),
        (1, "hospital_beds_per_100k", RejectReason.COLUMN),
    ]
    columns = [name for name in rows(path)[0] if name.startswith(("total_", "new_")) or name == "stringency_index"]
    check(
        [
            Value(f"OWID.{name.upper()}", row["iso_code"], datetime.date.fromisoformat(row["date"]), number(row[name]))
            for row in rows(path)
            for name in columns
            if row["iso_code"] in ALPHA3 and row[name]
        ]
    )
    cases = Indicator.objects.get(code="OWID.TOTAL_CASES")
    with codebook.open(encoding="utf-8-sig", newline="") as file:
        described = {row["column"]: row for row in csv.DictReader(file)}["total_cases"]
    label = cases.labels.get(language="en")
    assert label.definition == described["description"]
    assert label.attribution.startswith(described["source"])
    assert (cases.source.code, cases.licence, cases.frequency) == ("our-world-in-data", "CC-BY-4.0", "D")
    check_second_run(take, reports, "owid", path, codebook)


def oxford_values(code: str, path: Path) -> list[Value]:
    return [
        Value(code, row["country_code"], day_of(name), number(text))
        for row in rows(path)
        if row["country_code"] in ALPHA3
        for name, text in row.items()
        if name[:2].isdigit() and text not in {"", "NA"}
    ]


def test_oxford_with_flags(take: Take) -> None:
    paths = [OXFORD / "c1_flag.csv.gz", OXFORD / "c1_school_closing.csv.gz"]
    (report,) = reports = take("oxcgrt", *paths)
    assert (report.rows, report.added, report.rejected, report.left_out) == (187, 201_751, 0, {"no-code": 1})
    expected = oxford_values("OXCGRT.C1", paths[1])
    check(expected)
    flags = {row["country_code"]: row for row in rows(paths[0])}
    for one in expected[::1009]:
        flag = flags[one.country][f"{one.day:%d%b%Y}"]
        found = Observation.objects.get(indicator__code=one.code, country__alpha3=one.country, period_start=one.day)
        assert found.scope == (flag if flag in {"0", "1"} else "")
    assert Observation.objects.filter(scope="0").count() == sum(
        value == "0" and row["country_code"] in ALPHA3 and own[name] not in {"", "NA"}
        for row, own in zip(rows(paths[0]), rows(paths[1]), strict=True)
        for name, value in row.items()
        if name[:2].isdigit()
    )
    check_second_run(take, reports, "oxcgrt", *paths)


@pytest.mark.one_database
def test_the_final_index_revises_the_earlier_one_and_leaves_parts_of_countries_out(take: Take) -> None:
    (first,) = take("oxcgrt", OXFORD / "stringency_index.csv.gz")
    between = ImportRun.objects.get().started
    (second,) = take("oxcgrt", STRINGENCY_V1)
    assert (second.rows, second.rejected, second.left_out) == (395, 0, {"subnational": 210, "no-code": 1})
    old = {
        (one.country, one.day): one.value
        for one in oxford_values("OXCGRT.STRINGENCY", OXFORD / "stringency_index.csv.gz")
    }
    cells = {
        (row["CountryCode"], day_of(name)): text
        for row in rows(STRINGENCY_V1)
        if row["CountryCode"] in ALPHA3 and not row["RegionCode"] and row["Jurisdiction"] == "NAT_TOTAL"
        for name, text in row.items()
        if name[:2].isdigit()
    }
    new = {place: number(text) for place, text in cells.items() if text}
    withdrawn = [place for place, text in cells.items() if not text and place in old]
    assert second.added == len(new.keys() - old.keys())
    assert second.changed == sum(old[place] != value for place, value in new.items() if place in old) + len(withdrawn)
    assert second.unchanged == sum(old.get(place) == value for place, value in new.items())
    assert first.added == len(old)
    known = Observation.objects.as_of(Observation.objects.filter(valid_to=None).latest("valid_from").valid_from)
    for (country, day), value in list(new.items())[::4001]:
        assert known.get(country__alpha3=country, period_start=day).value == value
    closed = Observation.objects.exclude(valid_to=None).order_by("pk")
    assert closed.count() == second.changed
    for row in closed[:5]:
        past = Observation.objects.as_of(row.valid_from).get(country=row.country_id, period_start=row.period_start)
        assert past.value == old[row.country.alpha3, row.period_start]
        assert row.valid_from >= between


@pytest.mark.one_database
def test_johns_hopkins(take: Take) -> None:
    paths = [REAL / "jhu/countries-aggregated_2021-10-11.csv.gz", REAL / "jhu/reference.csv.gz"]
    (report,) = reports = take("jhu", *paths)
    assert (report.rows, report.added, report.rejected) == (122_460, 359_844, 0)
    assert report.left_out == {"no-place": 1_884, "no-code": 628}
    codes = {row["Country_Region"]: row["iso3"] for row in rows(paths[1]) if not row["Province_State"]}
    check(
        [
            Value(
                f"JHU.{name.upper()}",
                codes[row["Country"]],
                datetime.date.fromisoformat(row["Date"]),
                number(row[name]),
            )
            for row in rows(paths[0])
            for name in ("Confirmed", "Recovered", "Deaths")
            if codes[row["Country"]] in ALPHA3
        ]
    )
    assert Observation.objects.get(
        indicator__code="JHU.CONFIRMED", country__code="KR", period_start=datetime.date(2020, 2, 29)
    ).value == Decimal(
        next(
            row["Confirmed"]
            for row in rows(paths[0])
            if row["Country"] == "Korea, South" and row["Date"] == "2020-02-29"
        )
    )
    check_second_run(take, reports, "jhu", *paths)


@pytest.mark.one_database
def test_package_that_counts_days(take: Take) -> None:
    folder = REAL / "owid/covid-2019-hospital-icu"
    paths = [folder / "data.csv.gz", folder / "datapackage.json"]
    (report,) = reports = take("owid-package", *paths)
    assert (report.rows, report.added, report.rejected) == (11_226, 62_066, 0)
    zero = datetime.date(2020, 1, 21)
    values = [row for row in rows(paths[0]) if row["Entity"] == "Algeria" and row["Daily ICU occupancy"]]
    current = Observation.objects.filter(indicator__code="OWID.5205.DAILY_ICU_OCCUPANCY", country__code="DZ")
    assert list(current.order_by("period_start").values_list("period_start", "value")) == [
        (zero + datetime.timedelta(days=int(row["Year"])), number(row["Daily ICU occupancy"])) for row in values
    ]
    label = Indicator.objects.get(code="OWID.5205.DAILY_HOSPITAL_OCCUPANCY").labels.get(language="en")
    assert label.label == "Number of COVID-19 patients in hospital"
    check_second_run(take, reports, "owid-package", *paths)


@pytest.mark.one_database
def test_package_of_weeks_and_months(take: Take) -> None:
    folder = REAL / "owid/excess-mortality-data-owid-2022"
    (report,) = take("owid-package", folder / "data.csv.gz", folder / "datapackage.json")
    assert (report.rows, report.added, report.rejected) == (11_034, 182_181, 97)
    assert report.left_out == {"subnational": 471, "no-code": 72, "description": 2}
    bad = [row for row in rows(folder / "data.csv.gz") if {row["p_avg_0_14"], row["p_proj_0_14"]} & {"NaN", "Inf"}]
    assert {one.value for one in report.rejects} <= {"NaN", "Inf", "-Inf"}
    assert len({one.line for one in report.rejects}) <= len(bad)
    january = Observation.objects.get(
        indicator__code="OWID.5148.P_AVG_ALL_AGES", country__code="AL", period_start=datetime.date(2020, 1, 1)
    )
    assert (january.value, january.frequency) == (Decimal("-10.65"), "M")
    weeks = Observation.objects.filter(indicator__code="OWID.5148.P_AVG_ALL_AGES", frequency="W")
    assert {day.isoweekday() for day in weeks.values_list("period_start", flat=True)} == {1}


def test_measures(take: Take) -> None:
    path = REAL / "measures_cccsl/COVID19_non-pharmaceutical-interventions_v1.csv.gz"
    (report,) = reports = take("cccsl", path)
    assert (report.rows, report.added, report.rejected) == (3_274, 2_642, 2)
    assert report.left_out == {"no-category": 540, "no-place": 23, "no-code": 69}
    assert [(one.line, one.column, one.reason) for one in report.rejects] == [
        (1927, "Source", RejectReason.TEXT),
        (1928, "Source", RejectReason.TEXT),
    ]
    published = {row["id"]: row for row in rows(path, "cp1252")}
    for measure in Measure.objects.order_by("pk").prefetch_related("texts", "sources")[::SAMPLE]:
        row = published[measure.import_key.removeprefix("CCCSL:")]
        assert (measure.country.alpha3, measure.start.isoformat()) == (row["iso3"], row["Date"])
        assert row["Measure_L2"] in measure.title
        assert row["Comment"].strip() in measure.texts.get(language="en").description
        assert all(source.url in row["Source"] for source in measure.sources.all())
    check_second_run(take, reports, "cccsl", path)
