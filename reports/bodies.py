"""What the charts and timelines in a page's body show, loaded together with those that the page has beside it."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from cms.core import memory
from cms.core.blocks import ChartType
from cms.core.bodies import blocks_of
from reports import charts, loading
from reports.models.measures import Measure, in_force

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from reports.charts import Chart
    from reports.loading import Need
    from taxonomy.models import Country


def charted(block: Any) -> Need:
    """The indicators, the countries and the time of a chart block; what was deleted since is left out."""
    indicators, countries = ([one for one in block[name] if one] for name in ("indicators", "countries"))
    return indicators, countries, block["start"], block["end"]


def charts_of(block: Any) -> list[Chart]:
    """The charts of a chart block, one for each indicator."""
    indicators, countries, start, end = charted(block)
    return charts.charts_for(indicators, countries, charts.Form(start, end, block["chart_type"], block["note"]))


def block_charts(page: Any) -> list[Chart]:
    """The charts in the body of a page."""
    return [chart for block in blocks_of(page, "indicator_chart") for chart in charts_of(block)]


def load_charts(page: Any) -> None:
    """Load the values of all charts in the body of a page for the present request. Maps load theirs by themselves."""
    histories = [block for block in blocks_of(page, "indicator_chart") if block["chart_type"] != ChartType.MAP]
    loading.load_histories(*map(charted, histories))


def load_measures(page: Any, ids: Iterable[int] = ()) -> dict[int, Measure]:
    """Measures by id: some, and those of all timelines in the body of a page, loaded once in a request."""
    known = memory.objects()
    key = ("measures", page.pk)
    if key not in known:
        wanted = [
            Q(country=block["country"]) & in_force(block["start"], block["end"])
            for block in blocks_of(page, "measure_timeline")
            if block["country"]
        ]
        rows = Measure.objects.filter(reduce(or_, wanted, Q(pk__in=list(ids)))).prefetch_related("texts", "sources")
        known[key] = {measure.pk: measure for measure in rows}
    return known[key]


def measures_of(
    page: Any, country: Country, start: datetime.date | None, end: datetime.date | None
) -> Sequence[Measure]:
    """The measures of a timeline in the body of a page: of a country, in force between two days."""
    return [one for one in load_measures(page).values() if one.country_id == country.pk and one.is_in_force(start, end)]
