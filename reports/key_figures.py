"""Key figures of a country: the newest value of each indicator, how it changed, and the last stretch of its history."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import DateField, Q, Subquery, Value
from django.db.models.functions import Coalesce

from reports import charts
from reports.choices import Direction, Origin
from reports.models.observations import Observation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from reports.models.indicators import Indicator
    from taxonomy.models import Country


@dataclass(frozen=True)
class ProfileFigure:
    """A key figure on a profile; `own` is the newest figure that the country itself has sent."""

    figure: charts.KeyFigure
    own: charts.Point | None

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator

    @property
    def newest(self) -> charts.Point | None:
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
    """A figure per indicator, one that is not covered among them, in one query, however long their histories are."""
    if not indicators:
        return []
    fields = ("indicator_id", "origin", "frequency", "period_start", "value", "status")
    known = Observation.objects.current(*Origin).filter(country=country)
    rows = known.filter(reduce(or_, (needed(known, one) for one in indicators))).order_by("indicator", "period_start")
    histories: dict[int, list[charts.Point]] = {one.pk: [] for one in indicators}
    own: dict[int, charts.Point] = {}
    for indicator, origin, frequency, *values in rows.values_list(*fields):
        point = charts.Point(*values)
        if origin == Origin.NATIONAL:
            own[indicator] = point
            continue
        points = histories[indicator]
        if points:
            points += charts.gap(points[-1].day, point.day, frequency)
        points.append(point)
    series = {pk: charts.Series(country, points, bool(points)) for pk, points in histories.items()}
    return [ProfileFigure(charts.KeyFigure(one, series[one.pk]), own.get(one.pk)) for one in indicators]


def needed(known: QuerySet[Observation], indicator: Indicator) -> Q:
    """The last values of the international series, with the periods without one between, and the newest own figure."""
    valued = known.filter(indicator=indicator).exclude(value=None).order_by("-period_start").values("period_start")
    starts = [
        valued.filter(origin=Origin.INTERNATIONAL)[charts.MAX_SPARK_POINTS - 1 : charts.MAX_SPARK_POINTS],
        valued.filter(origin=Origin.NATIONAL)[:1],
    ]
    first = Coalesce(Subquery(starts[0]), Value(datetime.date.min), output_field=DateField())
    history = Q(origin=Origin.INTERNATIONAL, period_start__gte=first)
    return Q(indicator=indicator) & (history | Q(origin=Origin.NATIONAL, period_start=Subquery(starts[1])))
