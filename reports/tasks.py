"""Charts that are drawn before a reader asks for them. What is drawn already is found and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.background.backends import background_task
from cms.core import memory
from cms.core.bodies import blocks_of
from cms.core.models import BasePage
from cms.delivery.dependants import referring
from reports.bodies import block_charts, load_charts
from reports.comparisons import Comparison
from reports.models import Indicator, IndicatorIndexPage
from reports.vega.rendering import DrawingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.charts import Chart

# What somebody waits for, such as the check of a file, goes before what is drawn anew after an import.
BEHIND = 0


@background_task(_("Draw the charts of a page"), atomic=False)
def draw_charts(pk: int) -> None:
    """Draw what the page shows in its own language."""
    page = Page.objects.live().filter(pk=pk).specific().first()
    if page is None:
        return
    with memory.checked_once(), translation.override(page.locale.language_code):
        load_charts(page)
        draw(block_charts(page))


@background_task(_("Draw the chart of an indicator"), atomic=False)
def draw_indicator(pk: int) -> None:
    """Draw what the page of an indicator shows at first, in every language in which readers find it."""
    indicator = Indicator.objects.filter(pk=pk).prefetch_related("value_labels").first()
    if indicator is None:
        return
    indexes = IndicatorIndexPage.objects.live().select_related("locale")
    for language in sorted({page.locale.language_code for page in indexes}):
        with memory.checked_once(), translation.override(language):
            chart = Comparison(indicator, QueryDict()).chart
            draw([chart] if chart else [])


@background_task(_("Draw the charts of indicators that have new values"))
def draw_changed(indicators: list[int]) -> None:
    """Leave the pages of some indicators, and the live pages whose charts show them, to a task each."""
    for pk in indicators:
        draw_indicator.using(priority=BEHIND).enqueue(pk)
    pages = Page.objects.live().filter(pk__in=referring(Indicator, indicators)).order_by("pk")
    for page in pages.specific():
        if isinstance(page, BasePage) and blocks_of(page, "indicator_chart"):
            draw_charts.using(priority=BEHIND).enqueue(page.pk)


def draw(charts: Iterable[Chart]) -> None:
    """Draw all of some charts. Raises `DrawingError`, which names the indicators of those that cannot be drawn."""
    if failed := [chart.indicator.code for chart in charts if chart.has_failed]:
        raise DrawingError(", ".join(failed))
