"""A list that is narrowed by its address: bad parameters are ignored, good ones can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from cms.core import memory
from practices.models import PracticeIndexPage, PracticePage
from practices.search import FACETS
from search.listings import MAX_VALUES, Listing
from tests.factories.pages import make_country_page, make_event, make_news, make_practice, make_report
from tests.factories.site import index_page, translate
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site


def listing(query: str = "") -> Listing:
    return Listing(PracticePage.objects.published(), FACETS, QueryDict(query))


def titles(found: Listing) -> list[str]:
    return [page.title for page in found.page]


@pytest.fixture
def two_practices(site: Site) -> None:
    make_practice(title="Georgian", country=make_country("GE"), status="pilot", start_year=2020)
    make_practice(title="Kazakh", country=make_country("KZ"), status="ended", start_year=2021)


IGNORED = [
    "country=XX",
    "country=kz%00",
    "country=%00",
    "country=",
    f"country={'K' * 5000}",
    "theme=no-such-theme",
    "type=no-such-type",
    "level=national%0a",
    "status=unknown",
    "review=%F0%9F%8E%89",
    "year=20",
    "year=%D9%A2%D9%A0%D9%A2%D9%A0",
    "year=-2020",
    "sort=-pk",
    "sort=%00",
    "page=abc",
    "page=",
    "page=1%00",
    f"page={'9' * 5000}",
    "page=-3",
    "page=0",
    "page=1.5",
    "no-such-parameter=1",
    "country[]=KZ",
    "=",
    "&&&",
]


@pytest.mark.parametrize("query", IGNORED, ids=lambda query: query[:40])
def test_a_parameter_that_means_nothing_is_ignored(two_practices: None, query: str) -> None:
    found = listing(query)
    assert titles(found) == ["Kazakh", "Georgian"]
    assert found.chips == []
    assert found.page.number == 1
    assert found.query_string == ""


@pytest.mark.parametrize("query", IGNORED, ids=lambda query: query[:40])
def test_no_address_of_a_list_is_an_error(client: Client, two_practices: None, query: str) -> None:
    assert client.get(f"{index_page(PracticeIndexPage).url}?{query}").status_code == 200


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from([*(facet.name for facet in FACETS), "sort", "page"]), value=st.text(max_size=40))
def test_whatever_stands_in_a_parameter_a_list_is_shown(two_practices: None, name: str, value: str) -> None:
    found = listing(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}")
    assert found.total == len(titles(found))
    assert len(found.chips) <= 1


def test_an_unknown_value_does_not_hide_what_the_known_one_gives(two_practices: None) -> None:
    found = listing("country=XX&country=GE")
    assert titles(found) == ["Georgian"]
    assert [chip.label for chip in found.chips] == ["Georgia"]


def test_no_more_than_a_handful_of_values_is_looked_at(two_practices: None) -> None:
    found = listing("&".join(f"year={year}" for year in range(1900, 1900 + 3 * MAX_VALUES)))
    assert len(found.chosen["year"]) == MAX_VALUES


def test_values_of_one_facet_add_up_and_facets_multiply(two_practices: None) -> None:
    assert titles(listing("country=GE&country=KZ")) == ["Kazakh", "Georgian"]
    assert titles(listing("country=GE&country=KZ&status=pilot")) == ["Georgian"]
    assert titles(listing("country=GE&status=ended")) == []


def test_a_chosen_value_without_pages_stays_visible_so_that_it_can_be_removed(two_practices: None) -> None:
    found = listing("country=GE&status=ended")
    assert [(chip.label, chip.count) for chip in found.chips] == [("Georgia", 0), ("Ended", 0)]


def test_each_chip_removes_itself_and_nothing_else(two_practices: None) -> None:
    chips = {chip.value: chip.url for chip in listing("country=GE&country=KZ&year=2021&sort=title&page=2").chips}
    assert chips == {
        "GE": "?country=KZ&year=2021&sort=title",
        "KZ": "?country=GE&year=2021&sort=title",
        "2021": "?country=GE&country=KZ&sort=title",
    }


def test_an_option_adds_itself_to_what_is_chosen_and_begins_at_the_first_page(two_practices: None) -> None:
    found = listing("country=GE&sort=updated&page=7")
    (kazakhstan,) = [option for view in found.facets for option in view.options if option.value == "KZ"]
    assert (kazakhstan.url, kazakhstan.is_selected, kazakhstan.count) == (
        "?country=GE&country=KZ&sort=updated",
        False,
        1,
    )


def test_the_same_value_twice_is_one_choice(two_practices: None) -> None:
    found = listing("country=GE&country=GE")
    assert len(found.chips) == 1
    assert found.chips[0].url == "?"


def test_a_facet_without_values_is_not_offered(two_practices: None) -> None:
    assert {view.name for view in listing().facets} == {"country", "level", "status", "review", "year"}


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("newest", ["B", "A", "C"]),
        ("title", ["A", "B", "C"]),
        ("updated", ["C", "B", "A"]),
        ("nonsense", ["B", "A", "C"]),
    ],
)
def test_the_order_is_the_readers_choice(site: Site, sort: str, order: list[str]) -> None:
    pages = {title: make_practice(title=title) for title in ("C", "A", "B")}
    pages["C"].save_revision().publish()
    found = listing(f"sort={sort}")
    assert titles(found) == order
    assert [option.value for option in found.sorts if option.is_selected] == [sort if sort != "nonsense" else "newest"]


def test_long_lists_are_paged(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.listings.PAGE_SIZE", 2)
    for title in "ABCDE":
        make_practice(title=title, status="pilot")
    first, middle, last = (listing(f"sort=title&status=pilot&page={number}") for number in (1, 2, 3))
    assert [titles(found) for found in (first, middle, last)] == [["A", "B"], ["C", "D"], ["E"]]
    assert (first.previous_url, first.next_url) == ("", "?status=pilot&sort=title&page=2")
    assert (last.previous_url, last.next_url) == ("?status=pilot&sort=title&page=2", "")
    assert [number for _url, number in middle.page_links] == [1, 2, 3]
    assert middle.total == 5
    assert titles(listing("sort=title&page=99")) == ["E"]


def test_many_pages_are_shortened_by_an_ellipsis(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.listings.PAGE_SIZE", 1)
    for number in range(9):
        make_practice(title=str(number))
    assert [(bool(url), number) for url, number in listing("page=1").page_links][-2:] == [(False, None), (True, 9)]


def test_drafts_private_pages_and_other_languages_are_not_listed(client: Client, site: Site) -> None:
    shown, draft = make_practice(title="Shown everywhere"), make_practice(title="Still a draft")
    draft.unpublish()
    translate(shown, "ru", title="Показана по-русски")
    html = client.get(index_page(PracticeIndexPage).url).content.decode()
    assert "Shown everywhere" in html
    assert "Still a draft" not in html
    assert "Показана по-русски" not in html


def test_a_longer_list_takes_no_more_queries(site: Site) -> None:
    def queries_for_rows() -> int:
        with memory.checked_once(), CaptureQueriesContext(connection) as queries:
            rows = [(page.url, page.country.label, [theme.label for theme in page.themes]) for page in listing().page]
        assert len(rows) == PracticePage.objects.count()
        return len(queries)

    themes = [make_theme("open-data"), make_theme("budget")]
    for code in ("KZ", "GE"):
        make_practice(themes=themes, country=make_country(code))
    queries_for_rows()  # fills the cache of site addresses
    two_rows = queries_for_rows()
    for code in ("UZ", "MN", "AM"):
        make_practice(themes=themes, country=make_country(code))
    queries_for_rows()  # and that of the new countries
    assert queries_for_rows() == two_rows


@pytest.mark.parametrize("make", [make_practice, make_news, make_event, make_report])
def test_every_list_can_be_narrowed_by_theme_and_country(client: Client, site: Site, make: Any) -> None:
    country = make_country("GE")
    parent = make_country_page(country=country) if make is make_report else None
    page = make(parent, title="Narrowed to this", country=country, themes=[make_theme("open-data")])
    make(parent, title="Filed elsewhere", country=country, themes=[make_theme("budget")])
    index = "/en/reports/" if make is make_report else page.get_parent().url
    html = client.get(f"{index}?theme=open-data&country=GE").content.decode()
    assert "Narrowed to this" in html
    assert "Filed elsewhere" not in html


def test_the_numbers_of_a_whole_list_are_kept_until_a_page_changes(client: Client, site: Site) -> None:
    def countries(address: str) -> dict[str, int]:
        listing = client.get(address).context["listing"]
        return {option.value: option.count for view in listing.facets for option in view.options}

    make_practice(country=make_country("KZ"), slug="first")
    assert countries("/en/practices/")["KZ"] == 1
    with CaptureQueriesContext(connection) as captured:
        countries("/en/practices/")
    assert not any("UNION ALL" in query["sql"] and "facet" in query["sql"] for query in captured)
    second = make_practice(country=make_country("KZ"), slug="second")
    assert countries("/en/practices/")["KZ"] == countries("/en/practices/?country=KZ")["KZ"] == 2
    second.unpublish()
    assert countries("/en/practices/")["KZ"] == countries("/en/practices/?country=KZ")["KZ"] == 1
    PageViewRestriction.objects.create(
        page=PracticePage.objects.get(slug="first"), restriction_type=PageViewRestriction.LOGIN
    )
    assert "KZ" not in countries("/en/practices/")
