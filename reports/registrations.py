"""What countries, reports and indicators add to the search, the feeds and the countries' profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cms.core.addresses import index_paths, page_path
from cms.core.registries import CountrySection, register_country_profiles, register_country_section
from cms.core.structured_data import describe
from cms.workflows.registries import register_country_owned
from reports.models import (
    CountryIndexPage,
    CountryPage,
    CountryReportPage,
    Indicator,
    IndicatorIndexPage,
    Measure,
    ReportIndexPage,
)
from reports.search import FACETS
from reports.structured_data import describe_countries, describe_indicators, describe_report
from search.registries import ContentKind, RowHit, RowKind, register_content_kind, register_row_kind

if TYPE_CHECKING:
    from search.analysis import Words
    from taxonomy.models import Country


ROWS = 6


def find_indicators(words: Words) -> list[RowHit]:
    """Indicators whose code, name or definition in the reader's language holds all words; names first.

    There are hundreds of indicators, not thousands, and SQLite knows capital letters of the Latin alphabet only, so
    that they are compared here and not in the database.
    """
    found: list[tuple[bool, Indicator, str]] = []
    for indicator in Indicator.vocabulary().rows:
        row = indicator.label_row
        names = [indicator.code, row.label, row.short_name] if row else [indicator.code]
        definition = row.definition if row else ""
        if words.match(*names, definition):
            found.append((not words.match(*names), indicator, definition))
    path = index_paths().get(IndicatorIndexPage, "")
    return [
        RowHit(indicator.label, definition, f"{path}{indicator.code}/")
        for _only_defined, indicator, definition in sorted(found, key=lambda entry: entry[0])
        if path
    ]


def reports_of(country: Country) -> Any:
    """The reports of a country, the newest period first."""
    reports = CountryReportPage.objects.for_readers().filter(country=country)
    return reports.order_by("-period_end", "-edition", "pk").for_rows()[:ROWS]


def profiles() -> dict[int, str]:
    """Where the profiles of countries stand for the reader, by country id."""
    pages = CountryPage.objects.for_readers().select_related("locale").defer_streamfields()
    return {page.country_id: page_path(page) for page in pages if page.country_id}


def measures_of(country: Country) -> Any:
    return Measure.objects.of_country(country)


def register() -> None:
    """Make countries, reports and indicators known to the lower layers."""
    describe.register(CountryIndexPage, describe_countries)
    register_country_owned(CountryPage)
    register_country_owned(CountryReportPage, CountryPage)
    describe.register(CountryReportPage, describe_report)
    describe.register(IndicatorIndexPage, describe_indicators)
    register_content_kind(ContentKind("countries", 20, _("Countries"), CountryPage))
    register_content_kind(
        ContentKind("reports", 30, _("Country reports"), CountryReportPage, index=ReportIndexPage, facets=FACETS)
    )
    register_row_kind(RowKind("indicators", 60, _("Indicators"), find_indicators))
    register_country_profiles(profiles)
    register_country_section(CountrySection("reports", 5, "reports/country_reports.html", reports_of))
    register_country_section(CountrySection("measures", 20, "reports/country_measures.html", measures_of))
