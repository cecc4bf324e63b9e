"""Answers out of the ledger are those that Wagtail gives: the same requests to both, generated."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.test import Client, RequestFactory
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet
from wagtail.models import Page, PageViewRestriction, Site

from cms.api.router import api_router
from cms.api.views import PagesViewSet
from cms.delivery import answers
from cms.delivery.services import begin, settle
from news.models import NewsPage
from tests.answers import queries
from tests.factories.examples import FULL
from tests.factories.pages import make_news, make_practice
from tests.factories.site import translate
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES = "/api/v2/pages/"
TYPES = ["practices.PracticePage", "news.NewsPage", "reports.CountryReportPage", "practices.PracticePage,news.NewsPage"]
TYPES += ["wagtailcore.Page", "nothing.Here", "media.Image"]
FIELDS = ["title", "summary", "body", "results", "files", "links", "country", "cover_image", "html_url", "slug", "id"]
FIELDS += ["translations", "is_fallback", "uid", "countries", "date", "type", "locale", "alias_of", "parent"]
FIELDS += ["detail_url"]
NESTED = ["results(text)", "results(_,text)", "results(-text,-indicator)", "files(*)", "files(document(*))"]
NESTED += ["links(url,x)", "title(x)", "cover_image(title)", "parent(title)", "alias_of(title)", "results(*,-id)"]
FIRST = ["*", "_", "-title", "-id", "-body", "-slug"]
BROKEN = ["nothing", "title,", "title,,slug", "(", "title)", "*,title", "_,-title", " title", "owner", "*(x)"]
# Without the id, what is equal stands in any order, and in another one on each page.
ORDERS = ["title,id", "-title,id", "slug,-id", "-first_published_at,id", "id", "nothing", "-", "date,id"]


class Plain(PagesAPIViewSet):
    """Wagtail's own view, in JSON."""

    renderer_classes = [JSONRenderer]


plain_router = WagtailAPIRouter("wagtailapi")
plain_router.register_endpoint("pages", Plain)
plain_router.register_endpoint("images", ImagesAPIViewSet)
plain_router.register_endpoint("documents", DocumentsAPIViewSet)


def fields() -> st.SearchStrategy[str]:
    some = st.lists(st.sampled_from([*FIELDS, *NESTED]), max_size=4, unique=True)
    starts = st.sampled_from([[], [], *([one] for one in FIRST)])
    usual = st.builds(lambda start, rest: ",".join([*start, *rest]), starts, some)
    return st.one_of(usual, usual, st.sampled_from(BROKEN))


def whole(*odd: str) -> st.SearchStrategy[str]:
    return st.one_of(st.integers(0, 12).map(str), st.sampled_from(odd))


LIST_PARAMETERS: dict[str, st.SearchStrategy[str]] = {
    "type": st.sampled_from(TYPES),
    "locale": st.sampled_from(["en", "ru", "kk", "xx"]),
    "fields": fields(),
    "order": st.sampled_from(ORDERS),
    "limit": whole("x", "101"),
    "offset": whole("-1", "1000"),
    "search": st.sampled_from(["window", "one", "handbook", "", "nothing like it"]),
    "search_operator": st.sampled_from(["and", "or", "xor"]),
    "child_of": whole("root", "x", "99999"),
    "descendant_of": whole("root", "x", "99999"),
    "ancestor_of": whole("x", "99999"),
    "translation_of": whole("root", "x"),
    "slug": st.sampled_from(["one-window", "news", "none"]),
    "title": st.sampled_from(["One window", "x"]),
    "country": whole("x"),
    "show_in_menus": st.sampled_from(["true", "false", "x"]),
    "nothing": st.just("1"),
    "site": st.sampled_from(["testserver", "nowhere.example"]),
    "rich_text_format": st.sampled_from(["html", "markdown", "x"]),
}


@st.composite
def queries_of_lists(draw: Any) -> str:
    usual = ["type", "locale", "fields", "order", "limit", "offset", "child_of", "descendant_of", "slug"]
    names = draw(st.lists(st.sampled_from([*usual, *usual, *LIST_PARAMETERS]), max_size=3))
    return urlencode({name: draw(LIST_PARAMETERS[name]) for name in names})


@pytest.fixture(scope="module")
def content(made_once: Callable[..., Any]) -> list[int]:
    """A page of each type with all that it may have, and translations; the ids of all."""

    def make() -> list[int]:
        for kind in FULL.values():
            kind()
        translate(make_practice(title="Second window", country=make_country("GE")), "ru", title="Второе окно")
        translate(make_news(title="More news"), "kk")
        begin()
        settle()
        return sorted(Page.objects.filter(depth__gt=1).values_list("pk", flat=True))

    ids: list[int] = made_once(make)
    return ids


def ask(view: Any, router: Any, action: str, query: str, **names: int) -> tuple[int, Any]:
    request: Any = RequestFactory().get(PAGES, query_params=None, QUERY_STRING=query, HTTP_HOST="testserver")
    request.ledger, request.wagtailapi_router = None, router
    make = PagesAPIViewSet.as_view.__func__  # without what looks into the ledger first
    answer = make(view, {"get": action})(request, **names)
    answer.render()
    return answer.status_code, json.loads(answer.content)


def compare(path: str, query: str, action: str, **names: int) -> None:
    answers.forget()
    answer = Client().get(f"{path}?{query}")
    ours = answer.status_code, answer.json()
    assert ours == ask(PagesViewSet, api_router, action, query, **names)
    event("out of the ledger" if "ETag" in answer else str(answer.status_code))
    again = Client().get(f"{path}?{query}")
    assert (again.status_code, again.json()) == ours


GENERATED = settings(
    deadline=None,
    max_examples=150,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@GENERATED
@given(query=queries_of_lists())
def test_a_list_is_what_it_would_be_without_the_ledger(content: list[int], db: None, query: str) -> None:
    compare(PAGES, query, "listing_view")


@GENERATED
@given(place=st.integers(0, 40), asked=st.none() | fields())
def test_details_are_what_they_would_be_without_the_ledger(
    content: list[int], db: None, place: int, asked: str | None
) -> None:
    pk = content[place] if place < len(content) else 99_999
    query = "" if asked is None else urlencode({"fields": asked})
    compare(f"{PAGES}{pk}/", query, "detail_view", pk=pk)


def without_additions(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: without_additions(value) for name, value in data.items() if name != "translations"}
    return [without_additions(one) for one in data] if isinstance(data, list) else data


@GENERATED
@given(query=queries_of_lists())
def test_wagtail_itself_says_the_same_but_for_what_is_added(content: list[int], db: None, query: str) -> None:
    """Of English pages: labels are in the language of the page here, and in that of the client there."""
    if "locale" in query or "translations" in query or "is_fallback" in query or "search" in query:
        return
    query = f"{query}&locale=en" if query else "locale=en"
    answer = Client().get(f"{PAGES}?{query}")
    status, expected = ask(Plain, plain_router, "listing_view", query)
    assert answer.status_code == status
    if status == 200:
        assert without_additions(answer.json()) == without_additions(expected)


def test_an_answer_takes_few_queries_and_none_of_them_builds_anything(content: list[int], db: None) -> None:
    for query in ("", "limit=1", "type=practices.PracticePage&fields=*&limit=20", "order=-title&offset=15"):
        Client().get(f"{PAGES}?{query}")
        answers.answers.clear()
        with_lists_known = counted(f"{PAGES}?{query}")
        assert with_lists_known <= 3
        assert queries(Client(), f"{PAGES}?{query}") == 1
    for pk in content[:3]:
        assert counted(f"{PAGES}{pk}/") == 2


def test_with_the_next_answer_nothing_is_in_memory_of_what_was_withdrawn(content: list[int], db: None) -> None:
    page = NewsPage.objects.get(title="More news", locale__language_code="en")
    for address in (f"{PAGES}{page.pk}/", f"{PAGES}?type=news.NewsPage", PAGES):
        Client().get(address)

    def in_memory() -> bool:
        return any(b"More news" in answer.content for _weight, answer in answers.answers.kept.values())

    assert in_memory()
    page.delete()
    settle()
    Client().get(f"{PAGES}?limit=1")
    assert answers.answers.kept
    assert not in_memory()


def counted(address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).status_code == 200
    return len(captured)


def test_what_a_client_has_already_is_not_sent_again(content: list[int], db: None) -> None:
    for address in (PAGES, f"{PAGES}{content[0]}/", f"{PAGES}?type=news.NewsPage&fields=*"):
        answer = Client().get(address)
        again = Client().get(address, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "s-maxage" in again["Cache-Control"]
        assert Client().get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    detail = Client().get(f"{PAGES}{content[0]}/")
    since = {"If-Modified-Since": detail["Last-Modified"]}
    assert Client().get(f"{PAGES}{content[0]}/", headers=since).status_code == 304


def test_a_change_of_another_page_leaves_the_tag_of_an_answer_as_it_is(content: list[int], db: None) -> None:
    address = f"{PAGES}{content[0]}/"
    before = Client().get(address)["ETag"]
    make_news(title="Something else")
    settle()
    assert Client().get(address)["ETag"] == before


def test_an_answer_is_right_at_once_after_a_change_and_kept_again_once_that_is_settled(
    content: list[int], db: None
) -> None:
    address = f"{PAGES}?type=news.NewsPage"
    count = Client().get(address).json()["meta"]["total_count"]
    make_news(title="Just now")
    answer = Client().get(address)
    assert (answer.json()["meta"]["total_count"], "ETag" in answer) == (count + 1, False)
    settle()
    answer = Client().get(address)
    assert (answer.json()["meta"]["total_count"], "ETag" in answer) == (count + 1, True)


def test_with_a_second_site_pages_are_found_by_the_host_again(content: list[int], db: None) -> None:
    Site.objects.create(hostname="second.example", root_page=Page.objects.get(pk=content[0]))
    settle()
    assert "ETag" not in Client().get(PAGES)


def test_a_kept_answer_is_given_no_more_once_the_page_is_hidden(content: list[int], db: None) -> None:
    page = make_news(title="Okapi")
    settle()
    address = f"{PAGES}{page.pk}/"
    for _time in range(2):
        assert "Okapi" in Client().get(address).text
        assert "Okapi" in Client().get(f"{PAGES}?type=news.NewsPage").text
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    for _time in range(2):
        assert Client().get(address).status_code == 404
        assert "Okapi" not in Client().get(f"{PAGES}?type=news.NewsPage").text
        settle()


def test_the_head_of_an_answer_is_that_of_the_answer(content: list[int], db: None) -> None:
    answer, head = Client().get(PAGES), Client().head(PAGES)
    assert (head.status_code, head.content) == (200, b"")
    assert (head["ETag"], head["Content-Type"]) == (answer["ETag"], answer["Content-Type"])
