"""From observations to figures: not covered, no value and zero are three things."""

from __future__ import annotations

import datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from reports.axes import next_period, value_ticks
from reports.charts import Form, charts_for, latest_values, newest_figures
from reports.choices import Origin, ScaleType
from reports.key_figures import key_figures
from tests.factories.statistics import make_indicator, observe, revise
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from reports.models import Indicator
    from taxonomy.models import Country


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def indicator(db: None) -> Indicator:
    return make_indicator(frequency="M")


@pytest.fixture
def countries(indicator: Indicator) -> dict[str, Country]:
    """One with values, of which one is zero and one is missing, one without any value, one that is not covered."""
    rows = {code: make_country(code) for code in ("KZ", "GE", "UZ")}
    observe(indicator, rows["KZ"], {"2021-01-01": 5, "2021-02-01": 0, "2021-03-01": None, "2021-04-01": 7})
    observe(indicator, rows["GE"], {"2021-01-01": None})
    return rows


def test_not_covered_without_values_and_zero_are_told_apart(
    indicator: Indicator, countries: dict[str, Country]
) -> None:
    (chart,) = charts_for([indicator], list(countries.values()), Form())
    assert [series.country.code for series in chart.covered] == ["KZ", "GE"]
    assert [series.country.code for series in chart.without_values] == ["GE"]
    assert [series.country.code for series in chart.not_covered] == ["UZ"]
    assert [series.country.code for series in chart.shown] == ["KZ"]
    assert (day("2021-02-01"), Decimal(0)) in chart.shown[0].known


def test_the_table_has_a_row_per_period_and_a_column_per_covered_country(
    indicator: Indicator, countries: dict[str, Country]
) -> None:
    observe(indicator, countries["GE"], {"2021-04-01": 1})
    (chart,) = charts_for([indicator], list(countries.values()), Form())
    assert [(row.month, [point.value for point in points]) for row, points in chart.table.rows] == [
        (1, [5, None]),
        (2, [0, None]),
        (3, [None, None]),
        (4, [7, 1]),
    ]


def test_a_period_that_the_source_leaves_out_is_a_gap_and_not_a_line(indicator: Indicator, db: None) -> None:
    country = make_country("KZ")
    observe(indicator, country, {"2021-01-01": 1, "2021-04-01": 4})
    (chart,) = charts_for([indicator], [country], Form())
    assert [(point.day.month, point.value) for point in chart.series[0].points] == [
        (1, 1),
        (2, None),
        (3, None),
        (4, 4),
    ]


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (None, None, [1, 2, 3, 4]),
        ("2021-02-15", "2021-03-31", [2, 3]),
        ("2021-02-28", None, [2, 3, 4]),
        ("2021-03-01", "2021-03-01", [3]),
        (None, "2021-01-31", [1]),
        ("2022-01-01", None, []),
    ],
)
def test_a_period_is_shown_if_one_of_its_days_is(
    indicator: Indicator, countries: dict[str, Country], start: str | None, end: str | None, months: list[int]
) -> None:
    first, last = (day(text) if text else None for text in (start, end))
    (chart,) = charts_for([indicator], [countries["KZ"]], Form(first, last))
    assert [point.day.month for point in chart.series[0].points] == months
    assert chart.series[0].is_covered


def test_only_current_values_are_drawn(indicator: Indicator, db: None) -> None:
    country = make_country("KZ")
    (first,) = observe(indicator, country, {"2021-01-01": 1})
    revise(first, 9)
    (chart,) = charts_for([indicator], [country], Form())
    assert [point.value for point in chart.series[0].points] == [9]


def test_nothing_is_drawn_where_there_is_no_value(indicator: Indicator, countries: dict[str, Country]) -> None:
    (chart,) = charts_for([indicator], [countries["GE"], countries["UZ"]], Form())
    assert chart.span is None
    assert chart.pictures == []


def test_figures_that_cannot_be_compared_are_not_set_side_by_side(db: None) -> None:
    indicator = make_indicator("NATIONAL.X", is_comparable=False)
    pair = [make_country("KZ"), make_country("GE")]
    for country in pair:
        observe(indicator, country, {"2021-01-01": 1})
    (both,), (one,) = charts_for([indicator], pair, Form()), charts_for([indicator], pair[:1], Form())
    assert (both.is_refused, one.is_refused) == (True, False)
    assert both.pictures == []
    assert one.pictures


@pytest.mark.parametrize(
    ("values", "last", "change"),
    [
        ({"2021-01-01": 5, "2021-02-01": 7}, 7, 2),
        ({"2021-01-01": 5, "2021-02-01": 0}, 0, -5),
        ({"2021-01-01": 5, "2021-02-01": None}, 5, None),
        ({"2021-01-01": 5, "2021-02-01": None, "2021-03-01": 4}, 4, -1),
        ({"2021-01-01": 5}, 5, None),
    ],
)
def test_a_key_figure_is_the_newest_value_with_its_change(
    indicator: Indicator, values: dict[str, float | str | None], last: int, change: int | None
) -> None:
    observe(indicator, make_country("KZ"), values)
    figure = key_figures([indicator], make_country("KZ"))[0].figure
    assert figure.series.last is not None
    assert figure.series.last[1] == last
    assert figure.change == change
    assert figure.sparkline is not None


def test_a_key_figure_of_a_country_that_is_not_covered_is_there_and_says_so(indicator: Indicator) -> None:
    figure = key_figures([indicator], make_country("UZ"))[0].figure
    assert not figure.series.is_covered
    assert (figure.series.last, figure.change, figure.sparkline) == (None, None, None)


def test_the_latest_value_of_each_country_stands_by_the_readers_alphabet(indicator: Indicator, db: None) -> None:
    observe(indicator, make_country("UZ"), {"2021-01-01": 3, "2021-02-01": None})
    observe(indicator, make_country("GE"), {"2021-01-01": 1, "2021-02-01": 2})
    observe(indicator, make_country("KZ"), {"2021-01-01": None})
    found = {row.country.code: row.value for row in latest_values(indicator)}
    assert found == {"GE": 2, "KZ": None, "UZ": 3}
    assert list(found) == ["GE", "KZ", "UZ"]
    with translation.override("ru"):
        assert [row.country.label for row in latest_values(indicator)] == ["Грузия", "Казахстан", "Узбекистан"]


def test_a_figure_at_a_glance_is_the_median_of_the_newest_period(indicator: Indicator, db: None) -> None:
    for code, value in {"KZ": 1, "GE": 2, "UZ": 9}.items():
        observe(indicator, make_country(code), {"2020-01-01": 100, "2021-01-01": value})
    observe(indicator, make_country("MN"), {"2020-01-01": 50, "2021-02-01": None})
    (figure,) = newest_figures([indicator, make_indicator("WB.EMPTY")])
    assert figure.value == 2
    assert figure.last == day("2021-01-01")
    assert figure.country_count == 3


def test_the_median_of_levels_is_a_level(indicator: Indicator) -> None:
    indicator.scale_type = ScaleType.ORDINAL
    for code, value in {"KZ": 1, "GE": 2}.items():
        observe(indicator, make_country(code), {"2021-01-01": value})
    (figure,) = newest_figures([indicator])
    assert figure.value == 1


def test_of_values_that_must_not_be_compared_none_stands_for_all_countries(
    indicator: Indicator, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cases = make_indicator("JHU.CASES", frequency="M", is_comparable=False)
    empty = make_indicator("JHU.EMPTY", frequency="M", is_comparable=False)
    observe(indicator, make_country("KZ"), {"2021-01-01": 4})
    observe(cases, make_country("KZ"), {"2020-03-01": 1, "2021-01-01": 500})
    observe(cases, make_country("GE"), {"2020-02-01": 0, "2020-05-01": None})
    observe(cases, make_country("UZ"), {"2020-01-01": None})
    observe(cases, make_country("UZ"), {"2022-01-01": 7}, origin=Origin.NATIONAL)
    with django_assert_num_queries(2):
        found = newest_figures([cases, empty, indicator])
    assert [(one.indicator.code, one.value, one.country_count) for one in found] == [
        ("JHU.CASES", None, 2),
        ("OXCGRT.STRINGENCY", 4, 1),
    ]
    assert (found[0].first, found[0].last) == (day("2020-02-01"), day("2021-01-01"))


def test_charts_cost_the_same_for_one_country_and_for_many(
    indicator: Indicator, countries: dict[str, Country], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows, other = list(countries.values()), make_indicator("WB.POP")
    for indicators, places in [([indicator], rows[:1]), ([indicator, other], rows)]:
        with django_assert_max_num_queries(6):
            charts_for(indicators, places, Form())


@pytest.mark.parametrize(
    ("frequency", "start", "after"),
    [
        ("A", "2020-01-01", "2021-01-01"),
        ("Q", "2020-10-01", "2021-01-01"),
        ("M", "2020-12-01", "2021-01-01"),
        ("W", "2020-12-28", "2021-01-04"),
        ("D", "2020-02-28", "2020-02-29"),
    ],
)
def test_a_period_is_followed_by_the_next(frequency: str, start: str, after: str) -> None:
    assert next_period(day(start), frequency) == day(after)


numbers = st.decimals(-(10**9), 10**9, places=2)


@given(one=numbers, other=numbers, most=st.integers(2, 8), whole=st.booleans())
def test_ticks_hold_the_range_between_them_at_equal_steps(
    one: Decimal, other: Decimal, *, most: int, whole: bool
) -> None:
    low, high = min(one, other), max(one, other)
    ticks = value_ticks(low, high, most=most, whole=whole)
    assert ticks[0] <= low
    assert ticks[-1] >= high
    assert 2 <= len(ticks) <= most + 1
    if len(ticks) > 2:
        steps = {after - before for before, after in pairwise(ticks)}
        assert len(steps) == 1
        assert not whole or all(tick == tick.to_integral_value() for tick in ticks)
