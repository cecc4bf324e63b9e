"""What is on the drawings: nothing overlaps, nothing is told by colour alone, and three things never look alike."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation

from cms.core.blocks import ChartType
from reports.choices import ObservationStatus, ScaleType
from tests.factories.statistics import make_indicator
from tests.reports.drawn import INK, NUMBER, SOFT, corners, drawn, make_chart, mark, months, ordinal

if TYPE_CHECKING:
    from reports.models import Indicator

FIRST, SECOND = "var(--series-1)", "var(--series-2)"
GROUND, HATCH, PAPER = "var(--line-strong)", "url(#hatch)", "var(--paper)"
THREE = {"KZ": months(5, 0, None, 4), "GE": months(3, 1, 2, 2), "AM": {}}


@pytest.fixture
def indicator(db: None) -> Indicator:
    return make_indicator(decimals=0)


# Lines


def test_a_chart_is_drawn_for_wide_and_for_narrow_places(indicator: Indicator) -> None:
    wide, narrow = drawn(make_chart(indicator, {"KZ": months(*range(12))}))
    assert (wide.name, narrow.name) == ("wide", "narrow")
    assert len(narrow.words(SOFT)) < len(wide.words(SOFT))


def test_no_text_leaves_the_drawing(indicator: Indicator) -> None:
    values = {code: months(*range(12)) for code in ("BA", "KZ", "GE", "UZ")}
    for drawing in drawn(make_chart(indicator, values)):
        letter = 14 if drawing.name == "wide" else 13
        for text in drawing.texts:
            width = 0.61 * letter * len(text.words)
            left = text.x - {"start": 0, "middle": width / 2, "end": width}[text.anchor]
            assert left >= -1
            assert left + width <= drawing.width + 1
            assert 0 < text.y <= drawing.height


def test_a_period_without_a_value_breaks_the_line_on_hatched_ground(indicator: Indicator) -> None:
    wide, _narrow = drawn(make_chart(indicator, {"KZ": months(1, 2, None, 3, 4)}))
    first, second = wide.paths(stroke=FIRST)
    assert len(corners(first)) == len(corners(second)) == 2
    assert len(wide.paths(fill=HATCH)) == 1


def test_a_value_between_two_gaps_is_a_dot(indicator: Indicator) -> None:
    wide, _narrow = drawn(make_chart(indicator, {"KZ": months(1, 2, None, 3, None, 4, 5)}))
    assert len(wide.paths(stroke=FIRST)) == 2
    assert len(wide.markers(fill=FIRST)) == 2  # the dot, and the end of the line


def test_zero_is_a_value_on_the_ground_line(indicator: Indicator) -> None:
    wide, _narrow = drawn(make_chart(indicator, {"KZ": months(0, 8, 0)}))
    (line,) = wide.paths(stroke=FIRST)
    heights = [y for _x, y in corners(line)]
    ground = max(float(rule["y"]) for rule in wide.rules(GROUND) if float(rule["x2"]) > 100) - 14
    assert heights[0] == heights[2] == ground
    assert heights[1] < ground
    assert wide.paths(fill=HATCH) == []


def test_values_of_an_ordinal_scale_hold_for_their_period(db: None) -> None:
    wide, narrow = drawn(make_chart(ordinal(), {"KZ": months(1, 3)}))
    (line,) = wide.paths(stroke=FIRST)
    places = corners(line)
    assert places[0][1] == places[1][1]
    assert places[1][0] == places[2][0]
    assert wide.words(SOFT)[:4] == ["0 – Level 0", "1 – Level 1", "2 – Level 2", "3 – Level 3"]
    assert narrow.words(SOFT)[:4] == ["0", "1", "2", "3"]


def test_a_long_meaning_of_a_level_is_cut_and_stands_below_in_full(db: None) -> None:
    found = ordinal(levels=1, labels={"en": "Closing is required for some levels or categories of schools, never all:"})
    wide, _narrow = drawn(make_chart(found, {"KZ": months(0, 1)}))
    assert [line for line in wide.words(SOFT) if line.endswith("…")]


def test_lines_are_told_apart_by_dashes_markers_and_names_as_well(indicator: Indicator) -> None:
    wide, _narrow = drawn(make_chart(indicator, {"KZ": months(1, 2), "GE": months(3, 4), "UZ": months(5, 6)}))
    colours = [f"var(--series-{number})" for number in (1, 2, 3)]
    assert [len(wide.paths(stroke=colour)) for colour in colours] == [2, 2, 2]  # the line, and its sample
    assert len({dash for colour in colours for dash in wide.dashes(colour)}) == 3
    assert len({re.sub(r"[\d.-]+", "", wide.markers(fill=colour)[0]) for colour in colours}) == 3
    assert sorted(wide.words(INK)) == ["Georgia", "Kazakhstan", "Uzbekistan"]


def test_names_at_the_ends_of_lines_do_not_overlap(indicator: Indicator) -> None:
    codes = ["KZ", "GE", "UZ", "AM", "AZ", "MD", "TJ", "KG"]
    for drawing in drawn(make_chart(indicator, {code: months(1, 5) for code in codes})):
        places = sorted(text.y for text in drawing.texts if text.fill == INK)
        assert len(places) >= len(codes)
        assert all(below - above >= 13 for above, below in pairwise(places))


def test_a_long_name_takes_two_lines_on_a_phone(indicator: Indicator) -> None:
    wide, narrow = drawn(make_chart(indicator, {"BA": months(1, 2), "KZ": months(2, 3)}))
    assert "Bosnia & Herzegovina" in wide.words(INK)
    assert {"Bosnia &", "Herzegovina"} <= set(narrow.words(INK))


def test_one_country_has_its_last_value_at_the_end_of_the_line(db: None) -> None:
    wide, _narrow = drawn(make_chart(make_indicator(decimals=1), {"KZ": months(1, 12.5)}))
    assert wide.words(INK) == ["12.5"]


def test_an_area_is_filled_down_to_zero_for_one_country_only(db: None) -> None:
    (one, _narrow), (two, _also_narrow) = (
        drawn(make_chart(make_indicator(code), {country: months(4, 8) for country in countries}, ChartType.AREA))
        for code, countries in [("X.ONE", ["KZ"]), ("X.TWO", ["KZ", "GE"])]
    )
    assert len(one.paths(fill=FIRST)) == 1
    assert two.paths(fill=FIRST) == []


@pytest.mark.parametrize("status", [ObservationStatus.ESTIMATED, ObservationStatus.PROVISIONAL])
@pytest.mark.parametrize("chart_type", [ChartType.LINE, ChartType.STEP, ChartType.MULTIPLES, ChartType.BAR])
def test_values_that_may_still_change_are_hollow(indicator: Indicator, chart_type: str, status: str) -> None:
    values = {"KZ": months(3, 4, 5)} | ({"GE": months(1, 2, 3)} if chart_type == ChartType.MULTIPLES else {})
    (plain, _narrow) = drawn(make_chart(indicator, values, chart_type))
    mark(indicator, "2021-03-01", status)
    (wide, _also_narrow) = drawn(make_chart(indicator, {code: {} for code in values}, chart_type))

    def hollow(drawing: Any) -> int:
        return len(drawing.paths(stroke=FIRST, fill=PAPER) + drawing.markers(stroke=FIRST, fill=PAPER))

    assert hollow(plain) == 0
    assert hollow(wide) == len(values)


@pytest.mark.parametrize("chart_type", [ChartType.LINE, ChartType.BAR, ChartType.MULTIPLES])
def test_a_break_in_the_series_is_marked(indicator: Indicator, chart_type: str) -> None:
    values = {"KZ": months(3, 4, 5)} | ({"GE": {}} if chart_type == ChartType.MULTIPLES else {})
    make_chart(indicator, values)
    mark(indicator, "2021-02-01", ObservationStatus.BREAK)
    found = make_chart(indicator, {code: {} for code in values}, chart_type)
    assert found.has_breaks
    for drawing in drawn(found):
        assert [rule["stroke-dasharray"] for rule in drawing.rules(INK)] == ["3,2"]


# Columns


def test_columns_carry_their_value_and_period(db: None) -> None:
    indicator = make_indicator("WB.GDP", scale_type=ScaleType.CURRENCY, frequency="A", decimals=0)
    values = {"2020-01-01": 171_000_000_000, "2021-01-01": 197_000_000_000}
    wide, narrow = drawn(make_chart(indicator, {"KZ": values}, ChartType.BAR))
    assert wide.words(INK) == ["171 billion", "197 billion"]
    assert {"2020", "2021"} <= set(narrow.words(SOFT))


def test_a_column_of_zero_no_value_and_a_value_are_three_things(indicator: Indicator) -> None:
    wide, _narrow = drawn(make_chart(indicator, {"KZ": months(6, 0, None, 3)}, ChartType.BAR))
    heights = [float(NUMBER.findall(path)[3]) for path in wide.paths(fill=FIRST)]
    assert heights[1] == 2  # a line on the ground
    assert min(heights[0], heights[2]) > 20
    assert len(wide.paths(fill=HATCH)) == 1
    assert wide.words(INK) == ["6", "0", "–", "3"]


# Several countries


def test_bars_compare_the_newest_values_and_name_what_is_missing(indicator: Indicator) -> None:
    values = {"KZ": months(9, 1), "GE": months(0, 0), "UZ": months(3), "MN": months(None), "AM": {}}
    wide, narrow = drawn(make_chart(indicator, values, ChartType.BAR))
    names = ["Uzbekistan", "Kazakhstan", "Georgia", "Mongolia", "Armenia"]
    assert [text for text in wide.words(INK) if text in names] == names
    assert [text for text in wide.words(INK) if text not in names] == ["3 (January 2021)", "1", "0"]
    assert wide.words(italic=True) == narrow.words(italic=True) == ["no value", "not covered"]
    assert len(wide.paths(fill=HATCH)) == 1
    assert len(wide.paths(fill=FIRST)) == 3


def test_bars_below_zero_end_at_the_zero_line(indicator: Indicator) -> None:
    wide, _narrow = drawn(make_chart(indicator, {"KZ": months(-4), "GE": months(8)}, ChartType.BAR))
    positive, negative = ([float(number) for number in NUMBER.findall(path)] for path in wide.paths(fill=FIRST))
    assert positive[0] == pytest.approx(negative[0] + negative[2], abs=0.2)
    assert negative[0] < positive[0]


def test_levels_of_several_countries_are_strips_with_the_level_in_them(db: None) -> None:
    values = {"KZ": months(0, 3, 3, None, 1), "GE": months(2, 2, 2, 2, 2), "AM": {}}
    wide, _narrow = drawn(make_chart(ordinal(), values))
    assert wide.words(INK) == ["Kazakhstan", "Georgia", "Armenia"]
    inside = {text.fill: text.words for text in wide.texts if text.fill.startswith("var(--on-level")}
    assert inside == {f"var(--on-level-{shade})": level for shade, level in [(0, "0"), (2, "1"), (3, "2"), (5, "3")]}
    assert wide.words(italic=True) == ["not covered"]
    assert len(wide.paths(fill=HATCH)) == 1


def test_small_multiples_have_a_panel_for_each_country_with_the_same_scale(indicator: Indicator) -> None:
    wide, narrow = drawn(make_chart(indicator, THREE | {"UZ": months(None)}, ChartType.MULTIPLES))
    assert wide.words(INK) == ["Kazakhstan", "Georgia", "Armenia", "Uzbekistan"]
    assert wide.words(italic=True) == ["not covered", "no value"]
    assert len(wide.paths(stroke=FIRST)) == 2  # of Kazakhstan up to the gap, and of Georgia
    assert wide.words(SOFT).count("5") == 4
    assert len({text.y for text in wide.texts if text.fill == INK}) == 1
    assert len({text.y for text in narrow.texts if text.fill == INK}) == 2


def test_a_panel_names_years_where_months_have_no_room(indicator: Indicator) -> None:
    values = {"2020-01-01": 1, "2021-12-01": 2}
    wide, _narrow = drawn(make_chart(indicator, dict.fromkeys(["KZ", "GE", "UZ", "MN"], values), ChartType.MULTIPLES))
    assert wide.words(SOFT)[-2:] == ["2020", "2021"] or {"2020", "2021"} <= set(wide.words(SOFT))
    assert "Jan 2020" not in wide.words(SOFT)


# Words


@pytest.mark.parametrize(
    ("frequency", "days", "named"),
    [
        ("A", ["2021-01-01", "2022-01-01"], {"2021", "2022"}),
        ("Q", ["2021-01-01", "2021-04-01"], {"Jan 2021", "Apr 2021"}),
        ("M", ["2021-01-01", "2021-02-01"], {"Jan 2021", "Feb 2021"}),
        ("D", ["2021-01-30", "2021-01-31"], {"30 Jan", "31 Jan"}),
    ],
)
def test_periods_are_named_by_their_frequency(db: None, frequency: str, days: list[str], named: set[str]) -> None:
    indicator = make_indicator(f"X.{frequency}", frequency=frequency)
    wide, _narrow = drawn(make_chart(indicator, {"KZ": dict.fromkeys(days, 1.0)}))
    assert named <= set(wide.words(SOFT))


@pytest.mark.parametrize(
    ("language", "end", "among"),
    [
        ("en", "2.5 million", {"500,000", "1 million", "Jan 2021"}),
        ("ru", "2,5 млн", {"500 000", "1 млн", "янв. 2021 г."}),
        ("kk", "2,5 млн", {"500 000", "1 млн", "2021 ж. қаң."}),
        ("ar", "2.5 مليون", {"500,000", "1 مليون", "يناير 2021"}),
    ],
)
def test_numbers_and_dates_are_those_of_the_readers_language(
    db: None, language: str, end: str, among: set[str]
) -> None:
    found = make_chart(make_indicator(decimals=1), {"KZ": months(1_000_000, 2_500_000)})
    with translation.override(language):
        wide, _narrow = drawn(found)
    assert [" ".join(words.split()) for words in wide.words(INK)] == [end]
    assert among <= {" ".join(words.split()) for words in wide.words(SOFT)}


def test_countries_that_cannot_be_compared_are_not_drawn_together(db: None) -> None:
    indicator = make_indicator("NATIONAL.X", is_comparable=False)
    for chart_type in ChartType.values:
        assert make_chart(indicator, {"KZ": {}, "GE": {}}, chart_type).pictures == []
    make_chart(indicator, {"KZ": months(1, 2), "GE": months(2, 3)})
    for chart_type in ChartType.values:
        assert make_chart(indicator, {"KZ": {}, "GE": {}}, chart_type).pictures == [], chart_type
    assert make_chart(indicator, {"KZ": {}}).pictures
