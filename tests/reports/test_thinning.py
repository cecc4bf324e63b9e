"""Of long histories: what a drawing and a table keep, and that readers do not wait for their observations."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cms.core.blocks import ChartType
from reports.charts import Chart, Form, build_chart, charts_for
from reports.choices import Frequency, ObservationStatus, ScaleType
from reports.histories import Point, history_of, missing
from reports.models import Indicator, IndicatorIndexPage
from reports.thinning import MOST_DRAWN, MOST_ROWS, STRETCHES, closes, drawn, listed_days, step_of
from reports.vega.bars import columns
from reports.vega.drawings import specifications
from reports.vega.rendering import CACHE
from reports.vega.rows import levels
from taxonomy.models import Country
from tests.factories.site import index_page
from tests.factories.statistics import make_indicator, observe, revise
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bs4 import BeautifulSoup
    from wagtail.models import Site

    from reports.vega.sheets import Specification

    Read = Callable[..., BeautifulSoup]

FIRST = datetime.date(2015, 1, 1)
DAYS = 1500
VALUES = st.lists(st.sampled_from([None, *range(50)]), min_size=1, max_size=60)


def day(number: int) -> datetime.date:
    return FIRST + datetime.timedelta(days=number)


def history(values: list[int | None]) -> list[Point]:
    return [
        missing(day(number)) if value is None else Point(day(number), Decimal(value))
        for number, value in enumerate(values)
    ]


def wave(count: int = DAYS) -> dict[str, float | str | None]:
    return {day(number).isoformat(): number * 37 % 1000 for number in range(count)}


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    yield
    caches[CACHE].clear()


@pytest.fixture
def daily(site: Site) -> Indicator:
    return make_indicator("OXCGRT.DAILY", frequency=Frequency.DAILY, decimals=0)


@pytest.fixture
def readings(daily: Indicator) -> Callable[[], tuple[Chart, int]]:
    """The chart of two countries, and how many of the queries for it have read observations."""

    def read_chart() -> tuple[Chart, int]:
        with CaptureQueriesContext(connection) as captured:
            (chart,) = charts_for([daily], [make_country("KZ"), make_country("GE")], Form())
        return chart, sum('FROM "reports_observation"' in query["sql"] for query in captured)

    return read_chart


@pytest.mark.parametrize(
    ("count", "step"), [(0, 1), (1, 1), (MOST_DRAWN, 1), (MOST_DRAWN + 1, 3), (4600, 13), (STRETCHES * 100, 100)]
)
def test_periods_are_drawn_one_by_one_until_they_are_too_many(count: int, step: int) -> None:
    points = history([number % 7 for number in range(count)])
    assert step_of(count) == step
    assert (drawn(points) == points) is (step == 1)


@settings(max_examples=30, deadline=None)
@given(pattern=VALUES, repeated=st.integers(20, 60), seed=st.integers(0, 1000))
@example(pattern=[None], repeated=1000, seed=0)
@example(pattern=[0, None], repeated=700, seed=0)
def test_a_thinned_history_keeps_its_peaks_its_troughs_and_its_ends(
    pattern: list[int | None], repeated: int, seed: int
) -> None:
    whole = history(
        [None if one is None else one * (seed + place) % 97 for place, one in enumerate(pattern * repeated)]
    )
    step = step_of(len(whole))
    kept = drawn(whole)
    assert [point for point in whole if point in set(kept)] == kept
    known = [point for point in whole if point.value is not None]
    kept_known = [point for point in kept if point.value is not None]
    assert (kept[0], kept[-1]) == (whole[0], whole[-1])
    assert (kept_known[:1], kept_known[-1:]) == (known[:1], known[-1:])
    for start in range(0, len(whole), step):
        stretch = {point.day for point in whole[start : start + step]}
        for pick in (min, max):
            value_of = [
                [one.value for one in rows if one.day in stretch and one.value is not None] for rows in (whole, kept)
            ]
            assert pick(value_of[0], default=None) == pick(value_of[1], default=None)


def test_a_thinned_history_is_not_longer_than_its_drawing_is_wide() -> None:
    for count in (MOST_DRAWN + 1, 1096, 4600, 50_000):
        assert len(drawn(history([number * 37 % 1000 for number in range(count)]))) <= MOST_DRAWN + 4


def test_a_gap_begins_and_ends_where_it_does_and_what_is_marked_stays() -> None:
    values: list[int | None] = [number % 5 for number in range(DAYS)]
    values[401:477] = [None] * 76
    whole = history(values)
    whole[900] = whole[900]._replace(status=ObservationStatus.PROVISIONAL)
    whole[1200] = whole[1200]._replace(status=ObservationStatus.BREAK)
    kept = drawn(whole)
    gaps = [
        (before.day, after.day) for before, after in pairwise(kept) if before.value is not None and after.value is None
    ]
    assert gaps == [(day(400), day(401))]
    assert next(point.day for point in kept if point.day > day(401)) == day(477)
    assert {whole[900], whole[1200]} <= set(kept)


@pytest.mark.parametrize(
    ("frequency", "last", "other", "unit"),
    [
        ("D", "2021-02-28", "2021-02-27", "M"),
        ("D", "2021-12-31", "2021-11-30", "A"),
        ("W", "2021-03-29", "2021-03-22", "M"),
        ("M", "2021-12-01", "2021-11-01", "A"),
        ("Q", "2021-10-01", "2021-07-01", "A"),
        ("D", "9999-12-30", "9999-12-29", "A"),
    ],
)
def test_the_last_period_of_a_month_or_year_closes_it(frequency: str, last: str, other: str, unit: str) -> None:
    found = [closes(datetime.date.fromisoformat(one), frequency, unit) for one in (last, other)]
    assert found == [last != "9999-12-30", False]


@pytest.mark.parametrize(("count", "rows", "unit"), [(DAYS, 49, "M"), (12_500, 34, "A")])
def test_a_table_shows_months_while_they_are_few_enough_and_years_else(count: int, rows: int, unit: str) -> None:
    days, found = listed_days([day(number) for number in range(count)], Frequency.DAILY)
    assert (len(days), found) == (rows, unit)
    assert len(days) <= MOST_ROWS


def test_observations_of_long_histories_are_read_once_until_one_is_revised(
    daily: Indicator, readings: Callable[[], tuple[Chart, int]]
) -> None:
    rows = observe(daily, make_country("KZ"), wave())
    observe(daily, make_country("GE"), wave())
    first, read_first = readings()
    again, read_again = readings()
    assert (read_first, read_again) == (1, 0)
    assert again == first
    revise(rows[1000], 123_456)
    revised, read_then = readings()
    assert read_then == 1
    tops = [max(value for _day, value in one.known) for one in revised.series]
    assert tops == [123_456, max(value for _day, value in first.series[1].known)]


def test_a_long_and_a_short_history_stand_in_one_table_by_the_same_days(
    daily: Indicator, readings: Callable[[], tuple[Chart, int]]
) -> None:
    long = wave()
    long[day(58).isoformat()] = None  # 28 February 2015
    observe(daily, make_country("KZ"), long)
    observe(daily, make_country("GE"), {day(30).isoformat(): 0, day(31).isoformat(): 5, day(DAYS + 3).isoformat(): 7})
    chart, _read = readings()
    rows = {when.isoformat(): [point.value for point in points] for when, points in chart.table.rows}
    assert rows["2015-01-31"] == [30 * 37 % 1000, 0]
    assert rows["2015-02-28"] == [None, None]
    assert "2015-02-01" not in rows
    assert rows[day(DAYS + 3).isoformat()] == [None, 7]
    assert chart.table.unit == "M"


def test_a_time_chosen_within_a_long_history_is_shown_in_full(daily: Indicator) -> None:
    country = make_country("KZ")
    observe(daily, country, wave())
    for _time in ("cold", "kept"):
        (chart,) = charts_for([daily], [country], Form(day(100), day(130)))
        assert [when for when, _points in chart.table.rows] == [day(number) for number in range(100, 131)]
        assert (chart.step, chart.table.unit, chart.newest) == (1, "", day(DAYS - 1))


def test_the_page_says_what_of_a_long_history_it_shows_and_where_all_is(read: Read, daily: Indicator) -> None:
    observe(daily, make_country("KZ"), wave())
    make_country("GE")
    soup = read(f"{index_page(IndicatorIndexPage).url}{daily.code}/?country=KZ&country=GE")
    figure: Any = soup.select_one("figure.chart")
    text = " ".join(figure.get_text().split())
    assert "Of every 5 periods in a row the lowest and the highest value are drawn." in text
    assert "the table shows the last one of each month, and the newest." in text
    rows = figure.select("table.values tbody tr")
    assert len(rows) == 50
    assert [cell.get_text(strip=True) for cell in rows[0].select("td")] == ["110", "not covered"]
    (link,) = [one for one in figure.select("a[download]") if one.get_text() == "All values are in the file (CSV)."]
    assert f"from={FIRST}&to={day(DAYS - 1)}" in link["href"]


def of_levels(chart_type: ChartType, scale: ScaleType, codes: str = "KZ GE", count: int = DAYS) -> Chart:
    """A chart of levels that hold for three weeks each, through more days than a drawing shows."""
    indicator = Indicator(code="OXCGRT.LEVEL", frequency=Frequency.DAILY, scale_type=scale)
    indicator._prefetched_objects_cache = {"value_labels": []}
    whole = history([number // 21 % 5 for number in range(count)])
    found = history_of(whole, None, None, Frequency.DAILY)
    return build_chart(indicator, [(Country(code=code), found) for code in codes.split()], Form(chart_type=chart_type))


@pytest.mark.parametrize("chart_type", [ChartType.LINE, ChartType.AREA, ChartType.BAR, ChartType.STEP])
def test_every_kind_of_drawing_of_a_long_history_is_small(chart_type: ChartType) -> None:
    for sheet in specifications(of_levels(chart_type, ScaleType.INDEX, "KZ", 10 * DAYS)):
        assert len(json.dumps(sheet.spec)) < 250 * MOST_DRAWN


def test_levels_and_columns_of_a_thinned_history_touch_each_other() -> None:
    strips = boxes_of(levels(of_levels(ChartType.LINE, ScaleType.ORDINAL))[0])
    bars = boxes_of(columns(of_levels(ChartType.BAR, ScaleType.INDEX, "KZ"))[0])
    first = min(box["y"] for box in strips)
    for row, count in (([box for box in strips if box["y"] == first], DAYS // 21 + 1), (bars, STRETCHES - 50)):
        places = sorted((box["x"], box["x2"]) for box in row)
        assert len(places) >= count
        assert all(after[0] - before[1] < 1 for before, after in pairwise(places))


def boxes_of(drawing: Specification) -> list[dict[str, Any]]:
    return [
        row for layer in drawing.spec["layer"] if layer["mark"]["type"] == "rect" for row in layer["data"]["values"]
    ]
