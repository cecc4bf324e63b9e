"""A map of the world as Vega-Lite: the newest value of each country by class, on an equal-area projection.

All borders are the same thin line. Areas without a series, and those that are no country of the vocabulary, are
neutral; countries with a series and no value are hatched. Classes are quantiles, or the levels of an ordinal scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from reports import wording
from reports.vega.outlines import outlines
from reports.vega.sheets import HATCH, LEVEL_SHADES, SCHEMA, Sheet, Specification, level_shade

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reports.charts import Chart
    from reports.vega.sheets import Layer

WIDTH, HEIGHT = 736, 346
# Of Equal Earth, so that the inhabited world fills the sheet; the centre is a meridian that divides no country.
SCALE, CENTRE, MIDDLE = 142.0, 10.0, (358, 191)
BORDER = {"stroke": "var(--map-border)", "strokeWidth": 0.5, "clip": False}
NEUTRAL = "var(--map-neutral)"
CLASSES = 5
# Changes with what a map looks like beside its areas: their outlines are no part of its essence.
EDITION = 1


@dataclass(frozen=True)
class Shade:
    """A class of values: the shade in which it is drawn, and the lowest and highest value that belong to it."""

    number: int
    low: Decimal
    high: Decimal
    name: str
    meaning: str = ""


def world(chart: Chart) -> list[Specification]:
    """One sheet: a map has no letters and is readable at any size at which its areas are."""
    shades = shades_of(chart)
    by_code = {series.country.alpha3: series for series in chart.covered}
    fills: dict[str, list[Layer]] = {}
    essence: list[tuple[str, str, str]] = []
    for code, feature in outlines():
        series = by_code.get(code)
        if series is None:
            fill, text = NEUTRAL, ""
        else:
            fill = HATCH if series.last is None else f"var(--level-{shade_of(shades, series.last[1])})"
            text = f"{series.country.label}: {wording.newest_text(chart, series)}"
        fills.setdefault(fill, []).append({**feature, "properties": {"text": text}})
        essence.append((code, fill, text))
    sheet = Sheet("map", WIDTH, HEIGHT, 14, 5)
    return [Specification(sheet, world_of(sheet, fills), essence=["map", EDITION, essence])]


def world_of(sheet: Sheet, fills: dict[str, list[Layer]]) -> Layer:
    projection = {"type": "equalEarth", "scale": SCALE, "translate": list(MIDDLE), "rotate": [-CENTRE, 0, 0]}
    return {
        "$schema": SCHEMA,
        "width": sheet.width,
        "height": sheet.height,
        "padding": 0,
        "autosize": {"type": "none"},
        "background": None,
        "config": {"aria": False, "view": {"stroke": None}},
        "projection": projection,
        "layer": [
            {
                "data": {"values": features},
                "mark": {"type": "geoshape", "fill": fill, "aria": True, **BORDER},
                "encoding": {"description": {"field": "properties.text", "type": "nominal"}},
            }
            for fill, features in sorted(fills.items())
        ],
    }


def without_outline(chart: Chart) -> list[str]:
    """Names of the countries with a value that are too small for the map."""
    drawn = {code for code, _feature in outlines()}
    return [series.country.label for series in chart.shown if series.country.alpha3 not in drawn]


def shades_of(chart: Chart) -> list[Shade]:
    """The classes of a map, from the lowest to the highest."""
    values = sorted(series.last[1] for series in chart.shown if series.last)
    if chart.indicator.is_ordinal:
        return level_shades(chart, values)
    bounds = quantiles(values)
    if bounds and bounds[0] == bounds[-1]:
        return [Shade(LEVEL_SHADES, bounds[0], bounds[0], wording.tick(chart.indicator, bounds[0]))]
    return [
        Shade(shade, low, high, wording.value_range(chart.indicator, low, high))
        for shade, (low, high) in zip(_numbers(len(bounds) - 1), pairwise(bounds), strict=True)
    ]


def level_shades(chart: Chart, values: Sequence[Decimal]) -> list[Shade]:
    meanings = chart.indicator.ordinal_labels
    levels = sorted({*meanings, *map(int, values)})
    highest = max([1, *levels])
    return [
        Shade(
            level_shade(Decimal(level), Decimal(highest)),
            Decimal(level),
            Decimal(level + 1),
            wording.tick(chart.indicator, Decimal(level)),
            meanings.get(level, ""),
        )
        for level in levels
    ]


def _numbers(count: int) -> Iterable[int]:
    """The shades of some classes, as far apart as they can be, the highest in the strongest."""
    return (
        LEVEL_SHADES - round((count - 1 - place) * (LEVEL_SHADES - 1) / max(count - 1, 1)) for place in range(count)
    )


def quantiles(values: Sequence[Decimal]) -> list[Decimal]:
    """Bounds of at most five classes with about as many values each, rounded; none twice."""
    if not values:
        return []
    places = [values[min(len(values) * cut // CLASSES, len(values) - 1)] for cut in range(1, CLASSES)]
    inner = {nice(value) for value in places}
    low, high = values[0], values[-1]
    return [low, *sorted(one for one in inner if low < one < high), high]


def nice(value: Decimal) -> Decimal:
    """A value with at most two significant figures."""
    if not value:
        return value
    step = Decimal(1).scaleb(value.adjusted() - 1)
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_EVEN) * step


def shade_of(shades: Sequence[Shade], value: Decimal) -> int:
    """The shade of a value: a class holds its lower bound, the last one also its upper."""
    return next((one.number for one in shades if value < one.high), shades[-1].number)
