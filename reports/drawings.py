"""How the values of a chart become marks on a canvas.

One country's history is a line, steps, a filled line or columns. Several countries are lines with their names at the
end; on an ordinal scale, whose levels are no quantities, strips of boxes that carry the level; or bars of their newest
values.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from cms.core.blocks import ChartType
from reports import wording
from reports.axes import Frame, next_period, spread, value_ticks
from reports.canvas import canvases, draw_date_axis, marker

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from reports.canvas import Corner, Drawing
    from reports.charts import Chart, Point, Series
    from reports.models.indicators import Indicator

SPARK_WIDTH, SPARK_HEIGHT, SPARK_INSET = 120, 32, 3
HISTORY_HEIGHTS = (320, 270)
AXIS_HEIGHT = 28
STRIP, BAR = 34, 20
NAME_HEIGHT = 20
END_GAP = 12
SAMPLE = 18
MAX_NAMED_COLUMNS = 8
MAX_LINE = 11
SHADES = 5
SHAPES = ("circle", "square", "diamond", "up", "down", "circle", "square", "diamond")
ZERO = Decimal(0)


def draw_chart(chart: Chart) -> list[Drawing]:
    """The wide and the narrow drawing of a chart; none where no country has a value."""
    if chart.span is None:
        return []
    if chart.is_comparison:
        draw, heights = draw_comparison, heights_for(len(chart.shown), 4)
    elif chart.indicator.is_ordinal and len(chart.series) > 1:
        draw, heights = draw_levels, heights_for(len(chart.series), AXIS_HEIGHT)
    else:
        draw, heights = draw_history, HISTORY_HEIGHTS
    drawings = canvases(*heights)
    for drawing in drawings:
        draw(drawing, chart)
    return drawings


def heights_for(rows: int, rest: float) -> tuple[float, float]:
    """Heights of rows that have their name beside them on the wide canvas and above them on the narrow one."""
    return STRIP * rows + rest, (STRIP + NAME_HEIGHT) * rows + rest


def last_day(chart: Chart, day: datetime.date) -> datetime.date:
    """Where the drawing of the value of a period ends."""
    return next_period(day, chart.indicator.frequency) if chart.is_stepped else day


def chart_ticks(chart: Chart, most: int) -> list[Decimal]:
    """The values to name: all levels of an ordinal scale, else round ones that take in zero."""
    values = [ZERO, *(value for series in chart.shown for _day, value in series.known)]
    if chart.indicator.is_ordinal:
        levels = [*chart.indicator.ordinal_labels, *(int(value) for value in values)]
        return [Decimal(level) for level in range(min(levels), max(1, *levels) + 1)]
    return value_ticks(min(values), max(values), most=most, whole=chart.indicator.decimals == 0)


def series_class(index: int, count: int) -> str:
    """The class that gives a line its colour, dashes and marker; the only one has the main colour."""
    return "s1" if count == 1 else f"s{index % len(SHAPES) + 1}"


# History


def draw_history(drawing: Drawing, chart: Chart) -> None:
    """Values over time, with the scale on one side and the ends of the lines named on the other."""
    ticks = chart_ticks(chart, drawing.ticks)
    scale = [(value, wording.tick(chart.indicator, value)) for value in ticks]
    names = [line_name(drawing, wording.end_of_line(chart, series)) for series in chart.shown]
    widest = max(drawing.text_width(line) for name in names for line in name) + sample_width(chart)
    start, end = chart.span or (chart.series[0].points[0].day, chart.series[0].points[-1].day)
    frame = Frame(
        left=max(drawing.text_width(name) for _value, name in scale) + 10,
        top=drawing.letter,
        right=drawing.width - (2 if chart.chart_type == ChartType.BAR else widest + END_GAP + 4),
        bottom=drawing.height - AXIS_HEIGHT,
        start=start,
        end=last_day(chart, end),
        low=ticks[0],
        high=ticks[-1],
    )
    drawing.frame = frame
    for value, name in scale:
        y = frame.y(value)
        drawing.line([(frame.left, y), (frame.right, y)], "grid" if value else "axis")
        drawing.text(frame.left - 8, y, name, anchor="end")
    if chart.chart_type == ChartType.BAR:
        draw_columns(drawing, frame, chart)
        return
    draw_date_axis(drawing, frame, chart.indicator.frequency)
    for index, series in enumerate(chart.shown):
        draw_line(drawing, frame, chart, series, series_class(index, len(chart.shown)))
    draw_ends(drawing, frame, chart, names)


def line_name(drawing: Drawing, text: str) -> list[str]:
    """The name at the end of a line; on the narrow canvas a long one of several words takes two lines."""
    words = text.split(" ")
    if drawing.is_wide or len(text) <= MAX_LINE or len(words) == 1:
        return [text]
    halves = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return list(min(halves, key=lambda pair: max(map(len, pair))))


def runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """The stretches without a gap."""
    for has_value, group in groupby(points, key=lambda point: point.value is not None):
        if has_value:
            yield list(group)


def draw_line(drawing: Drawing, frame: Frame, chart: Chart, series: Series, css: str) -> None:
    """A line that breaks where there is no value; a value alone between two gaps is a dot."""
    for points in runs(series.points):
        corners: list[Corner] = []
        for point in points:
            y = frame.y(point.value or ZERO)
            corners.append((frame.x(point.day), y))
            if chart.is_stepped:
                corners.append((frame.x(last_day(chart, point.day)), y))
        if chart.chart_type == ChartType.AREA and len(chart.shown) == 1:
            ground = frame.y(max(frame.low, ZERO))
            drawing.line([(corners[0][0], ground), *corners, (corners[-1][0], ground)], f"area {css}")
        if len(corners) > 1:
            drawing.line(corners, f"line {css}")
        else:
            drawing.mark(marker(*corners[0], "circle", 2.5), f"marker {css}")


def sample_width(chart: Chart) -> float:
    """The room for a piece of line before a name, where names have to be told apart."""
    return SAMPLE + 6 if len(chart.shown) > 1 else 0


def draw_ends(drawing: Drawing, frame: Frame, chart: Chart, names: Sequence[list[str]]) -> None:
    """A marker at the end of each line; beside the chart a piece of the line and its name, joined to its end."""
    ends = [
        (frame.x(last_day(chart, day)), frame.y(value)) for day, value in (series.known[-1] for series in chart.shown)
    ]
    line_height = drawing.letter + 1
    room = max(len(name) for name in names) * line_height + 2
    places = spread([y for _x, y in ends], room, frame.top, frame.bottom)
    for index, (name, (x, y), place) in enumerate(zip(names, ends, places, strict=True)):
        left, css = frame.right + END_GAP, series_class(index, len(names))
        if abs(place - y) > 1 or x < frame.right - 1:
            drawing.line([(x, y), (left - 3, place)], "leader")
        drawing.mark(marker(x, y, SHAPES[index % len(SHAPES)]), f"marker {css}")
        if len(names) > 1:
            drawing.line([(left, place), (left + SAMPLE, place)], f"line {css}")
            drawing.mark(marker(left + SAMPLE / 2, place, SHAPES[index % len(SHAPES)]), f"marker {css}")
        first = place - (len(name) - 1) * line_height / 2
        for number, line in enumerate(name):
            drawing.text(left + sample_width(chart), first + number * line_height, line, "end")


def draw_columns(drawing: Drawing, frame: Frame, chart: Chart) -> None:
    """A column per period, with its name below it and its value above it where they are few."""
    indicator, known = chart.indicator, chart.shown[0].known
    ground = frame.y(max(frame.low, ZERO))
    is_named = len(known) <= (MAX_NAMED_COLUMNS if drawing.is_wide else MAX_NAMED_COLUMNS // 2)
    for day, value in known:
        left, right, y = frame.x(day), frame.x(last_day(chart, day)), frame.y(value)
        inset = min((right - left) * 0.15, 24)
        title = wording.spell(indicator, value, [day])
        drawing.box((left + inset, min(y, ground)), (right - inset, max(y, ground)), "bar s1", title)
        if is_named:
            middle = (left + right) / 2
            drawing.text(middle, y - 10, wording.compact(indicator, value), "value", "middle")
            drawing.text(middle, frame.bottom + 16, wording.short_period(day, indicator.frequency), anchor="middle")
    if not is_named:
        draw_date_axis(drawing, frame, indicator.frequency)


# Several countries in rows


def draw_comparison(drawing: Drawing, chart: Chart) -> None:
    """The newest value of each country as a bar, the longest first."""
    rows = sorted(chart.shown, key=lambda series: series.known[-1][1], reverse=True)
    values = [series.known[-1][1] for series in rows]
    texts = [wording.newest_text(chart, series) for series in rows]
    names = max(drawing.text_width(series.country.label) for series in rows) + 10 if drawing.is_wide else 0
    room = drawing.width - names - max(map(drawing.text_width, texts)) - 10
    low, high = min([*values, ZERO]), max([*values, ZERO])
    scale = room / (float(high - low) or 1.0)
    zero = names - scale * float(low)
    for row, (series, value, text) in enumerate(zip(rows, values, texts, strict=True)):
        middle = draw_row_name(drawing, row, drawing.height / len(rows), series)
        tip = zero + scale * float(value)
        drawing.box((min(zero, tip), middle - BAR / 2), (max(zero, tip), middle + BAR / 2), "bar s1")
        drawing.text(max(zero, tip) + 7, middle, text, "value")
    drawing.line([(zero, 0), (zero, drawing.height)], "axis")


def draw_row_name(drawing: Drawing, row: int, height: float, series: Series) -> float:
    """Name a row beside it, or above it on the narrow canvas; returns the middle of what stands in the row."""
    top = row * height
    middle = top + height / 2 if drawing.is_wide else top + NAME_HEIGHT + (height - NAME_HEIGHT) / 2
    drawing.text(0, middle if drawing.is_wide else top + NAME_HEIGHT / 2 + 2, series.country.label, "end")
    return middle


def draw_levels(drawing: Drawing, chart: Chart) -> None:
    """A strip of boxes per country, each with the level that was in force."""
    names = max(drawing.text_width(series.country.label) for series in chart.series) + 12
    start, end = chart.span or (chart.series[0].points[0].day, chart.series[0].points[-1].day)
    frame = Frame(
        left=names if drawing.is_wide else 1,
        top=0,
        right=drawing.width - 1,
        bottom=drawing.height - AXIS_HEIGHT,
        start=start,
        end=last_day(chart, end),
        high=chart_ticks(chart, drawing.ticks)[-1],
    )
    drawing.frame = frame
    for row, series in enumerate(chart.series):
        middle = draw_row_name(drawing, row, frame.height / len(chart.series), series)
        if series.known:
            draw_strip(drawing, frame, chart, series, middle)
        else:
            drawing.text(frame.left, middle, wording.absence(series), "tick absent")
    draw_date_axis(drawing, frame, chart.indicator.frequency)


def draw_strip(drawing: Drawing, frame: Frame, chart: Chart, series: Series, middle: float) -> None:
    indicator = chart.indicator
    for value, group in groupby(series.points, key=lambda point: point.value):
        days = [point.day for point in group]
        left, right = frame.x(max(days[0], frame.start)), frame.x(min(last_day(chart, days[-1]), frame.end))
        if left >= right:
            continue
        css = "level none" if value is None else f"level l{round(SHADES * value / frame.high)}"
        title = wording.spell(indicator, value, days)
        drawing.box((left, middle - BAR / 2 - 3), (right, middle + BAR / 2 + 3), css, title)
        name = "" if value is None else wording.tick(indicator, value)
        if name and right - left > drawing.text_width(name) + 3:
            drawing.text((left + right) / 2, middle, name, f"on {css}", "middle")


# Sparklines


@dataclass(frozen=True)
class Sparkline:
    """Lines without axes, as SVG points, and where the last one ends."""

    segments: list[str]
    end_x: float
    end_y: float


def draw_sparkline(indicator: Indicator, points: Sequence[Point]) -> Sparkline | None:
    """The history of a figure; None where there is no value. Its scale runs from the lowest to the highest value."""
    known = [(point.day, point.value) for point in points if point.value is not None]
    if not known:
        return None
    values = [value for _day, value in known]
    frame = Frame(
        left=SPARK_INSET,
        top=SPARK_INSET,
        right=SPARK_WIDTH - SPARK_INSET,
        bottom=SPARK_HEIGHT - SPARK_INSET,
        start=known[0][0],
        end=known[-1][0],
        low=min(values),
        high=max(values),
    )
    segments = [" ".join(spark_corners(run, frame, steps=indicator.is_ordinal)) for run in runs(points)]
    return Sparkline(segments, frame.x(known[-1][0]), frame.y(known[-1][1]))


def spark_corners(points: Sequence[Point], frame: Frame, *, steps: bool) -> Iterator[str]:
    before: float | None = None
    for point in points:
        x, y = frame.x(point.day), frame.y(point.value or ZERO)
        if steps and before not in (None, y):
            yield f"{x},{before}"
        yield f"{x},{y}"
        before = y
