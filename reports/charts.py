"""From observations to what a page shows: key figures, charts, and the table behind each chart.

Three things are kept apart everywhere: *not covered* (no series for the country), *no value* (a series, but nothing for
the period) and zero.
"""

from __future__ import annotations

import logging
import statistics
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from django.db import models
from django.db.models.functions import RowNumber
from django.utils import timezone

from cms.core import memory
from cms.core.blocks import ChartType
from cms.languages import sort_key
from reports.axes import next_period, period_before
from reports.choices import UNCERTAIN, ObservationStatus, Origin
from reports.models.observations import Observation
from reports.models.series import SeriesSummary
from reports.sparklines import draw_sparkline
from reports.vega.drawings import specifications
from reports.vega.rendering import DrawingError, draw
from taxonomy.models import Country

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from reports.models.indicators import Indicator
    from reports.sparklines import Sparkline
    from reports.vega.rendering import Picture

    # Indicators, and the countries for which their values are shown
    Need = tuple[Sequence[Indicator], Sequence[Country]]

logger = logging.getLogger(__name__)

MAX_SPARK_POINTS = 40


class Point(NamedTuple):
    """The value of the period that begins on a day."""

    day: datetime.date
    value: Decimal | None
    status: str = ObservationStatus.NORMAL


@dataclass(frozen=True)
class Series:
    """The values of one indicator for one country within the time shown, oldest first.

    `is_covered` is about all time: a covered country may be without values in the time shown.
    """

    country: Country
    points: list[Point]
    is_covered: bool

    @property
    def known(self) -> list[tuple[datetime.date, Decimal]]:
        return [(point.day, point.value) for point in self.points if point.value is not None]

    @property
    def last(self) -> tuple[datetime.date, Decimal] | None:
        return self.known[-1] if self.known else None

    @property
    def newest_status(self) -> str:
        """The status of the last value; of no value where there is none."""
        return next((one.status for one in reversed(self.points) if one.value is not None), ObservationStatus.MISSING)


@dataclass(frozen=True)
class KeyFigure:
    """The newest value of an indicator for a country, with its history as a sparkline."""

    indicator: Indicator
    series: Series

    @property
    def previous(self) -> tuple[datetime.date, Decimal] | None:
        """The value before the newest; None where there is none."""
        known = self.series.known
        return known[-2] if len(known) > 1 else None

    @property
    def change(self) -> Decimal | None:
        """Difference to the value before; None where there is none."""
        known = self.series.known
        return known[-1][1] - known[-2][1] if len(known) > 1 else None

    @property
    def sparkline(self) -> Sparkline | None:
        return draw_sparkline(self.indicator, self.series.points[-MAX_SPARK_POINTS:])


@dataclass(frozen=True)
class Form:
    """How an editor wants a chart: its type, a note, and the time shown; all time where there are no dates."""

    start: datetime.date | None = None
    end: datetime.date | None = None
    chart_type: str = ChartType.LINE
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """One indicator for some countries: what is drawn, and the table behind it.

    A map has a series with the newest value alone for every covered country, or for those that were chosen.
    `newest` is the first day of the last period with a value, within the time shown or after it; `is_of_all` says that
    a map shows every country that is covered.
    """

    indicator: Indicator
    series: list[Series]
    form: Form
    newest: datetime.date | None = None
    is_of_all: bool = False

    @property
    def note(self) -> str:
        return self.form.note

    @property
    def chart_type(self) -> str:
        return self.form.chart_type

    @property
    def is_refused(self) -> bool:
        """Whether this would set side by side what cannot be compared."""
        return len(self.series) > 1 and not self.indicator.is_comparable

    @property
    def covered(self) -> list[Series]:
        return [series for series in self.series if series.is_covered]

    @property
    def not_covered(self) -> list[Series]:
        return [series for series in self.series if not series.is_covered]

    @property
    def without_values(self) -> list[Series]:
        """Covered, but with no value in the time shown."""
        return [series for series in self.covered if not series.known]

    @cached_property
    def shown(self) -> list[Series]:
        return [series for series in self.series if series.known]

    @property
    def is_table(self) -> bool:
        """Whether the table stands in place of a drawing."""
        return self.chart_type == ChartType.TABLE and self.span is not None

    @property
    def is_map(self) -> bool:
        return self.chart_type == ChartType.MAP

    @property
    def is_comparison(self) -> bool:
        """Whether the newest values of several countries are compared as bars, rather than their histories."""
        return len(self.series) > 1 and self.chart_type == ChartType.BAR

    @property
    def is_stepped(self) -> bool:
        """Whether a value is shown as holding for its whole period, rather than as a point on a line."""
        return self.indicator.is_ordinal or self.chart_type in (ChartType.STEP, ChartType.BAR)

    @property
    def is_overdue(self) -> bool:
        """Whether newer values should have come; never where an end was chosen, which no new value would change."""
        days = self.indicator.update_days
        if not days or self.newest is None or self.form.end:
            return False
        return (timezone.localdate() - next_period(self.newest, self.indicator.frequency)).days > days

    @cached_property
    def span(self) -> tuple[datetime.date, datetime.date] | None:
        """First day of the first and of the last period with a value; None where there is none."""
        days = [day for series in self.shown for day, _value in series.known]
        return (min(days), max(days)) if days else None

    @property
    def has_gaps(self) -> bool:
        """Whether a country whose history is drawn has periods without a value."""
        return not self.is_comparison and any(point.value is None for series in self.shown for point in series.points)

    @property
    def has_uncertain(self) -> bool:
        """Whether values that are drawn are estimated or provisional."""
        if self.is_comparison:
            return any(series.newest_status in UNCERTAIN for series in self.shown)
        return any(point.status in UNCERTAIN for series in self.shown for point in series.points)

    @property
    def has_breaks(self) -> bool:
        """Whether a line that is drawn goes on after a break in the series."""
        statuses = (point.status for series in self.shown for point in series.points)
        return not self.is_comparison and ObservationStatus.BREAK in statuses

    @property
    def rows(self) -> list[tuple[datetime.date, list[Point]]]:
        """The table behind the chart: a row per period, a column per covered country."""
        by_country = [{point.day: point for point in series.points} for series in self.covered]
        days = sorted({day for points in by_country for day in points})
        return [(day, [points.get(day) or missing(day) for points in by_country]) for day in days]

    @cached_property
    def pictures(self) -> list[Picture]:
        """The chart for wide and for narrow places; none where there is nothing to draw, or it cannot be drawn."""
        if self.is_refused or self.is_table or self.span is None:
            return []
        try:
            return draw(specifications(self))
        except DrawingError:
            logger.exception("The chart of %s could not be drawn.", self.indicator.code)
            return []

    @property
    def has_failed(self) -> bool:
        """Whether there should be a drawing and is none."""
        return bool(self.span and not self.is_refused and not self.is_table and not self.pictures)


def missing(day: datetime.date) -> Point:
    return Point(day, None, ObservationStatus.MISSING)


def load_series(*needs: Need) -> dict[tuple[int, int], list[Point]]:
    """Current values by (indicator id, country id), in one query; what the request has loaded before in none.

    Periods between the first and the last one that the source leaves out are there as points without a value.
    """
    known = memory.objects()
    wanted = [(one.pk, country.pk) for indicators, countries in needs for one in indicators for country in countries]
    found: dict[tuple[int, int], list[Point]] = {pair: [] for pair in wanted if ("series", *pair) not in known}
    missing = [
        ([one.pk for one in indicators], [country.pk for country in countries])
        for indicators, countries in needs
        if any((one.pk, country.pk) in found for one in indicators for country in countries)
    ]
    fields = ("indicator_id", "country_id", "frequency", "period_start", "value", "status")
    rows = Observation.objects.current().of_any(missing).values_list(*fields) if missing else []
    for indicator, country, frequency, *point in rows:
        points = found.setdefault((indicator, country), [])
        if points:
            points += gap(points[-1].day, point[0], frequency)
        points.append(Point(*point))
    known.update({("series", *pair): points for pair, points in found.items()})
    return {pair: found[pair] if pair in found else known["series", *pair] for pair in wanted}


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


def build_chart(
    indicator: Indicator, countries: Sequence[Country], found: dict[tuple[int, int], list[Point]], form: Form
) -> Chart:
    """The history of an indicator in some countries. Where a map is asked for, which has none, it is a line."""
    if form.chart_type == ChartType.MAP:
        form = replace(form, chart_type=ChartType.LINE)
    series = [
        Series(country, within(points, form.start, form.end, indicator.frequency), bool(points))
        for country in countries
        for points in [found.get((indicator.pk, country.pk), [])]
    ]
    return Chart(indicator, series, form, newest_day(found.get((indicator.pk, one.pk), []) for one in countries))


def newest_day(histories: Iterable[list[Point]]) -> datetime.date | None:
    """The first day of the last period in which any of some countries has a value."""
    lasts = [next((one.day for one in reversed(points) if one.value is not None), None) for points in histories]
    return max((day for day in lasts if day), default=None)


def build_map(indicator: Indicator, countries: Sequence[Country], form: Form) -> Chart:
    """The newest value within the time shown of the countries, or of all that are covered where there are none."""
    newest = {row.country_id: row for row in newest_rows(indicator, form.start, form.end)}
    chosen = [one for one in countries or Country.vocabulary().rows if countries or one.pk in newest]
    series = []
    for country in sorted(chosen, key=lambda one: sort_key(one.label)):
        row = newest.get(country.pk)
        points = [Point(row.period_start, row.value, row.status)] if row and row.period_start else []
        series.append(Series(country, points, row is not None))
    return Chart(indicator, series, form, newest_day(one.points for one in series), is_of_all=not countries)


def charts_for(indicators: Sequence[Indicator], countries: Sequence[Country], form: Form) -> list[Chart]:
    """A chart per indicator, each with all the countries; a map without any shows all that are covered.

    There is no other chart without a country.
    """
    if form.chart_type == ChartType.MAP:
        return [build_map(indicator, countries, form) for indicator in indicators]
    if not countries:
        return []
    found = load_series((indicators, countries))
    return [build_chart(indicator, countries, found, form) for indicator in indicators]


def latest_values(indicator: Indicator) -> list[Observation]:
    """The newest value of each covered country, by the country's name; without one where a country has none."""
    return sorted(newest_rows(indicator, None, None), key=lambda row: sort_key(row.country.label))


def newest_rows(indicator: Indicator, start: datetime.date | None, end: datetime.date | None) -> Iterable[Observation]:
    """The newest row of each covered country with a value that a stretch of time holds, else one without a value."""
    if not start and not end:
        series = SeriesSummary.objects.filter(indicator=indicator, origin=Origin.INTERNATIONAL)
        for one in series.select_related("newest"):
            yield one.newest
        return
    is_outside = models.Q(value=None)
    if start:
        is_outside |= models.Q(period_start__lte=period_before(start, indicator.frequency))
    if end:
        is_outside |= models.Q(period_start__gt=end)
    outside = models.Case(models.When(is_outside, then=1), default=0)
    place = models.Window(
        RowNumber(), partition_by=models.F("country"), order_by=[outside, models.F("period_start").desc()]
    )
    newest = Observation.objects.current().filter(indicator=indicator).annotate(place=place).filter(place=1)
    for row in newest:
        if (end and row.period_start > end) or (start and next_period(row.period_start, row.frequency) <= start):
            row.value = None
        yield row


@dataclass(frozen=True)
class HomeFigure:
    """The median of an indicator over the countries that have a value in its newest period."""

    indicator: Indicator
    value: Decimal
    period: datetime.date
    country_count: int


def newest_figures(indicators: Sequence[Indicator]) -> list[HomeFigure]:
    """A figure per indicator that has any value, as of its newest period."""
    known = Observation.objects.current().exclude(value=None)
    series = SeriesSummary.objects.filter(origin=Origin.INTERNATIONAL).exclude(last_period=None)
    newest = series.order_by("-last_period").values("last_period")
    periods = [
        models.Q(indicator=one, period_start=models.Subquery(newest.filter(indicator=one)[:1])) for one in indicators
    ]
    rows = known.filter(reduce(or_, periods)) if periods else known.none()
    values: dict[int, list[tuple[datetime.date, Decimal]]] = {}
    for indicator, day, value in rows.values_list("indicator_id", "period_start", "value"):
        if value is not None:
            values.setdefault(indicator, []).append((day, value))
    return [
        HomeFigure(one, statistics.median(value for _day, value in found), found[0][0], len(found))
        for one in indicators
        if (found := values.get(one.pk))
    ]
