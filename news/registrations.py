"""What news and events add to the search, the feeds and the countries' profiles."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Min, Q
from django.utils.translation import gettext_lazy as _

from cms.core.registries import CountrySection, register_country_section
from cms.core.structured_data import describe
from cms.delivery.registries import register_turn
from news.models import EventIndexPage, EventPage, NewsIndexPage, NewsPage
from news.search import EVENT_FACETS, NEWS_FACETS
from news.structured_data import describe_event, describe_news
from search.registries import ContentKind, register_content_kind

if TYPE_CHECKING:
    from taxonomy.models import Country

ROWS = 6
# What holds until a moment, that moment included, and what holds from one on.
UNTIL, FROM = ("end", "registration_closes"), ("start", "registration_opens")


def news_of(country: Country) -> Any:
    """The newest news of a country, without announcements that are over."""
    news = NewsPage.objects.for_readers().of_country(country).current()
    return news.newest().for_rows()[:ROWS]


def events_of(country: Country) -> Any:
    """The country's coming events, the next one first, then those that were."""
    events = EventPage.objects.for_readers().of_country(country)
    return events.newest().for_rows()[:ROWS]


def next_step_of_events(now: datetime.datetime) -> datetime.datetime | None:
    """When an event begins or ends next, or registration for one does. One query."""
    firsts = {name: Min(name, filter=Q(**{f"{name}__gte": now})) for name in UNTIL}
    firsts |= {name: Min(name, filter=Q(**{f"{name}__gt": now})) for name in FROM}
    found = EventPage.objects.live().order_by().aggregate(**{f"first_{name}": first for name, first in firsts.items()})
    moments = [found[f"first_{name}"] for name in FROM]
    moments += [found[f"first_{name}"] and found[f"first_{name}"] + datetime.timedelta.resolution for name in UNTIL]
    return min((moment for moment in moments if moment), default=None)


def register() -> None:
    """Make news and events known to the lower layers."""
    register_turn(next_step_of_events)
    describe.register(NewsPage, describe_news)
    describe.register(EventPage, describe_event)
    register_content_kind(
        ContentKind("news", 40, _("News"), NewsPage, index=NewsIndexPage, facets=NEWS_FACETS, date_field="date")
    )
    register_content_kind(ContentKind("events", 50, _("Events"), EventPage, index=EventIndexPage, facets=EVENT_FACETS))
    register_country_section(CountrySection("news", 40, "news/country_section.html", news_of))
    register_country_section(CountrySection("events", 50, "news/country_events.html", events_of))
