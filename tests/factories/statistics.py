"""Indicators with their numbers, and measures."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cms.core.choices import Licence
from reports.choices import Frequency, MeasureCategory, ObservationStatus, ScaleType
from reports.models import Indicator, Measure, MeasureText, Observation, SeriesSummary
from reports.services import summarise
from tests.factories.vocabularies import add_labels, make_country, make_organisation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taxonomy.models import Country

IMPORTED = datetime.datetime(2022, 3, 1, 12, tzinfo=datetime.UTC)


def make_indicator(code: str = "OXCGRT.STRINGENCY", *, labels: dict[str, str] | None = None, **facts: Any) -> Indicator:
    defaults = {
        "unit": "points",
        "scale_type": ScaleType.INDEX,
        "decimals": 1,
        "frequency": Frequency.MONTHLY,
        "licence": Licence.CC_BY,
        "source_url": "https://statistics.example.org/series",
        "source_id": make_organisation("oxford", labels={"en": "University of Oxford"}).pk,
    }
    indicator, _created = Indicator.objects.get_or_create(code=code, defaults=defaults | facts)
    return add_labels(
        indicator,
        labels if labels is not None else {"en": code.rsplit(".", 1)[-1].capitalize()},
        definition="What the figure counts, and how.",
        attribution="Hale et al. (2021), Oxford COVID-19 Government Response Tracker",
    )


def observe(
    indicator: Indicator,
    country: Country,
    values: Mapping[str, float | str | None],
    valid_from: datetime.datetime = IMPORTED,
    **facts: Any,
) -> list[Observation]:
    """Values by ISO date; None is a period without a value."""
    rows = Observation.objects.bulk_create(
        Observation(
            indicator=indicator,
            country=country,
            period_start=datetime.date.fromisoformat(day),
            frequency=indicator.frequency,
            value=None if value is None else Decimal(str(value)),
            status=ObservationStatus.MISSING if value is None else ObservationStatus.NORMAL,
            valid_from=valid_from,
            **facts,
        )
        for day, value in values.items()
    )
    summarise_again(indicator)
    return rows


def summarise_again(indicator: Indicator) -> None:
    """Write anew what is kept of the series of an indicator, after its observations were changed by hand."""
    SeriesSummary.objects.filter(indicator=indicator).delete()
    touched = "SELECT DISTINCT indicator_id, country_id FROM reports_observation WHERE indicator_id = %(indicator)s"
    summarise(touched, indicator=indicator.pk)


def revise(observation: Observation, value: float, moment: datetime.datetime | None = None) -> Observation:
    """Close a row and open one with the new value, as an import does."""
    moment = moment or timezone.now()
    observation.valid_to = moment
    observation.save()
    return observe(observation.indicator, observation.country, {observation.period_start.isoformat(): value}, moment)[0]


def make_measure(country: Country | None = None, *, titles: dict[str, str] | None = None, **facts: Any) -> Measure:
    """A measure with a title in each given language."""
    defaults: dict[str, Any] = {"category": MeasureCategory.C1, "start": datetime.date(2020, 3, 16)}
    measure = Measure.objects.create(country=country or make_country(), **(defaults | facts))
    for language, title in ({"en": "Schools closed"} if titles is None else titles).items():
        MeasureText.objects.create(measure=measure, language=language, title=title)
    return measure
