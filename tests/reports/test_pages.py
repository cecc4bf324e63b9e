"""Countries, reports and indicators as a reader sees them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from reports.models import (
    CountryIndexPage,
    KeyIndicator,
    Recommendation,
    ReportIndexPage,
    ReportIndicator,
    ReportMeasure,
)
from taxonomy.models import Membership
from tests.factories.examples import full_country, full_report
from tests.factories.pages import (
    make_adaptation,
    make_country_page,
    make_event,
    make_news,
    make_practice,
    make_report,
)
from tests.factories.site import index_page, translate
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup
    from django.test import Client
    from wagtail.models import Site

    Read = Callable[..., BeautifulSoup]


def main(page: BeautifulSoup) -> str:
    """The words of the page itself, without those of the frame."""
    assert page.main
    return " ".join(page.main.get_text(" ").split())


def test_a_profile_shows_all_that_the_platform_knows_of_a_country(read: Read) -> None:
    kazakhstan, georgia = make_country("KZ"), make_country("GE")
    Membership.objects.create(country=kazakhstan, role="founder", since=datetime.date(2013, 3, 15))
    page = full_country()
    make_report(page, title="Report of the year")
    given, received = make_practice(title="Given away"), make_practice(title="Taken over", country=georgia)
    make_adaptation(given, georgia)
    make_adaptation(received, kazakhstan)
    make_measure(kazakhstan, titles={"en": "Schools of the capital closed"})
    make_news(title="News of the country", country=kazakhstan)
    make_event(title="Event of the country", country=kazakhstan)
    text = main(read(page.url))
    for words in (
        "Kazakhstan",
        "Founder",
        "What the country shares.",
        "Two corps.",
        "Stringency",
        "Report of the year",
        "Given away",
        "Taken over",
        "Schools of the capital closed",
        "News of the country",
        "Event of the country",
        "Borders as the source shows them.",
    ):
        assert words in text


def test_a_profile_shows_nothing_of_other_countries_and_no_drafts(read: Read) -> None:
    page = make_country_page(country=make_country("KZ"))
    make_practice(title="Georgian practice", country=make_country("GE"))
    make_measure(make_country("GE"), titles={"en": "Georgian measure"})
    make_practice(title="Unfinished practice").unpublish()
    make_report(page, title="Unfinished report").unpublish()
    text = main(read(page.url))
    for words in ("Georgian practice", "Georgian measure", "Unfinished practice", "Unfinished report"):
        assert words not in text


def test_a_profile_names_practices_in_its_own_language_only(read: Read) -> None:
    page = make_country_page()
    practice = make_practice(title="One window")
    make_practice(title="English only")
    translate(practice, "ru", title="Одно окно")
    text = main(read(translate(page, "ru", title="Казахстан").url))
    assert "Одно окно" in text
    assert "One window" not in text


@pytest.mark.parametrize(
    ("values", "shown"), [({"2021-01-01": 0}, "0"), ({"2021-01-01": None}, "No value"), ({}, "Not covered")]
)
def test_zero_no_value_and_not_covered_read_differently(read: Read, values: dict[str, Any], shown: str) -> None:
    indicator = make_indicator(decimals=0)
    observe(indicator, make_country("KZ"), values)
    page = read(make_country_page(key_indicators=[KeyIndicator(indicator=indicator)]).url)
    (figure,) = page.select(".key-figures > li")
    words = figure.get_text(" ").lower()
    assert shown.lower() in words
    assert [other for other in ("no value", "not covered") if other in words] == [
        other for other in ("no value", "not covered") if other == shown.lower()
    ]


def test_countries_stand_by_region_in_the_readers_alphabet(read: Read) -> None:
    profiles = [("UZ", "143"), ("KZ", "143"), ("GE", "145")]
    pages = [make_country_page(country=make_country(code, subregion=region)) for code, region in profiles]
    assert_in_order(main(read(index_page(CountryIndexPage).url)), "Central Asia", "Kazakhstan", "Uzbekistan", "Western")
    for page in pages:
        translate(page, "ru", title=page.title)
    assert_in_order(main(read(index_page(CountryIndexPage, "ru").url)), "Грузия")
    assert_in_order(main(read(index_page(CountryIndexPage, "ru").url)), "Казахстан", "Узбекистан")


def assert_in_order(text: str, *words: str) -> None:
    places = [text.find(word) for word in words]
    assert -1 not in places
    assert places == sorted(places)


def test_a_report_shows_its_findings(read: Read) -> None:
    text = main(read(full_report().url))
    for words in (
        "Report 2021",
        "Edition 2",
        "Cleared",
        "Ministry of order",
        "Stringency",
        "Monthly means.",
        "Schools closed",
        "Publish the register.",
        "The hub",
        "Priority: high",
        "Accepted",
        "Agreed in June.",
        "One window",
        "Statistical yearbook",
        "How it began",
    ):
        assert words in text


def test_a_superseded_report_leads_to_the_newer_edition(read: Read) -> None:
    country = make_country_page()
    newer = make_report(country, title="Report 2022")
    page = read(make_report(country, superseded_by=newer.page_ptr).url)
    assert page.main
    assert page.main.find("a", href=newer.url)
    newer.unpublish()
    assert "Report 2022" not in main(read(make_report(country, superseded_by=newer.page_ptr).url))


def test_a_report_shows_figures_of_its_period_only(read: Read) -> None:
    indicator, country = make_indicator(decimals=0), make_country("KZ")
    observe(indicator, country, {"2020-12-01": 111, "2021-01-01": 222, "2021-12-01": 333, "2022-01-01": 444})
    page = make_report(indicator_panel=[ReportIndicator(indicator=indicator)])
    table = read(page.url).select_one("main table")
    assert table
    assert [number for number in ("111", "222", "333", "444") if number in table.get_text()] == ["222", "333"]


def test_a_measure_without_a_title_in_the_readers_language_is_still_named(read: Read) -> None:
    country = make_country_page()
    translate(country, "ru", title="Казахстан")
    measure = make_measure(titles={"en": "Schools closed"})
    report = make_report(country, measures=[ReportMeasure(measure=measure)])
    assert "Schools closed" in main(read(translate(report, "ru", title="Доклад").url))


def test_a_recommendation_without_details_is_shown(read: Read) -> None:
    assert "Listen more." in main(read(make_report(recommendations=[Recommendation(text="Listen more.")]).url))


def test_reports_of_all_countries_are_listed_in_the_readers_language(read: Read) -> None:
    report = make_report(title="English report")
    translate(report.get_parent().specific, "kk", title="Қазақстан")
    translate(report, "kk", title="Қазақша баяндама")
    make_report(title="Draft report").unpublish()
    english, kazakh = (main(read(index_page(ReportIndexPage, code).url)) for code in ("en", "kk"))
    assert ("English report" in english, "Қазақша баяндама" in english, "Draft report" in english) == (
        True,
        False,
        False,
    )
    assert ("English report" in kazakh, "Қазақша баяндама" in kazakh) == (False, True)


def test_all_indicators_are_listed_with_their_coverage(read: Read) -> None:
    indicator = make_indicator("WB.POP", labels={"en": "Population", "ru": "Население"})
    observe(indicator, make_country("KZ"), {"2020-01-01": 18})
    assert "Population" in main(read("/en/indicators/"))
    assert "Население" in main(read("/ru/indicators/"))


def test_an_indicator_says_what_it_measures_who_says_so_and_under_which_terms(read: Read) -> None:
    indicator = make_indicator("WB.POP", labels={"en": "Population"})
    observe(indicator, make_country("KZ"), {"2020-01-01": 18})
    text = main(read("/en/indicators/WB.POP/"))
    for words in (
        "Population",
        "WB.POP",
        "What the figure counts, and how.",
        "Hale et al.",
        "Creative Commons",
        "Kazakhstan",
    ):
        assert words in text


def test_an_indicator_without_values_says_so(read: Read) -> None:
    make_indicator("WB.POP")
    assert "No country has a value for this indicator yet." in main(read("/en/indicators/WB.POP/"))


@pytest.mark.parametrize("code", ["NO.SUCH", "%00", "..", "wb.pop", "<script>", "x" * 300])
def test_an_unknown_indicator_is_not_found(client: Client, site: Site, code: str) -> None:
    make_indicator("WB.POP")
    response = client.get(f"/en/indicators/{code}/")
    assert response.status_code in {301, 404}
    assert "<script>/" not in response.content.decode()
