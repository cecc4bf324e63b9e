"""What indicators, their values and measures add to the public API."""

from cms.api.registries import register_endpoint
from reports.api import endpoints, observations


def register() -> None:
    register_endpoint("indicators/", endpoints.Indicators)
    register_endpoint("indicators/<str:code>/", endpoints.IndicatorDetail)
    register_endpoint("measures/", endpoints.Measures)
    register_endpoint("measures/<id:code>/", endpoints.MeasureDetail)
    register_endpoint("observations/", observations.Observations)
    register_endpoint("observations/metadata/", observations.Metadata)
