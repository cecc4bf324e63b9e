"""National figures in the platform's own form: CSV and spreadsheets, beside the international values."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from reports.choices import Frequency, Origin, RejectReason
from reports.models import Indicator, Observation
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.reporting import FileReport

    Take = Callable[..., list[FileReport]]
    Write = Callable[..., Path]

pytestmark = pytest.mark.django_db
HEADER = "indicator,country,period,value,status,note"


@pytest.fixture
def staff(countries: None, db: None) -> Indicator:
    return make_indicator("NAT.STAFF", frequency=Frequency.ANNUAL)


@pytest.fixture
def bring(staff: Indicator, take: Take, write: Write) -> Callable[..., FileReport]:
    """Import rows of a CSV file in the form of the template."""

    def bring_rows(*rows: str) -> FileReport:
        (report,) = take("template", write("figures.csv", HEADER, *rows))
        return report

    return bring_rows


def rejects(report: FileReport) -> list[tuple[int, str, str, RejectReason]]:
    return [(one.line, one.column, one.value, one.reason) for one in report.rejects]


def test_national_figures_stand_beside_international_ones(staff: Indicator, take: Take, write: Write) -> None:
    observe(staff, make_country("KZ"), {"2020-01-01": 5})
    (report,) = take("template", write("figures.csv", HEADER, "NAT.STAFF,KZ,2020,7,P,Census"))
    assert (report.added, report.changed, report.rejected) == (1, 0, 0)
    assert Observation.objects.current().get().value == 5
    national = Observation.objects.current(Origin.NATIONAL).get()
    assert (national.value, national.status, national.note) == (Decimal(7), "P", "Census")
    assert national.get_origin_display() == "National figure"
    assert Observation.objects.as_of(national.valid_from, Origin.NATIONAL).get() == national


def test_a_revision_of_a_note_or_a_status_is_one(staff: Indicator, take: Take, write: Write) -> None:
    take("template", write("figures.csv", HEADER, "NAT.STAFF,KZ,2020,7,P,Census", "NAT.STAFF,KZ,2021,8,,"))
    (report,) = take("template", write("figures.csv", HEADER, "NAT.STAFF,KZ,2020,7,,", "NAT.STAFF,KAZ,2021,8,A,"))
    assert (report.added, report.changed, report.unchanged) == (0, 1, 1)


@pytest.mark.parametrize(
    ("frequency", "period", "start"),
    [
        ("A", "2021", (2021, 1, 1)),
        ("A", "2021-01-01", (2021, 1, 1)),
        ("Q", "2021-Q2", (2021, 4, 1)),
        ("Q", "2021-Q4", (2021, 10, 1)),
        ("M", "2021-05", (2021, 5, 1)),
        ("M", "2021-05-01", (2021, 5, 1)),
        ("W", "2021-W01", (2021, 1, 4)),
        ("W", "2020-W53", (2020, 12, 28)),
        ("D", "2021-05-17", (2021, 5, 17)),
    ],
)
def test_periods_are_written_as_the_frequency_demands(
    bring: Callable[..., FileReport], frequency: str, period: str, start: tuple[int, int, int]
) -> None:
    make_indicator("NAT.SERIES", frequency=frequency)
    assert rejects(bring(f"NAT.SERIES,KZ,{period},1,,")) == []
    row = Observation.objects.get()
    assert (row.period_start, row.frequency) == (datetime.date(*start), frequency)


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("NAT.NONE,KZ,2020,7,,", "indicator", "NAT.NONE", RejectReason.INDICATOR),
        ("NAT.STAFF,XX,2020,7,,", "country", "XX", RejectReason.COUNTRY),
        ("NAT.STAFF,KZ,2020-05,7,,", "period", "2020-05", RejectReason.DATE),
        ("NAT.STAFF,KZ,2020-Q5,7,,", "period", "2020-Q5", RejectReason.DATE),
        ("NAT.STAFF,KZ,2020-05-17,7,,", "period", "2020-05-17", RejectReason.DATE),
        ("NAT.STAFF,KZ,2021-W53,7,,", "period", "2021-W53", RejectReason.DATE),
        ("NAT.STAFF,KZ,2020,7,X,", "status", "X", RejectReason.STATUS),
        ("NAT.STAFF,KZ,2020,7,M,", "status", "M", RejectReason.NO_VALUE),
        ("NAT.STAFF,KZ,2020,,E,", "status", "E", RejectReason.NO_VALUE),
        (f"NAT.STAFF,KZ,2020,7,,{'x' * 256}", "note", "x" * 100, RejectReason.NOTE),
    ],
)
def test_what_a_row_says_wrong_is_named(
    bring: Callable[..., FileReport], row: str, column: str, value: str, reason: RejectReason
) -> None:
    assert rejects(bring(row)) == [(2, column, value, reason)]
    assert not Observation.objects.exists()


def test_a_focal_point_brings_figures_of_the_own_country_only(staff: Indicator, take: Take, write: Write) -> None:
    path = write("figures.csv", HEADER, "NAT.STAFF,KZ,2020,7,,", "NAT.STAFF,GE,2020,8,,")
    (report,) = take("template", path, only_country=make_country("KZ").pk)
    assert rejects(report) == [(3, "country", "GE", RejectReason.OTHER_COUNTRY)]
    assert Observation.objects.get().country.code == "KZ"


@pytest.mark.parametrize("separator", [";", "\t"])
def test_separators_of_spreadsheets_are_understood(staff: Indicator, take: Take, write: Write, separator: str) -> None:
    lines = [line.replace(",", separator) for line in (HEADER, "NAT.STAFF,KZ,2020,7.5,,")]
    (report,) = take("template", write("figures.csv", *lines))
    assert (report.added, report.rejected) == (1, 0)


def sheet(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = Workbook()
    for row in [tuple(HEADER.split(",")), *rows]:
        book.active.append(row)
    book.save(path)
    return path


def test_a_spreadsheet_is_read_as_its_cells_show(staff: Indicator, take: Take, tmp_path: Path) -> None:
    make_indicator("NAT.DAILY", frequency=Frequency.DAILY)
    path = sheet(
        tmp_path / "figures.xlsx",
        ("NAT.STAFF", "KZ", 2020, 7.25),
        (None, None, None, None),
        ("NAT.STAFF", "KZ", 2021.0, 10, "E", "Estimate"),
        ("NAT.DAILY", "KZ", datetime.datetime(2021, 5, 17, tzinfo=None), -3),  # noqa: DTZ001 - cells have no zone
        ("NAT.STAFF", "ZZ", 2021, 1),
    )
    (report,) = take("template", path)
    assert (report.rows, report.added) == (4, 3)
    assert rejects(report) == [(6, "country", "ZZ", RejectReason.COUNTRY)]
    values = Observation.objects.order_by("period_start").values_list("period_start", "value", "status")
    assert list(values) == [
        (datetime.date(2020, 1, 1), Decimal("7.25"), "A"),
        (datetime.date(2021, 1, 1), Decimal(10), "E"),
        (datetime.date(2021, 5, 17), Decimal(-3), "A"),
    ]
    assert take("template", path)[0].unchanged == 3
