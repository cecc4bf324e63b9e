"""Downloads of figures, and charts for scripts."""

from __future__ import annotations

import functools
import io
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.core.addresses import absolute
from cms.languages import reader_language
from reports import wording
from reports.comparisons import Comparison
from reports.downloads.csv_files import csv_parts
from reports.downloads.csvw import csvw
from reports.downloads.json_files import json_parts
from reports.downloads.metadata import facts
from reports.downloads.rows import rows_of
from reports.downloads.selection import BadParameterError, Selection, selected
from reports.downloads.workbooks import MOST_IN_A_SHEET, write_workbook
from reports.models import Indicator
from reports.vega.files import standalone

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from reports.charts import Chart

JSON_TYPE = "application/json; charset=utf-8"
METADATA_TYPE = "application/csvm+json"
FIGURE_DIGITS = 4


def download(answer: Callable[[HttpRequest, Selection], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of the figures of an indicator that the parameters select (see `reports.downloads.selection`).

    A parameter that cannot be understood is answered with status 400 and a sentence that names it.
    """

    @require_safe
    @cache_control(public=True, max_age=600)
    @functools.wraps(answer)
    def view(request: HttpRequest, code: str) -> HttpResponseBase:
        if not code.isprintable():
            raise Http404("no such indicator")
        indicator = get_object_or_404(Indicator, code=code)
        try:
            return answer(request, selected(indicator, request.GET))
        except BadParameterError as error:
            return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")

    return view


@download
def indicator_csv(request: HttpRequest, selection: Selection) -> HttpResponseBase:
    """Figures as CSV (RFC 4180, UTF-8).

    Periods are SDMX time periods, status codes those of the SDMX code list CL_OBS_STATUS; an empty value has status M.
    """
    code = selection.indicator.code
    parts = csv_parts(selection.indicator, rows_of(selection))
    described_by = f'<{address("indicator_metadata", request, code)}>; rel="describedby"; type="{METADATA_TYPE}"'
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=f"{code}.csv"),
        "Link": described_by,
    }
    return StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8", headers=headers)


@download
def indicator_json(request: HttpRequest, selection: Selection) -> HttpResponseBase:
    """Figures with their metadata as one JSON document."""
    known = facts(selection) | {"csv": address("indicator_csv", request, selection.indicator.code)}
    return StreamingHttpResponse(json_parts(known, rows_of(selection)), content_type=JSON_TYPE)


@download
def indicator_metadata(request: HttpRequest, selection: Selection) -> HttpResponseBase:
    """What has to be known of the CSV file with the same parameters, after the W3C's CSV on the Web."""
    csv_address = address("indicator_csv", request, selection.indicator.code)
    return JsonResponse(
        csvw(selection, csv_address), content_type=METADATA_TYPE, json_dumps_params={"ensure_ascii": False}
    )


@download
def indicator_xlsx(request: HttpRequest, selection: Selection) -> HttpResponseBase:
    """Figures and their metadata as a spreadsheet, which holds so many rows only."""
    known = facts(selection)
    number = known["coverage"]["rows"]
    if number > MOST_IN_A_SHEET:
        message = _(
            "A spreadsheet holds at most %(most)s rows here, and these are %(number)s. "
            "Narrow them by “country”, “from” and “to”, or take the CSV file."
        )
        raise BadParameterError(message % {"most": MOST_IN_A_SHEET, "number": number})
    file = io.BytesIO()
    write_workbook(file, known, rows_of(selection))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{selection.indicator.code}.xlsx")


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


def address(name: str, request: HttpRequest, code: str) -> str:
    """Where another form of the same figures stands, with the parameters of the request."""
    query = request.META.get("QUERY_STRING", "")
    path = absolute(reverse(name, args=[code]))
    return f"{path}?{quote(query, safe='=&%+:')}" if query else path
