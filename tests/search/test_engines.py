"""Where words are matched: by the database, or by a search engine that analyses them itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from search import engines
from search.analysis import Words
from tests.factories.pages import make_practice

if TYPE_CHECKING:
    from wagtail.models import Site


class Engine:
    """A backend with an analysis of its own, such as Elasticsearch."""

    query_compiler_class = object

    def search(self, query: str, pages: Any, **options: Any) -> tuple[str, Any, dict[str, Any]]:
        return query, pages, options


def test_an_engine_is_given_the_words_as_they_were_typed(monkeypatch: Any) -> None:
    monkeypatch.setattr(engines, "get_search_backend", Engine)
    pages = Page.objects.none()
    asked = engines.matching(pages, Words.of("Отчёты, практиками!", "ru"), by_relevance=False)
    assert asked == ("отчёты практиками", pages, {"operator": "and", "order_by_relevance": False})


def test_the_database_finds_beginnings_and_counts_without_ordering(site: Site) -> None:
    make_practice(title="Zebras", slug="a")
    make_practice(title="Lions", slug="b", lessons="<p>Zebra.</p>")
    make_practice(title="AIMS", slug="c")
    pages = Page.objects.live()
    assert [page.title for page in engines.matching(pages, Words.of("zebra", "en"))] == ["Zebras", "Lions"]
    assert engines.matching(pages, Words.of("zebra", "en"), by_relevance=False).count() == 2
    assert list(engines.matching(pages, Words.of("ai", "en"))) == []


def test_the_first_finds_are_those_of_the_whole_list(site: Site) -> None:
    for number in range(7):
        make_practice(title=f"Queue {number}" if number % 2 else f"Window {number}", slug=f"p{number}", problem="queue")
    draft = make_practice(title="Queue draft", slug="draft")
    draft.unpublish()
    found = engines.matching(Page.objects.live(), Words.of("queue", "en"))
    titles = [page.title for page in found]
    assert [page.title for page in found[:3]] == titles[:3]
    assert [page.title for page in found[3:6]] == titles[3:6]
    assert {title.split()[0] for title in titles[:3]} == {"Queue"}
    assert [page.title for page in found[20:30]] == []
    assert len(titles) == 7


def test_a_word_of_hundreds_of_letters_is_no_fault(site: Site) -> None:
    for word in ("ё" * 100, "е" * 190, "ее " * 60):
        assert list(engines.matching(Page.objects.live(), Words.of(word, "ru"))[:5]) == []


def test_many_finds_take_no_more_queries_than_one(site: Site) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(engines.matching(Page.objects.live(), Words.of("queue", "en"))[:5])
        return len(captured)

    make_practice(title="Queue", slug="first")
    few = asked()
    for number in range(6):
        make_practice(title=f"Queue {number}", slug=f"p{number}")
    assert asked() == few
