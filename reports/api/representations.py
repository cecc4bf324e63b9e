"""What the published ledger keeps of indicators and measures: what their endpoints give, in all languages."""

from dataclasses import replace

from cms.api.representations import of_endpoint
from reports.api.endpoints import Indicators, Measures
from reports.models import Indicator, Measure
from taxonomy.models import Country, Organisation, Theme

INDICATORS = of_endpoint(
    "indicators", Indicator, Indicators, shows=((Organisation, "source__in"), (Theme, "theme__in"))
)
MEASURES = replace(
    of_endpoint("measures", Measure, Measures, shows=((Country, "country__in"), (Measure, "replaces__in"))), named_by=""
)
