"""How values become marks and labels: nothing overlaps, nothing is told by colour alone, nothing leaves the canvas."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cms.core.blocks import ChartType
from reports.axes import Frame, date_ticks, next_period, spread
from reports.canvas import MARKERS, Drawing, canvases, marker
from reports.charts import Form, charts_for, key_figures
from reports.choices import ScaleType
from reports.models import IndicatorValueLabel
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.charts import Chart
    from reports.models import Indicator

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def chart(indicator: Indicator, values: Mapping[str, Mapping[str, float | None]], chart_type: str = "line") -> Chart:
    """A chart of values by country code and date; a country without any is not covered."""
    for code, series in values.items():
        observe(indicator, make_country(code), dict(series))
    (found,) = charts_for([indicator], [make_country(code) for code in values], Form(chart_type=chart_type))
    return found


def months(*values: float | None) -> dict[str, float | None]:
    return {f"2021-{number:02}-01": value for number, value in enumerate(values, start=1)}


def ordinal(code: str = "OXCGRT.C1", levels: int = 3) -> Indicator:
    indicator = make_indicator(code, scale_type=ScaleType.ORDINAL, decimals=0)
    for value in range(levels + 1):
        IndicatorValueLabel.objects.create(indicator=indicator, value=value, language="en", label=f"Level {value}")
    return type(indicator).objects.get(pk=indicator.pk)


def marks(drawing: Drawing, css: str) -> list[str]:
    """The paths of the marks that have all the classes."""
    return [mark.path for mark in drawing.marks if set(css.split()) <= set(mark.css.split())]


def words(drawing: Drawing, css: str) -> list[str]:
    return [label.text for label in drawing.labels if set(css.split()) <= set(label.css.split())]


def test_a_chart_is_drawn_for_wide_and_for_narrow_places(db: None) -> None:
    wide, narrow = chart(make_indicator(), {"KZ": months(*range(12))}).drawings
    assert (wide.name, narrow.name) == ("wide", "narrow")
    assert narrow.letter / narrow.width > 1.5 * wide.letter / wide.width
    assert len(words(narrow, "tick")) < len(words(wide, "tick"))


def test_a_period_without_a_value_breaks_the_line(db: None) -> None:
    wide, _narrow = chart(make_indicator(), {"KZ": months(1, 2, None, 3, 4)}).drawings
    first, second = marks(wide, "line s1")
    assert len(NUMBER.findall(first)) == len(NUMBER.findall(second)) == 4


def test_a_value_between_two_gaps_is_a_dot(db: None) -> None:
    wide, _narrow = chart(make_indicator(), {"KZ": months(1, 2, None, 3, None, 4, 5)}).drawings
    assert len(marks(wide, "line s1")) == 2
    assert len(marks(wide, "marker s1")) == 2  # the dot, and the end of the line


def test_zero_is_a_value_on_the_ground_line(db: None) -> None:
    wide, _narrow = chart(make_indicator(), {"KZ": months(0, 8, 0)}).drawings
    (line,) = marks(wide, "line s1")
    heights = NUMBER.findall(line)[1::2]
    ground = NUMBER.findall(marks(wide, "axis")[0])[1]
    assert heights[0] == heights[2] == ground
    assert float(heights[1]) < float(ground)


def test_values_of_an_ordinal_scale_hold_for_their_period(db: None) -> None:
    wide, _narrow = chart(ordinal(), {"KZ": months(1, 3)}).drawings
    (line,) = marks(wide, "line s1")
    x, y = NUMBER.findall(line)[::2], NUMBER.findall(line)[1::2]
    assert y[0] == y[1]
    assert y[2] == y[3]
    assert x[1] == x[2]
    assert words(wide, "tick")[:4] == ["0", "1", "2", "3"]


def test_lines_are_told_apart_by_class_marker_and_name(db: None) -> None:
    wide, _narrow = chart(make_indicator(), {"KZ": months(1, 2), "GE": months(3, 4), "UZ": months(5, 6)}).drawings
    assert [len(marks(wide, f"line s{number}")) for number in (1, 2, 3)] == [2, 2, 2]  # the line, and its sample
    assert sorted(words(wide, "end")) == ["Georgia", "Kazakhstan", "Uzbekistan"]
    shapes = {re.sub(r"[\d.-]+", "", marks(wide, f"marker s{number}")[0]) for number in (1, 2, 3)}
    assert len(shapes) > 1


def test_names_at_the_ends_of_lines_do_not_overlap(db: None) -> None:
    codes = ["KZ", "GE", "UZ", "AM", "AZ", "MD", "TJ", "KG"]
    for drawing in chart(make_indicator(), {code: months(1, 5) for code in codes}).drawings:
        places = sorted(label.y for label in drawing.labels if label.css == "end")
        assert len(places) >= len(codes)
        assert all(below - above >= drawing.letter for above, below in pairwise(places))


def test_a_long_name_takes_two_lines_on_a_phone(db: None) -> None:
    wide, narrow = chart(make_indicator(), {"BA": months(1, 2), "KZ": months(2, 3)}).drawings
    assert "Bosnia & Herzegovina" in words(wide, "end")
    assert {"Bosnia &", "Herzegovina"} <= set(words(narrow, "end"))


def test_one_country_has_its_last_value_at_the_end_of_the_line(db: None) -> None:
    wide, _narrow = chart(make_indicator(decimals=1), {"KZ": months(1, 12.5)}).drawings
    assert words(wide, "end") == ["12.5"]


def test_an_area_is_filled_down_to_zero_for_one_country_only(db: None) -> None:
    (one, _narrow), (two, _also_narrow) = (
        chart(make_indicator(code), {country: months(4, 8) for country in countries}, ChartType.AREA).drawings
        for code, countries in [("X.ONE", ["KZ"]), ("X.TWO", ["KZ", "GE"])]
    )
    assert len(marks(one, "area")) == 1
    assert marks(two, "area") == []


def test_columns_carry_their_value_and_period(db: None) -> None:
    indicator = make_indicator("WB.GDP", scale_type=ScaleType.CURRENCY, frequency="A", decimals=0)
    values = {"2020-01-01": 171_000_000_000, "2021-01-01": 197_000_000_000}
    wide, narrow = chart(indicator, {"KZ": values}, ChartType.BAR).drawings
    assert words(wide, "value") == ["171 billion", "197 billion"]
    assert {"2020", "2021"} <= set(words(narrow, "tick"))
    assert [mark.title for mark in wide.marks if "bar" in mark.css] == [
        "2020: 171,000,000,000",
        "2021: 197,000,000,000",
    ]


@pytest.mark.parametrize("chart_type", [ChartType.BAR, ChartType.MAP])
def test_several_countries_as_bars_are_compared_by_their_newest_values(db: None, chart_type: str) -> None:
    values = {"KZ": months(9, 1), "GE": months(0, 5), "UZ": months(3), "AM": {}}
    wide, narrow = chart(make_indicator(decimals=0), values, chart_type).drawings
    assert words(wide, "end") == ["Georgia", "Uzbekistan", "Kazakhstan"]
    assert words(wide, "value") == ["5", "3 (January 2021)", "1"]
    assert words(narrow, "end") == words(wide, "end")


def test_bars_below_zero_end_at_the_zero_line(db: None) -> None:
    values = {"KZ": months(-4), "GE": months(8)}
    wide, _narrow = chart(make_indicator(decimals=0), values, ChartType.BAR).drawings
    positive, negative = ([float(number) for number in NUMBER.findall(path)] for path in marks(wide, "bar"))
    assert positive[0] == negative[2]
    assert negative[0] < positive[0] < positive[2]


def test_levels_of_several_countries_are_strips_with_the_level_in_them(db: None) -> None:
    values = {"KZ": months(0, 3, 3, None, 1), "GE": months(2, 2, 2, 2, 2), "AM": {}}
    wide, _narrow = chart(ordinal(), values).drawings
    assert words(wide, "end") == ["Armenia", "Georgia", "Kazakhstan"][::-1]
    assert words(wide, "on") == ["0", "3", "1", "2"]
    assert words(wide, "absent") == ["not covered"]
    assert len(marks(wide, "level none")) == 1
    titles = [mark.title for mark in wide.marks if "level" in mark.css]
    assert titles[1] == "February 2021 – March 2021: 3 – Level 3"
    assert titles[2] == "April 2021: no value"


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
    wide, _narrow = chart(indicator, {"KZ": dict.fromkeys(days, 1.0)}).drawings
    assert named <= set(words(wide, "tick"))


def test_labels_follow_the_readers_language(db: None) -> None:
    found = chart(make_indicator(decimals=1), {"KZ": months(1_000_000, 2_500_000)})
    with translation.override("ru"):
        wide, _narrow = found.drawings
        assert words(wide, "end") == ["2,5\xa0млн"]
        assert {"500\xa0000", "1\xa0млн", "янв. 2021\u202fг."} <= set(words(wide, "tick"))


@given(
    values=st.lists(st.none() | st.integers(-(10**6), 10**9), min_size=2, max_size=30).filter(
        lambda values: any(value is not None for value in values)
    ),
    frequency=st.sampled_from("AQMWD"),
)
def test_dates_on_an_axis_do_not_overlap_whatever_the_span(values: list[int | None], frequency: str) -> None:
    start = datetime.date(1999, 12, 1 if frequency in "AQM" else 27)
    end = start
    for _value in values[1:]:
        end = next_period(end, frequency)
    for days, _unit in date_ticks(start, end, frequency):
        assert all(start <= day <= end for day in days)
        assert all(before < after for before, after in pairwise(days))


@given(
    wanted=st.lists(st.floats(0, 300), min_size=1, max_size=8),
    gap=st.floats(1, 30),
)
def test_names_are_spread_in_order_and_within_bounds(wanted: list[float], gap: float) -> None:
    placed = spread(wanted, gap, 0, 300)
    assert max(placed) <= 300
    ordered = [place for _want, place in sorted(zip(wanted, placed, strict=True))]
    assert all(below - above >= gap - 1e-6 for above, below in pairwise(sorted(placed)))
    assert ordered == pytest.approx(sorted(placed))


def test_a_single_day_stands_in_the_middle() -> None:
    day = datetime.date(2021, 1, 1)
    frame = Frame(0, 0, 100, 50, day, day, Decimal(3), Decimal(3))
    assert (frame.x(day), frame.y(Decimal(3))) == (50, 25)


@pytest.mark.parametrize("shape", ["circle", *MARKERS])
def test_markers_are_closed_shapes_around_their_point(shape: str) -> None:
    path = marker(100, 50, shape)
    assert path.startswith("M")
    assert path.endswith("Z")


def test_chinese_letters_count_as_wide() -> None:
    drawing = canvases(100, 100)[0]
    assert drawing.text_width("中国") > drawing.text_width("ab")


def test_a_drawing_is_an_image_with_a_name_and_no_style_attribute(db: None) -> None:
    (wide, _narrow) = chart(make_indicator(), {"KZ": months(1, 1234.5)}).drawings
    with translation.override("ru"):
        html = render_to_string(
            "components/drawing.html", {"drawing": wide, "number": 7, "title": "A & B", "description": "From 1 to 2."}
        )
    assert 'role="img" aria-labelledby="drawing-7-wide-title drawing-7-wide-text"' in html
    assert '<title id="drawing-7-wide-title">A &amp; B</title>' in html
    assert '<desc id="drawing-7-wide-text">From 1 to 2.</desc>' in html
    assert "style=" not in html
    assert not re.search(r'(?:x|y|viewBox|data-left)="[^"]*,', html), "coordinates are written with points"


def test_a_sparkline_breaks_at_gaps_and_ends_at_the_newest_value(db: None) -> None:
    indicator = make_indicator()
    observe(indicator, make_country("KZ"), {"2021-01-01": 1, "2021-02-01": 3, "2021-04-01": 2, "2021-05-01": 5})
    (figure,) = key_figures([indicator], make_country("KZ"))
    line = figure.sparkline
    assert line is not None
    assert len(line.segments) == 2
    assert line.segments[-1].endswith(f"{line.end_x},{line.end_y}")


def test_a_sparkline_of_levels_goes_in_steps(db: None) -> None:
    indicator = ordinal()
    observe(indicator, make_country("KZ"), {"2021-01-01": 1, "2021-02-01": 3})
    (figure,) = key_figures([indicator], make_country("KZ"))
    assert figure.sparkline is not None
    corners = [corner.split(",") for corner in figure.sparkline.segments[0].split()]
    assert len(corners) == 3
    assert corners[0][1] == corners[1][1]
    assert corners[1][0] == corners[2][0]
