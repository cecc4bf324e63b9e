"""What lists and pages say of news and events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import get_timezone_gmt, get_timezone_location
from django import template

from cms.core.templatetags.display_tags import cldr, clock, moment
from news.choices import EventStatus

if TYPE_CHECKING:
    from news.models import EventPage

register = template.Library()

STATES_TOLD = (EventStatus.OPEN, EventStatus.FULL, EventStatus.CLOSED, EventStatus.CANCELLED)


@register.simple_tag
def event_line(event: EventPage) -> str:
    """What kind of event it is, how one attends, and whether one still can."""
    parts = [event.get_kind_display(), event.get_mode_display()]
    if event.status == EventStatus.CANCELLED or (event.status in STATES_TOLD and not event.is_past):
        parts.append(event.get_status_display())
    return " · ".join(map(str, parts))


@register.filter
def event_time(event: EventPage) -> str:
    """From when to when, in the event's own time zone; the day once where it begins and ends on the same."""
    start, end = event.local_start, event.local_end
    if end is None:
        return moment(start)
    return f"{moment(start)}–{clock(end)}" if start.date() == end.date() else f"{moment(start)} – {moment(end)}"


@register.filter
def event_zone(event: EventPage) -> str:
    """A city of the event's time zone and the distance from Greenwich on the day of the event."""
    if event.local_start is None:
        return ""
    city = get_timezone_location(event.zone, locale=cldr(), return_city=True)
    return f"{city}, {get_timezone_gmt(event.local_start, 'long', locale=cldr())}"
