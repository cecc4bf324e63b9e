"""A question to the whole site: what is found, in which order, and what is offered besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.http import QueryDict
from django.utils import translation
from wagtail.models import PageViewRestriction

from practices.models import PracticeIndexPage
from search.services import PAGE_SIZE, Search, themes_named
from tests.factories.pages import (
    make_country_page,
    make_event,
    make_news,
    make_practice,
    make_report,
    make_standard_page,
)
from tests.factories.site import index_page, translate
from tests.factories.statistics import make_indicator
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wagtail.models import Site


def search(text: str, **parameters: str) -> Search:
    query = QueryDict(mutable=True)
    query.update({"q": text} | parameters)
    return Search(query)


def found(text: str, **parameters: str) -> list[str]:
    return [hit.item.title for hit in search(text, **parameters).page]


@pytest.fixture
def russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


@pytest.fixture
def kazakh() -> Iterator[None]:
    with translation.override("kk"):
        yield


def test_pages_of_every_type_are_found(site: Site) -> None:
    make_practice(title="Zebra practice")
    make_country_page(title="Zebra country", slug="zebra-country", country=make_country("GE"))
    make_report(title="Zebra report")
    make_news(title="Zebra news")
    make_event(title="Zebra event")
    make_standard_page(title="Zebra page")
    result = search("zebra")
    assert [(tab.key, tab.count) for tab in result.tabs] == [
        ("", 6),
        ("practices", 1),
        ("countries", 1),
        ("reports", 1),
        ("news", 1),
        ("events", 1),
        ("pages", 1),
    ]
    assert result.total == 6
    assert len(result.page) == 6
    assert {hit.kind for hit in result.page} >= {"Practice", "Country profile", "News item", "Event"}


def test_a_tab_shows_one_kind(site: Site) -> None:
    make_practice(title="Zebra practice")
    make_news(title="Zebra news")
    assert found("zebra", type="news") == ["Zebra news"]
    assert search("zebra", type="news").tab.label == "News"


@pytest.mark.parametrize("kind", ["nothing", "events", "\0", "x" * 3000])
def test_a_tab_without_finds_is_the_tab_of_everything(site: Site, kind: str) -> None:
    make_practice(title="Zebra practice")
    assert found("zebra", type=kind) == ["Zebra practice"]
    assert search("zebra", type=kind).tab.key == ""


def test_a_word_in_the_title_weighs_more_than_one_in_the_text(site: Site) -> None:
    make_practice(title="About something", slug="a", lessons="<p>A zebra and a zebra.</p>")
    make_practice(title="Zebra", slug="b")
    make_practice(title="Something", slug="c", lessons="<p>Once a zebra.</p>")
    assert found("zebra")[0] == "Zebra"
    assert len(found("zebra")) == 3


def test_words_of_the_text_are_found_in_every_form(site: Site, russian: None) -> None:
    parent = index_page(PracticeIndexPage, "ru")
    make_practice(
        parent, title="Одно окно", slug="odno-okno", lessons="<p>Больше полномочий сотрудникам отделений.</p>"
    )
    assert found("сотрудники отделение") == ["Одно окно"]
    assert found("сотрудники министерства") == []


def test_only_the_public_pages_of_the_language_are_found(site: Site) -> None:
    translate(make_practice(title="Zebra both"), "ru", title="Zebra ru")
    make_practice(title="Zebra draft", slug="draft").unpublish()
    PageViewRestriction.objects.create(
        page=make_practice(title="Zebra restricted", slug="restricted"), restriction_type=PageViewRestriction.LOGIN
    )
    assert found("zebra") == ["Zebra both"]
    with translation.override("ru"):
        assert found("zebra") == ["Zebra ru"]
    with translation.override("ar"):
        assert [hit.url for hit in search("zebra").page] == ["/ar/practices/zebra-both/"]


def test_a_draft_of_a_live_page_is_not_searched(site: Site) -> None:
    practice = make_practice(title="Lion")
    practice.title = "Zebra"
    practice.save_revision()
    assert found("zebra") == []
    assert found("lion") == ["Lion"]


def test_finds_carry_what_a_row_shows(site: Site) -> None:
    make_practice(
        title="The <zebra>",
        summary="Zebras & lions.",
        country=make_country("GE"),
        review_state="verified",
        themes=[make_theme("digital", labels={"en": "Digital"})],
    )
    hit = search("zebra").page[0]
    assert hit.title == "The &lt;<mark>zebra</mark>&gt;"
    assert hit.excerpt == "<mark>Zebras</mark> &amp; lions."
    assert hit.item.country.label == "Georgia"
    assert hit.item.get_review_state_display() == "Verified"
    assert [theme.label for theme in hit.item.themes] == ["Digital"]
    assert hit.item.locale.language_code == "en"


def test_finds_are_shown_page_by_page(site: Site) -> None:
    for number in range(PAGE_SIZE + 1):
        make_news(title=f"Zebra {number}", slug=f"zebra-{number}")
    first = search("zebra")
    assert (len(first.page), first.previous_url) == (PAGE_SIZE, "")
    assert first.next_url == "/en/search/?q=zebra&page=2"
    last = search("zebra", page="2", type="news")
    assert (len(last.page), last.next_url) == (1, "")
    assert last.previous_url == "/en/search/?q=zebra&type=news&page=1"
    assert last.page_links == [("/en/search/?q=zebra&type=news&page=1", 1), ("/en/search/?q=zebra&type=news&page=2", 2)]
    assert {hit.url for hit in first.page} | {hit.url for hit in search("zebra", page="99").page} == {
        f"/en/news/zebra-{number}/" for number in range(PAGE_SIZE + 1)
    }


def test_indicators_stand_beside_the_pages(site: Site) -> None:
    make_indicator("WB.SP.POP.TOTL", labels={"en": "Population", "ru": "Население"})
    make_practice(title="Population register")
    result = search("populations")
    assert [(tab.key, tab.count) for tab in result.tabs] == [("", 2), ("practices", 1), ("indicators", 1)]
    assert [(hit.title, hit.url) for hit in result.beside] == [
        ("<mark>Population</mark>", "/en/indicators/WB.SP.POP.TOTL/")
    ]
    only = search("population", type="indicators")
    assert [hit.url for hit in only.page] == ["/en/indicators/WB.SP.POP.TOTL/"]
    assert only.beside == []
    with translation.override("ru"):
        assert [hit.url for hit in search("населением").beside] == ["/ru/indicators/WB.SP.POP.TOTL/"]
        assert search("sp.pop.totl").total == 1


def test_other_languages_are_offered_where_there_is_little(site: Site, kazakh: None) -> None:
    practice = make_practice(title="Телемедицина", slug="telemedicine")
    translate(practice, "ru", title="Телемедицина и врачи", slug="telemeditsina")
    result = search("телемедицина")
    assert result.total == 0
    assert [(one.code, one.name, one.count) for one in result.other_languages] == [
        ("ru", "Русский", 1),
        ("en", "English", 1),
    ]
    assert result.other_languages[0].url.startswith("/ru/search/?q=%D1%82")


def test_other_languages_are_not_offered_where_there_is_enough(site: Site) -> None:
    for number in range(5):
        translate(make_news(title=f"Zebra {number}", slug=f"zebra-{number}"), "ru")
    assert search("zebra").other_languages == []


@pytest.mark.parametrize(
    "typed", ["Digital government", " digital  GOVERNMENT ", "E-government", "электронное правительство"]
)
def test_the_name_of_a_theme_offers_its_practices(site: Site, typed: str) -> None:
    theme = make_theme("digital", labels={"en": "Digital government", "ru": "Электронное правительство"})
    theme.labels.filter(language="en").update(synonyms="e-government\neGov")
    assert [(one.label, one.url) for one in search(typed).themes] == [
        ("Digital government", "/en/practices/?theme=digital")
    ]
    with translation.override("kk"):
        assert [(one.label, one.url) for one in search(typed).themes] == [
            ("Электронное правительство", "/kk/practices/?theme=digital")
        ]


def test_part_of_a_theme_s_name_offers_nothing(site: Site) -> None:
    make_theme("digital", labels={"en": "Digital government"})
    assert search("digital").themes == []
    assert themes_named("") == {}


def test_a_theme_leads_to_a_list_that_is_public_in_another_language_or_is_not_offered(site: Site) -> None:
    make_theme("digital", labels={"en": "Digital government"})
    index_page(PracticeIndexPage).unpublish()
    assert [theme.url for theme in search("digital government").themes] == ["/ru/practices/?theme=digital"]
    for language in ("ru", "kk"):
        index_page(PracticeIndexPage, language).unpublish()
    assert search("digital government").themes == []


HOSTILE = ["", " ", "\0", '"', "'", "%", "%s %d", "a AND", "NEAR(a b)", "a*", "(", ")", "-a", "title:a", "😀", "\\"]


@pytest.mark.parametrize("text", [*HOSTILE, "а" * 5000, "x " * 5000, "{a}", "a:*", "!a & b", "<->", "a_b"])
def test_no_question_is_too_strange(site: Site, text: str) -> None:
    make_practice(title="Zebra")
    result = search(text)
    assert result.total == len(result.page) == len([hit.url for hit in result.page])
    assert len(result.text) <= 200
    assert result.other_languages == []
    assert result.themes == []


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "9" * 5000, "1\0", "１"])
def test_a_page_that_does_not_exist_is_the_nearest_that_does(site: Site, number: str) -> None:
    make_practice(title="Zebra")
    assert found("zebra", page=number) == ["Zebra"]
