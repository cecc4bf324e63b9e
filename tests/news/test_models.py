"""News and events: their rules, and what is current today."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from news.models import EventMaterial, EventPage, EventSpeaker, NewsPage, time_zones
from tests.factories.media import make_document
from tests.factories.pages import make_event, make_news

if TYPE_CHECKING:
    from wagtail.models import Site

TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)
NOON = datetime.datetime(2022, 6, 1, 12, tzinfo=datetime.UTC)


def errors_of(row: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    return list(caught.value.message_dict)


# Days from today: a run may begin before midnight and end after it.
@pytest.mark.parametrize(
    ("first", "last", "is_current"),
    [
        (None, None, True),
        (None, 0, True),
        (None, -1, False),
        (0, None, True),
        (1, None, False),
        (-1, 1, True),
    ],
)
def test_an_announcement_is_current_from_its_first_to_its_last_day(
    site: Site, first: int | None, last: int | None, *, is_current: bool
) -> None:
    valid_from, valid_until = (None if days is None else timezone.localdate() + days * DAY for days in (first, last))
    page = make_news(kind="announcement", valid_from=valid_from, valid_until=valid_until, is_pinned=True)
    assert (page in NewsPage.objects.current()) is is_current
    assert (page in NewsPage.objects.pinned()) is is_current
    assert page.is_expired is (last == -1)


def test_only_pinned_announcements_are_pinned(site: Site) -> None:
    make_news()
    assert not NewsPage.objects.pinned().exists()


def test_news_stand_by_their_own_date_not_by_the_day_of_publication(site: Site) -> None:
    for month in (2, 3, 1):
        make_news(title=str(month), date=datetime.date(2022, month, 1))
    assert [page.title for page in NewsPage.objects.newest()] == ["3", "2", "1"]


def test_an_announcement_cannot_end_before_it_begins(site: Site) -> None:
    page = make_news()
    page.valid_from, page.valid_until = TODAY, TODAY - DAY
    assert errors_of(page) == ["valid_until"]
    page.valid_until = TODAY
    page.full_clean()


def test_a_link_needs_words(site: Site) -> None:
    page = make_news()
    page.action_url = "https://example.org/register"
    assert errors_of(page) == ["action_label"]
    page.action_label = "Register"
    page.full_clean()


@pytest.mark.parametrize("name", ["date", "summary"])
def test_news_cannot_be_published_without_what_a_list_shows(site: Site, name: str) -> None:
    page = make_news()
    setattr(page, name, None if name == "date" else "")
    assert errors_of(page) == [name]


@pytest.mark.parametrize(("minutes", "valid"), [(60, True), (0, False), (-60, False)])
def test_an_event_must_end_after_it_begins(site: Site, minutes: int, *, valid: bool) -> None:
    page = make_event(start=NOON)
    page.end = NOON + datetime.timedelta(minutes=minutes)
    if valid:
        page.full_clean()
    else:
        assert errors_of(page) == ["end"]


@pytest.mark.parametrize(("mode", "valid"), [("online", True), ("in-person", False), ("hybrid", False)])
def test_an_event_that_people_travel_to_needs_a_place(site: Site, mode: str, *, valid: bool) -> None:
    page = make_event()
    page.mode = mode
    if valid:
        page.full_clean()
    else:
        assert errors_of(page) == ["place"]


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Almaty", 18), ("Europe/Tallinn", 15), ("America/New_York", 8)])
def test_times_are_told_in_the_zone_of_the_event(site: Site, zone: str, hour: int) -> None:
    page = make_event(start=NOON, time_zone=zone)
    assert page.local_start.hour == hour
    assert page.local_end - page.local_start == datetime.timedelta(hours=2)


def test_a_draft_without_times_has_none_to_tell(site: Site) -> None:
    page = EventPage(title="Draft")
    assert (page.local_start, page.local_end, page.is_past) == (None, None, False)


def test_every_zone_that_can_be_chosen_is_an_iana_zone_of_a_place(site: Site) -> None:
    names = dict(time_zones())
    assert names["Asia/Almaty"] == "Asia/Almaty"
    assert names["America/New_York"] == "America/New York"
    assert "EST" not in names
    page = make_event()
    page.time_zone = "Mars/Olympus"
    assert errors_of(page) == ["time_zone"]


def test_events_are_coming_until_they_are_over(site: Site) -> None:
    now = timezone.now()
    over = make_event(title="over", start=now - 2 * DAY)
    running = make_event(title="running", start=now - DAY / 24)
    next_week, tomorrow = (
        make_event(title="next week", start=now + 7 * DAY),
        make_event(title="tomorrow", start=now + DAY),
    )
    assert list(EventPage.objects.coming()) == [running, tomorrow, next_week]
    assert list(EventPage.objects.past()) == [over]
    assert [page.is_past for page in (over, running, tomorrow)] == [True, False, False]


def test_a_speaker_is_known_by_name_or_position(site: Site) -> None:
    event = make_event()
    with pytest.raises(ValidationError, match="name or position"):
        EventSpeaker(event=event).clean()
    EventSpeaker(event=event, role="Head of the registry").clean()
    EventSpeaker(event=event, name="A. Serikova").clean()


def test_material_is_a_link_or_a_file(site: Site) -> None:
    document = make_document()
    with pytest.raises(ValidationError, match="Give an address or choose a file"):
        EventMaterial(title="Slides").clean()
    link = EventMaterial(title="Slides", url="https://example.org/slides")
    file = EventMaterial(title="Slides", document=document)
    link.clean()
    file.clean()
    assert link.href == "https://example.org/slides"
    assert file.href == document.url
    assert EventMaterial(title="Lost").href == ""
