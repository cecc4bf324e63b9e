"""The indicator panel of a report: its figures are fixed when it is published, and newer ones are told of.

What is fixed is a moment, not a copy: past values stay in the table of observations. See
docs/adr/0022-fix-the-figures-of-a-report-by-a-moment.md.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import translation

from cms.core import memory
from cms.core.addresses import absolute
from reports import charts
from reports.histories import Point, append, history_of, missing, within
from reports.models.editions import FixedIndicator
from reports.models.observations import Observation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.models.indicators import Indicator
    from reports.models.pages import CountryReportPage
    from reports.shapes import FixedFigures

Fixed = dict[int, FixedIndicator]
BEFORE_ALL = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class PanelFigure:
    """A chart of the panel; `newer` is how many values of the reporting period are other or more than those shown.

    `fixed` is None where the newest values are shown: in drafts.
    """

    chart: charts.Chart
    fixed: FixedIndicator | None = None
    newer: int = 0

    @property
    def as_of(self) -> datetime.datetime | None:
        return known_at(self.fixed)


@dataclass(frozen=True)
class Histories:
    """Values by indicator: those that a report shows, and the newest."""

    shown: dict[int, list[Point]]
    newest: dict[int, list[Point]]


def fixed_of(report: CountryReportPage) -> Fixed:
    """The fixed states of a report by indicator, asked for once in a request."""
    known = memory.objects()
    key = ("fixed", report.translation_key)
    if key not in known:
        known[key] = {row.indicator_id: row for row in FixedIndicator.objects.filter(report=report.translation_key)}
    found: Fixed = known[key]
    return found


def will_renew(report: CountryReportPage, fixed: FixedIndicator) -> bool:
    """Whether publishing this version of the report takes over the newest figures: asked for since they were fixed."""
    asked = report.figures_asked_at
    return asked is not None and asked > fixed.fixed_at


def panel_figures(report: CountryReportPage, *, is_preview: bool) -> list[PanelFigure]:
    """The figures of the panel in its order, in two queries. A preview shows what publishing would."""
    if report.country is None:
        return []
    panel = list(report.indicator_panel.all())
    fixed = fixed_of(report)
    if is_preview:
        fixed = {indicator: one for indicator, one in fixed.items() if not will_renew(report, one)}
    found = histories(report, [entry.indicator_id for entry in panel], fixed)
    figures = []
    for entry in panel:
        form = charts.Form(report.period_start, report.period_end, entry.chart_type, entry.note)
        points = found.shown.get(entry.indicator_id, [])
        shown = history_of(points, form.start, form.end, entry.indicator.frequency)
        chart = charts.build_chart(entry.indicator, [(report.country, shown)], form)
        figures.append(PanelFigure(chart, fixed.get(entry.indicator_id), count_newer(report, entry.indicator, found)))
    return figures


def newer_figures(report: CountryReportPage) -> dict[Indicator, int]:
    """The indicators of the panel that have newer values than the published report shows, and how many."""
    fixed = fixed_of(report)
    panel = [entry.indicator for entry in report.indicator_panel.all() if entry.indicator_id in fixed]
    found = histories(report, [one.pk for one in panel], fixed)
    return {one: number for one in panel if (number := count_newer(report, one, found))}


def histories(report: CountryReportPage, indicators: Iterable[int], fixed: Fixed) -> Histories:
    """What was known of the report's country when each indicator was fixed, and what is known now; one query."""
    wanted = [
        Q(indicator=pk, valid_from__lte=fixed[pk].as_of, valid_to__gt=fixed[pk].as_of)
        for pk in indicators
        if pk in fixed and fixed[pk].as_of
    ]
    known = Observation.objects.of_origin().filter(country=report.country_id, indicator__in=list(indicators))
    rows = known.filter(reduce(or_, wanted, Q(valid_to=None))).order_by("indicator_id", "period_start", "valid_from")
    found = Histories({}, {})
    fields = ("indicator_id", "frequency", "valid_from", "valid_to", "period_start", "value", "status")
    for indicator, frequency, valid_from, valid_to, *values in rows.values_list(*fields):
        point = Point(*values)
        one = fixed.get(indicator)
        if one is None or (one.as_of and valid_from <= one.as_of and (valid_to is None or valid_to > one.as_of)):
            append(found.shown.setdefault(indicator, []), point, frequency)
        if valid_to is None:
            append(found.newest.setdefault(indicator, []), point, frequency)
    return found


def count_newer(report: CountryReportPage, indicator: Indicator, found: Histories) -> int:
    """How many periods within the reporting period have another value or status now than the one shown."""
    period = report.period_start, report.period_end, indicator.frequency
    shown, newest = (
        {point.day: point for point in within(points.get(indicator.pk, []), *period)}
        for points in (found.shown, found.newest)
    )
    days = {day: missing(day) for day in newest.keys() | shown.keys()}
    return sum(newest.get(day, absent) != shown.get(day, absent) for day, absent in days.items())


def load_fixed(reports: Iterable[CountryReportPage]) -> None:
    """Load the fixed states of many reports together, for the rest of the request."""
    found: dict[Any, Fixed] = {report.translation_key: {} for report in reports}
    for row in FixedIndicator.objects.filter(report__in=found):
        found[row.report][row.indicator_id] = row
    memory.objects().update({("fixed", key): fixed for key, fixed in found.items()})


def figures_json(report: CountryReportPage, indicator: Indicator) -> FixedFigures:
    """The figures of the panel for programs."""
    fixed = fixed_of(report).get(indicator.pk)
    query = {"country": report.country.code if report.country else None, "as_of": known_at(fixed)}
    with translation.override(report.locale.language_code):
        address = absolute(reverse("indicator_json", args=[indicator.code]))
    return {
        "fixed_at": fixed.fixed_at if fixed else None,
        "as_of": fixed.as_of if fixed else None,
        "url": f"{address}?{urlencode({name: str(value) for name, value in query.items() if value})}",
    }


def known_at(fixed: FixedIndicator | None) -> datetime.datetime | None:
    """What was known at this moment is what a report shows; a moment before all imports where nothing was known."""
    return (fixed.as_of or BEFORE_ALL) if fixed else None
