"""Ways from the home page into the parts of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.contrib.contenttypes.models import ContentType

from cms.core.addresses import page_path
from home.choices import DoorKind
from news.models import EventIndexPage, NewsIndexPage
from practices.models import PracticeIndexPage
from reports.models import CountryIndexPage, IndicatorIndexPage, ReportIndexPage

if TYPE_CHECKING:
    from django.template.context import Context

register = template.Library()

INDEX_TYPES: dict[str, Any] = {
    DoorKind.PRACTICES: PracticeIndexPage,
    DoorKind.COUNTRIES: CountryIndexPage,
    DoorKind.REPORTS: ReportIndexPage,
    DoorKind.INDICATORS: IndicatorIndexPage,
    DoorKind.NEWS: NewsIndexPage,
    DoorKind.EVENTS: EventIndexPage,
}


@register.simple_tag(takes_context=True)
def index_urls(context: Context, home: Any) -> dict[str, str]:
    """Paths of the public index pages below a home page, by kind of door."""
    types = ContentType.objects.get_for_models(*INDEX_TYPES.values())
    kinds = {types[model].pk: str(kind) for kind, model in INDEX_TYPES.items()}
    pages = home.get_children().live().public().filter(content_type__in=kinds).select_related("locale")
    return {kinds[page.content_type_id]: page_path(page, context["request"]) for page in pages.specific(defer=True)}


@register.simple_tag
def door_url(urls: dict[str, str], kind: str) -> str:
    """Where a door leads; empty where the part of the site is not public in this language."""
    return urls.get(kind, "")
