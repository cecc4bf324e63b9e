"""What was in force on a day: of one measure, by category, in the figure and its table, at an address of its own."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.choices import Certainty, OnDay
from reports.timelines import CROWD, build_timeline
from reports.wording import measure_end
from tests.contracts.hostile import HOSTILE
from tests.factories.pages import make_country_page
from tests.factories.site import translate
from tests.factories.statistics import make_measure
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup, Tag
    from django.test import Client
    from wagtail.models import Site

    Read = Callable[..., BeautifulSoup]

ADDRESS = "/en/countries/kazakhstan/measures/"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def words(tag: Tag | None) -> str:
    return " ".join(tag.get_text(" ").split()) if tag else ""


@pytest.mark.parametrize(
    ("facts", "asked", "expected"),
    [
        ({"end": "2020-06-01"}, "2020-03-15", OnDay.TO_COME),
        ({"end": "2020-06-01"}, "2020-03-16", OnDay.IN_FORCE),
        ({"end": "2020-06-01"}, "2020-06-01", OnDay.IN_FORCE),
        ({"end": "2020-06-01"}, "2020-06-02", OnDay.ENDED),
        ({"end": "2020-06-01", "end_certainty": Certainty.ESTIMATED}, "2020-06-02", OnDay.ENDED),
        ({"end_certainty": Certainty.ONGOING}, "2030-01-01", OnDay.IN_FORCE),
        ({"end_certainty": Certainty.UNKNOWN}, "2020-03-16", OnDay.PERHAPS),
        ({"end_certainty": Certainty.UNKNOWN}, "2020-03-15", OnDay.TO_COME),
        ({"end_certainty": Certainty.CERTAIN}, "2021-01-01", OnDay.PERHAPS),
    ],
)
def test_a_measure_of_which_nobody_knows_the_end_is_not_said_to_be_in_force(
    db: None, facts: dict[str, Any], asked: str, expected: OnDay
) -> None:
    end = day(facts["end"]) if "end" in facts else None
    measure = make_measure(start=day("2020-03-16"), **(facts | {"end": end}))
    assert measure.on_day(day(asked)) == expected


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"end": day("2020-06-01")}, "1 Jun 2020"),
        ({"end": day("2020-06-01"), "end_certainty": Certainty.ESTIMATED}, "about 1 Jun 2020 (estimated)"),
        ({"end_certainty": Certainty.ONGOING}, "still in force"),
        ({"end_certainty": Certainty.UNKNOWN}, "not known"),
    ],
)
def test_ends_are_told_apart_in_words(db: None, facts: dict[str, Any], words: str) -> None:
    assert measure_end(make_measure(**facts)) == words


def test_ends_are_told_apart_in_the_figure(db: None) -> None:
    rows = [
        make_measure(end=day("2020-06-01")),
        make_measure(end=day("2020-06-01"), end_certainty=Certainty.ESTIMATED),
        make_measure(end_certainty=Certainty.ONGOING),
        make_measure(end_certainty=Certainty.UNKNOWN),
    ]
    wide, narrow = build_timeline(rows).drawings
    for drawing in (wide, narrow):
        shapes = {(mark.css, mark.path.count("L")) for mark in drawing.marks if mark.css.startswith("bar")}
        assert len(shapes) == 4


def test_a_day_is_a_line_in_the_figure_and_what_was_not_in_force_steps_back(db: None) -> None:
    before, during = make_measure(end=day("2020-04-01")), make_measure(end=day("2020-12-31"))
    wide, _narrow = build_timeline([before, during], day=day("2020-05-01")).drawings
    assert [mark.css for mark in wide.marks if mark.css.startswith("bar")] == ["bar s1 off", "bar s1"]
    assert [mark.css for mark in wide.marks if "day" in mark.css] == ["reading-line day"]


def test_a_day_outside_of_the_figure_is_no_line(db: None) -> None:
    wide, _narrow = build_timeline([make_measure(end=day("2020-04-01"))], day=day("9999-12-31")).drawings
    assert [mark for mark in wide.marks if "day" in mark.css] == []


@pytest.fixture
def country_page(site: Site) -> Any:
    """Schools closed in spring; masks required in autumn; a curfew of which nobody knows the end."""
    kazakhstan = make_country("KZ")
    make_measure(kazakhstan, start=day("2020-03-16"), end=day("2020-06-01"))
    make_measure(kazakhstan, category="H6", start=day("2020-09-01"), end=day("2021-06-01"), titles={"en": "Masks"})
    make_measure(kazakhstan, category="C6", start=day("2020-04-01"), end_certainty="unknown", titles={"en": "Curfew"})
    make_measure(make_country("GE"), titles={"en": "Georgian measure"})
    return make_country_page(slug="kazakhstan", country=kazakhstan)


def counts(page: BeautifulSoup) -> dict[str, list[str]]:
    rows = page.select("table:has(tfoot) tr:has(td)")
    return {words(row.th): [words(cell) for cell in row.select("td")] for row in rows}


def test_what_was_in_force_on_a_day_is_counted_by_category(read: Read, country_page: Any) -> None:
    page = read(ADDRESS, day="2020-10-01")
    assert words(page.h1) == "Measures in force on 1 October 2020"
    assert words(page.select_one(".lead")) == "1 measure was in force. 1 more had begun, and its end is not known."
    assert counts(page) == {
        "School closing": ["1", "0", "0"],
        "Stay-at-home requirements": ["1", "0", "1"],
        "Facial coverings": ["1", "1", "0"],
        "All categories": ["3", "1", "1"],
    }


def test_the_table_says_of_each_measure_how_it_stood(read: Read, country_page: Any) -> None:
    rows = read(ADDRESS, day="2020-05-01").select(".measures-table tr:has(td)")
    assert [(words(row.select_one(".measure-title")), words(row.select("td")[-1])) for row in rows] == [
        ("Schools closed", "In force"),
        ("Curfew", "Perhaps in force: its end is not known"),
        ("Masks", "Not begun"),
    ]


def test_the_day_is_asked_for_without_a_script(read: Read, country_page: Any) -> None:
    for address in (ADDRESS, country_page.url):
        form = read(address).select_one("form.measures-day")
        assert form is not None
        assert (form["method"], form["action"]) == ("get", ADDRESS)
        assert form.select_one('label[for="measures-day"]')
    field = read(ADDRESS, day="2020-05-01").select_one("#measures-day")
    assert field is not None
    assert (field["type"], field["value"]) == ("date", "2020-05-01")


def test_without_a_day_all_measures_are_shown_and_counted_for_today(read: Read, country_page: Any) -> None:
    page = read(ADDRESS)
    assert words(page.h1) == "Measures"
    assert len(page.select(".measures-table tr:has(td)")) == 3
    assert counts(page)["All categories"] == ["3", "0", "1"]
    assert "Georgian" not in words(page.main)


def test_a_day_that_is_none_is_answered_beside_the_field(read: Read, client: Client, country_page: Any) -> None:
    page = read(ADDRESS, day="5/24/2020")
    assert words(page.select_one(".field-error")).startswith("“day” must be a date such as 2020-01-31")
    assert words(page.h1) == "Measures"
    wrong = []
    for name, value in HOSTILE.items():
        response = client.get(f"{ADDRESS}?day={value}")
        if response.status_code != 200 or "<script>alert" in response.content.decode():
            wrong.append(name)
    assert wrong == []


def test_the_figure_has_words_for_those_who_do_not_see_it(read: Read, country_page: Any) -> None:
    svg = read(ADDRESS, day="2020-05-01").select_one("svg[role=img]")
    assert svg is not None
    assert words(svg.title) == "Measures over time"
    assert "3 measures by category; the table below gives their dates and sources." in words(svg.desc)


def test_a_country_without_measures_says_so(read: Read, site: Site) -> None:
    page = make_country_page(slug="georgia", country=make_country("GE"))
    assert "No measure is recorded for this country yet." in words(read(f"{page.url}measures/").main)


def test_the_page_exists_in_each_language_of_the_profile(read: Read, country_page: Any) -> None:
    russian = translate(country_page, "ru")
    page = read(f"{russian.url}measures/", day="2020-05-01")
    links = {link["hreflang"]: link["href"] for link in page.select('link[rel="alternate"][hreflang]')}
    assert str(links["en"]).endswith("/en/countries/kazakhstan/measures/")
    canonical = page.select_one('link[rel="canonical"]')
    assert canonical is not None
    assert str(canonical["href"]).endswith(f"{russian.url}measures/")


def test_a_profile_with_very_many_measures_counts_them_and_leads_to_the_rest(read: Read, country_page: Any) -> None:
    for number in range(CROWD):
        make_measure(country_page.country, start=day("2021-01-01"), titles={"en": f"Measure {number}"})
    page = read(country_page.url)
    assert page.select(".timeline-figure") == []
    assert counts(page)["School closing"][0] == str(CROWD + 1)
    assert page.select_one(f'a[href="{ADDRESS}"]')
    with CaptureQueriesContext(connection) as captured:
        read(ADDRESS)
    assert len(captured) <= 20
