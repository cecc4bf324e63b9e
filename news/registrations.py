"""What news and events add to the search, the feeds and the countries' profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cms.core.registries import CountrySection, register_country_section
from cms.core.structured_data import describe
from news.models import EventIndexPage, EventPage, NewsIndexPage, NewsPage
from news.search import EVENT_FACETS, NEWS_FACETS
from news.structured_data import describe_event, describe_news
from search.registries import ContentKind, register_content_kind

if TYPE_CHECKING:
    from taxonomy.models import Country

ROWS = 6


def news_of(country: Country) -> Any:
    """The newest news of a country, without announcements that are over."""
    news = NewsPage.objects.for_readers().of_country(country).current()
    return news.newest().for_rows()[:ROWS]


def events_of(country: Country) -> Any:
    """The country's coming events, the next one first, then those that were."""
    events = EventPage.objects.for_readers().of_country(country)
    return events.newest().for_rows()[:ROWS]


def register() -> None:
    """Make news and events known to the lower layers."""
    describe.register(NewsPage, describe_news)
    describe.register(EventPage, describe_event)
    register_content_kind(
        ContentKind("news", 40, _("News"), NewsPage, index=NewsIndexPage, facets=NEWS_FACETS, date_field="date")
    )
    register_content_kind(ContentKind("events", 50, _("Events"), EventPage, index=EventIndexPage, facets=EVENT_FACETS))
    register_country_section(CountrySection("news", 40, "news/country_section.html", news_of))
    register_country_section(CountrySection("events", 50, "news/country_events.html", events_of))
