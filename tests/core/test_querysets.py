"""Rows of pages of several types at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import PageViewRestriction

from cms.core import memory
from cms.core.links import rows_to
from cms.core.querysets import load_row_facts
from taxonomy.models import Country, Theme
from tests.factories.media import make_image
from tests.factories.pages import make_event, make_news, make_practice
from tests.factories.site import translate
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from wagtail.models import Site


@pytest.fixture
def pages(site: Site) -> list[Any]:
    theme = make_theme()
    return [
        make_news(title="News", themes=[theme], country=make_country("GE")),
        make_practice(title="Practice", themes=[theme], cover_image=make_image(), cover_alt="A window"),
        make_event(title="Event", themes=[theme], country=make_country("UZ")),
    ]


def ids(pages: list[Any]) -> list[Any]:
    return [page.pk for page in pages]


def test_rows_keep_the_order_that_was_asked_for(pages: list[Any]) -> None:
    assert [row.title for row in rows_to(ids(pages))] == ["News", "Practice", "Event"]
    assert [row.title for row in rows_to(ids(pages[::-1]))] == ["Event", "Practice", "News"]


def test_rows_are_in_the_readers_language(pages: list[Any]) -> None:
    translate(pages[1], "ru", title="Практика")
    with translation.override("ru"):
        rows = rows_to(ids(pages))
        assert [(row.title, row.locale.language_code) for row in rows] == [
            ("News", "en"),
            ("Практика", "ru"),
            ("Event", "en"),
        ]
    with translation.override("ar"):
        assert [row.title for row in rows_to(ids(pages))] == ["News", "Practice", "Event"]


def test_what_nobody_may_read_is_no_row(pages: list[Any]) -> None:
    pages[0].unpublish()
    PageViewRestriction.objects.create(page=pages[1], restriction_type=PageViewRestriction.LOGIN)
    assert [row.title for row in rows_to(ids(pages))] == ["Event"]


def test_no_pages_ask_nothing(db: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert rows_to([]) == []
    assert len(captured) == 0


def test_a_row_shows_its_facts_without_further_queries(pages: list[Any]) -> None:
    rows = rows_to(ids(pages))
    Country.vocabulary()
    Theme.vocabulary()
    with memory.checked_once(), CaptureQueriesContext(connection) as captured:
        facts = [(row.country.label, row.themes[0].label, row.locale.language_code, row.cover_image) for row in rows]
    assert len(captured) == 1, "whether the vocabularies in memory are still true"
    assert [country for country, *_others in facts] == ["Georgia", "Kazakhstan", "Uzbekistan"]


def test_facts_of_no_rows(db: None) -> None:
    load_row_facts([])
