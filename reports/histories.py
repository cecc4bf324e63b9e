"""The values of indicators in countries over time, as charts and tables show them.

Three things are kept apart everywhere: *not covered* (no series for the country), *no value* (a series, but nothing for
the period) and zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from reports import thinning
from reports.axes import next_period
from reports.choices import ObservationStatus

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from taxonomy.models import Country


class Point(NamedTuple):
    """The value of the period that begins on a day."""

    day: datetime.date
    value: Decimal | None
    status: str = ObservationStatus.NORMAL


@dataclass(frozen=True)
class History:
    """What is shown of a series within a stretch of time, oldest first.

    `points` are drawn; each `step` periods in a row by two of them. `listed` may stand in a table. `is_covered` and
    `newest`, the first day of the last period with a value, are about all time.
    """

    points: list[Point]
    listed: list[Point]
    step: int = 1
    is_covered: bool = False
    newest: datetime.date | None = None


@dataclass(frozen=True)
class Series:
    """The values of one indicator for one country within the time shown, oldest first.

    `is_covered` is about all time: a covered country may be without values in the time shown. A series whose `step` is
    greater than 1 is thinned, and a table shows what is `listed` of it.
    """

    country: Country
    points: list[Point]
    is_covered: bool
    listed: list[Point] | None = None
    step: int = 1

    @cached_property
    def known(self) -> list[tuple[datetime.date, Decimal]]:
        return [(point.day, point.value) for point in self.points if point.value is not None]

    @property
    def last(self) -> tuple[datetime.date, Decimal] | None:
        return self.known[-1] if self.known else None

    @property
    def newest_status(self) -> str:
        """The status of the last value; of no value where there is none."""
        return next((one.status for one in reversed(self.points) if one.value is not None), ObservationStatus.MISSING)

    @property
    def by_day(self) -> dict[datetime.date, Point]:
        """The points that a table may show."""
        return {point.day: point for point in (self.points if self.listed is None else self.listed)}


def missing(day: datetime.date) -> Point:
    return Point(day, None, ObservationStatus.MISSING)


def append(points: list[Point], point: Point, frequency: str) -> None:
    """Add a period, after those that the source leaves out before it."""
    if points:
        points += gap(points[-1].day, point.day, frequency)
    points.append(point)


def gap(before: datetime.date, after: datetime.date, frequency: str) -> list[Point]:
    """The periods between two others, without values."""
    points = []
    day = next_period(before, frequency)
    while day < after:
        points.append(missing(day))
        day = next_period(day, frequency)
    return points


def within(points: list[Point], start: datetime.date | None, end: datetime.date | None, frequency: str) -> list[Point]:
    """The periods of which at least one day lies between two dates, both included."""
    return [
        point
        for point in points
        if (not end or point.day <= end) and (not start or next_period(point.day, frequency) > start)
    ]


def newest_day(histories: Iterable[Sequence[Point]]) -> datetime.date | None:
    """The first day of the last period in which any of some countries has a value."""
    lasts = [next((one.day for one in reversed(points) if one.value is not None), None) for points in histories]
    return max((day for day in lasts if day), default=None)


def history_of(points: list[Point], start: datetime.date | None, end: datetime.date | None, frequency: str) -> History:
    """What is shown of all points of a series."""
    inside = within(points, start, end, frequency) if start or end else points
    step = thinning.step_of(len(inside))
    table = thinning.listed(inside, frequency) if step > 1 else inside
    return History(thinning.drawn(inside), table, step, bool(points), newest_day([points]))
