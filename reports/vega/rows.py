"""Several countries in rows as Vega-Lite: bars of their newest values, and strips of the levels of an ordinal scale."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from reports import wording
from reports.axes import Frame
from reports.choices import UNCERTAIN
from reports.vega.histories import chart_ticks, last_day
from reports.vega.sheets import (
    AXIS,
    AXIS_HEIGHT,
    COLOURS,
    HATCH,
    INK,
    LEVEL_SHADES,
    PAPER,
    boxes,
    date_axis,
    full_frame,
    hollow,
    label,
    rules,
    sheets,
    specify,
)

if TYPE_CHECKING:
    from reports.charts import Chart, Series
    from reports.vega.sheets import Layer, Sheet, Specification

ROW, BAR = 34, 20
NAME_HEIGHT = 20
STUB, RING_INSET = 24, 5
ZERO = Decimal(0)


def row_sheets(count: int, rest: float) -> list[Sheet]:
    """Sheets for rows that have their name beside them on the wide one and above them on the narrow one."""
    return sheets(ROW * count + rest, (ROW + NAME_HEIGHT) * count + rest)


def row_middle(sheet: Sheet, row: int) -> float:
    """The middle of what stands in a row."""
    return row * ROW + ROW / 2 if sheet.is_wide else row * (ROW + NAME_HEIGHT) + NAME_HEIGHT + ROW / 2


def row_names(sheet: Sheet, rows: list[Series], left: float = 0) -> Layer | None:
    """The countries beside their rows, or above them on the narrow sheet."""
    lift = 0 if sheet.is_wide else ROW / 2 + NAME_HEIGHT / 2 - 4
    names = [(-left, row_middle(sheet, row) - lift, series.country.label) for row, series in enumerate(rows)]
    return label(sheet, names, fill=INK, fontWeight=600)


# Newest values


def comparison(chart: Chart) -> list[Specification]:
    """The newest value of each country as a bar, the longest first; then those without a value, and those not covered."""
    known = sorted(chart.shown, key=lambda series: series.known[-1][1], reverse=True)
    rows = [*known, *chart.without_values, *chart.not_covered]
    return [bars(sheet, chart, rows) for sheet in row_sheets(len(rows), 4)]


def bars(sheet: Sheet, chart: Chart, rows: list[Series]) -> Specification:
    newest = [series.known[-1][1] if series.known else None for series in rows]
    words = [wording.newest_text(chart, series) for series in rows]
    names = max(sheet.text_width(series.country.label) for series in rows) + 14 if sheet.is_wide else 0
    values = [ZERO, *(value for value in newest if value is not None)]
    room = sheet.width - names - max(map(sheet.text_width, words)) - STUB - 10
    scale = room / (float(max(values) - min(values)) or 1.0)
    zero = names - scale * float(min(values))
    plain, open_, stubs, known, absent = [], [], [], [], []
    for row, (series, value, text) in enumerate(zip(rows, newest, words, strict=True)):
        middle = row_middle(sheet, row)
        tip = zero + scale * float(value or 0)
        box = (min(zero, tip), middle - BAR / 2, max(zero, tip, min(zero, tip) + 2), middle + BAR / 2)
        if value is not None:
            (open_ if series.newest_status in UNCERTAIN else plain).append(box)
            known.append((max(zero, tip) + 8, middle, text))
        elif series.is_covered:
            stubs.append((zero, middle - BAR / 2, zero + STUB, middle + BAR / 2))
            absent.append((zero + STUB + 8, middle, text))
        else:
            absent.append((zero + 8, middle, text))
    frame = full_frame(sheet)
    layers = [
        row_names(sheet, rows),
        boxes(plain, fill=COLOURS[0]),
        boxes(open_, fill=PAPER, stroke=COLOURS[0], strokeWidth=1.5),
        boxes(stubs, fill=HATCH, stroke=AXIS, strokeDash=[2, 3]),
        rules([(zero, 0, zero, sheet.height)], AXIS),
        label(sheet, known, fill=INK),
        label(sheet, absent, fontStyle="italic"),
    ]
    return specify(sheet, frame, layers)


# Levels over time


def levels(chart: Chart) -> list[Specification]:
    """A strip of boxes per country, each with the level that was in force; hatched where there is no value."""
    return [strips(sheet, chart) for sheet in row_sheets(len(chart.series), AXIS_HEIGHT)]


def strips(sheet: Sheet, chart: Chart) -> Specification:
    names = max(sheet.text_width(series.country.label) for series in chart.series) + 14 if sheet.is_wide else 1
    start, end = chart.span or (chart.series[0].points[0].day, chart.series[0].points[-1].day)
    frame = Frame(
        left=names,
        top=0,
        right=sheet.width - 1,
        bottom=sheet.height - AXIS_HEIGHT,
        start=start,
        end=last_day(chart, end),
        high=chart_ticks(chart, sheet.ticks)[-1],
    )
    fills: dict[str, list[tuple[float, float, float, float]]] = {}
    inside: dict[str, list[tuple[float, float, str]]] = {}
    absent, rings = [], []
    for row, series in enumerate(chart.series):
        middle = row_middle(sheet, row)
        if not series.known:
            absent.append((0, middle, wording.absence(series)))
            continue
        uncertain = [point.day for point in series.points if point.status in UNCERTAIN]
        rings += [(frame.x(day) - frame.left + RING_INSET, middle, COLOURS[0]) for day in uncertain]
        for value, left, right in stretches(chart, series, frame):
            name = wording.tick(chart.indicator, value) if value is not None else ""
            shade = "none" if value is None else str(round(LEVEL_SHADES * value / frame.high))
            fills.setdefault(shade, []).append((left, middle - BAR / 2 - 3, right, middle + BAR / 2 + 3))
            if name and right - left > sheet.text_width(name) + 3:
                inside.setdefault(shade, []).append(((left + right) / 2, middle, name))
    layers = [
        row_names(sheet, chart.series, frame.left - (0 if sheet.is_wide else 1)),
        *(boxes(fills[shade], **level_style(shade)) for shade in sorted(fills)),
        *(
            label(sheet, inside[shade], align="center", fill=f"var(--on-level-{shade})", fontWeight=600)
            for shade in sorted(inside)
        ),
        hollow(rings),
        label(sheet, absent, fontStyle="italic"),
        *date_axis(sheet, frame, chart.indicator.frequency),
    ]
    return specify(sheet, frame, layers, over_time=True)


def level_style(shade: str) -> dict[str, object]:
    if shade == "none":
        return {"fill": HATCH, "stroke": AXIS, "strokeDash": [2, 3]}
    return {"fill": f"var(--level-{shade})", "stroke": PAPER, "strokeWidth": 1.5}


def stretches(chart: Chart, series: Series, frame: Frame) -> list[tuple[Decimal | None, float, float]]:
    """Each value with the left and right end, within the frame, of the time for which it held."""
    found = []
    for value, group in groupby(series.points, key=lambda point: point.value):
        days = [point.day for point in group]
        left, right = frame.x(max(days[0], frame.start)), frame.x(min(last_day(chart, days[-1]), frame.end))
        if right > left:
            found.append((value, left - frame.left, right - frame.left))
    return found
