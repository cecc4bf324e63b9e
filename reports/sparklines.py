"""Sparklines: the history of a key figure in the height of two lines of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.axes import Frame
from reports.vega.histories import ZERO, runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.histories import Point
    from reports.models.indicators import Indicator

SPARK_WIDTH, SPARK_HEIGHT, SPARK_INSET = 120, 32, 3


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
