"""Periods: of each one value at most, whatever days stand for it in the file."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from reports.choices import Frequency, Origin, RejectReason, Scope
from reports.importers.layouts import days_since, has_form_of, iso_days, sdmx_periods, start_of_period, years
from reports.models import Indicator, Observation
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country
from tests.reports.importers.test_columns import package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.reporting import FileReport

    Take = Callable[..., list[FileReport]]
    Write = Callable[..., Path]

HEADER = "indicator,country,period,value,status,note"
FROM_2020 = {"yearIsDay": True, "zeroDay": "2020-01-01"}
ZERO = datetime.date(2020, 1, 1)


def day(year: int, month: int = 1, number: int = 1) -> datetime.date:
    return datetime.date(year, month, number)


def rejects(report: FileReport) -> list[tuple[int, str, RejectReason]]:
    return [(one.line, one.value, one.reason) for one in report.rejects]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("read", "dates"),
    [
        (iso_days, {"2020-02-29": day(2020, 2, 29), "2021-02-29": None, "2020-2-9": None, "2020-02-29 ": None}),
        (iso_days, {"20200229": None, "2020-02-29T00:00": None, "२०२०-०२-२९": None, "": None, "2020-13-01": None}),
        (years, {"2020": day(2020), "20": None, "2020.0": None, "+2020": None, "2020-01": None, "": None}),
        (days_since(ZERO), {"0": ZERO, "-1": day(2019, 12, 31), "366": day(2021), "1.0": None, "1e2": None, "": None}),
        (days_since(ZERO), {"+1": None, "100000": None, "99999": day(2293, 10, 15), "--1": None}),
        (sdmx_periods, {"2021": day(2021), "2021-Q1": day(2021), "2021-Q4": day(2021, 10), "2021-Q0": None}),
        (sdmx_periods, {"2021-01": day(2021), "2021-12": day(2021, 12), "2021-13": None, "2021-00": None}),
        (sdmx_periods, {"2020-W53": day(2020, 12, 28), "2021-W53": None, "2021-W01": day(2021, 1, 4)}),
        (sdmx_periods, {"2021-w01": None, "2021-q1": None, "2021-1": None, "2021W01": None, "2021-W54": None}),
        (sdmx_periods, {"2021-05-17": day(2021, 5, 17), "2021-02-30": None, "17.05.2021": None, "": None}),
    ],
)
def test_a_period_is_read_in_its_form_and_in_no_other(
    read: Callable[[pl.Expr], pl.Expr], dates: dict[str, datetime.date | None]
) -> None:
    frame = pl.DataFrame({"text": list(dates)}).select(read(pl.col("text")).alias("day"))
    assert dict(zip(dates, frame.get_column("day"), strict=True)) == dates


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("frequency", "start"),
    [("D", day(2021, 5, 19)), ("W", day(2021, 5, 17)), ("M", day(2021, 5)), ("Q", day(2021, 4)), ("A", day(2021))],
)
def test_a_day_lies_in_one_period_of_each_frequency(frequency: str, start: datetime.date) -> None:
    facts = pl.DataFrame({"day": [day(2021, 5, 19), start], "frequency": [frequency] * 2})
    found = facts.select(start_of_period(pl.col("day"), pl.col("frequency")).alias("start"))
    assert found.get_column("start").to_list() == [start, start], "a period begins with its own first day"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("text", "frequencies"),
    [
        ("2021", "A"),
        ("2021-Q2", "Q"),
        ("2021-05", "M"),
        ("2021-W07", "W"),
        ("2021-05-17", "AQMWD"),
        ("2021-5", ""),
        ("", ""),
    ],
)
def test_each_form_is_that_of_one_frequency_and_a_day_of_all(text: str, frequencies: str) -> None:
    facts = pl.DataFrame({"text": [text] * 5, "frequency": list("AQMWD")})
    fits = facts.select(has_form_of(pl.col("text"), pl.col("frequency")).alias("fits")).get_column("fits")
    assert "".join(one for one, yes in zip("AQMWD", fits, strict=True) if yes) == frequencies


@pytest.mark.django_db
class TestOfOnePeriod:
    @pytest.mark.parametrize(
        ("lines", "repeated"),
        [
            (["Albania,6,1,weekly", "Albania,7,2.50,weekly"], [(2, "1"), (3, "2.5")]),
            (["Albania,152,1,weekly", "Albania,181,2,monthly"], [(2, "1"), (3, "2")]),
            (["Albania,6,1,weekly", "Austria,7,2,weekly"], []),
            (["Albania,4,1,weekly", "Albania,5,2,weekly"], []),
            (["Albania,4,1,weekly", "Albania,11,2,weekly"], []),
        ],
        ids=["a week", "a week and a month that begin together", "two countries", "a Sunday and a Monday", "two weeks"],
    )
    def test_two_days_are_several_values(
        self, take: Take, write: Write, lines: list[str], repeated: list[tuple[int, str]]
    ) -> None:
        description = write("datapackage.json", package({"name": "Deaths", "owidDisplaySettings": FROM_2020}))
        (report,) = take("owid-package", description, write("data.csv", "Entity,Year,Deaths,time_unit", *lines))
        assert rejects(report) == [(line, value, RejectReason.DUPLICATE) for line, value in repeated]
        assert Observation.objects.count() == report.added == len(lines) - len(repeated)

    def test_two_forms_of_one_period_are_several_values(self, take: Take, write: Write) -> None:
        make_indicator("NAT.STAFF", frequency=Frequency.ANNUAL)
        rows = ["NAT.STAFF,KZ,2021,1,,", "NAT.STAFF,KAZ,2021-01-01,2,,", "NAT.STAFF,KZ,2020,3,,"]
        (report,) = take("template", write("figures.csv", HEADER, *rows))
        assert rejects(report) == [(2, "1", RejectReason.DUPLICATE), (3, "2", RejectReason.DUPLICATE)]
        assert Observation.objects.get().value == 3

    def test_an_empty_cell_beside_a_value_is_a_second_one(self, take: Take, write: Write) -> None:
        make_indicator("NAT.STAFF", frequency=Frequency.ANNUAL)
        (report,) = take("template", write("figures.csv", HEADER, "NAT.STAFF,KZ,2021,1,,", "NAT.STAFF,KZ,2021,,,"))
        assert rejects(report) == [(2, "1", RejectReason.DUPLICATE), (3, "", RejectReason.DUPLICATE)]

    @pytest.mark.parametrize(
        ("days", "value"),
        [
            ({"29Jan2020": "1", "30Jan2020": "2", "31Jan2020": "3"}, 3),
            ({"31Jan2020": "3", "29Jan2020": "1", "30Jan2020": "2"}, 3),
            ({"29Jan2020": "1", "30Jan2020": "2", "31Jan2020": "NA"}, 2),
            ({"29Jan2020": "1", "30Jan2020": "", "31Jan2020": "words"}, 1),
        ],
        ids=["in order", "out of order", "the last one empty", "the last one rejected"],
    )
    def test_of_days_the_last_with_a_value_stands_for_a_month(
        self, take: Take, write: Write, days: dict[str, str], value: int
    ) -> None:
        make_indicator("OXCGRT.STRINGENCY", frequency=Frequency.MONTHLY, aggregation="end of period")
        header = ",".join(("", "country_code", "country_name", *days))
        path = write("stringency_index.csv", header, f"1,KAZ,Kazakhstan,{','.join(days.values())}")
        (report,) = take("oxcgrt", path)
        assert report.added == 1
        row = Observation.objects.get()
        assert row.value == value
        assert (row.period_start, row.frequency) == (day(2020), "M")

    def test_a_day_twice_is_several_values_of_the_month_it_ends(self, take: Take, write: Write) -> None:
        make_indicator("OXCGRT.STRINGENCY", frequency=Frequency.MONTHLY, aggregation="end of period")
        row = "1,KAZ,Kazakhstan,5,6"
        path = write("stringency_index.csv", ",country_code,country_name,30Jan2020,31Jan2020", row, row)
        (report,) = take("oxcgrt", path)
        assert (report.added, report.rejected) == (0, 4)

    def test_a_month_of_which_no_day_has_a_value_any_more_is_withdrawn(self, take: Take, write: Write) -> None:
        make_indicator("OXCGRT.STRINGENCY", frequency=Frequency.MONTHLY, aggregation="end of period")
        header = ",country_code,country_name,30Jan2020,31Jan2020"
        take("oxcgrt", write("stringency_index.csv", header, "1,KAZ,Kazakhstan,5,6"))
        (report,) = take("oxcgrt", write("stringency_index.csv", header, "1,KAZ,Kazakhstan,NA,"))
        assert (report.added, report.changed) == (0, 1)
        row = Observation.objects.current().get()
        assert (row.value, row.status) == (None, "M")


@pytest.mark.django_db
class TestWhatDiffers:
    """One row of the template after another one: what counts as a revision."""

    @pytest.fixture
    def staff(self, countries: None) -> Indicator:
        return make_indicator("NAT.STAFF", frequency=Frequency.ANNUAL)

    @pytest.mark.parametrize(
        ("before", "after", "counts"),
        [
            ("7,,", "7,,", (0, 0, 1)),
            ("7,,", "7.0,A,", (0, 0, 1)),
            ("7,,", "7.0000004,,", (0, 0, 1)),
            ("7,,", "7.000001,,", (0, 1, 0)),
            ("7,,", "7,P,", (0, 1, 0)),
            ("7,P,", "7,,", (0, 1, 0)),
            ("7,,", "7,,Census", (0, 1, 0)),
            ("7,,Census", "7,,census", (0, 1, 0)),
            ("7,,", ",,", (0, 1, 0)),
            (",M,Not counted", ",,Not counted", (0, 0, 1)),
            (",M,Not counted", ",,", (0, 1, 0)),
            (",,", "7,,", (1, 0, 0)),
            (",,", ",M,", (0, 0, 0)),
            (",M,Not counted", "7,,", (0, 1, 0)),
        ],
    )
    @pytest.mark.usefixtures("staff")
    def test_a_row_after_another(
        self, take: Take, write: Write, before: str, after: str, counts: tuple[int, int, int]
    ) -> None:
        take("template", write("figures.csv", HEADER, f"NAT.STAFF,KZ,2020,{before}"))
        (report,) = take("template", write("figures.csv", HEADER, f"NAT.STAFF,KZ,2020,{after}"))
        assert (report.added, report.changed, report.unchanged) == counts
        assert report.rejected == 0

    def test_a_frequency_that_was_changed_by_people_is_a_revision(
        self, staff: Indicator, take: Take, write: Write
    ) -> None:
        path = write("figures.csv", HEADER, "NAT.STAFF,KZ,2020-01-01,7,,")
        take("template", path)
        Indicator.objects.update(frequency=Frequency.MONTHLY)
        (report,) = take("template", path)
        assert (report.added, report.changed) == (0, 1)
        assert Observation.objects.current(Origin.NATIONAL).get().frequency == Frequency.MONTHLY

    def test_a_value_loses_its_scope_with_its_flags(self, take: Take, write: Write) -> None:
        header = ",country_code,country_name,31Jan2020"
        data = write("c6_stay_at_home_requirements.csv", header, "1,KAZ,Kazakhstan,1")
        take("oxcgrt", data, write("c6_flag.csv", header, "1,KAZ,Kazakhstan,1"))
        assert Observation.objects.get().scope == Scope.GENERAL
        (report,) = take("oxcgrt", data)
        assert report.changed == 1
        assert Observation.objects.current().get().scope == ""

    def test_each_origin_has_a_history_of_its_own(self, staff: Indicator, take: Take, write: Write) -> None:
        international = observe(staff, make_country("KZ"), {"2020-01-01": 5})
        for value in ("5", "6", ""):
            take("template", write("figures.csv", HEADER, f"NAT.STAFF,KZ,2020,{value},,"))
        national = Observation.objects.filter(origin=Origin.NATIONAL).order_by("pk")
        assert [row.value for row in national] == [Decimal(5), Decimal(6), None]
        assert [row.valid_to is None for row in national] == [False, False, True]
        assert list(Observation.objects.current()) == international


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("+5", "5"),
        ("-0", "0"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1E3", "1000"),
        ("1e+3", "1000"),
        ("1e-400", "0"),
        ("00012", "12"),
        ("0.0000005", "0"),
        ("0.0000015", "0.000002"),
        ("-2.5", "-2.5"),
        ("123456789.123456", "123456789.123456"),
        ("999999999999999999", None),
        ("-999999999999999999", None),
        ("999999999999999999.9999999", None),
        ("-1e400", None),
    ],
)
def test_a_number_is_read_exactly_or_rejected_as_too_large(
    take: Take, write: Write, text: str, value: str | None
) -> None:
    (report,) = take(
        "worldbank", write("gdp.csv", "Country Name,Country Code,Year,Value", f"Kazakhstan,KAZ,2018,{text}")
    )
    assert rejects(report) == ([] if value is not None else [(2, text, RejectReason.TOO_LARGE)])
    assert [row.value for row in Observation.objects.all()] == ([Decimal(value)] if value is not None else [])
