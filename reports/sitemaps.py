"""The pages of the indicators, which the list of indicators answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max

from cms.core.addresses import alternates
from cms.core.sitemaps import Entry
from reports.models import Indicator, IndicatorIndexPage, SeriesSummary

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence


class IndicatorSection:
    """Each indicator in each language that has a list of indicators."""

    def items(self) -> Any:
        return Indicator.objects.prefetch_related(None).order_by("pk")

    def changed(self) -> datetime.datetime | None:
        return SeriesSummary.objects.aggregate(newest=Max("changed"))["newest"]

    def entries(self, items: Sequence[Indicator]) -> list[Entry]:
        indexes = IndicatorIndexPage.objects.published().select_related("locale")
        lists = {page.locale.language_code: page for page in indexes}
        series = SeriesSummary.objects.filter(indicator__in=items)
        changed = dict(series.values_list("indicator").annotate(newest=Max("changed")))
        return [
            Entry(alternate.url, changed.get(indicator.pk), versions)
            for indicator in items
            for versions in [alternates(lists, f"{indicator.code}/")]
            for alternate in versions
            if alternate.language != "x-default"
        ]
