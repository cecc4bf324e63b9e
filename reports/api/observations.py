"""Values of indicators in the public API: as JSON or CSV, page by page or as a stream, with what describes them.

What names and explains the figures (unit, scale, source, attribution, licence) is in every answer: they must not be
parted from it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import F, Max, Min, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse

from cms.api.cursors import AFTER, beyond, next_address, read, written
from cms.api.endpoints import Asked, Endpoint
from cms.api.parameters import BadParameterError, Parameter, locale, moment, number, one_of, period, some_of
from cms.core.addresses import absolute
from cms.delivery.feed import settled_at
from reports.api import serialisers, shapes
from reports.api.endpoints import COUNTRIES, INDICATOR, TAG
from reports.choices import Frequency, ObservationStatus, Origin
from reports.downloads.csv_files import guarded, in_parts
from reports.downloads.notation import digits, sdmx_period
from reports.models import Indicator, Observation
from taxonomy.models import Country

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

ORDER = ("indicator", "country", "period_start", "origin", "id")
FACTS = ("frequency", "value", "status", "scope", "note")
MOST_ROWS = 50_000
ROWS = 1000
CHUNK = 5000
ALL = "all"
FORMATS = ("json", "csv")
COLUMNS = {
    "indicator_code": ("string", "Code of the indicator."),
    "indicator": ("string", "Its name."),
    "country_code": ("string", "ISO 3166-1 alpha-2."),
    "country": ("string", "Its name."),
    "period": ("string", "SDMX time period, such as 2020, 2020-Q1, 2020-01, 2020-W05 or 2020-01-31."),
    "frequency": ("string", "SDMX code list CL_FREQ."),
    "value": ("decimal", "Empty where there is none, which status M says."),
    "value_label": ("string", "What a value of an ordinal scale means."),
    "unit": ("string", "Of the value."),
    "status": ("string", "SDMX code list CL_OBS_STATUS."),
    "scope": ("string", "0 targeted, 1 general; of measures of the Oxford tracker."),
    "note": ("string", "On this value."),
    "origin": ("string", "international, or national: a figure of the country itself."),
    "attribution": ("string", "To be named wherever the figures are shown."),
    "licence": ("string", "SPDX identifier."),
}
FILTERS = (
    locale("The language of names and explanations; English without it."),
    INDICATOR,
    COUNTRIES,
    period("from", "Only periods that begin on this day or later.", example="2020-Q1"),
    period("to", "Only periods that begin on this day or earlier.", is_end=True, example="2021"),
    some_of("frequency", "Only some frequencies (SDMX code list CL_FREQ).", Frequency.values, example=["M"]),
    number("last", "Only the last so many periods of each series.", least=1, example=1),
    moment(
        "as_of",
        "The values as they were known at that moment; a day stands for its end. Without it: as they are known now.",
        is_end=True,
        example="2022-03-31",
    ),
    one_of(
        "origin",
        "Values from international sources, from the countries themselves, or all.",
        [*Origin.values, ALL],
        default=Origin.INTERNATIONAL.value,
    ),
)


def values(asked: Asked) -> Any:
    """The observations that are meant, in the order of `ORDER`."""
    origins = Origin if asked["origin"] == ALL else [Origin(asked["origin"])]
    known = Observation.objects
    rows = known.as_of(asked["as_of"], *origins) if asked["as_of"] else known.current(*origins)
    conditions = {
        "indicator__in": asked["indicator"] and [row.pk for row in asked["indicator"]],
        "country__in": asked["country"] and [row.pk for row in asked["country"]],
        "period_start__gte": asked["from"],
        "period_start__lte": asked["to"],
        "frequency__in": asked["frequency"],
    }
    rows = rows.filter(**{name: value for name, value in conditions.items() if value is not None})
    if asked["last"]:
        series = [F("indicator"), F("country"), F("origin")]
        place = Window(RowNumber(), partition_by=series, order_by=F("period_start").desc())
        rows = rows.annotate(place=place).filter(place__lte=asked["last"])
    return rows.order_by(*ORDER)


def behind(rows: Any, cursor: str) -> Any:
    """The rows behind the place that a cursor names. Raises `BadParameterError`."""
    if not cursor:
        return rows
    fields: list[Any] = [Observation._meta.get_field(name) for name in ORDER]
    try:
        places = [field.to_python(one) for field, one in zip(fields, read(cursor, len(ORDER)), strict=True)]
    except (TypeError, ValueError, OverflowError, ValidationError):
        places = [None]
    if None in places:
        raise BadParameterError(AFTER, "it must be empty, or come from the meta.next of the same list.")
    # The first condition says nothing new: by it, databases know where in the index to begin.
    return rows.filter(beyond([(field, False) for field in fields], places), indicator__gte=places[0])


class Reading:
    """Rows on their way out, with the names that explain them in the language of the answer."""

    def __init__(self, rows: Any, asked: Asked, size: int | None, known_at: datetime) -> None:
        self.size, self.goes_on, self.last = size, False, ()
        self._rows = rows.values_list(*ORDER, *FACTS)
        self.as_of = asked["as_of"] or known_at
        indicators = asked["indicator"] or Indicator.vocabulary().rows
        self.series = {row.pk: serialisers.series_json(row) for row in indicators}
        self.countries = {row.pk: (row.code, row.label) for row in Country.vocabulary().rows}
        self.seen: tuple[set[int], set[int]] = (set(), set())

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        rows = self._rows if self.size is None else self._rows[: self.size + 1]
        for number_, row in enumerate(rows.iterator(chunk_size=CHUNK)):
            if number_ == self.size:
                self.goes_on = True
                return
            self.last = row[: len(ORDER)]
            yield row

    def next(self, request: HttpRequest) -> str | None:
        return next_address(request, written(self.last)) if self.goes_on and self.last else None


def as_json(reading: Reading, request: HttpRequest) -> Iterator[str]:
    """The pieces of an `ObservationsJSON`; values have all their digits."""
    indicators, countries = {}, {}
    yield '{"items": ['
    comma = ""
    for indicator, country, day, origin, _id, frequency, value, status, scope, note in reading:
        series, (code, name) = reading.series[indicator], reading.countries[country]
        indicators[series["code"]], countries[code] = series, name
        item = {
            "indicator": series["code"],
            "country": code,
            "period": sdmx_period(day, frequency),
            "frequency": frequency,
            "status": status,
            "scope": scope,
            "note": note,
            "origin": origin,
        }
        yield f'{comma}{json.dumps(item, ensure_ascii=False)[:-1]}, "value": {digits(value) or "null"}}}'
        comma = ",\n"
    meta = {"next": reading.next(request), "as_of": reading.as_of.isoformat()}
    rest = {"indicators": indicators, "countries": countries, "meta": meta}
    yield f"],\n{json.dumps(rest, ensure_ascii=False)[1:]}"


def lines(reading: Reading) -> Iterator[tuple[str, ...]]:
    """The lines of a CSV file with `COLUMNS`."""
    scales = {pk: {one["value"]: one["label"] for one in series["scale"]} for pk, series in reading.series.items()}
    for indicator, country, day, origin, _id, frequency, value, status, scope, note in reading:
        series = reading.series[indicator]
        yield (
            series["code"],
            series["label"],
            *reading.countries[country],
            sdmx_period(day, frequency),
            frequency,
            digits(value),
            scales[indicator].get(value, ""),
            series["unit_label"],
            status,
            scope,
            guarded(note),
            origin,
            series["attribution"],
            series["licence"]["code"],
        )


class Observations(Endpoint):
    """Values by indicator, country and period.

    JSON comes page by page. CSV (`format=csv`, or the header `Accept: text/csv`) comes in one piece where no `limit` is
    given, however long it is. The header `Link` leads to what describes the columns.
    """

    tag, summary, item, is_list = TAG, "Values of indicators", shapes.ObservationsJSON, False
    other_types = ("text/csv",)
    is_by_version = True
    parameters = (
        *FILTERS,
        number("limit", "How many values to give.", least=1, most=MOST_ROWS, example=100),
        Parameter(AFTER, "Where to go on: from `meta.next`, or empty.", {"type": "string"}, str),
        one_of("format", "Without it, by the header Accept.", FORMATS, example="json"),
    )
    examples = ("", "indicator=OXCGRT.STRINGENCY&country=KZ&from=2021&last=1&locale=ru", "format=csv")

    def answer(self, asked: Asked, **keys: str) -> HttpResponseBase:
        is_csv = (
            asked["format"] or ("csv" if self.request.accepts("text/csv") and not self.is_json() else "")
        ) == "csv"
        size = asked["limit"] or (None if is_csv else ROWS)
        reading = Reading(behind(values(asked), asked[AFTER] or ""), asked, size, settled_at(self.request))
        pieces: Iterable[str] = in_parts(COLUMNS, lines(reading)) if is_csv else as_json(reading, self.request)
        kind = "text/csv; charset=utf-8; header=present" if is_csv else "application/json"
        response: HttpResponseBase
        # Where a part of a CSV file goes on stands in a header, and is known once all of the part was read.
        if size is None or (size > CHUNK and not is_csv):
            response = StreamingHttpResponse(pieces, content_type=kind)
        else:
            response = HttpResponse("".join(pieces), content_type=kind)
        query = self.request.GET.copy()
        for name in ("limit", AFTER, "format"):
            query.pop(name, None)
        described = f"{absolute(reverse('api_observations_metadata'))}?{query.urlencode()}"
        further = reading.next(self.request)
        response["Link"] = ", ".join(
            [f'<{described}>; rel="describedby"', *([f'<{further}>; rel="next"'] if further else [])]
        )
        response["Vary"] = "Accept"
        return response

    def is_json(self) -> bool:
        return self.request.accepts("application/json")


class Metadata(Endpoint):
    """What the values are: how many, of which indicators, from whom, and what the columns of the CSV file mean."""

    tag, summary, item, is_list = TAG, "What describes values of indicators", shapes.MetadataJSON, False
    is_by_version = True
    parameters = FILTERS
    examples = ("", "indicator=OXCGRT.STRINGENCY&locale=ru")

    def answer(self, asked: Asked, **keys: str) -> HttpResponseBase:
        rows = values(asked)
        figures = rows.aggregate(first=Min("period_start"), last=Max("period_start"))
        shown = {*rows.order_by().values_list("indicator", flat=True).distinct()}
        query = self.request.GET.copy()
        query["format"] = "csv"
        described: shapes.Described = {
            "rows": rows.count(),
            "first_period": figures["first"],
            "last_period": figures["last"],
            "as_of": asked["as_of"] or settled_at(self.request),
            "origin": asked["origin"],
            "indicators": [serialisers.series_json(row) for row in Indicator.vocabulary().rows if row.pk in shown],
            "statuses": [{"code": code, "label": str(label)} for code, label in ObservationStatus.choices],
            "frequencies": [{"code": code, "label": str(label)} for code, label in Frequency.choices],
        }
        columns: list[shapes.ColumnJSON] = [
            {"name": name, "titles": name, "datatype": kind, "description": text}
            for name, (kind, text) in COLUMNS.items()
        ]
        content: shapes.MetadataJSON = {
            "@context": "http://www.w3.org/ns/csvw",
            "url": f"{absolute(reverse('api_observations'))}?{query.urlencode()}",
            "tableSchema": {"columns": columns},
            "notes": described,
        }
        return self.json(content)
