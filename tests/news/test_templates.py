"""News, announcements and events as a reader sees them: what is valid, when it is, and what one can do now."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from news.choices import NextStep
from news.models import EventIndexPage, EventLanguage, EventMaterial, EventPage, EventSpeaker, NewsIndexPage
from tests.factories.examples import JOIN_URL
from tests.factories.media import make_document
from tests.factories.pages import make_event, make_news
from tests.factories.site import index_page
from tests.factories.vocabularies import make_organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup, Tag
    from wagtail.models import Site

    Read = Callable[..., BeautifulSoup]

REGISTRATION = "https://example.org/register"


def words(element: Tag | None) -> str:
    assert element is not None
    return " ".join(element.get_text(" ").split())


def in_hours(hours: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(hours=hours)


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def event(start: float = 48, length: float = 2, **facts: Any) -> Any:
    """An event that begins in so many hours."""
    return make_event(start=in_hours(start), end=in_hours(start + length), **facts)


# News


def test_a_news_item_says_when_it_was_written(read: Read) -> None:
    kicker = read(make_news(date=datetime.date(2022, 5, 4)).url).select_one(".kicker")
    assert words(kicker) == "News · 4 May 2022"


def test_an_announcement_offers_its_action_while_it_is_valid(read: Read) -> None:
    facts = {"kind": "announcement", "action_url": REGISTRATION, "action_label": "Apply"}
    page = read(make_news(valid_from=in_days(-1), valid_until=in_days(0), **facts).url)
    assert words(page.select_one("main a.button")) == "Apply"
    assert "Valid from" in words(page.main)
    assert "Valid until" in words(page.main)


def test_an_announcement_that_is_over_says_so_and_offers_nothing(read: Read) -> None:
    facts = {"kind": "announcement", "action_url": REGISTRATION, "action_label": "Apply"}
    page = read(make_news(valid_until=datetime.date(2022, 6, 1), **facts).url)
    assert "was valid until 1 June 2022; what it offers may no longer be possible" in words(page.main)
    assert page.select(f'main a[href="{REGISTRATION}"]') == []


def test_a_list_of_news_tells_announcements_by_their_validity(read: Read) -> None:
    make_news(title="plain", slug="plain")
    for slug, year in {"open": None, "valid": 2999, "over": 2022}.items():
        until = datetime.date(year, 6, 1) if year else None
        make_news(title=slug, slug=slug, kind="announcement", valid_until=until)
    rows = {
        words(row.h3): [words(line) for line in row.select(".row-kicker")]
        for row in read(index_page(NewsIndexPage).url).select(".rows .row")
    }
    assert rows == {
        "plain": [],
        "open": ["Announcement"],
        "valid": ["Announcement, valid until 1 June 2999"],
        "over": ["Announcement, no longer valid"],
    }


def test_pinned_announcements_stand_above_the_list_until_it_is_narrowed(read: Read) -> None:
    make_news(title="Pinned", slug="pinned", is_pinned=True, kind="announcement", valid_until=in_days(1))
    make_news(title="Was pinned", slug="was", is_pinned=True, kind="announcement", valid_until=in_days(-1))
    address = index_page(NewsIndexPage).url
    assert [words(note.a) for note in read(address).select(".pinned")] == ["Pinned"]
    assert read(address, kind="news").select(".pinned") == []


# Events


@pytest.mark.parametrize(
    ("start", "facts", "step"),
    [
        (48, {"status": "open"}, NextStep.REGISTER),
        (48, {"status": "planned"}, NextStep.WAIT),
        (48, {"status": "open", "registration_opens": 1}, NextStep.WAIT),
        (48, {"status": "open", "registration_closes": -1}, NextStep.CLOSED),
        (48, {"status": "closed"}, NextStep.CLOSED),
        (48, {"status": "full"}, NextStep.FULL),
        (-1, {"status": "open"}, NextStep.JOIN),
        (-1, {"status": "full"}, NextStep.JOIN),
        (-3, {"status": "open"}, NextStep.OVER),
        (48, {"status": "held"}, NextStep.OVER),
        (48, {"status": "cancelled"}, NextStep.CANCELLED),
        (-3, {"status": "cancelled"}, NextStep.CANCELLED),
    ],
)
def test_an_event_says_what_to_do_now(read: Read, start: float, facts: dict[str, Any], step: NextStep) -> None:
    moments = {name: in_hours(value) for name, value in facts.items() if name != "status"}
    page = read(event(start, **(facts | moments), registration_url=REGISTRATION).url)
    told = page.select_one(".next-step")
    assert str(step.label) in words(told)
    assert bool(page.select(f'main a[href="{REGISTRATION}"]')) == (step == NextStep.REGISTER)
    is_ahead = step in (NextStep.REGISTER, NextStep.WAIT, NextStep.FULL, NextStep.CLOSED)
    assert bool(page.select('a[href$=".ics"]')) == is_ahead


def test_a_past_event_leads_to_its_materials(read: Read) -> None:
    slides = EventMaterial(kind="slides", language="en", title="Slides", url="https://files.example.org/slides")
    film = EventMaterial(kind="recording", language="ru", title="Запись", document=make_document())
    page = read(event(-48, materials=[film, slides]).url)
    assert words(page.select_one(".next-step a.button")) == "Recording and materials"
    section = page.find("section", attrs={"aria-labelledby": "materials"})
    assert section is not None
    assert [words(heading) for heading in section.select("h3")] == ["English", "Russian"]
    english, russian = (words(item) for item in section.select("li"))
    assert english == "Slides Slides, files.example.org"
    assert russian.startswith("Запись Recording, PDF")
    assert section.select_one('a[hreflang="ru"] [lang="ru"]')


def test_the_time_is_told_in_the_zone_of_the_event_and_can_be_read_by_programs(read: Read) -> None:
    start = datetime.datetime(2030, 7, 1, 9, tzinfo=datetime.UTC)
    page = read(make_event(start=start, end=start + datetime.timedelta(hours=2), time_zone="Europe/Tallinn").url)
    told = page.select_one(".event-facts time")
    assert words(told) == "1 July 2030, 12:00–14:00"
    assert told is not None
    assert told["datetime"] == "2030-07-01T12:00:00+03:00"
    assert "data-local-time" in told.attrs
    assert "Tallinn, GMT+03:00" in words(page.select_one(".event-facts"))


def test_an_event_of_several_days_names_both(read: Read) -> None:
    start = datetime.datetime(2030, 7, 1, 9, tzinfo=datetime.UTC)
    page = read(make_event(start=start, end=start + datetime.timedelta(days=1), time_zone="Asia/Almaty").url)
    assert words(page.select_one(".event-facts time")) == "1 July 2030, 14:00 – 2 July 2030, 14:00"


def test_where_and_in_which_languages_an_event_is(read: Read) -> None:
    languages = [EventLanguage(language="en"), EventLanguage(language="kk", is_interpretation=True)]
    page = read(event(mode="hybrid", place="Tallinn, the old town hall", languages=languages).url)
    facts = words(page.select_one(".event-facts"))
    assert "Where Tallinn, the old town hall · In person and online" in facts
    assert "Languages English, Kazakh (interpretation)" in facts


def test_speakers_are_named_or_described(read: Read) -> None:
    speakers = [
        EventSpeaker(name="A. Serikova", role="Head of the registry", organisation=make_organisation()),
        EventSpeaker(role="Statistician"),
    ]
    page = read(event(speakers=speakers, agenda="<ul><li>Opening words</li></ul>").url)
    section = page.find("section", attrs={"aria-labelledby": "speakers"})
    assert section is not None
    assert [words(item) for item in section.select("li")] == [
        "A. Serikova Head of the registry Ministry of order",
        "Statistician",
    ]
    assert "Opening words" in words(page.main)


@pytest.mark.parametrize("start", [48, -1, -48])
def test_the_join_link_is_never_shown(read: Read, start: float) -> None:
    assert JOIN_URL not in str(read(event(start, status="open", join_url=JOIN_URL).url))


def test_an_event_without_anything_optional_is_shown(read: Read) -> None:
    draft = make_event()
    EventPage.objects.update(start=None, end=None)
    page = read(draft.url)
    assert "Where Online" in words(page.select_one(".event-facts"))
    assert page.select("time[data-local-time]") == []


def test_coming_events_stand_before_past_ones_under_their_own_heading(read: Read, site: Site) -> None:
    for title, start in [("Past", -48), ("Long past", -480), ("Far", 480), ("Near", 48)]:
        event(start, title=title, slug=title.lower().replace(" ", "-"))
    page = read(index_page(EventIndexPage).url)
    assert [words(item) for item in page.select(".row-group, .row h3")] == [
        "Coming events",
        "Near",
        "Far",
        "Past events",
        "Past",
        "Long past",
    ]
    sorted_by_title = read(index_page(EventIndexPage).url, sort="title")
    assert sorted_by_title.select(".row-group") == []


@pytest.mark.parametrize(
    ("start", "status", "line"),
    [
        (48, "open", "Webinar · Online · Open for registration"),
        (48, "planned", "Webinar · Online"),
        (-48, "open", "Webinar · Online"),
        (-48, "cancelled", "Webinar · Online · Cancelled"),
    ],
)
def test_a_row_says_how_one_attends_and_whether_one_still_can(read: Read, start: float, status: str, line: str) -> None:
    event(start, status=status)
    assert words(read(index_page(EventIndexPage).url).select_one(".row-kicker")) == line
