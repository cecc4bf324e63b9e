"""What each kind of chart is specified as, and says in each language: no renderer, no database."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation

from cms.core.blocks import ChartType
from reports import wording
from reports.charts import Chart, Form
from reports.choices import ObservationStatus, ScaleType
from reports.histories import Point, Series, missing
from reports.models import Indicator, IndicatorValueLabel
from reports.vega.bars import ZERO_LENGTH
from reports.vega.drawings import specifications
from reports.vega.histories import chart_ticks, tick_names
from reports.vega.maps import NEUTRAL, shades_of, without_outline
from reports.vega.multiples import COLUMNS
from reports.vega.sheets import COLOURS, DASHES, HATCH, PAPER, SHAPES, sheets
from taxonomy.models import Country

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.vega.sheets import Layer, Specification

ALPHA3 = {"KZ": "KAZ", "GE": "GEO", "UZ": "UZB", "AM": "ARM", "MN": "MNG", "MC": "MCO"}
WIDE, NARROW = sheets(320, 270)
E_, P, B = ObservationStatus.ESTIMATED, ObservationStatus.PROVISIONAL, ObservationStatus.BREAK


def country(code: str) -> Country:
    found = Country(code=code, alpha3=ALPHA3[code])
    found.labels = []  # its name is then that of CLDR
    return found


def series(code: str, values: Sequence[float | None] | None, statuses: Mapping[int, str] | None = None) -> Series:
    """Values of the months of 2021, with the status of some of them; None is a country that is not covered."""
    days = [datetime.date(2021, number, 1) for number in range(1, len(values or ()) + 1)]
    points = [
        missing(day) if value is None else Point(day, Decimal(str(value)), (statuses or {}).get(day.month, "A"))
        for day, value in zip(days, values or (), strict=True)
    ]
    return Series(country(code), points, is_covered=values is not None)


def chart(kind: str, *rows: Series, meanings: Mapping[int, str] | None = None, **facts: Any) -> Chart:
    """A chart of an index; of an ordinal indicator where levels have meanings."""
    scale = ScaleType.ORDINAL if meanings is not None else ScaleType.INDEX
    indicator = Indicator(**({"code": "X", "frequency": "M", "scale_type": scale, "decimals": 0} | facts))
    indicator.value_labels = [
        IndicatorValueLabel(value=value, language="en", label=label) for value, label in (meanings or {}).items()
    ]
    return Chart(indicator, list(rows), Form(chart_type=kind))


def layers(specification: Specification, kind: str, **style: Any) -> list[Layer]:
    """The layers of a kind of mark and of a look."""
    found = [one for one in specification.spec["layer"] if one["mark"]["type"] == kind]
    return [one for one in found if style.items() <= one["mark"].items()]


def rows_of(found: Sequence[Layer]) -> list[dict[str, Any]]:
    return [row for one in found for row in one["data"]["values"]]


def words_of(specification: Specification) -> list[str]:
    return [row["text"] for row in rows_of(layers(specification, "text"))]


LEVELS = {0: "Open", 1: "Partly", 2: "Closed"}
KINDS = {
    "line": (chart(ChartType.LINE, series("KZ", [1, 2])), {"line"}),
    "area": (chart(ChartType.AREA, series("KZ", [1, 2])), {"area", "line"}),
    "an area of several": (chart(ChartType.AREA, series("KZ", [1, 2]), series("GE", [2, 1])), {"line"}),
    "columns": (chart(ChartType.BAR, series("KZ", [1, 2])), {"rect"}),
    "bars": (chart(ChartType.BAR, series("KZ", [1, 2]), series("GE", [2, 1])), {"rect"}),
    "levels": (chart(ChartType.LINE, series("KZ", [1, 2]), series("GE", [2, 1]), meanings=LEVELS), {"rect"}),
    "levels of one": (chart(ChartType.LINE, series("KZ", [1, 2]), meanings=LEVELS), {"line"}),
    "bars of levels": (chart(ChartType.BAR, series("KZ", [1, 2]), series("GE", [2, 1]), meanings=LEVELS), {"rect"}),
    "panels of one": (chart(ChartType.MULTIPLES, series("KZ", [1, 2])), {"line"}),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_chart_has_the_marks_of_its_kind_on_both_sheets(name: str) -> None:
    found, kinds = KINDS[name]
    drawn = specifications(found)
    assert [one.sheet.name for one in drawn] == ["wide", "narrow"]
    for one in drawn:
        marks = {layer["mark"]["type"] for layer in one.spec["layer"]}
        assert marks & {"line", "area", "rect"} == kinds
        assert json.dumps(one.spec, allow_nan=False)
        padding = one.spec["padding"]
        assert one.spec["width"] + padding["left"] + padding["right"] == pytest.approx(one.sheet.width)
        assert one.spec["height"] + padding["top"] + padding["bottom"] == pytest.approx(one.sheet.height)


# Histories


@pytest.mark.parametrize(
    ("values", "runs", "dots", "gaps"),
    [
        ([1, 2, 3], [3], 0, 0),
        ([1, 2, None, 3, 4], [2, 2], 0, 1),
        ([1, None, 3, None, 5], [], 3, 2),
        ([None, 1, 2, None], [2], 0, 0),
    ],
)
def test_a_line_ends_at_a_gap_and_the_gap_of_one_country_is_hatched(
    values: list[float | None], runs: list[int], dots: int, gaps: int
) -> None:
    for one in specifications(chart(ChartType.LINE, series("KZ", values))):
        rows = [row for row in rows_of(layers(one, "line")) if "run" in row]
        assert [sum(row["run"] == name for row in rows) for name in dict.fromkeys(row["run"] for row in rows)] == runs
        assert len(rows_of(layers(one, "point", size=24))) == dots
        assert len(rows_of(layers(one, "rect", fill=HATCH))) == gaps
    several = chart(ChartType.LINE, series("KZ", values), series("GE", [1]))
    assert not any(layers(one, "rect") for one in specifications(several))


def test_countries_keep_their_look_by_their_order_and_those_without_values_have_none() -> None:
    rows = [series("KZ", [1, 2]), series("GE", [None, None]), series("UZ", None), series("AM", [2, 3])]
    for one in specifications(chart(ChartType.LINE, *rows)):
        look = next(layer["encoding"] for layer in layers(one, "line") if "day" in layer["data"]["values"][0])
        assert look["color"]["scale"] == {"domain": ["KZ", "AM"], "range": COLOURS[:2]}
        assert look["strokeDash"]["scale"]["range"] == DASHES[:2]
        shapes = [layer["encoding"]["shape"] for layer in layers(one, "point") if "shape" in layer["encoding"]]
        assert [shape["scale"]["range"] for shape in shapes] == [SHAPES[:2]]
        assert {"Kazakhstan", "Armenia"} < set(words_of(one))
        assert not {"Georgia", "Uzbekistan"} & set(words_of(one))


@pytest.mark.parametrize("kind", [ChartType.LINE, ChartType.BAR])
def test_what_may_still_change_is_hollow_and_a_break_is_a_dashed_line(kind: str) -> None:
    found = chart(kind, series("KZ", [1, 2, 3, 4], {2: E_, 3: B, 4: P}))
    for one in specifications(found):
        hollow = layers(one, "rect" if kind == ChartType.BAR else "point", fill=PAPER)
        assert len(rows_of(hollow)) == 2
        (rule,) = rows_of(layers(one, "rule", strokeDash=[3, 2]))
        assert rule["x"] == rule["x2"]
        assert rule["y"] < rule["y2"]


@pytest.mark.parametrize(
    ("values", "meanings", "ticks"),
    [
        ([3, 8], None, [0, 2, 4, 6, 8]),
        ([-4, 6], None, [-4, -2, 0, 2, 4, 6]),
        ([0, 0], None, [0, 1]),
        ([1, 1], LEVELS, [0, 1, 2]),
        ([4], LEVELS, [0, 1, 2, 3, 4]),
        ([0], {}, [0, 1]),
        ([-1], LEVELS, [-1, 0, 1, 2]),
    ],
)
def test_an_axis_names_zero_and_every_level(
    values: list[float], meanings: dict[int, str] | None, ticks: list[int]
) -> None:
    assert chart_ticks(chart(ChartType.LINE, series("KZ", values), meanings=meanings), 5) == ticks


def test_levels_have_their_meaning_beside_the_axis_where_there_is_room() -> None:
    meanings = {0: "Open", 1: "Closed for all but those who have to be there"}
    found = chart(ChartType.STEP, series("KZ", [0, 1]), meanings=meanings)
    assert tick_names(WIDE, found) == {0: ["0 – Open"], 1: ["1 – Closed for all but", "those who have to be…"]}
    assert tick_names(NARROW, found) == {0: ["0"], 1: ["1"]}


# Bars


@pytest.mark.parametrize(
    ("count", "wide", "narrow"), [(4, True, True), (5, True, False), (8, True, False), (9, False, False)]
)
def test_columns_have_their_values_above_them_where_they_are_few(count: int, *, wide: bool, narrow: bool) -> None:
    drawn = specifications(chart(ChartType.BAR, series("KZ", [101 + 2 * number for number in range(count)])))
    assert [str(99 + 2 * count) in words_of(one) for one in drawn] == [wide, narrow]


def test_columns_tell_zero_from_no_value_and_hang_below_the_ground_where_negative() -> None:
    for one in specifications(chart(ChartType.BAR, series("KZ", [-5, 0, None, 5]))):
        below, zero, above = rows_of(layers(one, "rect", fill=COLOURS[0]))
        (stub,) = rows_of(layers(one, "rect", fill=HATCH))
        ground = zero["y2"]
        assert (below["y"], above["y2"], stub["y2"]) == (ground, ground, ground)
        assert zero["y2"] - zero["y"] == ZERO_LENGTH
        assert below["y2"] - below["y"] == pytest.approx(above["y2"] - above["y"], abs=0.2)
        assert [word for word in words_of(one) if word == "–"] == ["–"]


def test_bars_stand_by_size_then_those_without_a_value_then_those_not_covered() -> None:
    rows = [
        series("UZ", None),
        series("GE", [None]),
        series("KZ", [1, 5]),
        series("AM", [9, None]),
        series("MN", [-2, 0]),
    ]
    for one in specifications(chart(ChartType.BAR, *rows)):
        names = [row["text"] for row in rows_of(layers(one, "text", fontWeight=600))]
        assert names == ["Armenia", "Kazakhstan", "Mongolia", "Georgia", "Uzbekistan"]
        (values,), (absent,) = (
            layers(one, "text", align="left", fill="var(--ink)")[1:],
            layers(one, "text", fontStyle="italic"),
        )
        assert [row["text"] for row in rows_of([values])] == ["9 (January 2021)", "5", "0"]
        assert [row["text"] for row in rows_of([absent])] == ["no value", "not covered"]
        longest = rows_of(layers(one, "rect", fill=COLOURS[0]))[0]
        assert longest["x2"] + one.sheet.text_width("9 (January 2021)") < one.sheet.width


# Panels and maps


@pytest.mark.parametrize(("count", "wide", "narrow"), [(2, 2, 2), (3, 3, 2), (4, 4, 2), (5, 4, 2), (6, 4, 2)])
def test_panels_stand_in_as_many_columns_as_there_is_room_for(count: int, wide: int, narrow: int) -> None:
    rows = [series(code, [1, 2]) for code in list(ALPHA3)[:count]]
    drawn = specifications(chart(ChartType.MULTIPLES, *rows))
    assert [one.spec["columns"] for one in drawn] == [wide, narrow]
    for one in drawn:
        columns = one.spec["columns"]
        assert columns <= COLUMNS[one.sheet.name]
        padding, spacing, panel = one.spec["padding"], one.spec["spacing"], one.spec["spec"]
        across = columns * panel["width"] + (columns - 1) * spacing["column"] + padding["left"] + padding["right"]
        lines = -(-count // columns)
        down = lines * panel["height"] + (lines - 1) * spacing["row"] + padding["top"] + padding["bottom"]
        assert (across, down) == pytest.approx((one.sheet.width, one.sheet.height))


def test_a_panel_without_a_value_says_why_and_has_the_axis_of_the_others() -> None:
    found = chart(ChartType.MULTIPLES, series("KZ", [1, 2]), series("GE", [None]), series("UZ", None))
    for one in specifications(found):
        by_country: dict[str, dict[str, list[Any]]] = {}
        for row in one.spec["data"]["values"]:
            by_country.setdefault(row["country"], {}).setdefault(row["kind"], []).append(row.get("text"))
        assert by_country["GE"]["absent"] == ["no value"]
        assert by_country["UZ"]["absent"] == ["not covered"]
        assert "absent" not in by_country["KZ"]
        assert by_country["KZ"]["tick"] == by_country["GE"]["tick"] == by_country["UZ"]["tick"] == ["0", "1", "2"]


def test_a_map_has_a_class_for_each_level_and_hatches_those_without_a_value() -> None:
    rows = [series("KZ", [0]), series("GE", [2]), series("UZ", [None]), series("MC", [1]), series("AM", None)]
    found = chart(ChartType.MAP, *rows, meanings=LEVELS)
    (one,) = specifications(found)
    fills = {
        row["properties"]["text"]: layer["mark"]["fill"]
        for layer in one.spec["layer"]
        for row in layer["data"]["values"]
        if row["properties"]["text"]
    }
    assert fills == {
        "Kazakhstan: 0": "var(--level-0)",
        "Georgia: 2": "var(--level-5)",
        "Uzbekistan: no value": HATCH,
    }
    assert {layer["mark"]["fill"] for layer in one.spec["layer"]} == {*fills.values(), NEUTRAL}
    assert without_outline(found) == ["Monaco"]
    assert [(shade.name, shade.meaning) for shade in shades_of(found)] == [
        ("0", "Open"),
        ("1", "Partly"),
        ("2", "Closed"),
    ]


# Languages


@pytest.mark.parametrize(
    ("language", "names", "month", "large"),
    [
        ("ru", ["Казахстан", "Армения"], "янв. 2021\u202fг.", "2\xa0млн"),
        ("kk", ["Қазақстан", "Армения"], "2021\u202fж. қаң.", "2\xa0млн"),
        ("ar", ["\u2068كازاخستان\u2069", "\u2068أرمينيا\u2069"], "\u2068يناير 2021\u2069", "\u20682\xa0مليون\u2069"),
    ],
)
@pytest.mark.parametrize("kind", [ChartType.LINE, ChartType.MULTIPLES])
def test_a_chart_is_labelled_in_the_readers_language(
    kind: str, language: str, names: list[str], month: str, large: str
) -> None:
    found = chart(kind, series("KZ", [0, 2_000_000]), series("AM", [1, 1_500_000]))
    with translation.override(language):
        for one in specifications(found):
            words = (
                [row["text"] for row in one.spec["data"]["values"] if "text" in row]
                if kind == ChartType.MULTIPLES
                else words_of(one)
            )
            assert {*names, large} <= set(words)
            assert month in words or one.sheet.name == "narrow" or kind == ChartType.MULTIPLES


@pytest.mark.parametrize(
    ("language", "covered", "uncovered"),
    [
        ("ru", "Казахстан: нет значения.", "Казахстан: нет в охвате."),
        ("kk", "Қазақстан: мән жоқ.", "Қазақстан: қамтылмаған."),
        ("ar", "كازاخستان: لا توجد قيمة.", "كازاخستان: غير مشمول."),
    ],
)
def test_why_there_is_no_value_is_said_in_each_language(language: str, covered: str, uncovered: str) -> None:
    with translation.override(language):
        for row, words in ((series("KZ", [None]), covered), (series("KZ", None), uncovered)):
            assert wording.description(chart(ChartType.LINE, row)) == words
