"""From observations to what a page shows: key figures, sparklines, line charts with the table behind them.

Three things are kept apart everywhere: *not covered* (no series for the country), *no value* (a series, but nothing for
the period) and zero. Coordinates are in the units of the SVG view box and rounded to one decimal.
"""

from __future__ import annotations

import datetime
import statistics
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

from reports.models.observations import Observation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reports.models.indicators import Indicator
    from taxonomy.models import Country

SPARK_WIDTH, SPARK_HEIGHT = 120, 32
CHART_WIDTH, CHART_HEIGHT = 640, 240
CHART_INSET = 8
TICKS = 4
MAX_SPARK_POINTS = 40

Point = tuple[datetime.date, Decimal | None]


@dataclass(frozen=True)
class Frame:
    """The rectangle and the ranges onto which values are drawn."""

    width: float
    height: float
    start: datetime.date
    end: datetime.date
    low: Decimal
    high: Decimal
    inset: float = 2

    def x(self, day: datetime.date) -> float:
        days = (self.end - self.start).days or 1
        return round(self.inset + (self.width - 2 * self.inset) * (day - self.start).days / days, 1)

    def y(self, value: Decimal) -> float:
        span = float(self.high - self.low) or 1.0
        return round(self.height - self.inset - (self.height - 2 * self.inset) * float(value - self.low) / span, 1)


@dataclass
class Series:
    """The values of one indicator for one country, oldest first."""

    country: Country
    points: list[Point]
    segments: list[str] = field(default_factory=list)
    end_x: float = 0
    end_y: float = 0

    @property
    def is_covered(self) -> bool:
        return bool(self.points)

    @property
    def known(self) -> list[tuple[datetime.date, Decimal]]:
        return [(day, value) for day, value in self.points if value is not None]

    @property
    def last(self) -> tuple[datetime.date, Decimal] | None:
        return self.known[-1] if self.known else None

    def draw(self, frame: Frame, *, steps: bool) -> None:
        """Lay the points out as SVG polylines; a period without a value breaks the line."""
        segment: list[str] = []
        before: float | None = None
        for day, value in self.points:
            if value is None:
                self._close(segment)
                segment, before = [], None
                continue
            x, y = frame.x(day), frame.y(value)
            if steps and before is not None:
                segment.append(f"{x},{before}")
            segment.append(f"{x},{y}")
            before, self.end_x, self.end_y = y, x, y
        self._close(segment)

    def _close(self, segment: list[str]) -> None:
        if segment:
            self.segments.append(" ".join(segment))


@dataclass(frozen=True)
class KeyFigure:
    """The newest value of an indicator for a country, with its history as a sparkline."""

    indicator: Indicator
    series: Series

    @property
    def change(self) -> Decimal | None:
        """Difference to the value before; None where there is none."""
        known = self.series.known
        return known[-1][1] - known[-2][1] if len(known) > 1 else None


@dataclass(frozen=True)
class Chart:
    indicator: Indicator
    series: list[Series]
    frame: Frame | None
    value_ticks: list[tuple[float, Decimal]]
    date_ticks: list[tuple[float, datetime.date]]
    note: str = ""
    chart_type: str = "line"

    @property
    def covered(self) -> list[Series]:
        return [series for series in self.series if series.is_covered]

    @property
    def not_covered(self) -> list[Series]:
        return [series for series in self.series if not series.is_covered]

    @property
    def rows(self) -> list[tuple[datetime.date, list[Decimal | None]]]:
        """The table behind the chart: a row per period, a column per covered country."""
        by_country = [dict(series.points) for series in self.covered]
        days = sorted({day for values in by_country for day in values})
        return [(day, [values.get(day) for values in by_country]) for day in days]


def load_series(
    indicators: Sequence[Indicator],
    countries: Sequence[Country],
    start: datetime.date | None = None,
    end: datetime.date | None = None,
) -> dict[tuple[int, int], list[Point]]:
    """Current values by (indicator id, country id), in one query."""
    rows = Observation.objects.current().series(
        [indicator.pk for indicator in indicators], [country.pk for country in countries], start, end
    )
    found: dict[tuple[int, int], list[Point]] = {}
    for indicator, country, day, value in rows.values_list("indicator_id", "country_id", "period_start", "value"):
        found.setdefault((indicator, country), []).append((day, value))
    return found


def key_figures(indicators: Sequence[Indicator], country: Country) -> list[KeyFigure]:
    """A key figure per indicator; one that is not covered is there too, and says so."""
    found = load_series(indicators, [country])
    figures = []
    for indicator in indicators:
        series = Series(country, found.get((indicator.pk, country.pk), [])[-MAX_SPARK_POINTS:])
        frame = frame_for([series], SPARK_WIDTH, SPARK_HEIGHT)
        if frame:
            series.draw(frame, steps=indicator.is_ordinal)
        figures.append(KeyFigure(indicator, series))
    return figures


def build_chart(  # noqa: PLR0913 - the parts of a chart are independent of each other
    indicator: Indicator,
    countries: Sequence[Country],
    found: dict[tuple[int, int], list[Point]],
    *,
    note: str = "",
    chart_type: str = "line",
) -> Chart:
    series = [Series(country, found.get((indicator.pk, country.pk), [])) for country in countries]
    frame = frame_for(series, CHART_WIDTH, CHART_HEIGHT, inset=CHART_INSET, from_zero=True)
    if frame is None:
        return Chart(indicator, series, None, [], [], note, chart_type)
    for one in series:
        one.draw(frame, steps=indicator.is_ordinal or chart_type == "step")
    return Chart(indicator, series, frame, value_ticks(frame), date_ticks(frame), note, chart_type)


def panel_charts(
    panel: Iterable[Any], country: Country | None, start: datetime.date | None, end: datetime.date | None
) -> list[Chart]:
    """A chart for each row of a report's indicator panel: one country, the reporting period."""
    entries = list(panel)
    if country is None:
        return []
    found = load_series([entry.indicator for entry in entries], [country], start, end)
    return [
        build_chart(entry.indicator, [country], found, note=entry.note, chart_type=entry.chart_type)
        for entry in entries
    ]


def charts_for(
    indicators: Sequence[Indicator],
    countries: Sequence[Country],
    start: datetime.date | None,
    end: datetime.date | None,
    chart_type: str,
) -> list[Chart]:
    found = load_series(indicators, countries, start, end)
    return [build_chart(indicator, countries, found, chart_type=chart_type) for indicator in indicators]


def latest_values(indicator: Indicator) -> list[Observation]:
    """The newest value of each covered country, by the country's name."""
    newest = (
        Observation.objects.current()
        .filter(indicator=indicator)
        .exclude(value=None)
        .order_by("country_id", "-period_start")
        .select_related("country")
        .prefetch_related("country__labels")
    )
    by_country: dict[int, Observation] = {}
    for row in newest.iterator(chunk_size=2000):
        by_country.setdefault(row.country_id, row)
    return sorted(by_country.values(), key=lambda row: row.country.label)


def frame_for(
    series: Sequence[Series], width: float, height: float, *, inset: float = 2, from_zero: bool = False
) -> Frame | None:
    """The ranges that hold all known values; None where there is none."""
    known = [pair for one in series for pair in one.known]
    if not known:
        return None
    days = [day for day, _value in known]
    values = [value for _day, value in known]
    low = min([*values, Decimal(0)]) if from_zero else min(values)
    return Frame(width, height, min(days), max(days), low, max(values), inset)


def value_ticks(frame: Frame) -> list[tuple[float, Decimal]]:
    """(y, value) of round values over the range, at most `TICKS` + 1 of them."""
    span = frame.high - frame.low
    if not span:
        return [(frame.y(frame.high), frame.high)]
    raw = span / TICKS
    magnitude = Decimal(10) ** raw.adjusted()
    step = next((magnitude * factor for factor in (1, 2, 5, 10) if magnitude * factor >= raw), magnitude * 10)
    first = (frame.low / step).to_integral_value(rounding="ROUND_CEILING") * step
    count = int((frame.high - first) / step)
    return [(frame.y(first + step * index), first + step * index) for index in range(count + 1)]


def date_ticks(frame: Frame) -> list[tuple[float, datetime.date]]:
    """(x, date) of the first and last period and two between them."""
    days = (frame.end - frame.start).days
    if not days:
        return [(frame.x(frame.start), frame.start)]
    dates = [frame.start + datetime.timedelta(days=days * index // 3) for index in range(4)]
    return [(frame.x(day), day) for day in dates]


@dataclass(frozen=True)
class HomeFigure:
    """The median of an indicator over the countries that have a value in its newest period."""

    indicator: Indicator
    value: Decimal
    period: datetime.date
    country_count: int


def newest_figures(indicators: Sequence[Indicator]) -> list[HomeFigure]:
    """A figure per indicator that has any value, as of its newest period."""
    figures = []
    for indicator in indicators:
        rows = Observation.objects.current().filter(indicator=indicator).exclude(value=None)
        newest = rows.aggregate(newest=models.Max("period_start"))["newest"]
        if newest is None:
            continue
        values = sorted(rows.filter(period_start=newest).values_list("value", flat=True))
        figures.append(HomeFigure(indicator, statistics.median(values), newest, len(values)))
    return figures
