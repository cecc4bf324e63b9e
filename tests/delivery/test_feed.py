"""The change feed: what partners read to stay in step."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from cms.delivery import views
from cms.delivery.models import Entry, Ledger, Published
from tests.answers import queries
from tests.factories.pages import make_news, make_standard_page
from tests.factories.site import published, translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from wagtail.models import Site

CHANGES = "/api/v2/changes/"


def read(query: str = "", status: int = 200, **headers: str) -> Any:
    answer = Client().get(f"{CHANGES}?{query}", headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else None


def version() -> int:
    return Ledger.objects.get().version


def test_a_page_is_entered_when_it_is_published_changed_and_withdrawn(ledger: Callable[[], None]) -> None:
    before = version()
    page = make_news(title="First")
    ledger()
    page.title = "Second"
    published(page)
    ledger()
    page.unpublish()
    ledger()
    items = read(f"since={before}&include=payload")["items"]
    assert [item["operation"] for item in items if item["id"] == page.pk] == ["published", "updated", "withdrawn"]
    assert [item["version"] for item in items] == list(range(before + 1, version() + 1))
    assert "Second" not in str(items)
    row = Published.objects.get(kind="pages", object_id=page.pk)
    assert (row.is_public, row.payload, row.etag, row.uid) == (False, "", "", page.translation_key)


def test_an_entry_has_ids_and_on_request_what_the_api_says_of_the_object(ledger: Callable[[], None]) -> None:
    before = version()
    page = make_news(title="Кітап “quoted” \u2028")
    ledger()
    (item,) = read(f"since={before}&include=payload&type=news.NewsPage")["items"]
    assert (item["kind"], item["type"], item["id"]) == ("pages", "news.NewsPage", page.pk)
    assert (item["uid"], item["locale"]) == (str(page.translation_key), "en")
    assert item["payload"] == Client().get(f"/api/v2/pages/{page.pk}/").json()
    assert "payload" not in read(f"since={before}")["items"][0]


def test_entries_come_in_pages_and_each_names_where_to_go_on(ledger: Callable[[], None]) -> None:
    before = version()
    for number in range(5):
        make_standard_page(title=f"Page {number}")
        ledger()
    seen, since = [], before
    while (answer := read(f"since={since}&limit=2&type=home.StandardPage"))["items"]:
        seen += [item["version"] for item in answer["items"]]
        since = answer["meta"]["next"]
    assert since == version()
    assert seen == sorted(set(seen))
    assert len(seen) == 5


def test_the_newest_state_of_each_object_is_given_once(ledger: Callable[[], None]) -> None:
    before = version()
    page, other = make_news(title="One"), make_news(title="Other")
    ledger()
    for number in range(3):
        page.title = f"One {number}"
        published(page)
        ledger()
    items = read(f"since={before}&newest=true&include=payload&type=news.NewsPage")["items"]
    assert [item["id"] for item in items] == [other.pk, page.pk]
    assert items[1]["payload"]["title"] == "One 2"


def test_entries_are_narrowed_by_type_and_language(ledger: Callable[[], None]) -> None:
    before = version()
    page = make_news()
    translate(page, "ru", title="Новость")
    make_standard_page()
    ledger()
    assert {item["locale"] for item in read(f"since={before}&locale=ru,kk")["items"]} == {"ru"}
    assert {item["type"] for item in read(f"since={before}&type=news.NewsPage")["items"]} == {"news.NewsPage"}
    assert read(f"since={before}&type=news.EventPage")["items"] == []


@pytest.mark.parametrize(
    "query",
    [
        *("since=-1", "since=x", "since=", "since=1e3", "since=" + "9" * 30, "since=٣"),
        *("limit=1001", "limit=-1", "limit=ten", "wait=31", "wait=-1", "wait=soon"),
        *("include=all", "include=", "newest=yes", "locale=xx", "locale=", "type=", "type=%00", "sinces=1"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused_by_name(ledger: Callable[[], None], query: str) -> None:
    message = read(query, status=400)["message"]
    assert query.partition("=")[0] in message


def test_what_has_not_changed_is_not_sent_again(ledger: Callable[[], None]) -> None:
    answer = Client().get(CHANGES)
    again = Client().get(CHANGES, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    assert queries(Client(), f"{CHANGES}?include=payload") <= 4
    make_news()
    ledger()
    assert Client().get(CHANGES, headers={"If-None-Match": answer["ETag"]}).status_code == 200
    assert Client().get(f"{CHANGES}?limit=3", headers={"If-None-Match": answer["ETag"]}).status_code == 200


def test_nothing_is_told_of_what_is_hidden_but_not_settled_yet(ledger: Callable[[], None]) -> None:
    page = make_news(title="Okapi")
    ledger()
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert "Okapi" not in str(read("include=payload&newest=true&limit=1000"))
    assert "Okapi" not in str(read("include=payload&limit=1000"))
    ledger()
    assert "Okapi" not in str(read("include=payload&limit=1000"))


def test_before_the_ledger_has_begun_a_reader_is_asked_to_come_again(site: Site) -> None:
    Ledger.objects.all().delete()
    assert "begun" in read(status=503)["message"]


def test_only_reading_is_possible(ledger: Callable[[], None]) -> None:
    assert Client().post(CHANGES).status_code == 405


def test_a_reader_who_waits_in_vain_gets_an_empty_answer(ledger: Callable[[], None]) -> None:
    started = time.monotonic()
    answer = read(f"since={version()}&wait=1")
    assert answer == {"meta": {"version": version(), "next": version()}, "items": []}
    assert time.monotonic() - started >= 1
    ahead = read(f"since={version() + 10}")
    assert (ahead["items"], ahead["meta"]["next"]) == ([], version() + 10)


def test_when_enough_readers_wait_further_ones_are_answered_at_once(ledger: Callable[[], None]) -> None:
    held: list[None] = []
    while views.waiting.acquire(blocking=False):
        held.append(None)
    started = time.monotonic()
    try:
        assert read(f"since={version()}&wait=30")["items"] == []
        assert time.monotonic() - started < 10
    finally:
        views.waiting.release(len(held))
    assert Entry.objects.exists()


def test_what_has_changed_again_comes_without_payload_and_once_more(ledger: Callable[[], None]) -> None:
    before = version()
    page = make_news(title="First")
    ledger()
    page.title = "Second"
    published(page)
    ledger()
    first, second = read(f"since={before}&include=payload&type=news.NewsPage")["items"]
    assert (first["payload"], second["payload"]["title"]) == (None, "Second")
    assert first["etag"] != second["etag"] == Published.objects.get(kind="pages", object_id=page.pk).etag


def test_a_feed_that_nothing_changes_in_is_read_in_as_many_queries_as_a_long_one(ledger: Callable[[], None]) -> None:
    for query in ("limit=1&include=payload", "limit=20&include=payload", "newest=true&include=payload"):
        assert queries(Client(), f"{CHANGES}?{query}") <= 4, query
