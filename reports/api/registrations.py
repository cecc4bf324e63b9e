"""What indicators, their values and measures add to the public API."""

from cms.api.registries import register_endpoint, register_page_loader
from reports.api import endpoints, observations
from reports.editions import load_fixed
from reports.models import CountryReportPage


def register() -> None:
    register_page_loader(CountryReportPage, "indicator_panel", load_fixed)
    register_endpoint("indicators/", endpoints.Indicators)
    register_endpoint("indicators/<str:code>/", endpoints.IndicatorDetail)
    register_endpoint("measures/", endpoints.Measures)
    register_endpoint("measures/<id:code>/", endpoints.MeasureDetail)
    register_endpoint("observations/", observations.Observations)
    register_endpoint("observations/metadata/", observations.Metadata)
