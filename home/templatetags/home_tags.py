"""Ways from the home page into the parts of the site."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from cms.core.addresses import index_paths
from home.choices import DoorKind
from news.models import EventIndexPage, NewsIndexPage
from practices.models import PracticeIndexPage
from reports.models import CountryIndexPage, IndicatorIndexPage, ReportIndexPage

register = template.Library()

INDEX_TYPES: dict[str, Any] = {
    DoorKind.PRACTICES: PracticeIndexPage,
    DoorKind.COUNTRIES: CountryIndexPage,
    DoorKind.REPORTS: ReportIndexPage,
    DoorKind.INDICATORS: IndicatorIndexPage,
    DoorKind.NEWS: NewsIndexPage,
    DoorKind.EVENTS: EventIndexPage,
}


@register.simple_tag
def index_urls() -> dict[str, str]:
    """Paths of the public index pages and of the form for ideas in the reader's language, by kind of door."""
    paths = index_paths()
    pages = {str(kind): paths[model] for kind, model in INDEX_TYPES.items() if model in paths}
    return pages | {str(DoorKind.IDEAS): reverse("idea_form")}


@register.simple_tag
def door_url(urls: dict[str, str], kind: str) -> str:
    """Where a door leads; empty where the part of the site is not public in this language."""
    return urls.get(kind, "")
