"""The search backend of the database: the same answers on SQLite and PostgreSQL, whatever is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.query import MATCH_ALL, And, Not, Or, Phrase, PlainText

from practices.models import PracticePage
from tests.contracts.hostile import HOSTILE
from tests.factories.pages import make_news, make_practice

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    def make() -> None:
        make_practice(title="Queue management", slug="title", lessons="<p>Short windows.</p>")
        make_practice(title="Windows", slug="text", lessons="<p>Long lessons about the queue at noon.</p>")
        make_practice(title="Electronic signatures", slug="other", lessons="<p>No waiting at noon.</p>")
        make_news(title="A queue in the news", slug="news")

    return made_once(make)


def titles(query: Any, pages: Any = PracticePage, **options: Any) -> list[str]:
    return [page.title for page in get_search_backend().search(query, pages, **options)]


QUERIES: list[tuple[Any, set[str]]] = [
    ("queue", {"Queue management", "Windows"}),
    ("queue windows", {"Queue management", "Windows"}),
    ("management noon", set()),
    (PlainText("management noon", operator="or"), {"Queue management", "Windows", "Electronic signatures"}),
    (PlainText("queue-management"), {"Queue management"}),
    (Phrase("queue at noon"), {"Windows"}),
    (Phrase("noon at queue"), set()),
    (And([PlainText("noon"), Or([PlainText("queue"), PlainText("signatures")])]), {"Windows", "Electronic signatures"}),
    (And([PlainText("noon"), Not(PlainText("queue"))]), {"Electronic signatures"}),
    (MATCH_ALL, {"Queue management", "Windows", "Electronic signatures"}),
    ("- -", set()),
    ("que", set()),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES, ids=[repr(query)[:40] for query, _found in QUERIES])
def test_what_is_found(query: Any, expected: set[str]) -> None:
    assert set(titles(query)) == expected
    assert set(titles(query, order_by_relevance=False)) == expected
    found = get_search_backend().search(query, PracticePage)
    assert found.count() == len(expected)
    assert {page.title for page in found[:10]} == expected


def test_the_best_comes_first_in_pieces_and_as_a_whole() -> None:
    assert titles("queue") == ["Queue management", "Windows"]
    results = get_search_backend().search("queue", PracticePage)
    assert [results[0].title, results[1].title] == titles("queue")
    assert [page.title for page in results[1:5]] == ["Windows"]
    assert list(results[5:9]) == []


def test_an_order_of_its_own_is_kept() -> None:
    by_title = PracticePage.objects.order_by("-title")
    assert titles("queue", by_title, order_by_relevance=False) == ["Windows", "Queue management"]


def test_the_queryset_says_among_what_is_looked() -> None:
    assert set(titles("queue", Page)) == {"Queue management", "Windows", "A queue in the news"}
    assert titles("queue", Page.objects.filter(title="A queue in the news")) == ["A queue in the news"]
    assert titles("queue", PracticePage.objects.none()) == []


def test_a_field_or_a_score_can_be_asked_for() -> None:
    assert titles("queue", fields=["title"]) == ["Queue management"]
    scored = get_search_backend().search("queue", PracticePage).annotate_score("score")
    assert all(isinstance(page.score, float) for page in scored)
    assert len(scored) == 2


def test_the_beginnings_of_words_complete_a_name() -> None:
    complete = get_search_backend().autocomplete
    assert [page.title for page in complete("electr", PracticePage)] == ["Electronic signatures"]
    assert [page.title for page in complete("electronic sign", PracticePage)] == ["Electronic signatures"]
    assert list(complete("lectr", PracticePage)) == []


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if "null byte" not in kind])
def test_signs_of_query_languages_are_no_fault(kind: str) -> None:
    from urllib.parse import unquote

    text = unquote(HOSTILE[kind], errors="replace")
    for query in (text, PlainText(text, operator="or"), Phrase(text), And([PlainText(text), PlainText("zzqqxx")])):
        assert titles(query) == []
    assert list(get_search_backend().autocomplete(text, PracticePage)[:5]) == []


def test_the_best_are_found_in_two_queries_and_counted_in_one() -> None:
    backend = get_search_backend()
    assert titles("queue")
    assert titles("queue", Page)
    with CaptureQueriesContext(connection) as captured:
        assert len(backend.search("queue", PracticePage)[:5]) == 2
    assert len(captured) == 2
    with CaptureQueriesContext(connection) as captured:
        assert backend.search("queue", PracticePage).count() == 2
        assert backend.search("queue", Page).facet("content_type_id")
    assert len(captured) == 2
