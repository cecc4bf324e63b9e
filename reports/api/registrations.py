"""What indicators, their values and measures add to the public API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cms.api.registries import register_endpoint, register_page_loader
from cms.delivery.registries import register_kind, register_showing
from reports.api import endpoints, observations
from reports.api.representations import INDICATORS, MEASURES
from reports.editions import load_fixed
from reports.models import CountryPage, CountryReportPage

if TYPE_CHECKING:
    from collections.abc import Iterable


def countries_with(profiles: Iterable[int]) -> Iterable[int]:
    """The ids of the countries whose profiles are some pages: countries tell where theirs stand."""
    return CountryPage.objects.filter(pk__in=profiles).exclude(country=None).values_list("country", flat=True)


def register() -> None:
    register_page_loader(CountryReportPage, "indicator_panel", load_fixed)
    register_endpoint("indicators/", endpoints.Indicators)
    register_endpoint("indicators/<str:code>/", endpoints.IndicatorDetail)
    register_endpoint("measures/", endpoints.Measures)
    register_endpoint("measures/<id:code>/", endpoints.MeasureDetail)
    register_endpoint("observations/", observations.Observations)
    register_endpoint("observations/metadata/", observations.Metadata)
    register_kind(INDICATORS)
    register_kind(MEASURES)
    register_showing(countries_with, "countries")
