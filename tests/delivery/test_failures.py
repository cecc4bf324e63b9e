"""What cannot be represented holds up nothing else: partners keep it as it was, the API answers as it would alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from cms.api.representations import PAGES, represent_pages
from cms.delivery import answers
from cms.delivery.choices import Scope
from cms.delivery.feed import state
from cms.delivery.marks import mark
from cms.delivery.models import Entry, Ledger, Mark, Published
from cms.delivery.registries import register_kind
from cms.delivery.services import settle
from cms.delivery.verification import differences
from tests.factories.pages import make_news, make_standard_page
from tests.factories.site import homes, published, translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

CHANGES, PAGES_AT = "/api/v2/changes/", "/api/v2/pages/"


@pytest.fixture
def broken() -> Iterator[set[int]]:
    """Pages added to this set cannot be represented."""
    ids: set[int] = set()

    def represent(wanted: Iterable[int]) -> Any:
        listed = list(wanted)
        if ids & set(listed):
            raise KeyError("no such field")
        return represent_pages(listed)

    register_kind(replace(PAGES, represent=represent))
    yield ids
    register_kind(PAGES)


def versions() -> dict[int, int]:
    return dict(Published.objects.filter(is_public=True).values_list("object_id", "version"))


def wait_is_over() -> None:
    Mark.objects.exclude(next_at=None).update(next_at=timezone.now() - timedelta(seconds=1))


def pause() -> timedelta:
    """How long what waits has still to wait."""
    until = Mark.objects.get().next_at
    assert until
    return until - timezone.now()


def titles(query: str) -> list[str]:
    return [item["title"] for item in Client().get(f"{PAGES_AT}?{query}").json()["items"]]


def test_the_others_of_the_same_step_are_entered(
    ledger: Callable[[], None], broken: set[int], caplog: pytest.LogCaptureFixture
) -> None:
    good, bad, also_good = (make_news(title=title) for title in ("Good", "Bad", "Also good"))
    broken.add(bad.pk)
    ledger()
    assert versions().keys() & {good.pk, bad.pk, also_good.pk} == {good.pk, also_good.pk}
    (record,) = [one for one in caplog.records if "cannot be represented" in one.getMessage()]
    assert record.getMessage() == f"pages {bad.pk} cannot be represented"
    assert "no such field" in caplog.text
    assert "Traceback" in caplog.text
    waiting = Mark.objects.get()
    assert (waiting.key, waiting.attempts) == (f"pages:{bad.pk}", 1)
    assert timedelta(0) < pause() <= timedelta(minutes=1)


def test_it_stays_in_the_feed_as_it_was_and_the_api_tells_what_it_is(
    ledger: Callable[[], None], broken: set[int]
) -> None:
    page, other = make_news(title="Before"), make_news(title="Other")
    ledger()
    since = Ledger.objects.get().version
    for _time in range(2):  # the second comes out of the memory of the process
        assert Client().get(f"{PAGES_AT}{page.pk}/").json()["title"] == "Before"
        assert "Before" in titles("type=news.NewsPage&fields=*")
    broken.add(page.pk)
    page.title = "After"
    published(page)
    ledger()
    now = state()
    assert now
    assert not now.is_pending
    for _time in range(2):
        detail = Client().get(f"{PAGES_AT}{page.pk}/")
        assert (detail.json()["title"], "ETag" in detail) == ("After", False)
        assert Client().get(f"{PAGES_AT}{page.pk}/?fields=title").json()["title"] == "After"
        assert {"After", "Other"} <= set(titles("type=news.NewsPage&fields=*"))
    assert "ETag" in Client().get(f"{PAGES_AT}{other.pk}/")
    assert "ETag" not in Client().get(f"{PAGES_AT}?type=news.NewsPage")
    feed = Client().get(f"{CHANGES}?since={since}&include=payload").json()
    assert [item for item in feed["items"] if item["id"] == page.pk] == []
    whole = Client().get(f"{CHANGES}?newest=true&include=payload&type=news.NewsPage&limit=1000").json()
    assert [item["payload"]["title"] for item in whole["items"] if item["id"] == page.pk] == ["Before"]


def test_lists_are_found_anew_when_it_is_changed_again(ledger: Callable[[], None], broken: set[int]) -> None:
    """Which pages a list holds is known under the version, and a page that fails may come or go all the same."""
    page = make_news(title="One")
    broken.add(page.pk)
    ledger()
    for number in range(3):
        assert titles(f"type=news.NewsPage&title=Name {number}") == []
        page.title = f"Name {number}"
        published(page)
        ledger()
        assert titles(f"type=news.NewsPage&title=Name {number}") == [f"Name {number}"]


def test_it_is_tried_again_ever_later_and_a_change_does_not_wait(ledger: Callable[[], None], broken: set[int]) -> None:
    page = make_news()
    broken.add(page.pk)
    ledger()
    pauses = []
    for attempts in range(2, 10):
        wait_is_over()
        ledger()
        (waiting,) = Mark.objects.all()
        assert waiting.attempts == attempts
        pauses.append(round(pause().total_seconds() / 60))
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]
    ledger()
    assert Mark.objects.get().attempts == 9
    broken.clear()
    page.save()
    ledger()
    assert not Mark.objects.exists()
    assert page.pk in versions()


def test_many_attempts_do_not_make_the_pause_overflow(ledger: Callable[[], None], broken: set[int]) -> None:
    page = make_news()
    broken.add(page.pk)
    ledger()
    Mark.objects.update(attempts=20_000, next_at=timezone.now())
    ledger()
    assert pause() <= timedelta(hours=1)


def test_once_it_can_be_represented_the_api_reads_it_from_the_ledger_again(
    ledger: Callable[[], None], broken: set[int]
) -> None:
    page = make_news(title="Same")
    ledger()
    version = versions()[page.pk]
    broken.add(page.pk)
    page.save()
    ledger()
    assert "ETag" not in Client().get(f"{PAGES_AT}{page.pk}/")
    broken.clear()
    wait_is_over()
    ledger()
    assert not Mark.objects.exists()
    assert "ETag" in Client().get(f"{PAGES_AT}{page.pk}/")
    assert versions()[page.pk] == version  # what is as it was keeps its version
    assert differences() == []


def test_hiding_does_not_wait_for_what_cannot_be_represented(ledger: Callable[[], None], broken: set[int]) -> None:
    page, other = make_news(title="Secret"), make_news()
    ledger()
    broken |= {page.pk, other.pk}
    page.save()
    other.save()
    ledger()
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    broken.discard(page.pk)  # nothing is asked to represent it
    ledger()
    assert Entry.objects.filter(kind="pages", object_id=page.pk).last().operation == "withdrawn"  # type: ignore[union-attr]  # there is one
    assert Client().get(f"{PAGES_AT}{page.pk}/").status_code == 404
    page.unpublish()
    other.unpublish()
    broken.discard(other.pk)
    ledger()
    assert not Mark.objects.exists()
    assert differences() == []


def test_whoever_shows_it_is_looked_at_although_nobody_knows_what_has_changed(
    ledger: Callable[[], None], broken: set[int]
) -> None:
    above = make_standard_page(title="Above", slug="above")
    below = make_standard_page(above, title="Below", slug="below")
    ledger()
    broken.add(above.pk)
    above.refresh_from_db()  # it has a page below it now
    above.slug = "renamed"
    published(above)
    ledger()
    assert "/renamed/below/" in Published.objects.get(kind="pages", object_id=below.pk).payload
    assert Client().get(f"{PAGES_AT}{below.pk}/").json()["meta"]["html_url"].endswith("/renamed/below/")


def test_pages_that_show_each_other_and_fail_do_not_wake_each_other_for_ever(
    ledger: Callable[[], None], broken: set[int]
) -> None:
    english = make_news()
    russian = translate(english, "ru")
    ledger()
    broken |= {english.pk, russian.pk}
    english.save()
    assert settle(steps=10) is True
    assert {one.key for one in Mark.objects.all()} == {f"pages:{english.pk}", f"pages:{russian.pk}"}
    assert all(one.attempts == 1 for one in Mark.objects.all())


def test_the_pages_of_a_language_are_there_although_its_home_page_cannot_be_represented(
    ledger: Callable[[], None], broken: set[int]
) -> None:
    page = translate(make_news(), "ru")
    homes()["ru"].unpublish()
    ledger()
    assert page.pk not in versions()
    broken.add(homes()["ru"].pk)
    published(homes()["ru"])
    ledger()
    assert page.pk in versions()


def test_everything_anew_tries_again_and_the_command_names_what_is_left(
    ledger: Callable[[], None], broken: set[int], capsys: pytest.CaptureFixture[str]
) -> None:
    page = make_news()
    broken.add(page.pk)
    ledger()
    with pytest.raises(CommandError, match="differences"):
        call_command("ledger", "verify")
    said = capsys.readouterr().out
    assert f"pages {page.pk}: cannot be represented: KeyError: 'no such field'" in said
    assert "1 changes are not settled yet." in said
    with pytest.raises(CommandError, match=f"1 cannot be represented, see the log: pages:{page.pk}"):
        call_command("ledger", "rebuild")
    assert Mark.objects.get().attempts == 2
    broken.clear()
    call_command("ledger", "rebuild")
    assert not Mark.objects.exists()
    call_command("ledger", "verify")


def test_what_was_deleted_meanwhile_is_tried_no_more(ledger: Callable[[], None], broken: set[int]) -> None:
    page = make_news()
    pk = page.pk
    ledger()
    broken.add(pk)
    page.save()
    ledger()
    broken.clear()
    Page.objects.get(pk=pk).delete()
    ledger()
    assert not Mark.objects.exists()
    assert pk not in versions()


def test_a_database_that_is_away_is_no_failure_of_a_page(ledger: Callable[[], None]) -> None:
    def away(_ids: Iterable[int]) -> Any:
        raise OperationalError("server closed the connection")

    page = make_news()
    register_kind(replace(PAGES, represent=away))
    try:
        with pytest.raises(OperationalError):
            settle()
        assert list(Mark.objects.values_list("next_at", flat=True).distinct()) == [None]
    finally:
        register_kind(PAGES)
    settle()
    assert page.pk in versions()


def test_what_waits_counts_as_looked_at_and_what_is_new_does_not(ledger: Callable[[], None], broken: set[int]) -> None:
    page = make_news()
    broken.add(page.pk)
    ledger()
    now = state()
    assert now
    assert not now.is_pending
    mark(Scope.OBJECT, f"pages:{page.pk}")
    later = state()
    assert later
    assert later.is_pending
    answers.forget()
    assert "ETag" not in Client().get(PAGES_AT)
