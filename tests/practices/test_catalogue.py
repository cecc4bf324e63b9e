"""What readers see of the catalogue of practices: its number, its filters, its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import html5lib
import pytest

from tests.factories.pages import make_practice
from tests.factories.vocabularies import make_country, make_theme
from tests.practices.test_templates import html, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def catalogue(made_once: Callable[[Callable[[], Any]], Any]) -> None:
    """Three practices of Georgia and nineteen of Kazakhstan."""

    def make() -> None:
        health, digital = make_theme("health"), make_theme("digital")
        for number in range(22):
            make_practice(
                title=f"Practice {number:02}",
                themes=[health if number % 2 else digital],
                country=make_country("GE" if number < 3 else "KZ"),
            )

    made_once(make)


def test_the_number_of_practices_is_told_in_words(client: Client, catalogue: None) -> None:
    assert texts(html(client, "/en/practices/"), "h2", "list-count") == ["22 practices"]
    assert texts(html(client, "/en/practices/?country=GE&theme=health"), "h2", "list-count") == ["1 practice"]


def test_filters_show_counts_and_what_is_chosen(client: Client, catalogue: None) -> None:
    page = html(client, "/en/practices/?country=GE")
    assert '<input type="checkbox" name="country" value="GE" checked>' in page
    assert "Kazakhstan(19)" in [text.replace(" ", "") for text in texts(page, "label")]
    assert texts(page, "a", "chip") == ["Remove filter: Georgia"]
    assert len(texts(page, "h3", "row-title")) == 3


def test_a_chip_takes_its_filter_away(client: Client, catalogue: None) -> None:
    page = html(client, "/en/practices/?country=GE&theme=health")
    chips = [
        element.get("href")
        for element in html5lib.parse(page, namespaceHTMLElements=False).iter("a")
        if element.get("class") == "chip"
    ]
    assert sorted(chips) == ["?country=GE", "?theme=health"]


def test_a_list_has_pages_that_keep_the_filters(client: Client, catalogue: None) -> None:
    assert len(texts(html(client, "/en/practices/"), "h3", "row-title")) == 20
    page = html(client, "/en/practices/?page=2&sort=title")
    assert texts(page, "h3", "row-title") == ["Practice 20", "Practice 21"]
    assert '<span aria-current="page">2</span>' in page
    assert 'href="?sort=title&amp;page=1"' in page


def test_nothing_that_matches_is_said_with_a_way_out(client: Client, catalogue: None) -> None:
    page = html(client, "/en/practices/?country=GE&year=1999")
    assert texts(page, "p", "empty-title") == ["Nothing here matches."]
    assert "Clear filters" in page


def test_the_list_exists_as_feed_and_api(client: Client, catalogue: None) -> None:
    page = html(client, "/en/practices/?country=GE")
    assert 'href="/en/feeds/practices.rss?country=GE"' in page
    assert 'href="/api/v2/pages/?type=practices.PracticePage&amp;locale=en&amp;fallback=*"' in page
    assert 'type="application/atom+xml"' in page.split("</head>")[0]
