"""Indicators and measures in the public API."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from cms.api.endpoints import Asked, DetailEndpoint, ListEndpoint
from cms.api.parameters import Parameter, codes, day, number, period, some_of, text
from reports.api import serialisers, shapes
from reports.choices import Frequency, MeasureCategory, MeasureLevel, ScaleType
from reports.models import Indicator, Measure
from taxonomy.api.filters import with_descendants
from taxonomy.models import Country, Organisation, Theme

TAG = "Statistics"
INDICATOR = codes(
    "indicator",
    "Only some indicators, by their codes.",
    lambda: Indicator.vocabulary().by_code,
    example=["OXCGRT.STRINGENCY"],
)
COUNTRIES = codes(
    "country",
    "Only some countries (ISO 3166-1 alpha-2).",
    lambda: Country.vocabulary().by_code,
    example=["KZ"],
)


class Indicators(ListEndpoint):
    """Indicators by their codes, with what must be known to read their values."""

    is_kept = True
    tag, summary, item = TAG, "Indicators", shapes.IndicatorJSON
    filters = (
        codes("code", "Only these.", lambda: Indicator.vocabulary().by_code, example=["OXCGRT.STRINGENCY"]),
        codes("theme", "Only those of some themes, or of themes below them.", lambda: Theme.vocabulary().by_code),
        codes("source", "Only those of some organisations.", lambda: Organisation.vocabulary().by_code),
        some_of("frequency", "Only those with values of some frequencies.", Frequency.values, example=["M"]),
        some_of("scale_type", "Only those on some kinds of scale.", ScaleType.values, example=["index"]),
        text("q", "Only those of which a name or the code contains these letters.", example="stringency"),
    )
    examples = ("", "locale=ru", "frequency=M&q=stringency")

    def rows(self, asked: Asked, code: str = "") -> Any:
        rows = Indicator.objects.all()
        if asked["code"] is not None:
            rows = rows.filter(pk__in=[row.pk for row in asked["code"]])
        if asked["theme"] is not None:
            rows = rows.filter(theme__in=with_descendants(asked["theme"]))
        if asked["source"] is not None:
            rows = rows.filter(source__in=[row.pk for row in asked["source"]])
        if asked["frequency"] is not None:
            rows = rows.filter(frequency__in=asked["frequency"])
        if asked["scale_type"] is not None:
            rows = rows.filter(scale_type__in=asked["scale_type"])
        return rows.matching(asked["q"]) if asked["q"] else rows

    @staticmethod
    def load(rows: Any) -> list[Any]:
        return list(rows.with_coverage().prefetch_related("value_labels"))

    shape = staticmethod(serialisers.indicator_json)


class IndicatorDetail(DetailEndpoint):
    is_kept = True
    tag, summary, item = TAG, "One indicator", shapes.IndicatorJSON
    in_path = (Parameter("code", "Of the indicator.", {"type": "string"}, str, example="OXCGRT.STRINGENCY"),)

    def find(self, code: str) -> Any:
        if code not in Indicator.vocabulary().by_code:
            raise Http404(f"There is no indicator {code}.")
        (row,) = Indicators.load(Indicator.objects.filter(code=code))
        return row

    shape = staticmethod(serialisers.indicator_json)


class Measures(ListEndpoint):
    """Government measures, the newest first."""

    is_kept = True
    tag, summary, item = TAG, "Measures", shapes.MeasureJSON
    filters = (
        COUNTRIES,
        some_of("category", "Only some categories (OxCGRT code book of 2021).", MeasureCategory.values, example=["C1"]),
        some_of("level", "Only those of some levels of government.", MeasureLevel.values, example=["national"]),
        day("in_force", "Only those in force on this day.", example="2020-04-01"),
        period("from", "Only those in force on this day or later.", example="2020"),
        period("to", "Only those that began on this day or earlier.", is_end=True, example="2021-Q2"),
    )
    examples = ("", "country=KZ&category=C1&locale=ru", "in_force=2020-04-01", "from=2020&to=2021-Q2")

    def rows(self, asked: Asked, code: str = "") -> Any:
        rows = Measure.objects.all()
        if asked["country"] is not None:
            rows = rows.filter(country__in=[row.pk for row in asked["country"]])
        if asked["category"] is not None:
            rows = rows.filter(category__in=asked["category"])
        if asked["level"] is not None:
            rows = rows.filter(level__in=asked["level"])
        if asked["in_force"]:
            rows = rows.in_force(asked["in_force"], asked["in_force"])
        return rows.in_force(asked["from"], asked["to"]).order_by("-start", "pk")

    @staticmethod
    def load(rows: Any) -> list[Any]:
        return list(rows.prefetch_related("texts", "sources"))

    shape = staticmethod(serialisers.measure_json)


class MeasureDetail(DetailEndpoint):
    is_kept = True
    tag, summary, item = TAG, "One measure", shapes.MeasureJSON
    in_path = (number("code", "Its id.", least=1, example=1),)

    def find(self, code: str) -> Any:
        rows = Measures.load(Measure.objects.filter(pk=code))
        if not rows:
            raise Http404(f"There is no measure {code}.")
        return rows[0]

    shape = staticmethod(serialisers.measure_json)
