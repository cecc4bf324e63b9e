"""Events as iCalendar, read back as a calendar program would."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.test.utils import override_settings
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import PageViewRestriction

from tests.answers import queries
from tests.factories.pages import make_event
from tests.factories.site import translate
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

JOIN = "https://meet.example.org/secret-room"
SUBSCRIPTION = "/en/feeds/events.ics"


def calendar(client: Client, url: str) -> Any:
    response = client.get(url)
    assert response.status_code == 200, url
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"\r\n" in response.content
    return Calendar.from_ical(response.content)


def one(client: Client, page: Any, language: str = "en") -> Any:
    found = calendar(client, f"/{language}/events/{page.pk}.ics").events
    assert len(found) == 1
    return found[0]


def summaries(client: Client, url: str = SUBSCRIPTION) -> list[str]:
    return [str(event["SUMMARY"]) for event in calendar(client, url).events]


def in_days(days: int) -> datetime.datetime:
    return timezone.now().replace(microsecond=0) + datetime.timedelta(days=days)


def test_an_event_says_when_where_and_what(client: Client, site: Site) -> None:
    start = datetime.datetime(2022, 5, 4, 9, tzinfo=datetime.UTC)
    page = make_event(
        slug="meeting",
        summary="Questions, answers; and tea.",
        start=start,
        end=start + datetime.timedelta(hours=2),
        time_zone="Asia/Tashkent",
        mode="hybrid",
        place="Tashkent, Hall 2",
        kind="training",
        join_url=JOIN,
    )
    event = one(client, page)
    assert event.start == start
    assert event["DTSTART"].params["TZID"] == "Asia/Tashkent"
    assert event.end - event.start == datetime.timedelta(hours=2)
    assert event["SUMMARY"] == "Measuring waiting times"
    assert event["LOCATION"] == "Tashkent, Hall 2 (In person and online)"
    assert event["DESCRIPTION"] == "Questions, answers; and tea.\n\nhttp://testserver/en/events/meeting/"
    assert event["URL"] == "http://testserver/en/events/meeting/"
    assert event.categories == ["Training"]


@pytest.mark.parametrize(
    ("zone", "moment", "hours"),
    [
        ("Asia/Almaty", datetime.datetime(2023, 6, 1, 12, tzinfo=datetime.UTC), 6),
        ("Asia/Almaty", datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC), 5),
        ("Europe/Tallinn", datetime.datetime(2026, 1, 15, 12, tzinfo=datetime.UTC), 2),
        ("Europe/Tallinn", datetime.datetime(2026, 7, 15, 12, tzinfo=datetime.UTC), 3),
        ("America/New_York", datetime.datetime(2026, 3, 8, 12, tzinfo=datetime.UTC), -4),
    ],
)
def test_the_rules_of_the_time_zone_come_with_the_event(
    client: Client, site: Site, zone: str, moment: datetime.datetime, hours: int
) -> None:
    page = make_event(start=moment, end=moment + datetime.timedelta(hours=1), time_zone=zone)
    found = calendar(client, f"/en/events/{page.pk}.ics")
    rules = {str(rule["TZID"]): rule for rule in found.walk("VTIMEZONE")}
    assert list(rules) == [zone]
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    offset = rules[zone].to_tz(lookup_tzid=False).utcoffset(local)
    assert offset == datetime.timedelta(hours=hours)


def test_an_event_is_the_same_one_after_a_change_and_in_every_language(client: Client, site: Site) -> None:
    page = make_event(title="Before")
    translate(page, "kk", title="Бұрын")
    before = one(client, page)
    type(page).objects.filter(pk=page.pk).update(
        first_published_at=page.first_published_at - datetime.timedelta(days=1)
    )
    page.refresh_from_db()
    page.title = "After"
    page.save_revision().publish()
    after = one(client, page)
    kazakh = calendar(client, "/kk/feeds/events.ics").events[0]
    assert after["UID"] == before["UID"] == kazakh["UID"]
    assert str(page.translation_key) in after["UID"]
    assert after["SUMMARY"] == "After"
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt


def test_the_same_state_gives_the_same_file(client: Client, site: Site) -> None:
    page = make_event()
    urls = [f"/en/events/{page.pk}.ics", SUBSCRIPTION]
    assert [client.get(url).content for url in urls] == [client.get(url).content for url in urls]


@pytest.mark.parametrize(
    ("status", "state", "busy"), [("cancelled", "CANCELLED", "TRANSPARENT"), ("full", "CONFIRMED", "OPAQUE")]
)
def test_a_cancelled_event_says_so(client: Client, site: Site, status: str, state: str, busy: str) -> None:
    event = one(client, make_event(status=status))
    assert (event["STATUS"], event["TRANSP"]) == (state, busy)


def test_the_join_link_is_in_no_calendar(client: Client, site: Site) -> None:
    page = make_event(join_url=JOIN)
    for url in (f"/en/events/{page.pk}.ics", SUBSCRIPTION):
        assert b"secret-room" not in client.get(url).content.replace(b"\r\n ", b"")


def test_texts_are_in_the_language_of_the_page(client: Client, site: Site) -> None:
    russian = translate(make_event(), "ru", title="Как измерить ожидание", slug="ozhidanie")
    event = one(client, russian, "kk")
    assert event["SUMMARY"] == "Как измерить ожидание"
    assert event["URL"] == "http://testserver/ru/events/ozhidanie/"


def test_the_subscription_holds_what_comes_and_the_last_year(client: Client, site: Site) -> None:
    for title, days in [("Coming", 9), ("Recent", -30), ("Long ago", -500)]:
        make_event(title=title, slug=title.lower().replace(" ", "-"), start=in_days(days))
    make_event(title="Draft", slug="draft").unpublish()
    PageViewRestriction.objects.create(
        page=make_event(title="Restricted", slug="restricted"), restriction_type=PageViewRestriction.LOGIN
    )
    assert summaries(client) == ["Coming", "Recent"]
    found = calendar(client, SUBSCRIPTION)
    assert found.calendar_name.startswith("Events – ")
    assert found["METHOD"] == "PUBLISH"
    assert found["VERSION"] == "2.0"


def test_the_subscription_is_narrowed_like_the_list(client: Client, site: Site) -> None:
    make_event(title="Georgian", slug="a", country=make_country("GE"), kind="training")
    make_event(title="Digital", slug="b", themes=[make_theme("digital", labels={"en": "Digital"})])
    assert summaries(client, f"{SUBSCRIPTION}?country=GE") == ["Georgian"]
    assert summaries(client, f"{SUBSCRIPTION}?theme=digital") == ["Digital"]
    assert sorted(summaries(client, f"{SUBSCRIPTION}?kind=training&kind=webinar")) == ["Digital", "Georgian"]
    assert "Georgia" in calendar(client, f"{SUBSCRIPTION}?country=GE").calendar_name


@pytest.mark.parametrize("query", ["country=%00", f"theme={'x' * 4000}", "kind=%F0%9F%8E%89", "page=-1"])
def test_parameters_that_mean_nothing_change_nothing(client: Client, site: Site, query: str) -> None:
    make_event()
    assert len(summaries(client, f"{SUBSCRIPTION}?{query}")) == 1


def test_a_calendar_without_events_is_still_one(client: Client, site: Site) -> None:
    assert summaries(client, "/ru/feeds/events.ics") == []


@pytest.mark.parametrize("number", ["0", "99999", "9" * 40, "-1", "abc", "1%00"])
def test_what_is_no_event_is_not_found(client: Client, site: Site, number: str) -> None:
    assert client.get(f"/en/events/{number}.ics", follow=True).status_code == 404


def test_drafts_and_restricted_events_have_no_file(client: Client, site: Site) -> None:
    draft = make_event(slug="draft")
    draft.unpublish()
    restricted = make_event(slug="restricted")
    PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.LOGIN)
    for page in (draft, restricted):
        assert client.get(f"/en/events/{page.pk}.ics").status_code == 404


@override_settings(PUBLIC_URL="https://practice.example.org")
def test_ids_and_addresses_do_not_depend_on_the_host_that_was_asked(client: Client, site: Site) -> None:
    event = one(client, make_event())
    assert event["UID"].endswith("@practice.example.org")
    assert event["URL"].startswith("https://practice.example.org/en/")


def test_a_subscription_takes_as_many_queries_for_many_events_as_for_one(client: Client, site: Site) -> None:
    make_event(slug="first")
    few = queries(client, SUBSCRIPTION)
    for number in range(4):
        make_event(slug=f"event-{number}")
    assert queries(client, SUBSCRIPTION) == few
