"""What a process keeps of answers and lists: what was used last, within its room."""

from __future__ import annotations

import threading

from django.http import HttpRequest
from django.utils import timezone

from cms.delivery.answers import Answer, Ids, Shelf
from news.models import NewsPage


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


def test_pages_of_a_list_are_cut_as_of_a_queryset() -> None:
    ids = Ids(NewsPage, range(10, 20))
    assert (ids.count(), list(ids[3:5]), list(ids[8:40]), list(ids[50:60])) == (10, [13, 14], [18, 19], [])


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
