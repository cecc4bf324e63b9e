"""Figures in words: values with their units, periods, changes, what is missing, and what a chart shows.

Everything is in the reader's language; numbers and dates follow CLDR.
"""

from __future__ import annotations

import datetime
from calendar import monthrange
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_compact_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.core.templatetags.display_tags import cldr, number, period, signed
from cms.languages import reader_language
from reports.axes import next_period
from reports.choices import Certainty, Frequency, ObservationStatus, ScaleType

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from reports.charts import Chart, KeyFigure
    from reports.histories import Point, Series
    from reports.models.indicators import Indicator
    from reports.models.measures import Measure
    from reports.models.observations import Observation
    from reports.timelines import Timeline
    from taxonomy.models import Membership

LARGE = 1_000_000
KEPT = 4096
# How many countries at either end of a map are told.
NAMED = 5
# Letters for thousands and millions are read differently in English; other languages abbreviate the words.
COMPACT_FORMS: dict[str, Literal["short", "long"]] = {"en": "long"}


def value_text(indicator: Indicator, value: Decimal) -> str:
    """A value as in a table: all its decimals; on an ordinal scale with its meaning."""
    text = number(value, indicator.decimals)
    meaning = indicator.ordinal_labels.get(int(value)) if indicator.is_ordinal else None
    return f"{text} – {meaning}" if meaning else text


def compact(indicator: Indicator, value: Decimal) -> str:
    """A value as in a headline: millions and billions in words, with at most three significant figures."""
    return _compact(value, indicator.decimals, cldr())


# A drawing writes the same few values and periods over and over, and CLDR takes its time.
@lru_cache(maxsize=KEPT)
def _compact(value: Decimal, decimals: int, locale: str) -> str:
    if abs(value) < LARGE:
        return number(value, decimals)
    leading = abs(value).adjusted() % 3
    form = COMPACT_FORMS.get(reader_language(), "short")
    return format_compact_decimal(value, format_type=form, locale=locale, fraction_digits=2 - leading)


def value_range(indicator: Indicator, low: Decimal, high: Decimal) -> str:
    """A class of values from its lowest to its highest."""
    return f"{tick(indicator, low)} – {tick(indicator, high)}"


def tick(indicator: Indicator, value: Decimal) -> str:
    """A value on an axis: as short as it can be."""
    return _tick(value, cldr(), is_compact=abs(value) >= LARGE and not indicator.is_ordinal)


@lru_cache(maxsize=KEPT)
def _tick(value: Decimal, locale: str, *, is_compact: bool) -> str:
    if not is_compact:
        return number(value)
    form = COMPACT_FORMS.get(reader_language(), "short")
    return format_compact_decimal(value, format_type=form, locale=locale, fraction_digits=2)


def short_period(day: datetime.date, frequency: str) -> str:
    """A period on an axis."""
    return _short_period(day, frequency, cldr())


@lru_cache(maxsize=KEPT)
def _short_period(day: datetime.date, frequency: str, locale: str) -> str:
    if frequency in (Frequency.DAILY, Frequency.WEEKLY):
        return format_skeleton("MMMd", day, locale=locale)
    return format_skeleton("yMMM", day, locale=locale) if frequency == Frequency.MONTHLY else period(day, frequency)


def interval(start: datetime.date | None, end: datetime.date | None) -> str:
    """A stretch of time: in years or months where it begins and ends with one, else in days."""
    if start is None or end is None:
        return ""
    if start.day != 1 or end.day != monthrange(end.year, end.month)[1]:
        return format_interval(start, end, "yMMMMd", locale=cldr())
    skeleton = "y" if (start.month, end.month) == (1, 12) else "yMMMM"
    return format_interval(start, end, skeleton, locale=cldr())


def time_shown(chart: Chart) -> str:
    """From the first to the last period with a value that is shown, both whole."""
    if chart.span is None:
        return ""
    first, last = chart.span
    if chart.is_comparison:
        first = min(series.last[0] for series in chart.shown if series.last)
    return interval(first, next_period(last, chart.indicator.frequency) - datetime.timedelta(days=1))


def title(chart: Chart) -> str:
    """What a chart is about, without what stands around it on a page."""
    parts = [chart.indicator.label, places_shown(chart), chart.indicator.unit_name, time_shown(chart)]
    return " · ".join(part for part in parts if part)


def places_shown(chart: Chart) -> str:
    """The countries of a chart by name, of a map by number."""
    if chart.is_map:
        count = len(chart.shown)
        return ngettext("Newest values of %(number)s country", "Newest values of %(number)s countries", count) % {
            "number": number(count)
        }
    return ", ".join(series.country.label for series in chart.series)


def months_shown(timeline: Timeline) -> str:
    return interval(timeline.start, timeline.end - datetime.timedelta(days=1))


def source_text(indicator: Indicator) -> str:
    """Whom an indicator comes from, as its licence asks."""
    row = indicator.label_row
    return (
        row.attribution if row and row.attribution else f"{indicator.source.label}, {indicator.get_licence_display()}"
    )


def membership_text(membership: Membership) -> str:
    """As what, since when and until when a country belongs to the network."""
    facts = {"role": membership.get_role_display(), "start": membership.since.year}
    if membership.until:
        return _("%(role)s, %(start)s–%(end)s") % (facts | {"end": membership.until.year})
    return _("%(role)s since %(start)s") % facts


def absence(series: Series) -> str:
    """Why a country has no value: it is not covered at all, or has none in the time shown."""
    return _("no value") if series.is_covered else _("not covered")


def status_text(point: Point | Observation) -> str:
    """What is particular about a value; empty for a normal one."""
    return "" if point.status == ObservationStatus.NORMAL else str(ObservationStatus(point.status).label)


def change_text(figure: KeyFigure) -> str:
    """How the newest value differs from the one before, in the manner of its scale; empty where there is only one."""
    if figure.previous is None or figure.change is None or figure.series.last is None:
        return ""
    indicator = figure.indicator
    day, value = figure.previous
    before = period(day, indicator.frequency)
    if not figure.change:
        return _("unchanged since %(period)s") % {"period": before}
    if indicator.is_ordinal:
        return _("%(value)s in the period before (%(period)s)") % {"value": number(value, 0), "period": before}
    return _("%(change)s since %(period)s") % {"change": difference(indicator, figure.change, value), "period": before}


def own_figure(indicator: Indicator, own: Point) -> str:
    """What a country itself says, beside what international sources do."""
    value = _("no value") if own.value is None else compact(indicator, own.value)
    facts = {"value": value, "period": period(own.day, indicator.frequency)}
    return _("National figure: %(value)s (%(period)s)") % facts


def difference(indicator: Indicator, change: Decimal, before: Decimal) -> str:
    """A difference: in per cent for quantities, in points for shares and indices, which have no meaningful ratio."""
    if indicator.scale_type == ScaleType.PERCENT:
        return _("%(change)s percentage points") % {"change": signed(change, indicator.decimals)}
    if indicator.scale_type == ScaleType.INDEX or before <= 0:
        return signed(change, indicator.decimals)
    return _("%(change)s %%") % {"change": signed(100 * change / before, 1)}


def end_of_line(chart: Chart, series: Series) -> str:
    """What stands at the end of a line: the country, or the last value where there is only one country."""
    if len(chart.shown) > 1 or series.last is None:
        return series.country.label
    value = series.last[1]
    return tick(chart.indicator, value) if chart.indicator.is_ordinal else compact(chart.indicator, value)


def newest_text(chart: Chart, series: Series) -> str:
    """The newest value of a country, with its period where other countries have newer ones."""
    if series.last is None or chart.span is None:
        return absence(series)
    day, value = series.last
    text = compact(chart.indicator, value)
    return text if day == chart.span[1] else f"{text} ({period(day, chart.indicator.frequency)})"


def spell(indicator: Indicator, value: Decimal | None, days: Sequence[datetime.date]) -> str:
    """A level and the periods in which it was in force."""
    first, last = (period(day, indicator.frequency) for day in (days[0], days[-1]))
    when = first if first == last else f"{first} – {last}"
    return f"{when}: {_('no value') if value is None else value_text(indicator, value)}"


def measure_period(measure: Measure) -> str:
    """From when to when a measure was in force, and how well its end is known."""
    if measure.end:
        when = format_interval(measure.start, measure.end, "yMMMd", locale=cldr())
        return (
            _("%(period)s (end estimated)") % {"period": when} if measure.end_certainty == Certainty.ESTIMATED else when
        )
    start = {"date": format_date(measure.start, "medium", locale=cldr())}
    if measure.is_ongoing:
        return _("since %(date)s, in force") % start
    return _("from %(date)s, end not known") % start


def measure_start(measure: Measure) -> str:
    return format_date(measure.start, "medium", locale=cldr())


def measure_end(measure: Measure) -> str:
    """The last day of a measure, or what is known instead."""
    if measure.end:
        day = format_date(measure.end, "medium", locale=cldr())
        return _("about %(date)s (estimated)") % {"date": day} if measure.end_certainty == Certainty.ESTIMATED else day
    return _("still in force") if measure.is_ongoing else _("not known")


def description(chart: Chart) -> str:
    """What a chart shows, for readers who cannot see it: where each line begins and ends, how low and high it goes."""
    if chart.is_map:
        return map_description(chart)
    return " ".join(series_description(chart.indicator, series) for series in chart.series)


def map_description(chart: Chart) -> str:
    """Which countries have the highest and the lowest values of a map."""
    order = sorted((series for series in chart.shown if series.last), key=lambda one: one.known[-1][1])

    def named(rows: Sequence[Series]) -> str:
        return ", ".join(f"{one.country.label} ({compact(chart.indicator, one.known[-1][1])})" for one in rows)

    facts = {"number": number(len(order)), "high": named(order[: -NAMED - 1 : -1]), "low": named(order[:NAMED])}
    return _("Newest values of %(number)s countries. Highest: %(high)s. Lowest: %(low)s.") % facts


def series_description(indicator: Indicator, series: Series) -> str:
    known = series.known
    if not known:
        return f"{series.country.label}: {absence(series)}."
    low, high = (pick(known, key=lambda pair: pair[1]) for pick in (min, max))
    facts: dict[str, str] = {"country": series.country.label}
    for name, (day, value) in {"first": known[0], "last": known[-1], "low": low, "high": high}.items():
        facts[name] = tick(indicator, value) if indicator.is_ordinal else compact(indicator, value)
        facts[f"{name}_period"] = period(day, indicator.frequency)
    return (
        _(
            "%(country)s: from %(first)s (%(first_period)s) to %(last)s (%(last_period)s); "
            "lowest %(low)s (%(low_period)s), highest %(high)s (%(high_period)s)."
        )
        % facts
    )
