"""Events as iCalendar (RFC 5545): one to keep, or all to subscribe to.

An event has the same UID in every language and after every change; SEQUENCE, the seconds between its first and its
last publication, tells calendars which state is newer. The join link is never part of it.
"""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event
from icalendar.enums import STATUS, TRANSP

from cms.core.addresses import absolute, page_url
from cms.core.querysets import content_language
from cms.languages import reader_language
from news.choices import EventMode, EventStatus
from news.models import EventPage
from news.search import EVENT_FACETS
from search.listings import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = datetime.timedelta(hours=6)
KEPT_AFTER_END = datetime.timedelta(days=365)
AROUND = datetime.timedelta(days=400)
LENGTH = 500


@require_safe
@cache_control(public=True, max_age=600)
def event_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One event, as a file to open with a calendar."""
    event = EventPage.objects.published().filter(pk=pk).select_related("locale").first()
    if event is None or not event.start:
        raise Http404(f"no event {pk}")
    with translation.override(event.locale.language_code):
        response = HttpResponse(calendar([event], uid=uid(event)).to_ical(), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="event-{event.pk}.ics"'
    return response


@require_safe
@cache_control(public=True, max_age=600)
def events_calendar(request: HttpRequest) -> HttpResponse:
    """The coming events and those of the last year, narrowed by the parameters of their list, to subscribe to."""
    since = timezone.now() - KEPT_AFTER_END
    pages = EventPage.objects.for_readers().filter(end__gte=since)
    listing = Listing(pages, EVENT_FACETS, request.GET)
    events = list(listing.pages.newest().select_related("locale")[:LENGTH])
    name = " – ".join([_("Events"), *listing.chosen_labels, _(settings.WAGTAIL_SITE_NAME)])
    feed = calendar(
        events,
        uid=uuid.uuid5(uuid.NAMESPACE_URL, absolute(request.get_full_path())).urn,
        name=name,
        refresh_interval=REFRESH,
        language=content_language(reader_language()),
    )
    return HttpResponse(feed.to_ical(), content_type=CONTENT_TYPE)


def calendar(events: Sequence[Any], **properties: Any) -> Calendar:
    """A calendar of events with the rules of every time zone that they use."""
    result = Calendar.new(
        prodid=f"-//{settings.WAGTAIL_SITE_NAME}//Events//EN",
        method="PUBLISH",
        subcomponents=[component(event) for event in events],
        **properties,
    )
    if events:
        result.add_missing_timezones(
            first_date=(min(event.start for event in events) - AROUND).date(),
            last_date=(max(event.end for event in events) + AROUND).date(),
        )
    return result


def component(event: Any) -> Event:
    """An event in its own time zone."""
    url = page_url(event)
    changed = (event.last_published_at or event.start).replace(microsecond=0)
    created = (event.first_published_at or changed).replace(microsecond=0)
    is_cancelled = event.status == EventStatus.CANCELLED
    return Event.new(
        uid=uid(event),
        sequence=max(0, int((changed - created).total_seconds())),
        created=created,
        last_modified=changed,
        stamp=changed,
        start=event.local_start,
        end=event.local_end,
        summary=event.title,
        description=f"{event.summary}\n\n{url}",
        location=location(event),
        url=url,
        categories=[str(event.get_kind_display())],
        status=STATUS.CANCELLED if is_cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT if is_cancelled else TRANSP.OPAQUE,
    )


def uid(event: EventPage) -> str:
    return f"{event.translation_key}@{urlsplit(settings.PUBLIC_URL).hostname}"


def location(event: EventPage) -> str:
    """The place, and whether people can take part online."""
    if event.mode == EventMode.ONLINE:
        return str(EventMode.ONLINE.label)
    return f"{event.place} ({EventMode.HYBRID.label})" if event.mode == EventMode.HYBRID else event.place
