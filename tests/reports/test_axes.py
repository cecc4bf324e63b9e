"""Ticks, places of names, markers and sparklines: what needs no drawing to be looked at."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from reports.axes import Frame, date_ticks, next_period, period_before, spread
from reports.canvas import canvases
from reports.key_figures import key_figures
from reports.vega.sheets import wrapped
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country
from tests.reports.drawn import make_chart, months, ordinal


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


@pytest.mark.parametrize("frequency", ["A", "Q", "M", "W", "D"])
def test_the_period_before_the_next_one_is_the_period_itself(frequency: str) -> None:
    day = datetime.date(2021, 1, 1)
    assert period_before(next_period(day, frequency), frequency) == day


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


def test_chinese_letters_count_as_wide() -> None:
    drawing = canvases(100, 100)[0]
    assert drawing.text_width("中国") > drawing.text_width("ab")


@given(text=st.text("abcd ,;", min_size=1, max_size=80))
def test_a_text_is_wrapped_into_two_lines_at_most(text: str) -> None:
    lines = wrapped(text, 12)
    assert len(lines) <= 2
    if not lines[-1].endswith("…"):
        assert " ".join(lines).split() == text.split()


def test_a_drawing_is_an_image_with_a_name_and_no_style_attribute(db: None) -> None:
    picture = make_chart(make_indicator(), {"KZ": months(1, None, 1234.5)}).pictures[0]
    with translation.override("ru"):
        html = render_to_string(
            "components/picture.html",
            {"picture": picture, "number": 7, "title": "A & B", "description": "From 1 to 2."},
        )
    assert 'role="img" aria-labelledby="drawing-7-wide-title drawing-7-wide-text"' in html
    assert '<title id="drawing-7-wide-title">A &amp; B</title>' in html
    assert '<desc id="drawing-7-wide-text">From 1 to 2.</desc>' in html
    assert '<pattern id="hatch-7-wide"' in html
    assert 'fill="url(#hatch-7-wide)"' in html
    assert not re.search(r"style=|<style|<script|xlink|\son[a-z]+=", html)
    assert not re.search(r'(?:x|y|viewBox|data-left)="[^"]*,', html), "coordinates are written with points"


def test_a_sparkline_breaks_at_gaps_and_ends_at_the_newest_value(db: None) -> None:
    indicator = make_indicator()
    observe(indicator, make_country("KZ"), {"2021-01-01": 1, "2021-02-01": 3, "2021-04-01": 2, "2021-05-01": 5})
    (shown,) = key_figures([indicator], make_country("KZ"))
    line = shown.figure.sparkline
    assert line is not None
    assert len(line.segments) == 2
    assert line.segments[-1].endswith(f"{line.end_x},{line.end_y}")


def test_a_sparkline_of_levels_goes_in_steps(db: None) -> None:
    indicator = ordinal()
    observe(indicator, make_country("KZ"), {"2021-01-01": 1, "2021-02-01": 3})
    (shown,) = key_figures([indicator], make_country("KZ"))
    line = shown.figure.sparkline
    assert line is not None
    places = [corner.split(",") for corner in line.segments[0].split()]
    assert len(places) == 3
    assert places[0][1] == places[1][1]
    assert places[1][0] == places[2][0]
