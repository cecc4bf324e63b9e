"""Indicators and measures as public JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cms.core.choices import LICENCE_URLS, Licence
from taxonomy.api.serialisers import label_of, texts_of

if TYPE_CHECKING:
    from cms.api.endpoints import Asked
    from cms.core.shapes import Label
    from reports.api.shapes import IndicatorJSON, LicenceJSON, MeasureJSON, Series
    from reports.models import Indicator, Measure


def choice(row: Any, name: str) -> Label:
    return {"code": str(getattr(row, name)), "label": str(getattr(row, f"get_{name}_display")())}


def licence_json(code: str) -> LicenceJSON:
    licence = Licence(code)
    return {"code": code, "label": str(licence.label), "url": LICENCE_URLS.get(licence, "")}


def series_json(indicator: Indicator) -> Series:
    row = indicator.label_row
    return {
        "code": indicator.code,
        "label": indicator.label,
        "unit": indicator.unit,
        "unit_label": indicator.unit_name,
        "scale_type": indicator.scale_type,
        "scale": [{"value": value, "label": label} for value, label in sorted(indicator.ordinal_labels.items())],
        "decimals": indicator.decimals,
        "frequency": choice(indicator, "frequency"),
        "source": {"code": indicator.source.code, "label": indicator.source.label},
        "source_url": indicator.source_url,
        "attribution": row.attribution if row else indicator.source.label,
        "licence": licence_json(indicator.licence),
    }


def indicator_json(indicator: Any, asked: Asked) -> IndicatorJSON:
    row = indicator.label_row
    item: IndicatorJSON = {
        **series_json(indicator),
        "labels": texts_of(indicator),
        "definitions": texts_of(indicator, "definition"),
        "short_name": row.short_name if row else "",
        "definition": row.definition if row else "",
        "caveats": row.caveats if row else "",
        "direction": indicator.direction,
        "aggregation": indicator.aggregation,
        "is_comparable": indicator.is_comparable,
        "update_days": indicator.update_days,
        "theme": label_of(indicator.theme),
        "coverage": {
            "countries": indicator.country_count,
            "first_period": indicator.first_period,
            "last_period": indicator.last_period,
        },
        "data_version": indicator.data_version,
    }
    if asked["locale"]:
        del item["labels"], item["definitions"]
    return item


def measure_json(measure: Measure, asked: Asked) -> MeasureJSON:
    text = measure.text
    item: MeasureJSON = {
        "id": measure.pk,
        "country": {"code": measure.country.code, "label": measure.country.label},
        "category": choice(measure, "category"),
        "title": measure.title,
        "description": text.description if text else "",
        "language": text.language if text else "",
        "announced": measure.announced,
        "start": measure.start,
        "end": measure.end,
        "end_certainty": choice(measure, "end_certainty"),
        "level": choice(measure, "level"),
        "geographic_scope": measure.geographic_scope,
        "target_groups": measure.target_groups,
        "bindingness": choice(measure, "bindingness"),
        "strength": measure.strength,
        "cccsl": list(measure.cccsl_theme or ()),
        "legal_act": measure.legal_act,
        "replaces": measure.replaces_id,
        "sources": [{"url": one.url, "language": one.language, "date": one.date} for one in measure.sources.all()],
    }
    if not asked["locale"]:
        texts = list(measure.texts.all())
        item["titles"] = {one.language: one.title for one in texts}
        item["descriptions"] = {one.language: one.description for one in texts if one.description}
    return item
