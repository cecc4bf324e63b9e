"""Layers of a specification, and what the cleaning of drawings keeps, drops and refuses: no renderer, no database."""

from __future__ import annotations

import datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from django.core.cache import caches
from hypothesis import given
from hypothesis import strategies as st

from reports.axes import Frame
from reports.charts import Chart, Form
from reports.choices import ScaleType
from reports.histories import Point, Series
from reports.models import Indicator
from reports.vega.files import ALIASES, COLOURS, standalone
from reports.vega.histories import line_name
from reports.vega.maps import CLASSES, Shade, _numbers, quantiles, shade_of
from reports.vega.multiples import Panels
from reports.vega.outlines import LEAST, NEAR, simplified, thinned
from reports.vega.rendering import CACHE, DrawingError, Picture, clean, draw, key_of
from reports.vega.rows import level_style, row_middle, row_sheets, stretches
from reports.vega.sheets import (
    DASHES,
    HATCH,
    SHAPES,
    Specification,
    boxes,
    full_frame,
    isolated,
    label,
    layer,
    level_shade,
    moment,
    rules,
    sheets,
    specify,
    texts,
    time_scale,
    value_scale,
    wrapped,
)
from taxonomy.models import Country

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDE, NARROW = sheets(320, 270)
FRAME = Frame(40, 10, 240, 110, datetime.date(2021, 1, 1), datetime.date(2021, 1, 11), Decimal(0), Decimal(10))


def svg(inside: str) -> str:
    return f"<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>"


# Layers


def test_a_layer_without_rows_is_none() -> None:
    assert layer([], "line", {}, {}) is None
    assert [texts([]), rules([], "red"), boxes([]), label(WIDE, [])] == [None] * 4
    assert texts([(1, 2, "")]) is None  # nor is there one of nothing but empty texts


def test_boxes_without_a_width_are_left_out() -> None:
    found = boxes([(0, 0, 5, 5), (5, 0, 5, 9), (9, 0, 5, 9)], fill="red")
    assert found is not None
    assert found["data"]["values"] == [{"x": 0, "y": 0, "x2": 5, "y2": 5}]
    assert boxes([(5, 0, 5, 9)]) is None


def test_texts_stand_with_their_middle_on_their_place() -> None:
    found = texts([(1.26, 2.04, "A"), (3, 4, "ب")], fontSize=10)
    assert found is not None
    assert found["mark"]["dy"] == 3.6
    assert [(row["x"], row["y"]) for row in found["data"]["values"]] == [(1.3, 2.0), (3, 4)]
    assert [row["text"] for row in found["data"]["values"]] == ["A", "\u2068ب\u2069"]


@pytest.mark.parametrize(
    ("text", "is_isolated"),
    [("Kazakhstan", False), ("قازاقستان", True), ("2021 – ישראל", True), ("١٢٣", False), ("", False), ("+5 %", False)],
)
def test_only_words_from_right_to_left_are_isolated(text: str, *, is_isolated: bool) -> None:
    assert isolated(text) == (f"\u2068{text}\u2069" if is_isolated else text)


@pytest.mark.parametrize(
    ("text", "milliseconds"), [("1970-01-01", 0), ("1970-01-02", 86_400_000), ("1969-12-31", -86_400_000)]
)
def test_a_day_begins_at_midnight_in_utc(text: str, milliseconds: int) -> None:
    assert moment(datetime.date.fromisoformat(text)) == milliseconds


def test_scales_are_those_of_the_frame() -> None:
    time, value = time_scale(FRAME), value_scale(FRAME, "share")
    assert time["scale"]["domain"][1] - time["scale"]["domain"][0] == 10 * 86_400_000
    assert (time["scale"]["type"], time["axis"]) == ("utc", None)
    assert (value["field"], value["scale"]["domain"], value["stack"]) == ("share", [0.0, 10.0], None)


def test_a_specification_leaves_out_empty_layers_and_lays_out_nothing() -> None:
    found = specify(WIDE, FRAME, [None, {"mark": "rule"}, None], over_time=True)
    assert found.spec["layer"] == [{"mark": "rule"}]
    assert found.spec["padding"] == {"left": 40, "top": 10, "right": 736 - 240, "bottom": 320 - 110}
    assert (found.spec["autosize"], found.frame) == ({"type": "none"}, FRAME)
    assert specify(WIDE, full_frame(WIDE), []).frame is None


def test_eight_lines_are_told_apart_without_colour() -> None:
    assert len(SHAPES) == len(set(SHAPES)) == 8
    assert len({tuple(dashes) for dashes in DASHES}) == 8
    assert all(len(dashes) % 2 == 0 for dashes in DASHES)


@pytest.mark.parametrize(
    ("text", "letters", "lines"),
    [
        ("", 10, [""]),
        ("one", 2, ["one"]),
        ("one two", 10, ["one two"]),
        ("one two three", 7, ["one two", "three"]),
        ("one, two, three", 4, ["one,", "two…"]),
        ("unbreakable word", 3, ["unbreakable", "word"]),
        ("  many   spaces ", 20, ["many spaces"]),
    ],
)
def test_long_texts_are_wrapped_and_cut(text: str, letters: int, lines: list[str]) -> None:
    assert wrapped(text, letters) == lines


@pytest.mark.parametrize(
    ("text", "wide", "narrow"),
    [
        ("Kazakhstan", ["Kazakhstan"], ["Kazakhstan"]),
        ("Liechtenstein", ["Liechtenstein"], ["Liechtenstein"]),
        ("Sri Lanka", ["Sri Lanka"], ["Sri Lanka"]),
        ("Papua New Guinea", ["Papua New Guinea"], ["Papua New", "Guinea"]),
        ("St. Vincent & Grenadines", ["St. Vincent & Grenadines"], ["St. Vincent", "& Grenadines"]),
    ],
)
def test_only_long_names_of_several_words_take_two_lines_on_a_phone(
    text: str, wide: list[str], narrow: list[str]
) -> None:
    assert (line_name(WIDE, text), line_name(NARROW, text)) == (wide, narrow)


# Levels and rows


@pytest.mark.parametrize(
    ("value", "highest", "shade"),
    [("0", "4", 0), ("4", "4", 5), ("1", "4", 1), ("2", "4", 2), ("3", "4", 4), ("-2", "4", 0), ("1", "1", 5)],
)
def test_levels_are_shaded_from_none_to_the_strongest(value: str, highest: str, shade: int) -> None:
    assert level_shade(Decimal(value), Decimal(highest)) == shade
    assert level_style(str(shade))["fill"] == f"var(--level-{shade})"
    assert level_style("none")["fill"] == HATCH


def test_rows_stand_below_each_other_and_within_their_sheet() -> None:
    for sheet in row_sheets(5, 4):
        middles = [row_middle(sheet, row) for row in range(5)]
        assert len({below - above for above, below in pairwise(middles)}) == 1
        assert 0 < middles[0] < middles[-1] < sheet.height


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 1, 1], [(1, 0, 300)]),
        ([1, 2, 2], [(1, 0, 100), (2, 100, 300)]),
        ([1, None, 1], [(1, 0, 100), (None, 100, 200), (1, 200, 300)]),
        ([0, 0, None], [(0, 0, 200), (None, 200, 300)]),
        ([], []),
    ],
)
def test_a_level_holds_from_its_first_to_its_last_period(
    values: Sequence[int | None], expected: list[tuple[int | None, float, float]]
) -> None:
    points = [
        Point(datetime.date(2021, 1, number), None if value is None else Decimal(value))
        for number, value in enumerate(values, start=1)
    ]
    frame = Frame(50, 0, 350, 10, datetime.date(2021, 1, 1), datetime.date(2021, 1, 4))
    series = Series(Country(code="KZ"), points, is_covered=True)
    chart = Chart(Indicator(frequency="D", scale_type=ScaleType.ORDINAL), [series], Form())
    assert stretches(chart, series, frame) == expected


@pytest.mark.parametrize(
    ("frequency", "first", "last", "expected"),
    [
        ("D", "2020-01-01", "2022-12-31", ["Jan 2020", "Dec 2022"]),
        ("W", "2020-01-06", "2022-12-26", ["Jan 2020", "Dec 2022"]),
        ("D", "2021-01-01", "2021-03-03", ["1 Jan", "3 Mar"]),
        ("D", "2021-01-01", "2021-03-04", ["Jan 2021", "Mar 2021"]),
        ("M", "2021-01-01", "2021-03-01", ["Jan 2021", "Mar 2021"]),
        ("A", "2020-01-01", "2022-01-01", ["2020", "2022"]),
        ("D", "2021-01-01", "2021-01-01", ["1 Jan"]),
        ("A", "2021-01-01", "2021-01-01", ["2021"]),
    ],
)
def test_the_ends_of_a_panel_are_told_apart(frequency: str, first: str, last: str, expected: list[str]) -> None:
    """Days are named without their year: two that lie years apart would look like those of one."""
    points = [Point(datetime.date.fromisoformat(text), Decimal(1)) for text in dict.fromkeys((first, last))]
    series = Series(Country(code="KZ"), points, is_covered=True)
    chart = Chart(Indicator(frequency=frequency, scale_type=ScaleType.INDEX), [series], Form(chart_type="multiples"))
    panels = Panels(WIDE, chart, FRAME, [Decimal(0), Decimal(1)], 2, 20)
    assert [row["text"] for row in panels.period_names()] == expected


@given(st.text("abc де", min_size=1, max_size=60))
def test_the_name_of_a_panel_is_no_wider_than_it(text: str) -> None:
    panels = Panels(NARROW, Chart(Indicator(), [], Form()), FRAME, [], 2, 20)
    fitted = panels.fitted(text)
    assert NARROW.text_width(fitted) <= FRAME.width
    assert fitted == text or (fitted.endswith("…") and text.startswith(fitted[:-1].rstrip()))


# Maps


@pytest.mark.parametrize(
    ("values", "bounds"),
    [
        ([], []),
        ([5], [5, 5]),
        ([1, 1, 1], [1, 1]),
        ([1, 2], [1, 2]),
        ([0, 10, 20, 30, 40, 50], [0, 10, 20, 30, 40, 50]),
        ([0, 0, 0, 0, 0, 100], [0, 100]),
        ([-30, -20, -10, 0], [-30, -20, -10, 0]),
    ],
)
def test_classes_hold_about_as_many_values_each(values: list[int], bounds: list[int]) -> None:
    assert quantiles([Decimal(value) for value in values]) == bounds


@pytest.mark.parametrize("count", range(1, CLASSES + 1))
def test_classes_take_the_strongest_shade_and_others_far_from_it(count: int) -> None:
    shades = list(_numbers(count))
    assert shades[-1] == 5
    assert shades == sorted(set(shades))
    assert count == 1 or shades[0] == 1


@pytest.mark.parametrize(("value", "number"), [("0", 1), ("9.99", 1), ("10", 3), ("20", 5), ("25", 5), ("-1", 1)])
def test_a_class_holds_its_lower_bound_and_the_last_its_upper(value: str, number: int) -> None:
    bounds = [(1, 0, 10), (3, 10, 20), (5, 20, 25)]
    shades = [Shade(shade, Decimal(low), Decimal(high), "") for shade, low, high in bounds]
    assert shade_of(shades, Decimal(value)) == number


def test_small_areas_keep_their_points_and_large_ones_lose_those_nearby() -> None:
    small = [(0, 0), (0.1, 0), (0.1, 0.1), (0, 0)]
    assert thinned(small) == [[0, 0], [0.1, 0], [0.1, 0.1], [0, 0]]
    dense = [(number / 10, 0) for number in range(1000)] + [(0, 0)]
    found = thinned(dense)
    assert LEAST < len(found) < len(dense) / 5
    assert found[0] == found[-1] == [0, 0]
    assert all(after[0] - before[0] >= NEAR for before, after in pairwise(found[:-1]))


def test_one_polygon_is_several_of_one() -> None:
    ring = [[0.123456, 0], [1, 0], [1, 1], [0.123456, 0]]
    one = simplified({"type": "Polygon", "coordinates": [ring]})
    several = simplified({"type": "MultiPolygon", "coordinates": [[ring]]})
    assert one == several
    assert one["coordinates"][0][0][0] == [0.12, 0]


# Drawings


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        ("<g></g><g/><text></text>", ""),
        ("<path d='M0 0'/>", ""),
        ("<path d='M0 0' stroke='red'/>", '<path d="M0 0" stroke="red" />'),
        ("<g><g><rect width='1' fill='red'/></g></g>", '<g><rect width="1" fill="red" /></g>'),
        ("<text text-anchor='start' opacity='1'>a</text>", "<text>a</text>"),
        ("<text text-anchor='end' opacity='0.5'>a</text>", '<text text-anchor="end" opacity="0.5">a</text>'),
        ("<path fill='red' aria-label='Kazakhstan: 5'/>", '<path fill="red"><title>Kazakhstan: 5</title></path>'),
        ("<path fill='red' aria-label='  '/>", '<path fill="red" />'),
        ("<rect fill='red' aria-label='no area'/>", '<rect fill="red" />'),
        ("<line x1='0.04' x2='1.25' onload='x' xml:space='preserve'/>", '<line x1="0" x2="1.2" />'),
        ("<!-- a comment --><text>b</text>", "<text>b</text>"),
    ],
)
def test_what_says_nothing_is_left_out(inside: str, kept: str) -> None:
    assert clean(svg(f"<rect/>{inside}")).removeprefix("<rect />") == kept


@pytest.mark.parametrize(
    "bad",
    [
        "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg>&a;</svg>",
        "<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><svg>&b;</svg>",
        "<svg xmlns='http://www.w3.org/1999/xhtml'><script/></svg>",
        "<svg><g xmlns='http://www.w3.org/1999/xhtml'/></svg>",
        "<svg>\x0b</svg>",
    ],
)
def test_documents_that_are_no_drawing_are_refused(bad: str) -> None:
    with pytest.raises(DrawingError):
        clean(bad)


def test_each_figure_has_a_hatching_of_its_own() -> None:
    plain, hatched = (Picture("wide", 1, 1, markup) for markup in ('<rect fill="red" />', f'<rect fill="{HATCH}" />'))
    assert plain.marks("one") == '<rect fill="red" />'
    assert hatched.marks("one").count("one") == 2
    assert 'id="one"' in hatched.marks("one")
    assert "url(#two)" in hatched.marks("two")
    assert HATCH not in hatched.marks("two")


def specification(**spec: Any) -> Specification:
    return Specification(WIDE, spec)


def test_the_same_specification_has_the_same_key_whatever_the_order_of_its_parts() -> None:
    assert key_of(specification(a=1, b=[1, 2])) == key_of(specification(b=[1, 2], a=1))
    assert key_of(specification(b=[1, 2])) != key_of(specification(b=[2, 1]))
    assert key_of(specification(t="Қ")) != key_of(specification(t="К"))
    assert len(key_of(specification())) == 64


def test_an_essence_stands_for_a_whole_specification() -> None:
    first, second = (Specification(WIDE, {"a": number}, essence=["map", 1]) for number in (1, 2))
    assert key_of(first) == key_of(second) != key_of(specification(a=1))


def test_what_is_kept_is_taken_as_it_was_drawn() -> None:
    """And a drawing without a mark is one."""
    for markup in ("<g />", ""):
        one = specification(kept=markup)
        caches[CACHE].set(key_of(one), markup)
        (picture,) = draw([one])
        assert (picture.name, picture.width, picture.height, picture.markup) == ("wide", 736, 320, markup)


def test_a_file_writes_colours_out_and_leaves_words_alone() -> None:
    known = {**COLOURS, **{name: COLOURS[alias] for name, alias in ALIASES.items()}}
    for name, colour in known.items():
        document = standalone(Picture("wide", 10, 5, f'<rect fill="var({name})" />'), "kk", "A", "B")
        assert f'<rect fill="{colour}" />' in document
    other = standalone(Picture("wide", 10.5, 5, "<text>var(--name) var(x)</text>"), 'k"k', "<A> & B", "var(--y)")
    root = ElementTree.fromstring(other)  # noqa: S314 - written here
    assert [child.text for child in root if child.text] == ["<A> & B", "var(--y)", "var(--name) var(x)"]
    assert (root.get("lang"), root.get("viewBox")) == ('k"k', "0 0 10.5 5")
