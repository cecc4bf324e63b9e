"""Bars as Vega-Lite: a column for each period of one country, or the newest values of several, one below the other.

A value of zero is a line on the ground, no value a hatched stub; what may still be corrected is hollow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports import wording
from reports.choices import UNCERTAIN, ObservationStatus
from reports.vega.histories import BREAK, BROKEN, HEIGHTS, ZERO, history_frame, last_day, tick_names
from reports.vega.rows import BAR, row_middle, row_names, row_sheets
from reports.vega.sheets import (
    AXIS,
    COLOURS,
    HATCH,
    INK,
    PAPER,
    boxes,
    date_axis,
    full_frame,
    label,
    rules,
    sheets,
    specify,
    value_axis,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from reports.charts import Chart
    from reports.histories import Point, Series
    from reports.vega.sheets import Box, Layer, Sheet, Specification

MAX_NAMED_COLUMNS = 8
STUB_HEIGHT, STUB_WIDTH = 14, 24
ZERO_LENGTH = 2


@dataclass(frozen=True)
class Bars:
    """Boxes by what they stand for."""

    certain: list[Box] = field(default_factory=list)
    uncertain: list[Box] = field(default_factory=list)
    missing: list[Box] = field(default_factory=list)

    def add(self, box: Box, value: Decimal | None, status: str) -> None:
        boxes_of = self.missing if value is None else self.uncertain if status in UNCERTAIN else self.certain
        boxes_of.append(box)

    def layers(self) -> list[Layer | None]:
        return [
            boxes(self.certain, fill=COLOURS[0]),
            boxes(self.uncertain, fill=PAPER, stroke=COLOURS[0], strokeWidth=1.5),
            boxes(self.missing, fill=HATCH, stroke=AXIS, strokeDash=[2, 3]),
        ]


# One country


def columns(chart: Chart) -> list[Specification]:
    """A column per period, with its name below it and its value above it where they are few."""
    return [draw_columns(sheet, chart) for sheet in sheets(*HEIGHTS)]


def draw_columns(sheet: Sheet, chart: Chart) -> Specification:
    indicator, points = chart.indicator, shown_points(chart, chart.shown[0])
    names = tick_names(sheet, chart)
    frame = history_frame(sheet, chart, names, 2)
    ground = frame.y(max(frame.low, ZERO)) - frame.top
    bars, breaks, values, periods = Bars(), [], [], []
    ends = [*(point.day for point in points[1:]), last_day(chart, points[-1].day)]
    for point, end in zip(points, ends, strict=True):
        left, right = frame.x(point.day) - frame.left, frame.x(end) - frame.left
        inset = min((right - left) * 0.15, 24)
        tip = ground - STUB_HEIGHT if point.value is None else frame.y(point.value) - frame.top
        top = min(tip, ground, max(tip, ground) - ZERO_LENGTH)
        bars.add((left + inset, top, right - inset, max(tip, ground)), point.value, point.status)
        if point.status == ObservationStatus.BREAK:
            breaks.append((left, top - BREAK, left, ground))
        middle = (left + right) / 2
        values.append((middle, top - 10, "–" if point.value is None else wording.compact(indicator, point.value)))
        periods.append((middle, frame.height + 16, wording.short_period(point.day, indicator.frequency)))
    is_named = len(points) <= (MAX_NAMED_COLUMNS if sheet.is_wide else MAX_NAMED_COLUMNS // 2)
    named = [label(sheet, values, align="center", fill=INK), label(sheet, periods, align="center")]
    axis = named if is_named else date_axis(sheet, frame, indicator.frequency)
    layers = [*value_axis(sheet, frame, names), *bars.layers(), rules(breaks, INK, **BROKEN), *axis]
    return specify(sheet, frame, layers, over_time=True)


def shown_points(chart: Chart, series: Series) -> list[Point]:
    """The periods from the first to the last with a value."""
    first, last = chart.span or (series.points[0].day, series.points[-1].day)
    return [point for point in series.points if first <= point.day <= last]


# Several countries


def comparison(chart: Chart) -> list[Specification]:
    """The newest value of each country as a bar, the longest first; then those without a value or not covered."""
    known = sorted(chart.shown, key=lambda series: series.known[-1][1], reverse=True)
    rows = [*known, *chart.without_values, *chart.not_covered]
    return [draw_comparison(sheet, chart, rows) for sheet in row_sheets(len(rows), 4)]


def draw_comparison(sheet: Sheet, chart: Chart, rows: list[Series]) -> Specification:
    words = [wording.newest_text(chart, series) for series in rows]
    names = max(sheet.text_width(series.country.label) for series in rows) + 14 if sheet.is_wide else 0
    values = [ZERO, *(series.last[1] for series in rows if series.last)]
    room = sheet.width - names - max(map(sheet.text_width, words)) - STUB_WIDTH - 10
    scale = room / (float(max(values) - min(values)) or 1.0)
    zero = names - scale * float(min(values))
    bars = Bars()
    known: list[tuple[float, float, str]] = []
    absent: list[tuple[float, float, str]] = []
    for row, (series, text) in enumerate(zip(rows, words, strict=True)):
        middle = row_middle(sheet, row)
        if not series.is_covered:
            absent.append((zero + 8, middle, text))
            continue
        value = series.last[1] if series.last else None
        tip = zero + (STUB_WIDTH if value is None else scale * float(value))
        end = max(zero, tip, min(zero, tip) + ZERO_LENGTH)
        bars.add((min(zero, tip), middle - BAR / 2, end, middle + BAR / 2), value, series.newest_status)
        (absent if value is None else known).append((max(zero, tip) + 8, middle, text))
    layers = [
        row_names(sheet, rows),
        *bars.layers(),
        rules([(zero, 0, zero, sheet.height)], AXIS),
        label(sheet, known, fill=INK),
        label(sheet, absent, fontStyle="italic"),
    ]
    return specify(sheet, full_frame(sheet), layers)
