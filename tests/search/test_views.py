"""The page of answers, as readers get it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from wagtail.models import Locale, Page

from tests.answers import queries
from tests.factories.pages import make_event, make_news, make_practice, make_report, make_standard_page
from tests.factories.site import homes, translate
from tests.factories.statistics import make_indicator
from tests.factories.vocabularies import make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ar"])
def test_without_a_question_there_are_a_form_and_hints(client: Client, site: Site, language: str) -> None:
    response = client.get(f"/{language}/search/")
    html = response.content.decode()
    assert f'action="/{language}/search/"' in html
    assert "<mark>" not in html
    assert response["X-Robots-Tag"] == "noindex"


def test_answers_are_marked_and_escaped(client: Client, site: Site) -> None:
    make_practice(title="Zebra <script>", slug="zebra")
    html = client.get("/en/search/", {"q": 'zebra"><b>'}).content.decode()
    assert '<a href="/en/practices/zebra/"' in client.get("/en/search/?q=zebra").content.decode()
    assert "<b>" not in html
    assert "Zebra &lt;<mark>" not in html
    assert "<script>" not in html


def test_an_answer_in_another_language_is_offered_with_its_name(client: Client, site: Site) -> None:
    translate(make_practice(title="Lion"), "ru", title="Зебра", slug="zebra")
    html = client.get("/kk/search/", {"q": "зебра"}).content.decode()
    assert 'href="/ru/search/?q=%D0%B7%D0%B5%D0%B1%D1%80%D0%B0" hreflang="ru"' in html
    assert "Русский" in html


def test_only_reading_is_possible(client: Client, site: Site) -> None:
    assert client.post("/en/search/", {"q": "zebra"}).status_code == 405
    assert client.head("/en/search/?q=zebra").status_code == 200


def test_the_number_of_queries_depends_on_neither_finds_nor_types(client: Client, site: Site) -> None:
    make_practice(title="Zebra", slug="zebra", themes=[make_theme("digital")])
    few = queries(client, "/en/search/?q=zebra")
    for number in range(8):
        make_practice(title="Zebra", slug=f"zebra-{number}", themes=[make_theme(f"theme-{number}")])
    make_news(title="Zebra")
    make_event(title="Zebra")
    make_report(title="Zebra")
    make_standard_page(title="Zebra")
    many = queries(client, "/en/search/?q=zebra")
    assert many <= few <= 20


def test_indicators_cost_two_more_queries_however_many(client: Client, site: Site) -> None:
    for number in range(6):
        make_practice(title="Zebra", slug=f"zebra-{number}")
    make_indicator("A.1", labels={"en": "Zebra"})
    few = queries(client, "/en/search/?q=zebra")
    for number in range(2, 8):
        make_indicator(f"A.{number}", labels={"en": "Zebra"})
    assert queries(client, "/en/search/?q=zebra") == few <= 20


def test_a_language_without_content_yet_is_searched_as_the_default_one(client: Client, site: Site) -> None:
    make_practice(title="Zebra", slug="zebra", show_in_menus=True)
    home = homes()["en"]
    home.get_children().update(show_in_menus=True)
    for page in Page.objects.filter(locale__language_code="kk", depth=2):
        page.specific.delete()
    Locale.objects.filter(language_code="kk").delete()
    html = client.get("/kk/search/?q=zebra").content.decode()
    assert '<html lang="kk"' in html
    assert 'href="/kk/practices/zebra/"' in html
    assert 'href="/kk/practices/"' in html
