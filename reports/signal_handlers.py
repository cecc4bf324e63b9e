"""What publishing a page means for its figures: those of a report are fixed, and charts are drawn in advance."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete
from wagtail.signals import page_published

from cms.core.bodies import blocks_of
from cms.core.models import BasePage
from reports import services
from reports.models import CountryReportPage
from reports.tasks import draw_charts
from reports.vega.rendering import is_shared


def connect() -> None:
    page_published.connect(fix_published, sender=CountryReportPage, dispatch_uid="fix the figures of a report")
    post_delete.connect(forget_deleted, sender=CountryReportPage, dispatch_uid="forget the figures of a report")
    page_published.connect(draw_what_it_shows, dispatch_uid="draw the charts of what is published")


def fix_published(instance: Any, **kwargs: Any) -> None:
    services.fix_figures(instance)


def forget_deleted(instance: Any, **kwargs: Any) -> None:
    services.forget_figures(instance)


def draw_what_it_shows(instance: Any, **kwargs: Any) -> None:
    """Leave the charts of a page to a worker, where what a worker draws reaches the processes of the site."""
    if is_shared() and isinstance(instance, BasePage) and blocks_of(instance, "indicator_chart"):
        draw_charts.enqueue(instance.pk)
