"""Small multiples as Vega-Lite: a panel for each country, all with the same scales."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports import wording
from reports.axes import Frame
from reports.choices import UNCERTAIN, Frequency, ObservationStatus
from reports.vega.histories import ZERO, chart_ticks, last_day, runs
from reports.vega.sheets import (
    AXIS,
    COLOURS,
    HAIRLINE,
    INK,
    LETTER_MIDDLE,
    PAPER,
    PIXELS,
    SCHEMA,
    SOFT,
    Specification,
    moment,
    sheets,
    time_scale,
    value_scale,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from reports.charts import Chart, Series
    from reports.vega.sheets import Layer, Sheet

PANEL, TITLE, FOOT = 84, 26, 34
GAP, BREAK = 24, 8
COLUMNS = {"wide": 4, "narrow": 2}
TICKS = 2


def multiples(chart: Chart) -> list[Specification]:
    """A panel per country in the order chosen; one without a value says so in its panel."""
    count = len(chart.series)
    heights = [-(-count // columns) * (TITLE + PANEL + FOOT) for columns in COLUMNS.values()]
    return [panels(sheet, chart) for sheet in sheets(*heights)]


def panels(sheet: Sheet, chart: Chart) -> Specification:
    columns = min(COLUMNS[sheet.name], len(chart.series))
    ticks = chart_ticks(chart, TICKS)
    if chart.indicator.is_ordinal:
        ticks = [ticks[0], ticks[-1]]
    beside = max(sheet.text_width(wording.tick(chart.indicator, value)) for value in ticks) + 8
    start, end = chart.span or (chart.series[0].points[0].day, chart.series[0].points[-1].day)
    width = (sheet.width - beside * columns - GAP * (columns - 1) - 2) / columns
    frame = Frame(0, 0, width, PANEL, start, last_day(chart, end), min(ticks), max(ticks))
    return Specification(sheet, facets(sheet, chart, frame, columns, beside, ticks))


def facets(sheet: Sheet, chart: Chart, frame: Frame, columns: int, beside: float, ticks: list[Decimal]) -> Layer:
    rows = [row for series in chart.series for row in panel_rows(sheet, chart, series, frame, ticks)]
    place = {"x": PIXELS | {"field": "x"}, "y": PIXELS | {"field": "y"}}
    across = place | {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    over_time = {"x": time_scale(frame), "y": value_scale(frame)}
    step = {"interpolate": "step-after"} if chart.is_stepped else {}
    letter = {
        "type": "text",
        "fontSize": sheet.letter,
        "baseline": "alphabetic",
        "fill": SOFT,
        "dy": round(sheet.letter * LETTER_MIDDLE, 1),
    }
    styles: dict[str, tuple[Layer, Layer]] = {
        "grid": ({"type": "rule", "stroke": HAIRLINE}, across),
        "ground": ({"type": "rule", "stroke": AXIS}, across),
        "value": (
            {"type": "line", "stroke": COLOURS[0], "strokeWidth": 2, **step},
            over_time | {"detail": {"field": "run", "type": "nominal"}},
        ),
        "break": ({"type": "rule", "stroke": INK, "strokeDash": [3, 2], "strokeWidth": 1.5}, across),
        "dot": ({"type": "point", "filled": True, "fill": COLOURS[0], "size": 26, "opacity": 1}, over_time),
        "hollow": (
            {"type": "point", "filled": False, "fill": PAPER, "stroke": COLOURS[0], "size": 16, "opacity": 1},
            over_time,
        ),
        "name": (letter | {"align": "left", "fill": INK, "fontWeight": 600}, place),
        "tick": (letter | {"align": "right"}, place),
        "first": (letter | {"align": "left"}, place),
        "last": (letter | {"align": "right"}, place),
        "absent": (letter | {"align": "center", "fontStyle": "italic"}, place),
    }
    used = {row["kind"] for row in rows}
    layers = [
        {
            "transform": [{"filter": {"field": "kind", "equal": kind}}],
            "mark": mark,
            "encoding": encoding | ({"text": {"field": "text"}} if mark["type"] == "text" else {}),
        }
        for kind, (mark, encoding) in styles.items()
        if kind in used
    ]
    codes = [series.country.code for series in chart.series]
    return {
        "$schema": SCHEMA,
        "padding": {"left": beside, "top": TITLE, "right": 2, "bottom": FOOT},
        "autosize": {"type": "none"},
        "background": None,
        "config": {"aria": False, "view": {"stroke": None}},
        "data": {"values": rows},
        "facet": {"field": "country", "type": "nominal", "sort": codes, "header": {"title": None, "labelExpr": "''"}},
        "columns": columns,
        "bounds": "flush",
        "spacing": {"column": GAP + beside, "row": TITLE + FOOT},
        "spec": {"width": frame.width, "height": frame.height, "layer": layers},
    }


def panel_rows(
    sheet: Sheet, chart: Chart, series: Series, frame: Frame, ticks: list[Decimal]
) -> Iterator[dict[str, Any]]:
    """What stands in the panel of a country, each with the kind of mark that shows it."""
    code = {"country": series.country.code}
    yield code | {"kind": "name", "x": 0, "y": -14, "text": fitted(sheet, series.country.label, frame.width)}
    for value in ticks:
        y = frame.y(value)
        yield code | {"kind": "grid" if value else "ground", "x": 0, "y": y, "x2": frame.width, "y2": y}
        yield code | {"kind": "tick", "x": -6, "y": y, "text": wording.tick(chart.indicator, value)}
    if not series.known:
        yield code | {"kind": "absent", "x": frame.width / 2, "y": PANEL / 4, "text": wording.absence(series)}
        return
    for number, run in enumerate(runs(series.points)):
        rows = [
            {"kind": "value", "run": number, "day": moment(point.day), "value": float(point.value or ZERO)}
            for point in run
        ]
        if chart.is_stepped:
            rows.append(rows[-1] | {"day": moment(last_day(chart, run[-1].day))})
        yield from (code | row for row in (rows if len(rows) > 1 else [rows[0] | {"kind": "dot"}]))
    day, value = series.known[-1]
    yield code | {"kind": "dot", "day": moment(last_day(chart, day)), "value": float(value)}
    yield from (code | row for row in status_rows(series, frame))
    yield from period_names(sheet, chart, frame, code)


def status_rows(series: Series, frame: Frame) -> Iterator[dict[str, Any]]:
    """Marks of the values that are estimated or provisional, and of breaks."""
    for point in series.points:
        if point.value is not None and point.status in UNCERTAIN:
            yield {"kind": "hollow", "day": moment(point.day), "value": float(point.value)}
        elif point.value is not None and point.status == ObservationStatus.BREAK:
            x, y = frame.x(point.day), frame.y(point.value)
            yield {"kind": "break", "x": x, "x2": x, "y": y - BREAK, "y2": y + BREAK}


def period_names(sheet: Sheet, chart: Chart, frame: Frame, code: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The first and the last period below a panel, or their years where those have more room."""
    days = chart.span or (frame.start, frame.end)
    for frequency in (chart.indicator.frequency, Frequency.ANNUAL):
        first, last = (wording.short_period(day, frequency) for day in days)
        if sheet.text_width(f"{first}  {last}") < frame.width:
            break
    if first != last:
        yield code | {"kind": "first", "x": 0, "y": PANEL + 14, "text": first}
    yield code | {"kind": "last", "x": frame.width, "y": PANEL + 14, "text": last}


def fitted(sheet: Sheet, text: str, width: float) -> str:
    """A text that is not wider than its place."""
    while len(text) > 1 and sheet.text_width(text) > width:
        text = f"{text.rstrip('…')[:-1].rstrip()}…"
    return text
