"""Where editors find news and events."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.ui.tables import Column

from cms.core.filters import AnyOf
from cms.core.templatetags.display_tags import moment
from cms.core.viewsets import ContentListing, DayColumn
from news.choices import EventKind, EventStatus, NewsKind
from news.models import EventPage, NewsPage
from taxonomy.filters import TopicFilterSet


class NewsFilterSet(TopicFilterSet):
    kind = AnyOf(label=_("Kind"), choices=NewsKind.choices)
    date = django_filters.DateFromToRangeFilter(label=_("Date"), widget=DateRangePickerWidget)


class NewsListing(ContentListing):
    model = NewsPage
    name = "news"
    icon = "comment"
    menu_order = 40
    facts = [
        Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
        DayColumn("date", label=_("Date"), sort_key="date"),
    ]
    filterset_class = NewsFilterSet
    list_export = [*ContentListing.list_export, "get_kind_display", "date", "valid_from", "valid_until"]
    export_headings = ContentListing.export_headings | {"get_kind_display": _("Kind")}


class EventFilterSet(TopicFilterSet):
    status = AnyOf(label=_("State"), choices=EventStatus.choices)
    kind = AnyOf(label=_("Kind"), choices=EventKind.choices)
    start = django_filters.DateFromToRangeFilter(label=_("Start"), widget=DateRangePickerWidget)


def local_start_text(event: EventPage) -> str:
    """The start in the event's own time zone, with the zone."""
    return f"{moment(event.local_start)} ({event.time_zone})" if event.start else ""


class EventListing(ContentListing):
    model = EventPage
    name = "events"
    icon = "calendar-alt"
    menu_order = 50
    facts = [
        Column("event_status", label=_("State"), accessor="get_status_display", sort_key="status"),
        Column("start", label=_("Start"), accessor=local_start_text, sort_key="start"),
    ]
    filterset_class = EventFilterSet
    list_export = [*ContentListing.list_export, "get_kind_display", "get_status_display", "start", "end", "time_zone"]
    export_headings = ContentListing.export_headings | {
        "get_kind_display": _("Kind"),
        "get_status_display": _("State"),
    }
