"""Downloads of figures, and charts for scripts."""

from __future__ import annotations

import csv
import datetime
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.languages import reader_language
from reports import wording
from reports.choices import Frequency
from reports.comparisons import Comparison
from reports.models import Indicator, Observation
from reports.vega.files import standalone
from taxonomy.models import Country

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, QueryDict

    from reports.charts import Chart

# Spreadsheet programs take a file without this mark for one in the reader's legacy encoding.
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
FIGURE_DIGITS = 4
COLUMNS = [
    "indicator_code",
    "indicator",
    "country_code",
    "country",
    "period",
    "frequency",
    "value",
    "unit",
    "status",
    "attribution",
    "licence",
]


class BadParameterError(ValueError):
    """A parameter that cannot be understood; the message says which, and what to do."""


@require_safe
@cache_control(public=True, max_age=600)
def indicator_csv(request: HttpRequest, code: str) -> HttpResponse:
    """Current values of an indicator as CSV (RFC 4180, UTF-8), narrowed by `country`, `from` and `to`.

    Periods are SDMX time periods, status codes those of the SDMX code list CL_OBS_STATUS; an empty value has status M.
    Every row names attribution and licence, so that they stay with the figures. A parameter that cannot be understood
    is answered with status 400 and a sentence.
    """
    if not code.isprintable():
        raise Http404("no such indicator")
    indicator = get_object_or_404(Indicator, code=code)
    try:
        rows = requested(indicator, request.GET)
    except BadParameterError as error:
        return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
    response = HttpResponse(BYTE_ORDER_MARK, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{indicator.code}.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    writer.writerows(lines(indicator, rows))
    return response


@require_safe
@cache_control(public=True, max_age=600)
def indicator_figure(request: HttpRequest, code: str) -> HttpResponse:
    """The figure of an indicator as a piece of a page, with a form by which its countries and its time are changed.

    `country`, `from`, `to` and `chart` choose what it shows, `figure` is its number on the page. As on the page of the
    indicator, what cannot be understood is ignored. Answers with 404 where no country is covered.
    """
    comparison, chart = asked_for(request, code)
    text = request.GET.get("figure", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= FIGURE_DIGITS else 1
    context = {"chart": chart, "comparison": comparison, "indicator": chart.indicator, "number": number}
    return TemplateResponse(request, "components/chart.html", context)


@require_safe
@cache_control(public=True, max_age=600)
def indicator_picture(request: HttpRequest, code: str) -> HttpResponse:
    """The chart of an indicator as SVG, for other programs; with `size=narrow` for places of the width of a telephone.

    It is chosen as by `indicator_figure`. Answers with 404 where there is nothing to draw, or where the countries must
    not be compared.
    """
    _comparison, chart = asked_for(request, code)
    found = {picture.name: picture for picture in chart.pictures}
    if not found:
        raise Http404("no drawing")
    picture = found.get(request.GET.get("size", "")) or next(iter(found.values()))
    svg = standalone(picture, reader_language(), wording.title(chart), wording.description(chart))
    return HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")


def asked_for(request: HttpRequest, code: str) -> tuple[Comparison, Chart]:
    """What the parameters ask for of an indicator, and its chart. Raises `Http404`."""
    indicators = Indicator.objects.filter(code=code).prefetch_related("value_labels")
    indicator = indicators.first() if code.isprintable() else None
    comparison = Comparison(indicator, request.GET) if indicator else None
    if comparison is None or comparison.chart is None:
        raise Http404("no such figure")
    return comparison, comparison.chart


def requested(indicator: Indicator, query: QueryDict) -> Any:
    """The rows that the parameters ask for, by country and period. Raises `BadParameterError`."""
    rows = Observation.objects.current().filter(indicator=indicator).order_by("country__code", "period_start")
    codes = dict.fromkeys(code.upper() for code in query.getlist("country"))
    if codes:
        possible = [code for code in codes if code.isascii() and code.isalpha()]
        known = dict(Country.objects.prefetch_related(None).filter(code__in=possible).values_list("code", "pk"))
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise BadParameterError(
                _("“country” must be a code of ISO 3166-1 such as KZ; this is none: %(code)s") % {"code": unknown[0]}
            )
        rows = rows.filter(country__in=known.values())
    if start := requested_day(query, "from"):
        rows = rows.filter(period_start__gte=start)
    if end := requested_day(query, "to"):
        rows = rows.filter(period_start__lte=end)
    return rows


def requested_day(query: QueryDict, name: str) -> datetime.date | None:
    text = query.get(name, "")
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        message = _("“%(name)s” must be a date such as 2020-01-31; this is none: %(text)s")
        raise BadParameterError(message % {"name": name, "text": text}) from error


def lines(indicator: Indicator, rows: Any) -> Iterator[list[str]]:
    countries = {country.pk: country for country in Country.objects.all()}
    label = indicator.label_row
    before = [indicator.code, indicator.label]
    after = [label.attribution if label else indicator.source.label, indicator.licence]
    for country_id, day, frequency, value, status in rows.values_list(
        "country_id", "period_start", "frequency", "value", "status"
    ):
        country = countries[country_id]
        number = "" if value is None else f"{value.normalize():f}"
        period = sdmx_period(day, frequency)
        yield [*before, country.code, country.label, period, frequency, number, indicator.unit_name, status, *after]


def sdmx_period(day: datetime.date, frequency: str) -> str:
    """A time period as SDMX writes it: 2020, 2020-Q1, 2020-01, 2020-W05 or 2020-01-31."""
    if frequency == Frequency.ANNUAL:
        return f"{day:%Y}"
    if frequency == Frequency.QUARTERLY:
        return f"{day:%Y}-Q{(day.month + 2) // 3}"
    if frequency == Frequency.WEEKLY:
        return f"{day:%G-W%V}"
    return f"{day:%Y-%m}" if frequency == Frequency.MONTHLY else day.isoformat()
