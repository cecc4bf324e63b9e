"""Key figures of a country: the newest value of each indicator, how it changed, and the last stretch of its history."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from reports import charts
from reports.choices import Direction, Frequency, Origin
from reports.histories import Point, Series, append
from reports.models.observations import Observation
from reports.models.series import SeriesSummary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reports.models.indicators import Indicator
    from taxonomy.models import Country

# Days of the longest period of each frequency.
LONGEST = {
    Frequency.ANNUAL: 366,
    Frequency.QUARTERLY: 92,
    Frequency.MONTHLY: 31,
    Frequency.WEEKLY: 7,
    Frequency.DAILY: 1,
}


@dataclass(frozen=True)
class ProfileFigure:
    """A key figure on a profile; `own` is the newest figure that the country itself has sent."""

    figure: charts.KeyFigure
    own: Point | None

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator

    @property
    def newest(self) -> Point | None:
        """The newest period that has a value; None where there is none."""
        return next((point for point in reversed(self.figure.series.points) if point.value is not None), None)

    @property
    def is_better(self) -> bool | None:
        """Whether the change is for the better; None where nothing changed, or neither direction is."""
        direction = Direction(self.indicator.direction)
        change = self.figure.change
        if not change or direction == Direction.NEUTRAL:
            return None
        return (change > 0) == (direction == Direction.UP)


def key_figures(indicators: Sequence[Indicator], country: Country) -> list[ProfileFigure]:
    """A figure per indicator, one that is not covered among them, in two queries, however long their histories are."""
    if not indicators:
        return []
    histories: dict[int, list[Point]] = {one.pk: [] for one in indicators}
    own: dict[int, Point] = {}
    for indicator, origin, frequency, *values in needed_rows(indicators, country):
        point = Point(*values)
        if origin == Origin.NATIONAL:
            own[indicator] = point
            continue
        append(histories[indicator], point, frequency)
    series = {pk: Series(country, points, bool(points)) for pk, points in histories.items()}
    return [ProfileFigure(charts.KeyFigure(one, series[one.pk]), own.get(one.pk)) for one in indicators]


def needed_rows(indicators: Sequence[Indicator], country: Country) -> Iterable[tuple[Any, ...]]:
    """The last periods of each international series up to the newest value and after it, and the newest own figure."""
    series = SeriesSummary.objects.filter(country=country, indicator__in=indicators)
    frequencies = {one.pk: one.frequency for one in indicators}
    wanted = []
    for indicator, origin, day in series.values_list("indicator", "origin", "newest__period_start"):
        if origin == Origin.INTERNATIONAL:
            wanted.append(Q(indicator=indicator, origin=origin, period_start__gte=begin(day, frequencies[indicator])))
        else:
            wanted.append(Q(indicator=indicator, origin=origin, period_start=day))
    if not wanted:
        return []
    fields = ("indicator_id", "origin", "frequency", "period_start", "value", "status")
    known = Observation.objects.current(*Origin).filter(reduce(or_, wanted), country=country)
    rows: Iterable[tuple[Any, ...]] = known.values_list(*fields)
    return sorted(rows, key=lambda row: row[3])


def begin(day: datetime.date, frequency: str) -> datetime.date:
    """A day so many periods before another as a sparkline shows."""
    days = LONGEST[Frequency(frequency)] * charts.MAX_SPARK_POINTS
    return day - datetime.timedelta(days=min(days, (day - datetime.date.min).days))
