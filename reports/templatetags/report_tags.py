"""Charts, figures and timelines on pages, and the blocks of a page body that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from cms.core.addresses import index_paths
from cms.core.templatetags.display_tags import number, period
from reports import charts, timelines, wording
from reports.bodies import charts_of, load_charts, measures_of
from reports.models import IndicatorIndexPage, Measure
from reports.vega import maps
from search.registries import feed_kinds

if TYPE_CHECKING:
    from decimal import Decimal

    from django.template.context import Context
    from django.utils.safestring import SafeString

    from reports.key_figures import ProfileFigure
    from reports.models import Indicator
    from reports.timelines import Timeline
    from reports.vega.rendering import Picture

register = template.Library()

register.filter("status_text", wording.status_text)
register.filter("chart_description", wording.description)
register.filter("membership_text", wording.membership_text)
register.filter("short_period", wording.short_period)
register.filter("time_shown", wording.time_shown)
register.filter("places_shown", wording.places_shown)
register.filter("shades", maps.shades_of)
register.filter("too_small", maps.without_outline)
register.filter("months_shown", wording.months_shown)
register.simple_tag(wording.interval, name="interval")


@register.filter
def value_of(indicator: Indicator, value: Decimal) -> str:
    """A value as in a table, on an ordinal scale with its meaning."""
    return wording.value_text(indicator, value)


@register.inclusion_tag("components/key_figure.html")
def key_figure(figure: ProfileFigure) -> dict[str, Any]:
    """The newest value of an indicator for a country, when it is from, how it changed, and its history."""
    indicator, newest = figure.indicator, figure.newest
    row = indicator.label_row
    facts: list[str] = []
    value = ""
    if newest and newest.value is not None:
        value = wording.compact(indicator, newest.value)
        meaning = indicator.ordinal_labels.get(int(newest.value), "") if indicator.is_ordinal else ""
        status = wording.status_text(newest)
        facts = [meaning, period(newest.day, indicator.frequency), status, wording.change_text(figure.figure)]
    return {
        "value": value,
        "unit": indicator.unit_name,
        "label": (row.short_name if row else "") or indicator.label,
        "note": " · ".join(fact for fact in facts if fact),
        "url": indicator_url(indicator),
        "series": figure.figure.sparkline,
        "absence": wording.absence(figure.figure.series),
        "is_better": figure.is_better,
        "own": wording.own_figure(indicator, figure.own) if figure.own else "",
    }


@register.simple_tag
def indicator_url(indicator: Indicator) -> str:
    """Where an indicator is explained; empty where the site has no list of indicators in the reader's language."""
    path = index_paths().get(IndicatorIndexPage, "")
    return f"{path}{indicator.code}/" if path else ""


@register.simple_tag
def list_path(kind: str) -> str:
    """Where the list of a type of page stands, by its key in the registry of feeds; empty where there is none."""
    kinds = feed_kinds()
    return index_paths().get(kinds[kind].index, "") if kind in kinds else ""


@register.simple_tag(takes_context=True)
def map_disclaimer(context: Context) -> str:
    """What stands under a map: the words of the page, else of the list of indicators, else the platform's own."""
    if own := getattr(context.get("page"), "map_disclaimer", ""):
        return str(own)
    pages = IndicatorIndexPage.objects.for_readers().exclude(map_disclaimer="")
    return pages.values_list("map_disclaimer", flat=True).first() or _(
        "The borders, names and colours on this map say nothing about the legal status of any country or territory. "
        "Outlines: Natural Earth, simplified."
    )


@register.simple_tag(takes_context=True)
def csv_url(context: Context, chart: charts.Chart) -> str:
    """Where the values of a chart can be downloaded; those of a map with all countries for all of these.

    Those of a moment where the template says `as_of`.
    """
    query = [] if chart.is_of_all else [("country", series.country.code) for series in chart.covered]
    if chart.span:
        query += [("from", chart.span[0].isoformat()), ("to", chart.span[1].isoformat())]
    if moment := context.get("as_of"):
        query.append(("as_of", moment.isoformat()))
    return f"{reverse('indicator_csv', args=[chart.indicator.code])}?{urlencode(query)}"


@register.simple_tag
def picture_url(chart: charts.Chart) -> str:
    """Where the chart stands as a file of its own."""
    return f"{reverse('indicator_picture', args=[chart.indicator.code])}?{urlencode(choice(chart))}"


@register.simple_tag
def choice_url(chart: charts.Chart) -> str:
    """The page of the indicator with the countries and the time of a chart, where both can be changed."""
    return f"{indicator_url(chart.indicator)}?{urlencode(choice(chart))}"


@register.simple_tag
def figure_url(chart: charts.Chart, number: int) -> str:
    """Where a script finds the figure with a form in it, by which countries and time are changed."""
    return (
        f"{reverse('indicator_figure', args=[chart.indicator.code])}?{urlencode([*choice(chart), ('figure', number)])}"
    )


def choice(chart: charts.Chart) -> list[tuple[str, str]]:
    """The countries, the time and the form of a chart as parameters."""
    form = chart.form
    dates = [("from", form.start), ("to", form.end)]
    return [
        *(("country", series.country.code) for series in chart.series if not chart.is_of_all),
        *((name, day.isoformat()) for name, day in dates if day),
        ("chart", chart.chart_type),
    ]


@register.simple_tag
def marks_of(picture: Picture, number: int) -> SafeString:
    """The marks of a picture; the hatching that they refer to has a name of its own in each figure."""
    return mark_safe(picture.marks(f"hatch-{number}-{picture.name}"))  # noqa: S308 - cleaned by `rendering`


@register.simple_tag(takes_context=True)
def next_figure(context: Context) -> int:
    """The number of the next figure on the page, from 1 on, in the order in which figures stand on it."""
    request = context.get("request")
    if request is None:
        return 1
    request.figures_numbered = getattr(request, "figures_numbered", 0) + 1
    return int(request.figures_numbered)


@register.simple_tag(takes_context=True)
def indicator_charts(context: Context, block: Any) -> list[charts.Chart]:
    """The charts of an indicator chart block, with one query for the values of all such blocks of the page."""
    if page := context.get("page"):
        load_charts(page)
    return charts_of(block)


@register.simple_tag(takes_context=True)
def block_timeline(context: Context, block: Any) -> Timeline | None:
    """The timeline of a measures timeline block; None where its country was deleted."""
    country, start, end = block["country"], block["start"], block["end"]
    if not country:
        return None
    if page := context.get("page"):
        return timelines.build_timeline(measures_of(page, country, start, end), start, end)
    return timelines.build_timeline(Measure.objects.of_country(country).in_force(start, end), start, end)


@register.simple_tag
def timeline_of(measures: Any) -> Timeline:
    """The timeline of some measures, from the first of them on."""
    return timelines.build_timeline(measures)


@register.simple_tag
def report_line(report: Any) -> str:
    """The reporting period and the edition of a report."""
    edition = _("Edition %(number)s") % {"number": number(report.edition)}
    return " · ".join(part for part in (wording.interval(report.period_start, report.period_end), edition) if part)


@register.simple_tag
def key_figure_sources(figures: list[ProfileFigure]) -> list[str]:
    """Whom the key figures come from, each once, with the licence."""
    return list(dict.fromkeys(wording.source_text(figure.indicator) for figure in figures))


@register.simple_tag
def numbers_of(profile: Any, numbers: dict[int, list[tuple[str, int]]]) -> list[tuple[str, int]]:
    """How many pages of each type there are about the country of a profile."""
    return numbers.get(profile.country_id, [])
