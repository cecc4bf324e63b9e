"""Values over time as Vega-Lite: lines, steps, and a filled line."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from cms.core.blocks import ChartType
from reports import wording
from reports.axes import Frame, next_period, spread, value_ticks
from reports.choices import UNCERTAIN, ObservationStatus
from reports.vega.sheets import (
    AXIS,
    AXIS_HEIGHT,
    COLOURS,
    DASHES,
    HATCH,
    INK,
    PAPER,
    PIXELS,
    SHAPES,
    boxes,
    date_axis,
    hollow,
    label,
    layer,
    moment,
    rules,
    sheets,
    specify,
    time_scale,
    value_axis,
    value_scale,
    wrapped,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    from reports.charts import Chart
    from reports.histories import Point
    from reports.vega.sheets import Box, Layer, Sheet, Specification

HEIGHTS = (320, 270)
END_GAP, SAMPLE = 12, 18
MAX_LINE = 11
MEANING_LETTERS = 22
POINT = 42
# A history that is drawn by its lowest and highest values goes up and down at every other pixel.
LINE, THIN_LINE = 2.25, 1
BREAK, BROKEN = 12, {"strokeWidth": 1.5, "strokeDash": [3, 2]}
ZERO = Decimal(0)


def histories(chart: Chart) -> list[Specification]:
    return [lines(sheet, chart) for sheet in sheets(*HEIGHTS)]


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


def tick_names(sheet: Sheet, chart: Chart) -> dict[Decimal, list[str]]:
    """What stands beside the value axis: numbers; on the wide sheet levels of a scale with what they mean."""
    meanings = chart.indicator.ordinal_labels if chart.indicator.is_ordinal and sheet.is_wide else {}
    names = {}
    for value in chart_ticks(chart, sheet.ticks):
        name, meaning = wording.tick(chart.indicator, value), meanings.get(int(value))
        names[value] = wrapped(f"{name} – {meaning}", MEANING_LETTERS) if meaning else [name]
    return names


def history_frame(sheet: Sheet, chart: Chart, names: Mapping[Decimal, Sequence[str]], beside: float) -> Frame:
    """Where values stand over time; `beside` is the room at the end of the lines."""
    start, end = chart.span or (chart.series[0].points[0].day, chart.series[0].points[-1].day)
    return Frame(
        left=max(sheet.text_width(line) for lines in names.values() for line in lines) + 10,
        top=sheet.letter * max(1, *(1.15 * len(lines) - 0.4 for lines in names.values())),
        right=sheet.width - beside,
        bottom=sheet.height - AXIS_HEIGHT,
        start=start,
        end=last_day(chart, end),
        low=min(names),
        high=max(names),
    )


# Lines


def lines(sheet: Sheet, chart: Chart) -> Specification:
    """Values over time, with the scale on one side and the ends of the lines named on the other."""
    names = tick_names(sheet, chart)
    ends = [line_name(sheet, wording.end_of_line(chart, series)) for series in chart.shown]
    widest = max(sheet.text_width(line) for name in ends for line in name) + sample_width(chart)
    frame = history_frame(sheet, chart, names, widest + END_GAP + 4)
    layers = [
        *value_axis(sheet, frame, names),
        *date_axis(sheet, frame, chart.indicator.frequency),
        hatched_gaps(frame, chart),
        *strokes(frame, chart),
        *line_ends(sheet, frame, chart, ends),
        *status_marks(frame, chart),
    ]
    return specify(sheet, frame, layers, over_time=True)


def runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """The stretches without a gap."""
    for has_value, group in groupby(points, key=lambda point: point.value is not None):
        if has_value:
            yield list(group)


def series_encoding(chart: Chart) -> Layer:
    """Colour, dashes and markers by country."""
    codes = [series.country.code for series in chart.shown]

    def scale(values: Sequence[Any]) -> Layer:
        return {
            "field": "country",
            "type": "nominal",
            "legend": None,
            "scale": {"domain": codes, "range": values[: len(codes)]},
        }

    return {"color": scale(COLOURS), "strokeDash": scale(DASHES), "shape": scale(SHAPES)}


def strokes(frame: Frame, chart: Chart) -> list[Layer | None]:
    """A line for each stretch without a gap; a value alone between two gaps is a dot. One country may be filled."""
    rows: list[dict[str, Any]] = []
    dots: list[dict[str, Any]] = []
    for series in chart.shown:
        for number, run in enumerate(runs(series.points)):
            known = [
                {
                    "country": series.country.code,
                    "run": f"{series.country.code} {number}",
                    "day": moment(point.day),
                    "value": float(point.value or 0),
                }
                for point in run
            ]
            if chart.is_stepped:
                known.append(known[-1] | {"day": moment(last_day(chart, run[-1].day))})
            (rows if len(known) > 1 else dots).extend(known)
    look = series_encoding(chart)
    place = {"x": time_scale(frame), "y": value_scale(frame), "detail": {"field": "run", "type": "nominal"}}
    interpolate = {"interpolate": "step-after"} if chart.is_stepped else {}
    filled = rows if chart.chart_type == ChartType.AREA and len(chart.shown) == 1 else []
    return [
        layer(filled, "area", {**interpolate, "fill": COLOURS[0], "fillOpacity": 0.16}, place | {"y2": {"datum": 0}}),
        layer(
            rows,
            "line",
            {**interpolate, "strokeWidth": LINE if chart.step == 1 else THIN_LINE, "strokeJoin": "round"},
            place | {"color": look["color"], "strokeDash": look["strokeDash"]},
        ),
        layer(
            dots,
            "point",
            {"filled": True, "size": 24, "shape": "circle", "opacity": 1},
            {"x": place["x"], "y": place["y"], "color": look["color"]},
        ),
    ]


def hatched_gaps(frame: Frame, chart: Chart) -> Layer | None:
    """Hatched ground where a country that is alone has no value between two that it has."""
    if len(chart.shown) > 1:
        return None
    stretches = pairwise(runs(chart.shown[0].points))
    ends = [(last_day(chart, before[-1].day), after[0].day) for before, after in stretches]
    return boxes(
        [(frame.x(start) - frame.left, 0, frame.x(end) - frame.left, frame.height) for start, end in ends], fill=HATCH
    )


def status_marks(frame: Frame, chart: Chart) -> list[Layer | None]:
    """Hollow points for values that are estimated or provisional, and a bar across the line where a series breaks."""
    rings: list[tuple[float, float, str]] = []
    breaks: list[Box] = []
    for colour, series in zip(COLOURS, chart.shown, strict=False):
        for point in series.points:
            if point.value is None or point.status == ObservationStatus.NORMAL:
                continue
            x, y = frame.x(point.day) - frame.left, frame.y(point.value) - frame.top
            if point.status in UNCERTAIN:
                rings.append((x, y, colour))
            elif point.status == ObservationStatus.BREAK:
                breaks.append((x, y - BREAK, x, y + BREAK))
    return [hollow(rings), rules(breaks, INK, **BROKEN)]


def line_name(sheet: Sheet, text: str) -> list[str]:
    """The name at the end of a line; on the narrow sheet a long one of several words takes two lines."""
    words = text.split(" ")
    if sheet.is_wide or len(text) <= MAX_LINE or len(words) == 1:
        return [text]
    halves = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return list(min(halves, key=lambda pair: max(map(len, pair))))


def sample_width(chart: Chart) -> float:
    """The room of the piece of line before each name; one line needs none."""
    return SAMPLE + 8 if len(chart.shown) > 1 else 0


def line_ends(sheet: Sheet, frame: Frame, chart: Chart, names: list[list[str]]) -> list[Layer | None]:
    """A marker at the end of each line; beside the chart a piece of the line and its name, joined to its end."""
    lasts = [series.known[-1] for series in chart.shown]
    ends = [(frame.x(last_day(chart, day)) - frame.left, frame.y(value) - frame.top) for day, value in lasts]
    height = sheet.letter * 1.15
    gap = height * max(map(len, names)) + 3
    places = spread([y for _x, y in ends], gap, 0, frame.height)
    left, is_several = frame.width + END_GAP, len(names) > 1
    leaders, words, samples, markers = [], [], [], []
    for series, (x, y), place, name in zip(chart.shown, ends, places, names, strict=True):
        code = series.country.code
        if abs(place - y) > 1 or x < frame.width - 1:
            leaders.append((x, y, left - 3, place))
        markers.append({"country": code, "x": x, "y": y})
        if is_several:
            samples += [{"country": code, "x": left, "y": place}, {"country": code, "x": left + SAMPLE, "y": place}]
            markers.append({"country": code, "x": left + SAMPLE / 2, "y": place})
        first = place - (len(name) - 1) * height / 2
        words += [(left + sample_width(chart), first + number * height, line) for number, line in enumerate(name)]
    look = series_encoding(chart)
    place_of = {"x": PIXELS | {"field": "x"}, "y": PIXELS | {"field": "y"}, "color": look["color"]}
    point = {"filled": True, "size": POINT, "opacity": 1, "stroke": PAPER, "strokeWidth": 1.5}
    return [
        rules(leaders, AXIS),
        layer(samples, "line", {"strokeWidth": LINE}, place_of | {"strokeDash": look["strokeDash"]}),
        layer(markers, "point", point, place_of | {"shape": look["shape"]}),
        label(sheet, words, fill=INK, fontWeight=600),
    ]
