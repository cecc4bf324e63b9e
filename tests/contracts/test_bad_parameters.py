"""Whatever stands in a query string: what means nothing is ignored, or refused by name where figures depend on it."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from icalendar import Calendar

from tests.answers import ATOM, texts, xml
from tests.contracts.hostile import HOSTILE, all_at_once, everywhere
from tests.factories.pages import make_country_page, make_event, make_news, make_practice, make_report
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

FACETS = ("country", "theme", "type", "level", "status", "kind", "mode", "review", "year", "sort", "page")
PRACTICES, INDICATOR = "/en/practices/", "/en/indicators/OXCGRT.STRINGENCY/"
DATA = "/en/data/OXCGRT.STRINGENCY.csv"


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> None:
    """One page of every kind that lists, feeds and downloads show, and what hangs off them."""

    def make() -> None:
        country, indicator = make_country("KZ"), make_indicator()
        facts = {"country": country, "themes": [make_theme("digital")]}
        observe(indicator, country, {"2021-01-01": 4, "2021-02-01": None})
        make_measure(country)
        make_practice(slug="one-window", **facts)
        make_report(make_country_page(slug="kazakhstan", country=country), **facts)
        make_news(**facts)
        make_event(start=datetime.datetime(2030, 3, 1, 10, tzinfo=datetime.UTC), **facts)

    made_once(make)


def shown(client: Client, address: str) -> str:
    """The words of the main part of a page, which must be there."""
    response = client.get(address)
    assert response.status_code == 200, address
    main = next(html5lib.parse(response.content, namespaceHTMLElements=False).iter("main"))
    return " ".join("".join(main.itertext()).split())


def test_a_list_with_a_meaningless_parameter_is_the_list_without_it(client: Client) -> None:
    plain = shown(client, PRACTICES)
    answers = {name: shown(client, f"{PRACTICES}?{everywhere(FACETS, value)}") for name, value in HOSTILE.items()}
    assert {name for name, words in answers.items() if words != plain} == set()


@pytest.mark.parametrize("path", ["reports/", "events/", "countries/", "indicators/", "practices/one-window/", ""])
def test_no_page_minds_parameters_that_it_does_not_know(client: Client, path: str) -> None:
    assert shown(client, f"/en/{path}?{all_at_once((*FACETS, 'by'))}") == shown(client, f"/en/{path}")


def test_what_is_pinned_stands_above_the_list_as_it_is_entered_only(client: Client) -> None:
    assert "Handbook published" in shown(client, f"/en/news/?{all_at_once(FACETS)}")


def test_a_meaningful_value_counts_once_in_whatever_company(client: Client) -> None:
    nonsense = all_at_once(("country",))
    html = client.get(f"{PRACTICES}?country=KZ&{nonsense}&country=KZ&theme=digital&theme=digital").content.decode()
    assert "One window" in html
    assert html.count('class="chip"') == 2


def test_links_of_a_list_pass_nothing_meaningless_on(client: Client) -> None:
    html = client.get(f"{PRACTICES}?{all_at_once((*FACETS, 'utm_source'))}").content.decode()
    assert "Set-Cookie" not in html
    assert "script>alert" not in html
    assert "utm_source" not in re.sub(r'<link rel="alternate"[^>]*>', "", html)


@pytest.mark.parametrize("path", ["practices/", "search/", "indicators/OXCGRT.STRINGENCY/", "feeds/all.atom"])
def test_hundreds_of_values_are_no_fault(client: Client, path: str) -> None:
    names = ("country", "q", "year", "page")
    many = "&".join(f"{name}={number}" for number in range(300) for name in names)
    assert client.get(f"/en/{path}?{many}").status_code == 200


def test_more_parameters_than_any_form_has_are_refused(client: Client) -> None:
    response = client.get(f"/ru/practices/?{'&'.join(['a=1'] * 10_001)}")
    assert response.status_code == 400
    assert '<html lang="ru"' in response.content.decode()


@pytest.mark.parametrize("kind", ["all", "practices", "reports", "news", "events"])
def test_a_feed_with_meaningless_parameters_holds_what_it_holds_without(client: Client, kind: str) -> None:
    address = f"/en/feeds/{kind}.atom"

    def ids(url: str) -> list[str]:
        return texts(xml(client, url, "application/atom+xml"), f"{ATOM}entry/{ATOM}id")

    plain = ids(address)
    assert plain
    assert ids(f"{address}?{all_at_once(FACETS)}") == plain
    assert ids(f"{address}?{everywhere(FACETS, HOSTILE['null byte'])}") == plain


def test_a_calendar_with_meaningless_parameters_holds_what_it_holds_without(client: Client) -> None:
    wrong = []
    for name, value in HOSTILE.items():
        response = client.get(f"/en/feeds/events.ics?{everywhere(FACETS, value)}")
        events = Calendar.from_ical(response.content).events
        if [str(event["SUMMARY"]) for event in events] != ["Measuring waiting times"]:
            wrong.append(name)
    assert wrong == []


def test_every_question_is_answered(client: Client) -> None:
    wrong = []
    for name, value in HOSTILE.items():
        response = client.get(f"/en/search/?q={value}")
        html = response.content.decode()
        if response.status_code != 200 or "<script>alert" in html or "\0" in html or "Set-Cookie:" in response.headers:
            wrong.append(name)
    assert wrong == []


def test_a_question_of_an_unknown_kind_or_page_is_answered_as_if_neither_were_named(client: Client) -> None:
    plain = shown(client, "/en/search/?q=window")
    assert "One window" in plain
    answers = {
        name: shown(client, f"/en/search/?q=window&{everywhere(('type', 'page', 'sort', 'country'), value)}")
        for name, value in HOSTILE.items()
    }
    assert {name for name, words in answers.items() if words != plain} == set()


def test_a_question_is_shown_again_as_text(client: Client) -> None:
    words = '"><img src=x onerror=alert(1)>'
    html = client.get("/en/search/", {"q": words}).content.decode()
    assert "<img src=x" not in html
    fields = [one for one in html5lib.parse(html, namespaceHTMLElements=False).iter("input") if one.get("name") == "q"]
    assert {field.get("value") for field in fields} <= {words, None}
    assert words in {field.get("value") for field in fields}


def test_an_indicator_is_shown_whatever_is_to_be_compared(client: Client) -> None:
    plain = shown(client, INDICATOR)
    names = ("country", "sort", "by", "from", "to", "page")
    answers = {name: shown(client, f"{INDICATOR}?{everywhere(names, value)}") for name, value in HOSTILE.items()}
    assert {name for name, words in answers.items() if words != plain} == set()


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "csv-metadata.json"])
@pytest.mark.parametrize("parameter", ["country", "from", "to", "as_of", "origin"])
def test_a_download_refuses_what_it_cannot_understand_and_names_it(client: Client, parameter: str, form: str) -> None:
    """Figures of other countries or days than those that were meant would be worse than none."""
    values = {name: value for name, value in HOSTILE.items() if value or parameter == "country"}
    wrong = []
    for name, value in values.items():
        response = client.get(f"{DATA.removesuffix('csv')}{form}?{parameter}={value}")
        is_sentence = response["Content-Type"] == "text/plain; charset=utf-8" and f"“{parameter}”" in response.text
        if response.status_code != 400 or not is_sentence or "Content-Disposition" in response.headers:
            wrong.append(name)
    assert wrong == []


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("from=2021-01-01&from=2021-02-01", ["2021-02"]),
        ("to=9999-12-31", ["2021-01", "2021-02"]),
        ("from=0001-01-01", ["2021-01", "2021-02"]),
        ("from=20210201", ["2021-02"]),
        ("country=kz&country=KZ&country=Kz", ["2021-01", "2021-02"]),
        ("unknown=1&page=7&sort=x", ["2021-01", "2021-02"]),
        ("COUNTRY=XX", ["2021-01", "2021-02"]),
    ],
)
def test_a_download_takes_the_ends_of_time_and_repetitions(client: Client, query: str, rows: list[str]) -> None:
    lines = client.get(f"{DATA}?{query}").getvalue().decode("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[4] for line in lines] == rows


@pytest.mark.parametrize("address", ["/sitemap-practicepage.xml", "/sitemap-indicators.xml", "/sitemap-newspage.xml"])
def test_a_file_of_the_site_map_that_does_not_exist_is_not_found(client: Client, address: str) -> None:
    found = {name: client.get(f"{address}?page={value}").status_code for name, value in HOSTILE.items()}
    assert {name for name, status in found.items() if status != 404} == set()
    assert client.get(f"{address}?{all_at_once(('p', 'section', 'lang'))}").status_code == 200


def test_the_robots_file_and_the_index_of_the_site_map_know_no_parameters(client: Client) -> None:
    for address in ("/robots.txt", "/sitemap.xml"):
        assert client.get(f"{address}?{all_at_once(FACETS)}").content == client.get(address).content
