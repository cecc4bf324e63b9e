"""How many questions each public page asks the database: a known number, whatever the number of rows shown."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from home.models import HomeFigureLink
from ideas.models import IdeaIndexPage
from news.models import EventIndexPage, NewsIndexPage
from practices.models import PracticeIndexPage
from reports.models import (
    CountryIndexPage,
    IndicatorIndexPage,
    KeyIndicator,
    Recommendation,
    ReportIndexPage,
    ReportIndicator,
    ReportMeasure,
    ReportPractice,
)
from tests.answers import queries
from tests.contracts.snapshots import assert_matches
from tests.factories.examples import (
    full_country,
    full_event,
    full_home,
    full_news,
    full_practice,
    full_report,
    full_standard_page,
)
from tests.factories.ideas import make_campaign, make_published_idea
from tests.factories.pages import (
    make_adaptation,
    make_country_page,
    make_event,
    make_news,
    make_practice,
    make_report,
    make_standard_page,
)
from tests.factories.site import homes, index_page, published
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from wagtail.models import Site

BUDGET = 21
FULL_PAGES = [full_practice, full_country, full_report, full_news, full_event, full_standard_page, full_home]
CODES = ["KZ", "KG", "UZ", "TJ", "TM", "GE", "AM", "AZ", "BY", "MD"]
CODES += ["UA", "EE", "LV", "LT", "MN", "CN", "JP", "KR", "TR", "MY"]


@pytest.fixture
def pages(site: Site) -> dict[str, Any]:
    """One page of each type, with one of everything that hangs off it."""
    indicator, country = make_indicator(), make_country()
    observe(indicator, country, {"2021-01-01": 1, "2021-02-01": 2})
    practice = make_practice(themes=[make_theme()])
    make_adaptation(practice)
    profile = make_country_page(key_indicators=[KeyIndicator(indicator=indicator)])
    home = homes()["en"]
    home.figures = [HomeFigureLink(indicator=indicator)]
    report = make_report(
        profile,
        indicator_panel=[ReportIndicator(indicator=indicator)],
        recommendations=[Recommendation(text="Publish the waiting times.")],
        measures=[ReportMeasure(measure=make_measure(country))],
        practices=[ReportPractice(practice=practice)],
    )
    return {
        "home": published(home),
        "standard page": make_standard_page(),
        "practices": index_page(PracticeIndexPage),
        "practice": practice,
        "countries": index_page(CountryIndexPage),
        "country": profile,
        "reports": index_page(ReportIndexPage),
        "report": report,
        "indicators": index_page(IndicatorIndexPage),
        "news": index_page(NewsIndexPage),
        "news item": make_news(themes=[make_theme()]),
        "events": index_page(EventIndexPage),
        "event": make_event(),
        "ideas": index_page(IdeaIndexPage),
        "idea": make_published_idea(theme=make_theme(), country=make_country()).pages.get(),
        "call for ideas": make_campaign(),
    }


def add_rows(pages: dict[str, Any], codes: list[str]) -> None:
    """One of everything for each country, each with a theme of its own."""
    for code in codes:
        number = CODES.index(code)
        country, theme = make_country(code), make_theme(f"theme-{number}")
        facts = {"country": country, "themes": [theme]}
        practice = make_practice(title=f"Practice {number}", **facts)
        make_adaptation(practice, make_country("KZ"))
        make_adaptation(pages["practice"], country)
        profile = pages["country"] if code == "KZ" else make_country_page(country=country)
        make_report(profile, title=f"Report {number}", **facts)
        make_news(title=f"News {number}", **facts)
        make_event(title=f"Event {number}", **facts)
        email, call = f"person{number}@example.org", pages["call for ideas"].translation_key
        make_published_idea(email=email, theme=theme, country=country, campaign=call)
        observe(make_indicator(f"TEST.{number}"), country, {"2021-01-01": number})
        make_measure(make_country("KZ"), start=datetime.date(2020, 4, 1 + number))


def counted(client: Client, pages: dict[str, Any]) -> dict[str, int]:
    addresses = {name: page.url for name, page in pages.items()}
    addresses["indicator"] = f"{pages['indicators'].url}OXCGRT.STRINGENCY/"
    addresses["search"] = "/en/search/?q=practice"
    addresses["feed"] = "/en/feeds/practices.atom"
    return {name: queries(client, address) for name, address in addresses.items()}


def test_number_of_queries_is_its_baseline_whatever_is_shown(client: Client, pages: dict[str, Any]) -> None:
    add_rows(pages, CODES[:2])
    few = counted(client, pages)
    add_rows(pages, CODES[2:])
    many = counted(client, pages)
    assert {name: (few[name], many[name]) for name in few if many[name] > few[name]} == {}
    assert_matches("query_baselines.json", many)


@pytest.mark.parametrize("make", FULL_PAGES, ids=lambda make: make.__name__)
def test_a_page_with_everything_that_there_is_keeps_to_the_budget(
    client: Client, site: Site, make: Callable[[], Any]
) -> None:
    """Pictures, files, charts, timelines and related pages are read together, however many blocks show them."""
    page = make()
    once = queries(client, page.url)
    page.body = [*page.body.raw_data, *page.body.raw_data]
    assert (once <= BUDGET, queries(client, published(page).url)) == (True, once)


def test_no_page_asks_more_than_its_budget(client: Client, pages: dict[str, Any]) -> None:
    add_rows(pages, CODES[:2])
    numbers = counted(client, pages)
    assert {name: number for name, number in numbers.items() if number > BUDGET} == {}
