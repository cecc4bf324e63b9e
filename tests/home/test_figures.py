"""The figures of the demonstration, read from small files of the published form and from the real ones."""

from __future__ import annotations

import datetime
import gzip
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from home.demo import figures
from reports.models import Indicator, Measure, Observation
from taxonomy.services import load_vocabularies

pytestmark = pytest.mark.django_db
REAL = Path(settings.DATA_DIR)


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def oxcgrt_row(values: dict[str, str]) -> tuple[str, str]:
    return '"","country_code","country_name",' + ",".join(values), '"1","KAZ","Kazakhstan",' + ",".join(values.values())


def days(start: datetime.date, values: list[str]) -> dict[str, str]:
    return {f"{start + datetime.timedelta(days=index):%d%b%Y}": value for index, value in enumerate(values)}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Kazakhstan closed schools for 20 days, then for 10, then from a day on until the file ends."""
    values = ["0"] * 5 + ["2"] * 12 + ["3"] * 8 + ["0"] * 5 + ["2"] * 10 + ["NA"] * 2 + ["0"] * 3 + ["2"] * 16
    header, row = oxcgrt_row(days(datetime.date(2020, 1, 20), values))
    for name in figures.OXCGRT_FILES.values():
        write(tmp_path / f"oxcgrt/legacy_202207/{name}.csv.gz", header, row)
    write(
        tmp_path / "jhu/reference.csv.gz",
        "UID,iso3,Province_State,Country_Region",
        '1,KOR,,"Korea, South"',
        "2,KOR,Seoul,Elsewhere",
        "3,,,Summer Olympics",
    )
    write(
        tmp_path / "jhu/countries-aggregated_2021-10-11.csv.gz",
        "Date,Country,Confirmed,Recovered,Deaths",
        '2020-01-30,"Korea, South",4,0,0',
        '2020-01-31,"Korea, South",11,0,0',
        '2020-02-29,"Korea, South",3150,0,16',
        "2020-02-29,Summer Olympics,1,0,0",
    )
    for name in figures.WORLD_BANK_FILES:
        write(
            tmp_path / f"worldbank/{name}.csv.gz",
            "Country Name,Country Code,Year,Value",
            "Kazakhstan,KAZ,2018,18276452",
            "World,WLD,2018,7591932906",
        )
    return tmp_path


@pytest.fixture
def indicators() -> dict[str, Indicator]:
    load_vocabularies(None)
    return figures.load_indicators()


def test_indicators_have_their_texts_in_three_languages(indicators: dict[str, Indicator]) -> None:
    for indicator in indicators.values():
        labels = {row.language: row for row in indicator.labels.all()}
        assert set(labels) == {"en", "ru", "kk"}
        assert all(row.definition and row.attribution for row in labels.values())
    assert indicators["OXCGRT.C1"].value_labels.count() == 4 * 3


def test_a_daily_series_is_kept_as_the_last_value_of_each_month(
    indicators: dict[str, Indicator], published: Path
) -> None:
    figures.load_observations(published)
    values = Observation.objects.filter(indicator=indicators["JHU.CONFIRMED"], country__code="KR")
    assert list(values.order_by("period_start").values_list("period_start", "value")) == [
        (datetime.date(2020, 1, 1), Decimal(11)),
        (datetime.date(2020, 2, 1), Decimal(3150)),
    ]


def test_aggregates_and_what_is_no_country_stay_out(indicators: dict[str, Indicator], published: Path) -> None:
    figures.load_observations(published)
    population = Observation.objects.filter(indicator=indicators["WB.SP.POP.TOTL"])
    assert [row.country.code for row in population] == ["KZ"]
    assert Observation.objects.filter(indicator=indicators["JHU.DEATHS"]).values("country").distinct().count() == 1


def test_a_second_load_adds_nothing(indicators: dict[str, Indicator], published: Path) -> None:
    assert figures.load_observations(published) > 0
    assert figures.load_observations(published) == 0
    assert figures.load_measures(indicators, ["KZ"], published) > 0
    assert figures.load_measures(indicators, ["KZ"], published) == 0


def test_measures_are_spells_of_at_least_two_weeks(indicators: dict[str, Indicator], published: Path) -> None:
    figures.load_measures(indicators, ["KZ"], published)
    closings = Measure.objects.filter(category="C1").order_by("start")
    assert [(row.start, row.end, row.strength) for row in closings] == [
        (datetime.date(2020, 1, 25), datetime.date(2020, 2, 13), 3),
        (datetime.date(2020, 3, 5), None, 2),
    ]
    assert {text.language for text in closings[0].texts.all()} == {"en", "ru", "kk"}


def test_other_countries_get_no_measures(indicators: dict[str, Indicator], published: Path) -> None:
    assert figures.load_measures(indicators, ["UZ"], published) == 0


@pytest.mark.skipif(not (REAL / "oxcgrt").is_dir(), reason=f"the published files are not in {REAL}")
def test_spot_values_of_the_real_files(indicators: dict[str, Indicator]) -> None:
    figures.load_observations(REAL)

    def value(code: str, country: str, day: datetime.date) -> Decimal | None:
        return Observation.objects.get(indicator__code=code, country__code=country, period_start=day).value

    assert value("WB.SP.POP.TOTL", "AW", datetime.date(1960, 1, 1)) == 54922
    assert value("JHU.DEATHS", "KR", datetime.date(2020, 1, 1)) == 0
    for absent in ("AM", "MK", "ME"):
        assert not Observation.objects.filter(indicator__code="OXCGRT.STRINGENCY", country__code=absent).exists()
