"""News and events as schema.org things."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from cms.core.choices import OrganisationRole
from news.models import EventLanguage, EventSpeaker
from tests.answers import json_ld
from tests.factories.pages import make_event, make_news
from tests.factories.site import translate
from tests.factories.vocabularies import make_organisation

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

JOIN = "https://meet.example.org/secret-room"
START = datetime.datetime(2022, 5, 4, 9, tzinfo=datetime.UTC)


def event(client: Client, **facts: Any) -> dict[str, Any]:
    make_event(slug="meeting", join_url=JOIN, **facts)
    return json_ld(client, "/en/events/meeting/")["Event"]


def test_news_are_articles_of_their_own_date(client: Client, site: Site) -> None:
    make_news(slug="handbook", date=datetime.date(2022, 5, 4), valid_until=datetime.date(2099, 1, 1))
    article = json_ld(client, "/en/news/handbook/")["NewsArticle"]
    assert article["headline"] == "Handbook published"
    assert article["datePublished"] == "2022-05-04"
    assert article["expires"] == "2099-01-01"


def test_an_event_says_when_it_is_in_its_own_time_zone(client: Client, site: Site) -> None:
    found = event(client, start=START, end=START + datetime.timedelta(hours=2), time_zone="Asia/Tokyo")
    assert found["startDate"] == "2022-05-04T18:00:00+09:00"
    assert found["endDate"] == "2022-05-04T20:00:00+09:00"


@pytest.mark.parametrize(
    ("mode", "attendance", "kinds"),
    [
        ("online", "Online", ["VirtualLocation"]),
        ("in-person", "Offline", ["Place"]),
        ("hybrid", "Mixed", ["Place", "VirtualLocation"]),
    ],
)
def test_an_event_says_where_it_is_and_never_the_join_link(
    client: Client, site: Site, mode: str, attendance: str, kinds: list[str]
) -> None:
    found = event(client, mode=mode, place="Astana")
    assert found["eventAttendanceMode"] == f"https://schema.org/{attendance}EventAttendanceMode"
    assert [place["@type"] for place in found["location"]] == kinds
    assert {place["url"] for place in found["location"] if "url" in place} <= {"http://testserver/en/events/meeting/"}
    assert JOIN not in client.get("/en/events/meeting/").content.decode()


@pytest.mark.parametrize(("status", "state"), [("open", "EventScheduled"), ("cancelled", "EventCancelled")])
def test_an_event_says_whether_it_takes_place(client: Client, site: Site, status: str, state: str) -> None:
    assert event(client, status=status)["eventStatus"] == f"https://schema.org/{state}"


def test_an_event_names_people_and_languages(client: Client, site: Site) -> None:
    found = event(
        client,
        speakers=[EventSpeaker(name="A. Speaker"), EventSpeaker(role="Director")],
        languages=[EventLanguage(language="ru"), EventLanguage(language="kk", is_interpretation=True)],
        organisations=[
            (make_organisation("hub", labels={"en": "The hub"}), OrganisationRole.LEAD),
            (make_organisation("funder", labels={"en": "The funder"}), OrganisationRole.FUNDER),
        ],
        capacity=40,
    )
    assert [person["name"] for person in found["performer"]] == ["A. Speaker"]
    assert found["inLanguage"] == ["ru", "kk"]
    assert [one["name"] for one in found["organizer"]] == ["The hub"]
    assert found["maximumAttendeeCapacity"] == 40


def test_an_event_without_an_organiser_is_the_site_s(client: Client, site: Site) -> None:
    translate(make_event(slug="meeting"), "ru", slug="vstrecha")
    found = json_ld(client, "/ru/events/vstrecha/")["Event"]
    assert found["organizer"][0]["url"] == "http://testserver/en/"
    assert found["inLanguage"] == "ru"
