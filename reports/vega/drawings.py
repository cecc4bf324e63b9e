"""Which drawing a chart is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cms.core.blocks import ChartType
from reports.vega.bars import columns, comparison
from reports.vega.histories import histories
from reports.vega.maps import world
from reports.vega.multiples import multiples
from reports.vega.rows import levels

if TYPE_CHECKING:
    from reports.charts import Chart
    from reports.vega.sheets import Specification


def specifications(chart: Chart) -> list[Specification]:
    """A chart for each size in which it is shown. It has a value, and several countries only where they are comparable.

    One country's history is a line, steps, a filled line or columns. Several countries are lines with their names at
    the end; on an ordinal scale, whose levels are no quantities, strips of boxes that carry the level; a panel each;
    bars of their newest values; or a map.
    """
    if chart.is_map:
        return world(chart)
    if chart.is_comparison:
        return comparison(chart)
    if chart.chart_type == ChartType.MULTIPLES and len(chart.series) > 1:
        return multiples(chart)
    if chart.indicator.is_ordinal and len(chart.series) > 1:
        return levels(chart)
    return columns(chart) if chart.chart_type == ChartType.BAR else histories(chart)
