"""Languages in the API: the versions of a page and how they stand, and lists with fallback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.dateparse import parse_datetime
from wagtail.models import PageViewRestriction

from cms.translation.models import TranslationState
from tests.factories.pages import make_news, make_practice
from tests.factories.site import homes, published, translate
from tests.factories.translations import translated
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db
PAGES = "/api/v2/pages/"
LISTS = ["", "&type=practices.PracticePage", "&type=practices.PracticePage,news.NewsPage"]
# In which languages an item is public, and which of them `locale=kk&fallback=*` gives.
ITEMS = {"en-ru-kk": "kk", "en-ru": "ru", "en-kk": "kk", "en": "en", "ru": "ru"}


@pytest.fixture(scope="module")
def practices(made_once: Callable[..., Any]) -> dict[str, dict[str, Any]]:
    def make() -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for public in ITEMS:
            english = make_practice(title=f"{public} in en", slug=f"in-{public}", country=make_country("GE"))
            codes = [code for code in ("ru", "kk") if code in public]
            found[public] = {"en": english}
            found[public] |= {code: translate(english, code, title=f"{public} in {code}") for code in codes}
            if "en" not in public:
                type(english).objects.get(pk=english.pk).unpublish()
        return found

    return made_once(make)


def items(client: Client, query: str) -> list[dict[str, Any]]:
    answer = client.get(f"{PAGES}?{query}")
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["meta"]["total_count"] == len(found["items"])
    return list(found["items"])


def given(client: Client, query: str) -> dict[str, bool]:
    """By title: whether it stands in for another language."""
    rows = [item for item in items(client, query) if " in " in item["title"]]
    found = {item["title"]: item["meta"]["is_fallback"] for item in rows}
    assert len(found) == len(rows)
    return found


def detail(client: Client, page: Any, query: str = "") -> Any:
    answer = client.get(f"{PAGES}{page.pk}/?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.parametrize("query", LISTS)
def test_each_item_is_given_once_in_the_language_or_in_the_first_that_stands_in(
    client: Client, practices: Any, query: str
) -> None:
    expected = {f"{public} in {code}": code != "kk" for public, code in ITEMS.items()}
    assert given(client, f"locale=kk&fallback=*&limit=100{query}") == expected
    assert given(client, f"locale=kk&fallback=ru,en&limit=100{query}") == expected
    english_first = {f"{public} in {'kk' if 'kk' in public else public[:2]}": "kk" not in public for public in ITEMS}
    assert given(client, f"locale=kk&fallback=en,ru&limit=100{query}") == english_first
    without_russian = {title: other for title, other in english_first.items() if not title.endswith("ru")}
    assert given(client, f"locale=kk&fallback=en&limit=100{query}") == without_russian


def test_filters_ask_the_version_that_is_given(client: Client, practices: Any) -> None:
    page = type(practices["en-ru"]["en"]).objects.get(pk=practices["en-ru"]["en"].pk)
    page.status = "ended"
    published(page)
    query = "type=practices.PracticePage&status=ended&fallback=*"
    assert given(client, f"{query}&locale=en") == {"en-ru in en": False}
    assert given(client, f"{query}&locale=kk") == {}


def test_search_and_order_work_with_fallback(client: Client, practices: Any) -> None:
    expected = {f"{public} in {code}": code != "kk" for public, code in ITEMS.items()}
    for query in LISTS:
        assert given(client, f"locale=kk&fallback=*&search=problem{query}") == expected
        assert given(client, f"locale=kk&fallback=*&search=problematic{query}") == {}
    titles = [
        item["title"] for item in items(client, f"locale=kk&fallback=*&order=-title&fields=title{LISTS[1]}&limit=100")
    ]
    assert titles == sorted(titles, reverse=True)


def test_without_fallback_a_list_is_as_it_was(client: Client, practices: Any) -> None:
    found = items(client, "type=practices.PracticePage&locale=kk")
    assert {item["title"] for item in found} == {"en-ru-kk in kk", "en-kk in kk"}
    assert not any("is_fallback" in item["meta"] for item in found)
    assert client.get(f"{PAGES}?locale=xx").status_code == 404


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("fallback=*", "locale"),
        ("locale=&fallback=*", "locale"),
        ("locale=xx&fallback=*", "locale"),
        ("locale=kk&fallback=", "fallback"),
        ("locale=kk&fallback=xx", "fallback"),
        ("locale=kk&fallback=ru,", "fallback"),
        ("locale=kk&fallback=ru en", "fallback"),
        ("locale=kk&fallback=%00", "fallback"),
        ("locale=kk&fallback=**", "fallback"),
        ("locale=kk&fallbacks=ru", "fallbacks"),
    ],
)
def test_languages_that_make_no_sense_are_refused_by_name(
    client: Client, practices: Any, query: str, named: str
) -> None:
    answer = client.get(f"{PAGES}?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/json")
    assert named in answer.json()["message"]
    if "fallbacks" not in query:
        assert client.get(f"{PAGES}{practices['en']['en'].pk}/?{query}").status_code == 400


def test_an_item_is_given_by_the_id_of_any_of_its_versions(client: Client, practices: Any) -> None:
    versions = practices["en-ru"]
    for asked in versions.values():
        answer = detail(client, asked, "locale=kk&fallback=*")
        assert (answer["title"], answer["meta"]["locale"], answer["meta"]["is_fallback"]) == ("en-ru in ru", "ru", True)
        answer = detail(client, asked, "locale=en&fallback=ru")
        assert (answer["id"], answer["meta"]["is_fallback"]) == (versions["en"].pk, False)
        assert "is_fallback" not in detail(client, asked)["meta"]
    draft = practices["ru"]["en"]
    assert client.get(f"{PAGES}{draft.pk}/?locale=kk&fallback=*").status_code == 404
    assert client.get(f"{PAGES}{practices['en']['en'].pk}/?locale=kk&fallback=ru").status_code == 404


def test_a_page_tells_its_public_versions_and_how_they_stand(client: Client, practices: Any) -> None:
    page = make_news(title="Handbook")
    translated(page)
    kazakh = translated(page, "kk")
    page = type(page).objects.get(pk=page.pk)
    page.summary = "Something else."
    page = published(page)
    state = TranslationState.objects.get(source=page, language="ru")
    TranslationState.objects.filter(page=kazakh).update(source=None, outdated_segments=0, outdated_since=None)
    expected = [("en", "original", 0), ("kk", "orphaned", 0), ("ru", "outdated", 1)]
    for version in (page, kazakh):
        entries = detail(client, version)["meta"]["translations"]
        assert [(one["locale"], one["status"], one["outdated_segments"]) for one in entries] == expected
        assert [one["outdated_since"] is None for one in entries] == [True, True, False]
    assert parse_datetime(entries[2]["outdated_since"]) == state.outdated_since
    assert (entries[0]["id"], entries[0]["title"], entries[0]["url"]) == (page.pk, "Handbook", page.full_url)


@pytest.mark.parametrize("how", ["draft", "restricted", "language"])
def test_what_is_not_public_is_no_version(client: Client, practices: Any, how: str) -> None:
    versions = practices["en-ru-kk"]
    russian = type(versions["ru"]).objects.get(pk=versions["ru"].pk)
    if how == "draft":
        russian.unpublish()
    elif how == "restricted":
        PageViewRestriction.objects.create(page=russian, restriction_type=PageViewRestriction.LOGIN)
    else:
        homes()["ru"].unpublish()
    entries = detail(client, versions["en"])["meta"]["translations"]
    assert [one["locale"] for one in entries] == ["en", "kk"]
    assert given(client, "locale=ru&fallback=*&limit=100&search=en-ru-kk")["en-ru-kk in en"]


def test_versions_of_a_list_are_read_together(client: Client, practices: Any) -> None:
    def asked(limit: int, query: str) -> int:
        address = f"{PAGES}?type=practices.PracticePage&locale=kk&fallback=*&limit={limit}&fields={query}"
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            found = client.get(address).json()["items"]
        assert len(found) == limit
        return len(captured)

    cost = {limit: asked(limit, "_,id,translations") - asked(limit, "_,id") for limit in (1, 5)}
    assert cost == {1: 1, 5: 1}
    (item, *_others) = items(client, "type=practices.PracticePage&fields=_,id,translations&search=en-ru-kk&locale=en")
    assert [one["locale"] for one in item["meta"]["translations"]] == ["en", "kk", "ru"]
