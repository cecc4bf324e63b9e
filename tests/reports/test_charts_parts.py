"""What charts are made of, without a database: periods, series, what is told of them, and sparklines."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from cms.core.blocks import ChartType
from reports.axes import (
    Frame,
    date_ticks,
    days_later,
    month_number,
    month_start,
    next_period,
    period_before,
    spread,
    value_ticks,
)
from reports.charts import Chart, Form, KeyFigure
from reports.choices import ObservationStatus, ScaleType
from reports.histories import Point, Series, gap, missing, newest_day, within
from reports.models import Indicator
from reports.sparklines import SPARK_HEIGHT, SPARK_INSET, SPARK_WIDTH, draw_sparkline
from reports.vega.bars import shown_points
from reports.vega.histories import last_day, runs
from taxonomy.models import Country

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN, MAX = datetime.date.min, datetime.date.max
N, P, E, B = (
    ObservationStatus.NORMAL,
    ObservationStatus.PROVISIONAL,
    ObservationStatus.ESTIMATED,
    ObservationStatus.BREAK,
)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def points(*values: float | None, statuses: Sequence[str] = ()) -> list[Point]:
    """Values of the months of 2021."""
    days = [datetime.date(2021, month, 1) for month in range(1, len(values) + 1)]
    known = [None if value is None else Decimal(str(value)) for value in values]
    given = [*statuses, *[N] * len(values)][: len(values)]
    return [
        missing(when) if value is None else Point(when, value, status)
        for when, value, status in zip(days, known, given, strict=True)
    ]


def series(*values: float | None, statuses: Sequence[str] = (), is_covered: bool = True) -> Series:
    return Series(Country(code="KZ"), points(*values, statuses=statuses), is_covered)


def chart(*rows: Series, kind: str = ChartType.LINE, **facts: object) -> Chart:
    indicator = Indicator(code="X", frequency="M", scale_type=ScaleType.INDEX, decimals=0, is_comparable=True)
    for name, value in facts.items():
        setattr(indicator, name, value)
    return Chart(indicator, list(rows), Form(chart_type=kind), newest_day(row.points for row in rows))


# The calendar


@pytest.mark.parametrize(
    ("frequency", "start", "after"),
    [
        ("A", "9999-01-01", MAX),
        ("Q", "9999-10-01", MAX),
        ("M", "9999-12-01", MAX),
        ("M", "9999-11-01", day("9999-12-01")),
        ("W", "9999-12-27", MAX),
        ("D", "9999-12-31", MAX),
        ("D", "1999-12-31", day("2000-01-01")),
        ("Q", "2021-11-15", day("2022-02-01")),
    ],
)
def test_after_the_last_period_comes_the_end_of_the_calendar(frequency: str, start: str, after: datetime.date) -> None:
    assert next_period(day(start), frequency) == after


@pytest.mark.parametrize(
    ("frequency", "start", "before"),
    [
        ("A", "0001-01-01", MIN),
        ("Q", "0001-03-31", MIN),
        ("M", "0001-01-31", MIN),
        ("M", "0001-02-01", MIN),
        ("W", "0001-01-03", MIN),
        ("D", "0001-01-01", MIN),
        ("D", "2000-03-01", day("2000-02-29")),
        ("Q", "2021-01-01", day("2020-10-01")),
        ("W", "2021-01-04", day("2020-12-28")),
    ],
)
def test_before_the_first_period_is_the_beginning_of_the_calendar(
    frequency: str, start: str, before: datetime.date
) -> None:
    assert period_before(day(start), frequency) == before


@pytest.mark.parametrize("text", ["0001-01-01", "1999-12-01", "2000-01-01", "2020-02-01", "9999-12-01"])
def test_the_number_of_a_month_leads_back_to_its_first_day(text: str) -> None:
    assert month_start(month_number(day(text))) == day(text)
    assert month_number(day(text).replace(day=28)) == month_number(day(text))


@pytest.mark.parametrize(("number", "expected"), [(0, MIN), (-5, MIN), (11, MIN), (12, MIN), (120_000, MAX)])
def test_months_that_the_calendar_does_not_have_are_its_ends(number: int, expected: datetime.date) -> None:
    assert month_start(number) == expected


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2020-02-28", 1, "2020-02-29"),
        ("2020-01-01", -1, "2019-12-31"),
        ("9999-12-30", 5, "9999-12-31"),
        ("0001-01-02", -5, "0001-01-01"),
        ("2020-01-01", 0, "2020-01-01"),
        ("2020-01-01", 10**7, "9999-12-31"),
    ],
)
def test_days_are_counted_within_the_calendar(start: str, days: int, expected: str) -> None:
    assert days_later(day(start), days) == day(expected)


# Axes


@pytest.mark.parametrize(
    ("low", "high", "most", "whole", "expected"),
    [
        ("0", "10", 5, False, ["0", "2", "4", "6", "8", "10"]),
        ("0", "1", 5, True, ["0", "1"]),
        ("0", "0", 5, False, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ("7", "7", 4, True, ["0", "2", "4", "6", "8"]),
        ("-50", "100", 4, False, ["-50", "0", "50", "100"]),
        ("0", "0.003", 3, False, ["0", "0.001", "0.002", "0.003"]),
        ("0", "1234567", 5, True, ["0", "250000", "500000", "750000", "1000000", "1250000"]),
    ],
)
def test_values_named_on_an_axis_are_round(low: str, high: str, most: int, expected: list[str], *, whole: bool) -> None:
    assert value_ticks(Decimal(low), Decimal(high), most=most, whole=whole) == [Decimal(one) for one in expected]


@pytest.mark.parametrize(
    ("frequency", "start", "end", "first", "unit"),
    [
        ("D", "2021-01-30", "2021-02-01", ["2021-01-30", "2021-01-31", "2021-02-01"], "D"),
        ("W", "2021-01-04", "2021-01-06", ["2021-01-04", "2021-01-05", "2021-01-06"], "D"),
        ("D", "2021-01-15", "2021-04-20", ["2021-02-01", "2021-03-01", "2021-04-01"], "M"),
        ("M", "2021-01-01", "2021-03-01", ["2021-01-01", "2021-02-01", "2021-03-01"], "M"),
        ("Q", "2021-01-01", "2021-07-01", ["2021-01-01", "2021-04-01", "2021-07-01"], "M"),
        ("A", "2019-01-01", "2021-01-01", ["2019-01-01", "2020-01-01", "2021-01-01"], "A"),
    ],
)
def test_dates_are_named_in_the_smallest_step_first(
    frequency: str, start: str, end: str, first: list[str], unit: str
) -> None:
    days, named_as = next(date_ticks(day(start), day(end), frequency))
    assert ([one.isoformat() for one in days], named_as) == (first, unit)


@pytest.mark.parametrize(
    ("wanted", "gap_between", "expected"),
    [
        ([50], 10, [50]),
        ([50, 50], 10, [50, 60]),
        ([95, 95, 95], 10, [80, 90, 100]),
        ([0, 0], 10, [0, 10]),
        ([90, 10], 10, [90, 10]),
        ([100, 0, 100], 40, [60, 0, 100]),
        ([-5, 120], 10, [0, 100]),
        ([], 10, []),
    ],
)
def test_names_move_no_further_than_they_must(wanted: list[float], gap_between: float, expected: list[float]) -> None:
    assert spread(wanted, gap_between, 0, 100) == expected


def test_positions_run_from_the_left_and_from_the_bottom() -> None:
    frame = Frame(10, 20, 110, 70, day("2021-01-01"), day("2021-01-11"), Decimal(-5), Decimal(5))
    assert (frame.width, frame.height) == (100, 50)
    assert [frame.x(day(f"2021-01-{number:02}")) for number in (1, 6, 11)] == [10, 60, 110]
    assert [frame.y(Decimal(value)) for value in (-5, 0, 5)] == [70, 45, 20]


# Series


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (None, None, [1, 2, 3, 4]),
        ("2021-01-31", "2021-02-01", [1, 2]),
        ("2021-02-01", "2021-02-01", [2]),
        ("2021-05-01", None, []),
        ("2021-04-30", None, [4]),
        (None, "2020-12-31", []),
        ("2021-03-01", "2021-02-01", []),
    ],
)
def test_periods_within_a_time_have_a_day_of_it(start: str | None, end: str | None, shown: list[int]) -> None:
    first, last = (day(text) if text else None for text in (start, end))
    found = within(points(1, 2, 3, 4), first, last, "M")
    assert [point.day.month for point in found] == shown


def test_between_neighbours_there_is_no_gap() -> None:
    assert gap(day("2021-01-01"), day("2021-02-01"), "M") == []
    assert gap(day("2021-02-01"), day("2021-01-01"), "M") == []
    assert [one.day for one in gap(day("9999-10-01"), MAX, "M")] == [day("9999-11-01"), day("9999-12-01")]


@pytest.mark.parametrize(
    ("values", "statuses", "last", "status"),
    [
        ((1, 2), (), (2, 2), N),
        ((1, 2, None), (N, P), (2, 2), P),
        ((None, None), (), None, ObservationStatus.MISSING),
        ((), (), None, ObservationStatus.MISSING),
        ((0,), (E,), (1, 0), E),
    ],
)
def test_the_last_value_is_that_of_the_last_period_that_has_one(
    values: tuple[float | None, ...], statuses: tuple[str, ...], last: tuple[int, float] | None, status: str
) -> None:
    found = series(*values, statuses=statuses)
    assert (found.last and (found.last[0].month, float(found.last[1]))) == last
    assert found.newest_status == status


@pytest.mark.parametrize(
    ("values", "lengths"),
    [((), []), ((None,), []), ((1, 2), [2]), ((None, 1, None, None, 2, 3), [1, 2]), ((0, None), [1])],
)
def test_a_run_ends_where_a_value_is_missing(values: tuple[float | None, ...], lengths: list[int]) -> None:
    assert [len(run) for run in runs(points(*values))] == lengths


@pytest.mark.parametrize(
    ("rows", "newest"),
    [
        ([], None),
        ([points(None, None)], None),
        ([points(1, 2, None)], 2),
        ([points(1), points(None, None, 0), points(1, 1)], 3),
    ],
)
def test_the_newest_day_is_that_of_any_country(rows: list[list[Point]], newest: int | None) -> None:
    found = newest_day(rows)
    assert (found and found.month) == newest


@pytest.mark.parametrize(
    ("values", "previous", "change"),
    [
        ((1, 4), 1, 3),
        ((4, None, 1), 4, -3),
        ((2, 2), 2, 0),
        ((5,), None, None),
        ((None,), None, None),
        ((), None, None),
    ],
)
def test_a_change_is_from_one_known_value_to_the_next(
    values: tuple[float | None, ...], previous: float | None, change: float | None
) -> None:
    figure = KeyFigure(Indicator(scale_type=ScaleType.INDEX), series(*values))
    assert (figure.previous and figure.previous[1]) == previous
    assert figure.change == change


# Charts


@pytest.mark.parametrize(
    ("rows", "kind", "gaps", "uncertain", "breaks"),
    [
        ([series(1, 2)], "line", False, False, False),
        ([series(1, None, 2)], "line", True, False, False),
        ([series(1, 2, statuses=(P, N))], "line", False, True, False),
        ([series(1, 2, statuses=(N, B))], "line", False, False, True),
        ([series(1, 2, statuses=(E, N)), series(1)], "bar", False, False, False),
        ([series(1, 2, statuses=(N, E)), series(1)], "bar", False, True, False),
        ([series(1, None, 2), series(1)], "bar", False, False, False),
        ([series(1, None, 2)], "bar", True, False, False),
        ([series(1, 2, statuses=(N, B)), series(1)], "bar", False, False, False),
        ([series(None, None)], "line", False, False, False),
    ],
)
def test_a_key_explains_only_what_is_drawn(
    rows: list[Series], kind: str, *, gaps: bool, uncertain: bool, breaks: bool
) -> None:
    found = chart(*rows, kind=kind)
    assert (found.has_gaps, found.has_uncertain, found.has_breaks) == (gaps, uncertain, breaks)


def test_the_table_has_every_period_of_any_country() -> None:
    found = chart(series(1, 2), series(None, None, 3), series(is_covered=False))
    assert [(when.month, [point.value for point in row]) for when, row in found.table.rows] == [
        (1, [1, None]),
        (2, [2, None]),
        (3, [None, 3]),
    ]
    assert found.span == (day("2021-01-01"), day("2021-03-01"))
    assert [len(one) for one in (found.covered, found.shown, found.not_covered)] == [2, 2, 1]


@pytest.mark.parametrize(
    ("kind", "scale", "stepped"),
    [
        ("line", ScaleType.INDEX, False),
        ("area", ScaleType.COUNT, False),
        ("step", ScaleType.INDEX, True),
        ("bar", ScaleType.INDEX, True),
        ("line", ScaleType.ORDINAL, True),
        ("multiples", ScaleType.PERCENT, False),
    ],
)
def test_steps_and_columns_hold_for_their_whole_period(kind: str, scale: str, *, stepped: bool) -> None:
    found = chart(series(1, 2), kind=kind, scale_type=scale)
    assert found.is_stepped == stepped
    assert last_day(found, day("2021-02-01")) == day("2021-03-01" if stepped else "2021-02-01")


@pytest.mark.parametrize(
    ("kind", "values", "table", "drawing"),
    [("table", (1,), True, False), ("table", (None,), False, False), ("line", (None,), False, False)],
)
def test_a_table_stands_alone_where_it_has_a_value(
    kind: str, values: tuple[float | None, ...], *, table: bool, drawing: bool
) -> None:
    found = chart(series(*values), kind=kind)
    assert (found.is_table, bool(found.pictures), found.has_failed) == (table, drawing, False)


@pytest.mark.parametrize(("count", "comparable", "refused"), [(1, False, False), (2, False, True), (2, True, False)])
def test_several_countries_are_refused_where_they_cannot_be_compared(
    count: int, *, comparable: bool, refused: bool
) -> None:
    found = chart(*[series(1)] * count, is_comparable=comparable)
    assert found.is_refused == refused


@pytest.mark.parametrize(
    ("age", "allowed", "end", "overdue"),
    [(40, 39, None, True), (40, 40, None, False), (40, 0, None, False), (40, None, None, False), (40, 1, MAX, False)],
)
def test_a_figure_is_overdue_the_day_after_the_last_one_on_which_it_could_come(
    age: int, allowed: int | None, end: datetime.date | None, *, overdue: bool
) -> None:
    """`age` is the number of days since its last period ended."""
    newest = days_later(timezone.localdate(), -age - 1)
    indicator = Indicator(frequency="D", update_days=allowed)
    assert Chart(indicator, [], Form(end=end), newest).is_overdue == overdue
    assert not Chart(indicator, [], Form(end=end), None).is_overdue


def test_columns_stand_from_the_first_to_the_last_value() -> None:
    found = chart(series(None, 1, None, 2, None), kind="bar")
    assert [point.day.month for point in shown_points(found, found.shown[0])] == [2, 3, 4]


# Sparklines


@pytest.mark.parametrize(
    ("values", "segments"),
    [
        ((1, 2, 3), ["3.0,29.0 62.9,16.0 117.0,3.0"]),
        ((5, 5), ["3.0,16.0 117.0,16.0"]),
        ((4,), ["60.0,16.0"]),
        ((None, 4, None), ["60.0,16.0"]),
        ((1, None, 3), ["3.0,29.0", "117.0,3.0"]),
        ((-1, 1), ["3.0,29.0 117.0,3.0"]),
    ],
)
def test_a_sparkline_fills_its_height_from_the_lowest_to_the_highest(
    values: tuple[float | None, ...], segments: list[str]
) -> None:
    found = draw_sparkline(Indicator(scale_type=ScaleType.INDEX), points(*values))
    assert found is not None
    numbers = [[tuple(map(float, corner.split(","))) for corner in one.split()] for one in found.segments]
    expected = [[tuple(map(float, corner.split(","))) for corner in one.split()] for one in segments]
    assert numbers == [[pytest.approx(corner, abs=0.2) for corner in one] for one in expected]
    assert (found.end_x, found.end_y) == numbers[-1][-1]
    assert all(
        SPARK_INSET <= x <= SPARK_WIDTH - SPARK_INSET and SPARK_INSET <= y <= SPARK_HEIGHT - SPARK_INSET
        for one in numbers
        for x, y in one
    )


@pytest.mark.parametrize("values", [(), (None,), (None, None, None)])
def test_there_is_no_sparkline_without_a_value(values: tuple[None, ...]) -> None:
    assert draw_sparkline(Indicator(scale_type=ScaleType.INDEX), points(*values)) is None


def test_steps_have_a_corner_only_where_the_level_changes() -> None:
    found = draw_sparkline(Indicator(scale_type=ScaleType.ORDINAL), points(1, 1, 2, 2))
    assert found is not None
    heights = [float(corner.split(",")[1]) for corner in found.segments[0].split()]
    assert heights == [29, 29, 29, 3, 3]
