"""The entrance of the site: doors, newest items, figures, countries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import html5lib
import pytest

from home.choices import DoorKind
from home.models import Door, HomeFigureLink
from home.templatetags.home_tags import door_url, index_urls
from news.models import NewsIndexPage
from tests.factories.pages import (
    make_country_page,
    make_event,
    make_news,
    make_practice,
    make_report,
    make_standard_page,
)
from tests.factories.site import homes, index_page, published
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site


@pytest.fixture
def home(site: Site) -> Any:
    indicator = make_indicator()
    for code, value in (("KZ", 10), ("GE", 30)):
        observe(indicator, make_country(code), {"2021-01-01": value})
    page = homes()["en"]
    page.figures = [HomeFigureLink(indicator=indicator)]
    page.doors = [
        Door(kind=DoorKind.PRACTICES, title="What worked", text="And what did not."),
        Door(kind=DoorKind.NEWS, title="What is new", text="And what comes."),
        Door(kind=DoorKind.IDEAS, title="What could be", text="And how."),
    ]
    return published(page)


def test_a_figure_that_must_not_be_compared_is_told_by_its_countries_and_its_time(client: Client, home: Any) -> None:
    cases = make_indicator("JHU.CASES", frequency="M", is_comparable=False)
    observe(cases, make_country("KZ"), {"2020-03-01": 1, "2021-01-01": 500})
    observe(cases, make_country("GE"), {"2020-02-01": 9})
    home.figures = [HomeFigureLink(indicator=cases)]
    published(home)
    shown = words(section(rendered(client), "figures"))
    assert "2 countries Cases With values from February 2020 to January 2021, which must not be compared" in shown
    assert "Median" not in shown


def rendered(client: Client) -> Any:
    return html5lib.parse(client.get("/en/").content, namespaceHTMLElements=False)


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def section(document: Any, name: str) -> Any:
    return next((one for one in document.iter("section") if one.get("aria-labelledby") == name), None)


def test_doors_lead_to_their_parts_of_the_site(client: Client, home: Any) -> None:
    doors = [one for one in rendered(client).iter("li") if one.get("class") == "door"]
    assert [words(door) for door in doors] == [
        "What worked And what did not.",
        "What is new And what comes.",
        "What could be And how.",
    ]
    assert [door.find(".//a").get("href") for door in doors] == ["/en/practices/", "/en/news/", "/en/ideas/send/"]


def test_a_door_leads_to_what_is_public_in_another_language_or_nowhere(client: Client, home: Any) -> None:
    def door() -> Any:
        return [one for one in rendered(client).iter("li") if one.get("class") == "door"][1].find(".//a")

    index_page(NewsIndexPage).unpublish()
    assert (door().get("href"), door().get("hreflang")) == ("/ru/news/", "ru")
    for language in ("ru", "kk"):
        index_page(NewsIndexPage, language).unpublish()
    assert door() is None


def test_paths_of_the_parts_by_kind(home: Any) -> None:
    urls = index_urls()
    assert set(urls) == {str(kind) for kind in DoorKind}
    assert door_url(urls, DoorKind.EVENTS) == "/en/events/"
    assert door_url({}, DoorKind.EVENTS) == ""


def test_the_newest_of_each_kind_stand_as_rows(client: Client, home: Any) -> None:
    for number in range(4):
        make_practice(title=f"Practice {number}")
    make_report(title="A year of change")
    make_news(title="Handbook published")
    make_event(title="Webinar tomorrow")
    document = rendered(client)
    titles = [words(title) for title in section(document, "practices").iter("h3")]
    assert titles == ["Practice 3", "Practice 2", "Practice 1"]
    for name, title in (
        ("reports", "A year of change"),
        ("news", "Handbook published"),
        ("events", "Webinar tomorrow"),
    ):
        assert [words(one) for one in section(document, name).iter("h3")] == [title]


def test_parts_without_content_are_left_out(client: Client, home: Any) -> None:
    document = rendered(client)
    assert [name for name in ("practices", "reports", "news", "events", "countries") if section(document, name)] == []


def test_figures_name_what_they_are_medians_of_and_their_source(client: Client, home: Any) -> None:
    figure = section(rendered(client), "figures")
    indicator = home.figures.first().indicator
    assert words(figure).count("Median of 2 countries") == 1
    assert f"Source: {indicator.source.label}" in words(figure)
    assert figure.find(".//p/a").get("href") == f"/en/indicators/{indicator.code}/"
    assert words(next(one for one in figure.iter("p") if one.get("class") == "key-figure-value")).startswith("20")


def test_countries_are_listed_by_name(client: Client, home: Any) -> None:
    for code in ("UZ", "GE", "KZ"):
        make_country_page(country=make_country(code))
    countries = section(rendered(client), "countries")
    assert [words(link) for link in countries.iter("a")][1:] == ["Georgia", "Kazakhstan", "Uzbekistan"]


def test_feeds_of_everything_are_announced(client: Client, home: Any) -> None:
    feeds = [link.get("href") for link in rendered(client).iter("link") if "xml" in (link.get("type") or "")]
    assert {"/en/feeds/all.rss", "/en/feeds/all.atom"} <= set(feeds)


def test_a_plain_page_shows_its_text_and_no_ornament(client: Client, home: Any) -> None:
    page = make_standard_page(title="Privacy", body=[("text", "<p>Nothing is kept.</p>")])
    document = html5lib.parse(client.get(page.url).content, namespaceHTMLElements=False)
    assert [words(one) for one in document.iter("h1")] == ["Privacy"]
    main = next(document.iter("main"))
    assert "Nothing is kept." in words(main)
    assert list(main.iter("svg")) == []
