"""Downloads of figures."""

from __future__ import annotations

import csv
import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from reports.choices import Frequency, ObservationStatus
from reports.models import Indicator, Observation
from taxonomy.models import Country

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, QueryDict

# Spreadsheet programs take a file without this mark for one in the reader's legacy encoding.
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
MAX_COUNTRIES = 300
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
    indicator = get_object_or_404(Indicator.objects.select_related("source"), code=code)
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
