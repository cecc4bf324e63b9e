"""The entrance: what is new, what is coming, where the doors lead; and pages of plain text."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from home.models import HomeFigureLink, HomePage, StandardPage
from tests.factories.examples import full_home
from tests.factories.pages import (
    make_country_page,
    make_event,
    make_news,
    make_practice,
    make_report,
    make_standard_page,
)
from tests.factories.site import homes, published, translate
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup
    from wagtail.models import Site

    Read = Callable[..., BeautifulSoup]


def main(page: BeautifulSoup) -> str:
    assert page.main
    return " ".join(page.main.get_text(" ").split())


def test_the_home_page_shows_what_is_new_and_what_is_coming(read: Read) -> None:
    now = timezone.now()
    make_practice(title="A new practice")
    make_report(make_country_page(country=make_country("GE")), title="A new report")
    make_news(title="Fresh news")
    make_event(title="Coming event")
    make_event(title="Past event", start=now - datetime.timedelta(days=3))
    text = main(read("/en/"))
    for words in ("A new practice", "A new report", "Fresh news", "Coming event", "Georgia"):
        assert words in text
    assert "Past event" not in text


def test_the_home_page_keeps_drafts_and_other_languages_away(read: Read) -> None:
    make_practice(title="Unfinished").unpublish()
    practice = make_practice(title="English")
    translate(practice, "ru", title="Русская")
    english, russian = main(read("/en/")), main(read("/ru/"))
    assert ("Unfinished" in english, "English" in english, "Русская" in english) == (False, True, False)
    assert "Русская" in russian


def test_the_home_page_shows_figures_that_have_a_value_and_no_others(read: Read) -> None:
    home, indicator = homes()["en"], make_indicator()
    home.figures = [HomeFigureLink(indicator=indicator)]
    published(home)
    assert indicator.label not in main(read("/en/"))
    observe(indicator, make_country("UZ"), {"2021-06-01": 61})
    assert indicator.label in main(read("/en/"))


def test_a_door_leads_to_the_part_of_the_site_that_it_names(read: Read) -> None:
    full_home()
    page = read("/en/")
    assert page.main
    door = page.main.find("a", string=lambda text: bool(text and "What others did" in text))
    assert door
    assert door["href"] == "/en/practices/"


def test_an_empty_site_has_a_home_page_in_every_language(read: Read) -> None:
    for language, home in homes().items():
        assert read(f"/{language}/").select("html[lang]")[0]["lang"] == language
        assert home.url == f"/{language}/"
    (arabic,) = read("/ar/").select("html[dir]")
    assert (arabic["lang"], arabic["dir"]) == ("ar", "rtl")


def test_there_is_one_home_page_per_language_and_everything_stands_below_it() -> None:
    assert HomePage.max_count_per_parent == 1
    assert HomePage.allowed_parent_page_models()[0]._meta.label == "wagtailcore.Page"
    names = {model.__name__ for model in HomePage.allowed_subpage_models()}
    assert {"PracticeIndexPage", "CountryIndexPage", "NewsIndexPage", "EventIndexPage", "StandardPage"} <= names


@pytest.mark.parametrize("shown", [True, False])
def test_a_standard_page_stands_in_the_footer_if_it_should(read: Read, *, shown: bool) -> None:
    page = make_standard_page(title="Terms of use", show_in_footer=shown)
    footer = read("/en/").find("footer")
    assert footer
    assert bool(footer.find("a", href=page.url)) is shown


def test_a_standard_page_below_another_names_its_way(read: Read, site: Site) -> None:
    parent = make_standard_page(title="About us")
    page = read(make_standard_page(parent, title="Our people").url)
    assert page.find("a", href=parent.url)
    assert StandardPage in StandardPage.allowed_subpage_models()
