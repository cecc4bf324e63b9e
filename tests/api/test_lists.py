"""Lists that the ledger finds and writes by itself are those of Wagtail's filters: the same requests to both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.models import Page

from cms.api.lists import listed
from cms.api.reading import Cut, part_at
from cms.api.router import api_router
from cms.api.views import PagesViewSet
from cms.delivery import answers
from cms.delivery.choices import Scope
from cms.delivery.feed import state
from cms.delivery.lines import in_lines
from cms.delivery.models import Listing, Mark
from cms.delivery.services import begin, settle
from taxonomy.choices import Scheme
from tests.api.test_ledger import ask
from tests.factories.pages import make_news, make_practice
from tests.factories.site import translate
from tests.factories.vocabularies import make_concept, make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
PAGES = "/api/v2/pages/"
PRACTICES = "type=practices.PracticePage"
TITLES = ["Window", "window", "Ясли", "Éclair", "[Draft of a law]", "9 steps", "Window"]
PLAIN: dict[str, st.SearchStrategy[str]] = {
    "type": st.sampled_from(
        ["practices.PracticePage", "news.NewsPage", "wagtailcore.Page", "news.NewsPage,practices.PracticePage", ""]
    ),
    "locale": st.sampled_from(["en", "ru", "kk"]),
    "order": st.sampled_from(["title,id", "-title,-id", "slug,id", "-first_published_at,id", "id", "-id", ""]),
    "limit": st.integers(0, 9).map(str),
    "offset": st.integers(0, 9).map(str),
    "country": st.sampled_from(["KZ", "GE,KZ", "AM"]),
    "theme": st.sampled_from(["digital", "registers", "registers,digital"]),
    "level": st.just("local"),
    "published_after": st.sampled_from(["2000-01-01", "2999-01-01", "2026-01-01T00:00:00Z"]),
    "updated_after": st.sampled_from(["2000-01-01", "2999-01-01"]),
    "fields": st.sampled_from(
        ["", "*", "_", "_,title", "title,slug", "-title,-id", "*,-type", "_,id,locale", "summary"]
    ),
    "after": st.sampled_from(["", "", "x", "WzEwXQ"]),
    "search": st.sampled_from(["window", "steps", "opening window"]),
    "search_operator": st.sampled_from(["and", "or"]),
}


@st.composite
def plain_queries(draw: Any) -> str:
    names = draw(st.lists(st.sampled_from(sorted(PLAIN)), max_size=4, unique=True))
    return urlencode({name: draw(PLAIN[name]) for name in names})


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    def make() -> dict[str, Any]:
        above = make_theme("digital")
        below = make_theme("registers", parent=above)
        local = make_concept(Scheme.LEVEL, "local")
        make_country("AM")
        for number, title in enumerate(TITLES):
            about: dict[str, Any] = {"country": make_country("KZ" if number % 2 else "GE")}
            about |= {"themes": [(above, below)[number % 3 == 0]], "title": title, "slug": f"page-{number}"}
            make_practice(**about, levels=[local]) if number % 2 else make_news(**about)
        translate(make_practice(title="Desk", slug="desk", themes=[below]), "ru", title="Стол", slug="stol")
        translate(make_news(title="Opening"), "kk")
        begin()
        settle()
        return {"below": below}

    return made_once(make)


@pytest.fixture(autouse=True)
def no_answers() -> None:
    answers.forget()


@settings(
    deadline=None,
    max_examples=200,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(query=plain_queries())
def test_a_plain_list_is_what_wagtails_filters_find(content: Any, db: None, query: str) -> None:
    answers.forget()
    ours = Client().get(f"{PAGES}?{query}")
    assert (ours.status_code, ours.json()) == ask(PagesViewSet, api_router, "listing_view", query)


@pytest.mark.parametrize(
    "query",
    [
        *("", "order=title", "order=-first_published_at,id&locale=en", f"{PRACTICES}&fields=*", "limit=1", "limit=0"),
        *("theme=digital&country=KZ&level=local&locale=en", "fields=_,title,slug", "offset=1000", "_=1&fields=title"),
        *("search=window&locale=en", f"{PRACTICES}&search=window&search_operator=or", "published_after=2999-01-01"),
        *("after=&limit=2", f"{PRACTICES}&fields=*&order=-title&after=&limit=1", "locale=ru&after=&limit=1"),
        *(f"{PRACTICES}&status=pilot", f"{PRACTICES}&fields=*&order=title&title=window", "fallback=*&locale=ru"),
    ],
)
def test_a_plain_list_takes_three_queries_whatever_is_kept(content: Any, query: str) -> None:
    Client().get(f"{PAGES}?{query}")
    # What a search is among is asked once for each new list.
    further = "search=" in query
    for forget, most in ((answers.forget, 3 + further), (answers.answers.clear, 3)):
        forget()
        with CaptureQueriesContext(connection) as captured:
            answer = Client().get(f"{PAGES}?{query}")
        assert (answer.status_code, "ETag" in answer) == (200, True)
        assert len(captured) <= most, [one["sql"] for one in captured.captured_queries]


def test_pages_of_a_country_are_found_in_their_order_by_an_index_alone(content: Any) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL decides by how many rows there are")
    now = state()
    assert now is not None
    for query in ("country=KZ", "level=local&theme=registers&country=KZ"):
        found = listed(QueryDict(f"{PRACTICES}&{query}"), now)
        assert found is not None
        plan = found.rows.explain()
        assert "SEARCH delivery_heading USING COVERING INDEX listed_under (name=? AND key=? AND type=?)" in plan
        assert "TEMP B-TREE" not in plan
        (of_country,) = set(found.rows.values_list("name", flat=True))
        assert of_country == "country", "of what narrows the list, what has least pages comes first"
    by_title = listed(QueryDict(f"{PRACTICES}&country=KZ&order=title"), now)
    assert by_title is not None
    assert "SEARCH delivery_listing USING INTEGER PRIMARY KEY" in by_title.rows.explain()


@pytest.mark.parametrize(
    "query",
    [
        *("child_of=5", "order=random", "order=last_published_at", "order=title,", "order=--title", "slug=page-1"),
        *("country=5", "country=XX", "country=KZ&country=GE", "type=nothing.Here", "type=media.Image", "locale=xx"),
        *("locale=", "published_after=x", "nothing=1", "status=pilot", "fallback=*&locale=en", "locale=e%00n"),
    ],
)
def test_what_is_not_plain_is_left_to_wagtail(content: Any, query: str) -> None:
    now = state()
    assert now is not None
    assert now.is_complete
    assert listed(QueryDict(query), now) is None


@pytest.mark.parametrize(
    ("query", "status"),
    [
        *(("fields=nothing", 400), ("fields=title%00", 400), ("_=%00", 400), ("limit=101", 400), ("limit=-1", 400)),
        *(("offset=x", 400), ("offset=", 400), ("limit=%2B5", 200), ("offset=1234567890123456789", 400)),
        *(("search=+", 200), ("search=window&search_operator=xor", 400), ("search_operator=xor", 400)),
        *(("locale=xx", 404), ("country=XX", 400), ("fields=((((((((((((", 400), ("order=nothing", 400)),
        *(("search=window&order=slug", 200), ("search=%22%28%29*", 200), ("limit=%D9%A3", 200)),
    ],
)
def test_mistakes_are_answered_as_ever_though_the_rest_is_kept(content: Any, query: str, status: int) -> None:
    Client().get(PAGES)
    answer = Client().get(f"{PAGES}?{query}")
    expected = ask(PagesViewSet, api_router, "listing_view", query)
    assert (answer.status_code, answer.json()) == expected
    assert answer.status_code == status or query.startswith("search=window&order")


def test_while_something_cannot_be_represented_wagtail_finds_the_pages(content: Any) -> None:
    count = Client().get(PAGES).json()["meta"]["total_count"]
    page = Page.objects.get(slug="page-1")
    Listing.objects.filter(pk=page.pk).delete()
    Mark.objects.create(scope=Scope.SAVED, key=f"pages:{page.pk}", attempts=1, next_at=timezone.now())
    answers.forget()
    answer = Client().get(f"{PAGES}?limit=100")
    assert answer.json()["meta"]["total_count"] == count
    assert page.pk in {item["id"] for item in answer.json()["items"]}
    assert "ETag" not in answer, "a list with such a page does not come out of the ledger"


def test_a_search_among_kept_pages_asks_the_index_each_time(content: Any) -> None:
    def found() -> set[int]:
        now, request = state(), RequestFactory().get(PAGES, {"search": "window", "locale": "en"})
        request.ledger = now  # type: ignore[attr-defined]  # as the middleware does
        part = part_at(request, 0, 20)
        assert part is not None
        assert part.total == len(part.ids)
        return set(part.ids)

    before = found()
    assert (len(before), found()) == (3, before)
    page = make_news(title="A further window")
    settle()
    assert found() == before | {page.pk}


WHOLE = {
    "id": 7,
    "meta": {"type": "x", "slug": "s"},
    "title": "T",
    "rows": [{"id": 1, "meta": {}, "a": 2}],
    "one": None,
}


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        (Cut(("id", "title"), ("slug",)), '{"id":7,"meta":{"slug":"s"},"title":"T"}'),
        (Cut(("title",), ("slug", "nothing")), '{"meta":{"slug":"s"},"title":"T"}'),
        (Cut(("id", "nothing", "one")), '{"id":7,"one":null}'),
        (Cut(()), "{}"),
        (Cut((), ("type", "slug")), '{"meta":{"type":"x","slug":"s"}}'),
        (Cut(("rows",), (), {"rows": Cut(("a",))}), '{"rows":[{"a":2}]}'),
        (Cut(("one", "rows"), (), {"one": Cut(("a",))}), '{"one":null,"rows":[{"id":1,"meta":{},"a":2}]}'),
    ],
)
def test_fields_are_cut_out_in_the_order_of_the_answer(cut: Cut, expected: str) -> None:
    assert cut.text(in_lines(WHOLE)) == expected
