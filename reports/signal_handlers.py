"""What is published is drawn before anybody asks for it."""

from __future__ import annotations

from typing import Any

from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from wagtail.signals import page_published

from cms.core.bodies import blocks_of
from cms.core.models import BasePage
from reports.tasks import draw_charts
from reports.vega.rendering import CACHE


def connect() -> None:
    page_published.connect(draw_what_it_shows, dispatch_uid="draw the charts of what is published")


def draw_what_it_shows(instance: Any, **kwargs: Any) -> None:
    """Leave the charts of a page to a worker, where what a worker draws reaches the processes of the site."""
    is_shared = not isinstance(caches[CACHE], DummyCache | LocMemCache)
    if is_shared and isinstance(instance, BasePage) and blocks_of(instance, "indicator_chart"):
        draw_charts.enqueue(instance.pk)
