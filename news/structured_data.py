"""News and events as schema.org things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cms.core.addresses import page_url
from cms.core.choices import OrganisationRole
from cms.core.structured_data import Thing, filled, organisation, site_organisation, work
from news.choices import EventMode, EventStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from news.models import EventPage, NewsPage

ATTENDANCE = {
    EventMode.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
    EventMode.IN_PERSON: "https://schema.org/OfflineEventAttendanceMode",
    EventMode.HYBRID: "https://schema.org/MixedEventAttendanceMode",
}
ORGANISERS = {OrganisationRole.LEAD, OrganisationRole.AUTHOR, OrganisationRole.PUBLISHER}


def describe_news(page: NewsPage, context: Mapping[str, Any]) -> Thing:
    return work(
        "NewsArticle",
        page,
        context,
        headline=page.title,
        datePublished=page.date or page.first_published_at,
        expires=page.valid_until,
    )


def describe_event(page: EventPage, context: Mapping[str, Any]) -> Thing:
    """An event. Those who want to join are sent to the page: the join link is for those who registered."""
    facts = work("Event", page, context)
    links = page.page_organisations.all()
    organisers = [organisation(link.organisation) for link in links if link.role in ORGANISERS]
    state = "EventCancelled" if page.status == EventStatus.CANCELLED else "EventScheduled"
    kept = ("@type", "@id", "url", "name", "description", "image", "about")
    return {name: facts[name] for name in kept if name in facts} | filled(
        {
            "startDate": page.local_start,
            "endDate": page.local_end,
            "eventStatus": f"https://schema.org/{state}",
            "eventAttendanceMode": ATTENDANCE[EventMode(page.mode)],
            "location": locations(page),
            "organizer": organisers or [site_organisation()],
            "performer": [{"@type": "Person", "name": row.name} for row in page.speakers.all() if row.name],
            "inLanguage": [row.language for row in page.languages.all()] or page.locale.language_code,
            "maximumAttendeeCapacity": page.capacity,
        }
    )


def locations(page: EventPage) -> list[Thing]:
    """Where people meet: a place, online or both."""
    place = {"@type": "Place", "name": page.place, "address": page.place}
    online = {"@type": "VirtualLocation", "url": page_url(page)}
    return [
        *([place] if page.mode != EventMode.ONLINE else []),
        *([online] if page.mode != EventMode.IN_PERSON else []),
    ]
