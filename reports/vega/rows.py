"""Several countries in rows as Vega-Lite, and the levels of an ordinal scale as strips in them."""

from __future__ import annotations

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
    PAPER,
    boxes,
    date_axis,
    hollow,
    label,
    level_shade,
    sheets,
    specify,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from reports.charts import Chart
    from reports.histories import Series
    from reports.vega.sheets import Box, Layer, Sheet, Specification

ROW, BAR = 34, 20
NAME_HEIGHT = 20
RING_INSET = 5


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
    fills: dict[str, list[Box]] = {}
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
            shade = "none" if value is None else str(level_shade(value, frame.high))
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
    """Each value with the left and right end, within the frame, of the time for which it held: until the next one."""
    found = []
    held = [(value, next(group).day) for value, group in groupby(series.points, key=lambda point: point.value)]
    ends = [*(day for _value, day in held[1:]), *(last_day(chart, point.day) for point in series.points[-1:])]
    for (value, day), end in zip(held, ends, strict=True):
        left, right = frame.x(max(day, frame.start)), frame.x(min(end, frame.end))
        if right > left:
            found.append((value, left - frame.left, right - frame.left))
    return found
