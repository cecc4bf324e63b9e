"""From histories to what a page shows: key figures, charts, and the table behind each chart."""

from __future__ import annotations

import logging
import statistics
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from django.db import models
from django.db.models.functions import RowNumber
from django.utils import timezone

from cms.core.blocks import ChartType
from cms.core.keeping import leave_out
from cms.languages import sort_key
from reports.axes import next_period, period_before
from reports.choices import UNCERTAIN, ObservationStatus, Origin
from reports.histories import Point, Series, missing, newest_day
from reports.loading import Stretch, load_histories, summaries
from reports.models.observations import Observation
from reports.models.series import SeriesSummary
from reports.sparklines import draw_sparkline
from reports.thinning import MOST_ROWS, listed_days
from reports.vega.drawings import specifications
from reports.vega.rendering import DrawingError, draw
from taxonomy.models import Country

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from reports.histories import History
    from reports.models.indicators import Indicator
    from reports.sparklines import Sparkline
    from reports.vega.rendering import Picture

logger = logging.getLogger(__name__)

MAX_SPARK_POINTS = 40


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


class Table(NamedTuple):
    """A row per period, a column per covered country. `unit` is of what only the last period stands in it, if so."""

    rows: list[tuple[datetime.date, list[Point]]]
    unit: str


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

    @cached_property
    def table(self) -> Table:
        """What stands behind the chart: of very many periods the last one of each month or year, and the newest."""
        by_country = [series.by_day for series in self.covered]
        days = sorted({day for points in by_country for day in points})
        unit = ""
        if self.step > 1 or len(days) > MOST_ROWS:
            days, unit = listed_days(days, self.indicator.frequency)
            if self.span:
                days = sorted({*days, self.span[1]})
        return Table([(day, [points.get(day) or missing(day) for points in by_country]) for day in days], unit)

    @property
    def step(self) -> int:
        """How many periods in a row a drawing shows by their lowest and their highest value; 1 where it shows all."""
        return max((series.step for series in self.series), default=1)

    @cached_property
    def pictures(self) -> list[Picture]:
        """The chart for wide and for narrow places; none where there is nothing to draw, or it cannot be drawn."""
        if self.is_refused or self.is_table or self.span is None:
            return []
        try:
            return draw(specifications(self))
        except DrawingError:
            logger.exception("The chart of %s could not be drawn.", self.indicator.code)
            leave_out()
            return []

    @property
    def has_failed(self) -> bool:
        """Whether there should be a drawing and is none."""
        return bool(self.span and not self.is_refused and not self.is_table and not self.pictures)


def build_chart(indicator: Indicator, shown: Iterable[tuple[Country, History]], form: Form) -> Chart:
    """The history of an indicator in some countries. Where a map is asked for, which has none, it is a line."""
    if form.chart_type == ChartType.MAP:
        form = replace(form, chart_type=ChartType.LINE)
    found = list(shown)
    series = [Series(country, one.points, one.is_covered, one.listed, one.step) for country, one in found]
    newest = max((one.newest for _country, one in found if one.newest), default=None)
    return Chart(indicator, series, form, newest)


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
    found = load_histories((indicators, countries, form.start, form.end))
    return [
        build_chart(one, [(place, found[Stretch(one.pk, place.pk, form.start, form.end)]) for place in countries], form)
        for one in indicators
    ]


def latest_values(indicator: Indicator) -> list[Observation]:
    """The newest value of each covered country, by the country's name; without one where a country has none."""
    return sorted(newest_rows(indicator, None, None), key=lambda row: sort_key(row.country.label))


def newest_rows(indicator: Indicator, start: datetime.date | None, end: datetime.date | None) -> Iterable[Observation]:
    """The newest row of each covered country with a value that a stretch of time holds, else one without a value."""
    if not start and not end:
        yield from (one.newest for one in summaries(indicator) if one.origin == Origin.INTERNATIONAL)
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
    """What is said at a glance of an indicator.

    Of one that can be compared: the median over the countries that have a value in its newest period, from `first` to
    `last`. Of another no value: in how many countries there are values, of the periods from `first` to `last`.
    """

    indicator: Indicator
    value: Decimal | None
    first: datetime.date
    last: datetime.date
    country_count: int


def newest_figures(indicators: Sequence[Indicator]) -> list[HomeFigure]:
    """A figure per indicator that has any value, in their order."""
    figures = medians([one for one in indicators if one.is_comparable])
    figures |= spans([one for one in indicators if not one.is_comparable])
    return [figures[one.pk] for one in indicators if one.pk in figures]


def medians(indicators: Sequence[Indicator]) -> dict[int, HomeFigure]:
    """Figures by the id of indicators that can be compared. On an ordinal scale the median is one of its levels."""
    known = Observation.objects.current().exclude(value=None)
    series = SeriesSummary.objects.filter(origin=Origin.INTERNATIONAL).exclude(last_period=None)
    newest = series.order_by("-last_period").values("last_period")
    periods = [
        models.Q(indicator=one, period_start=models.Subquery(newest.filter(indicator=one)[:1])) for one in indicators
    ]
    rows = known.filter(reduce(or_, periods)) if periods else known.none()
    values: dict[int, list[Decimal]] = {}
    days: dict[int, datetime.date] = {}
    for indicator, day, value in rows.values_list("indicator_id", "period_start", "value"):
        days[indicator] = day
        values.setdefault(indicator, []).append(value or Decimal(0))
    return {
        one.pk: HomeFigure(one, middle(values[one.pk]), days[one.pk], days[one.pk], len(values[one.pk]))
        for one in indicators
        if one.pk in values
        for middle in [statistics.median_low if one.is_ordinal else statistics.median]
    }


def spans(indicators: Sequence[Indicator]) -> dict[int, HomeFigure]:
    """Figures by the id of indicators of whose values none may stand for all countries."""
    if not indicators:
        return {}
    series = SeriesSummary.objects.filter(origin=Origin.INTERNATIONAL, indicator__in=indicators, value_count__gt=0)
    facts = models.Min("first_period"), models.Max("last_period"), models.Count("country")
    rows = {row[0]: row[1:] for row in series.values_list("indicator_id").annotate(*facts)}
    return {one.pk: HomeFigure(one, None, *rows[one.pk]) for one in indicators if one.pk in rows}
