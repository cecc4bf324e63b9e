"""What news and events show on a country's profile."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone, translation

from news.registrations import ROWS, events_of, news_of
from tests.answers import queries
from tests.factories.pages import make_country_page, make_event, make_news
from tests.factories.site import translate
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site


def in_days(days: int) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=days)


def test_news_are_the_newest_of_the_country_that_are_still_valid(site: Site) -> None:
    georgia = make_country("GE")
    for number in range(ROWS + 1):
        make_news(slug=f"news-{number}", title=f"{number}", country=georgia, date=datetime.date(2022, 1, 1 + number))
    make_news(slug="over", title="Over", country=georgia, valid_until=datetime.date(2021, 1, 1))
    make_news(slug="abroad", title="Abroad", country=make_country("KZ"))
    assert [page.title for page in news_of(georgia)] == ["6", "5", "4", "3", "2", "1"]


def test_coming_events_stand_before_past_ones(site: Site) -> None:
    georgia = make_country("GE")
    for title, days in [("Last month", -30), ("Tomorrow", 1), ("Yesterday", -1), ("Next month", 30)]:
        make_event(title=title, slug=title.lower().replace(" ", "-"), country=georgia, start=in_days(days))
    assert [page.title for page in events_of(georgia)] == ["Tomorrow", "Next month", "Yesterday", "Last month"]
    for number in range(ROWS):
        make_event(slug=f"event-{number}", country=georgia, start=in_days(60))
    assert len(events_of(georgia)) == ROWS


def test_rows_are_in_the_reader_s_language_where_they_exist_in_it(site: Site) -> None:
    georgia = make_country("GE")
    translate(make_news(country=georgia), "kk", title="Жаңалық")
    make_event(country=georgia)
    with translation.override("kk"):
        assert [page.title for page in news_of(georgia)] == ["Жаңалық"]
        assert [event.locale.language_code for event in events_of(georgia)] == ["en"], "which stands in for it"


def test_a_profile_takes_as_many_queries_for_many_rows_as_for_one(client: Client, site: Site) -> None:
    georgia = make_country("GE")
    make_country_page(slug="georgia", country=georgia)
    for make in (make_news, make_event):
        make(slug="first", country=georgia, themes=[make_theme("digital")])
    make_event(slug="past", country=georgia, start=in_days(-9), themes=[make_theme("digital")])
    few = queries(client, "/en/countries/georgia/")
    for number in range(4):
        make_news(slug=f"news-{number}", country=georgia, themes=[make_theme(f"theme-{number}")])
        make_event(slug=f"event-{number}", country=georgia, themes=[make_theme(f"theme-{number}")])
    assert queries(client, "/en/countries/georgia/") == few


def test_a_profile_shows_the_sections(client: Client, site: Site) -> None:
    georgia = make_country("GE")
    make_country_page(slug="georgia", country=georgia)
    make_news(slug="handbook", country=georgia)
    make_event(slug="meeting", country=georgia)
    html = client.get("/en/countries/georgia/").content.decode()
    assert 'href="/en/news/handbook/"' in html
    assert 'href="/en/events/meeting/"' in html
