"""Country reports and indicators as schema.org things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from cms.core.addresses import absolute, page_url
from cms.core.structured_data import Thing, collection, filled, organisation, work
from reports.models import CountryIndexPage, CountryReportPage, Indicator, IndicatorIndexPage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.coverage import Coverage

DOWNLOADS = {
    "indicator_csv": "text/csv",
    "indicator_json": "application/json",
    "indicator_xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def describe_report(page: CountryReportPage, context: Mapping[str, Any]) -> Thing:
    period = f"{page.period_start}/{page.period_end}" if page.period_start and page.period_end else None
    author = organisation(page.author_organisation) if page.author_organisation else None
    return work(
        "Report",
        page,
        context,
        headline=page.title,
        temporalCoverage=period,
        version=page.edition,
        **({"author": author} if author else {}),
    )


def describe_countries(page: CountryIndexPage, context: Mapping[str, Any]) -> Thing:
    profiles = [profile for _region, profiles in context.get("regions", []) for profile in profiles]
    return collection(page, context, profiles)


def describe_indicators(page: IndicatorIndexPage, context: Mapping[str, Any]) -> Thing:
    """The list of indicators, or the one of them that is shown."""
    indicator = context.get("indicator")
    return (
        dataset(page, indicator, context["coverage"]) if isinstance(indicator, Indicator) else collection(page, context)
    )


def dataset(page: IndicatorIndexPage, indicator: Indicator, coverage: Coverage) -> Thing:
    """An indicator as a data set, with the period that its values cover."""
    row, code = indicator.label_row, indicator.code
    return filled(
        {
            "@type": "Dataset",
            "@id": f"{page_url(page)}{code}/#dataset",
            "url": f"{page_url(page)}{code}/",
            "identifier": code,
            "name": indicator.label,
            "description": row.definition if row else "",
            "inLanguage": row.language if row else "",
            "license": indicator.licence_url,
            "creator": organisation(indicator.source),
            "creditText": row.attribution if row else "",
            "isBasedOn": indicator.source_url,
            "dateModified": coverage.changed,
            "temporalCoverage": f"{coverage.first}/{coverage.last}" if coverage.first else None,
            "variableMeasured": filled(
                {
                    "@type": "PropertyValue",
                    "name": indicator.label,
                    "unitText": (row and row.unit_label) or indicator.unit,
                }
            ),
            "isAccessibleForFree": True,
            "distribution": [
                {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": absolute(reverse(name, args=[code]))}
                for name, kind in DOWNLOADS.items()
            ],
        }
    )
