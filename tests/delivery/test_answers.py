"""What a process keeps of answers and lists: what was used last, within its room."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.delivery import answers
from cms.delivery.answers import Answer, Part, Shelf, Sought, part_of, total_of
from news.models import NewsPage
from taxonomy.models import Country
from tests.factories.vocabularies import make_country

CODES = ["AM", "GE", "KG", "KZ", "UZ"]


def test_what_was_used_longest_ago_makes_room() -> None:
    shelf: Shelf[str] = Shelf(100)
    for name in ("one", "two", "three"):
        shelf.put(name, name, 40)
    assert [shelf.get(name) for name in ("one", "two", "three")] == [None, "two", "three"]
    shelf.get("two")
    shelf.put("four", "four", 40)
    assert [shelf.get(name) for name in ("two", "three", "four")] == ["two", None, "four"]


def test_what_is_put_again_counts_once() -> None:
    shelf: Shelf[str] = Shelf(100)
    for text in ("old", "new"):
        shelf.put("one", text, 60)
    shelf.put("two", "two", 40)
    assert (shelf.get("one"), shelf.get("two"), shelf.weight) == ("new", "two", 100)
    shelf.clear()
    assert (shelf.get("one"), shelf.weight) == (None, 0)


def test_what_is_larger_than_the_room_is_not_kept() -> None:
    shelf: Shelf[str] = Shelf(100)
    shelf.put("small", "small", 10)
    shelf.put("large", "large", 101)
    assert (shelf.get("large"), shelf.weight) == (None, 0)
    none: Shelf[str] = Shelf(0)
    none.put("one", "one", 1)
    assert none.get("one") is None


def test_under_another_version_nothing_is_left() -> None:
    shelf: Shelf[str] = Shelf(100)
    shelf.turn_to(3)
    shelf.put("one", "somebody's words", 40)
    shelf.turn_to(3)
    assert shelf.get("one") == "somebody's words"
    shelf.turn_to(4)
    assert (shelf.get("one"), shelf.weight, list(shelf.kept)) == (None, 0, [])


def test_many_threads_leave_it_in_order() -> None:
    shelf: Shelf[int] = Shelf(50)

    def use(number: int) -> None:
        for step in range(300):
            shelf.put((number, step % 7), step, 1 + step % 5)
            shelf.get((number + 1, step % 7))

    threads = [threading.Thread(target=use, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shelf.weight == sum(weight for weight, _value in shelf.kept.values()) <= 50


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf[Part]:
    found: Shelf[Part] = Shelf(100_000)
    monkeypatch.setattr(answers, "lists", found)
    return found


def countries() -> Sought:
    """As a list of another model, of which a query has but the keys."""
    return Sought(NewsPage, Country.objects.filter(code__in=CODES).order_by("code"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "size", "expected", "most"),
    [
        (0, 2, CODES[:2], 1),
        (2, 2, CODES[2:4], 1),
        (3, 9, CODES[3:], 1),
        (0, None, CODES, 1),
        (0, 0, [], 1),
        (9, 2, [], 2),
    ],
)
def test_a_part_of_a_list_is_counted_with_its_ids(
    shelf: Shelf[Part], start: int, size: int | None, expected: list[str], most: int
) -> None:
    keys = [make_country(code).pk for code in CODES]
    with CaptureQueriesContext(connection) as captured:
        part = part_of("list", start, size, countries)
    assert part is not None
    assert (part.model, list(part.ids), part.total) == (
        NewsPage,
        [keys[CODES.index(one)] for one in expected],
        len(CODES),
    )
    assert len(captured) == most
    with CaptureQueriesContext(connection) as captured:
        assert part_of("list", start, size, countries) == part
    assert not captured.captured_queries, "it is kept"


@pytest.mark.django_db
def test_a_list_is_counted_once_for_all_its_parts(shelf: Shelf[Part]) -> None:
    for code in CODES:
        make_country(code)
    part_of("list", 0, 2, countries)
    with CaptureQueriesContext(connection) as captured:
        second = part_of("list", 2, 2, countries)
    assert second is not None
    assert second.total == len(CODES) == total_of("list")
    assert "COUNT" not in captured.captured_queries[0]["sql"]
    assert (total_of("another"), part_of("another", 0, 2, lambda: None)) == (None, None)


def test_equal_answers_have_equal_tags_and_say_when_they_were_made() -> None:
    moment = timezone.now()
    one, same, other = Answer(b"{}", moment), Answer(b"{}"), Answer(b"[]")
    assert one.etag == same.etag != other.etag
    request = HttpRequest()
    request.method = "GET"
    assert "Last-Modified" in one.respond(request)
    assert "Last-Modified" not in same.respond(request)
    request.META["HTTP_IF_NONE_MATCH"] = f'"nothing", "{one.etag}"'
    assert (one.respond(request).status_code, other.respond(request).status_code) == (304, 200)


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        ({"IF_NONE_MATCH": "{etag}"}, 304),
        ({"IF_NONE_MATCH": "W/{etag}"}, 304),
        ({"IF_NONE_MATCH": "*"}, 304),
        ({"IF_NONE_MATCH": '"another"'}, 200),
        ({"IF_NONE_MATCH": "{etag}", "IF_MATCH": '"another"'}, 412),
        ({"IF_MATCH": "{etag}"}, 200),
        ({"IF_NONE_MATCH": "{etag}", "IF_UNMODIFIED_SINCE": "Thu, 01 Jan 1998 00:00:00 GMT"}, 412),
        ({"IF_MODIFIED_SINCE": "Thu, 01 Jan 2099 00:00:00 GMT"}, 304),
        ({"IF_MODIFIED_SINCE": "Thu, 01 Jan 1998 00:00:00 GMT"}, 200),
    ],
)
def test_conditions_are_met_as_the_standard_says(conditions: dict[str, str], status: int) -> None:
    """The short way for the usual one is no other way."""
    answer = Answer(b"{}", timezone.now())
    request = HttpRequest()
    request.method = "GET"
    request.META = {f"HTTP_{name}": value.format(etag=f'"{answer.etag}"') for name, value in conditions.items()}
    response = answer.respond(request)
    assert response.status_code == status
    if status == 304:
        assert {name: response[name] for name in answer.headers} == answer.headers
        assert "Content-Length" not in response or response["Content-Length"] == "0"
