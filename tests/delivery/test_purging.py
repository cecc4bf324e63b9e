"""Caches in front of the site: which addresses they are told to forget, and that none is forgotten on the way."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from cms.core.addresses import page_url
from cms.delivery import registries
from cms.delivery.models import Published, Purge
from cms.delivery.purging import services
from cms.delivery.purging.backends import NotPurgedError, PurgeBackend
from cms.delivery.services import settle, settle_soon
from cms.delivery.tasks import purge, settle_marks
from news.models import NewsIndexPage
from practices.models import PracticeIndexPage
from tests.delivery.receiver import Cache, running, serve
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_news, make_practice, make_standard_page
from tests.factories.site import homes, index_page, published, translate
from tests.factories.statistics import make_indicator, make_measure
from tests.factories.vocabularies import make_concept, make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SITE = "http://testserver"
API = f"{SITE}/api/v2"
QUEUED = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}


def told(*caches: Any) -> dict[str, dict[str, str]]:
    """The setting for some caches."""
    backend = "cms.delivery.purging.backends.PurgeBackend"
    locations = [f"http://127.0.0.1:{cache.server_port}" for cache in caches]
    return {location: {"BACKEND": backend, "LOCATION": location} for location in locations}


@pytest.fixture
def cache(ledger: Callable[[], None], settings: Any) -> Iterator[Any]:
    settings.FRONTEND_CACHE_TIMEOUT = 5
    with running(serve(Cache, purged=[], refusals={})) as server:
        settings.WAGTAILFRONTENDCACHE = told(server)
        yield server


@pytest.fixture
def purged(cache: Any) -> Callable[[], set[str]]:
    """Settle what was changed, and let the worker purge; the addresses that the cache was told since the last time."""

    def now() -> set[str]:
        settle_marks.call()
        found = set(cache.purged)
        cache.purged.clear()
        assert not Purge.objects.exists()
        return found

    return now


def url(page: Any) -> str:
    return page_url(Page.objects.get(pk=page.pk))


def detail(page: Any) -> str:
    return f"{API}/pages/{page.pk}/"


def due_now() -> None:
    Purge.objects.update(next_at=None)


# What is purged


def test_a_page_is_purged_where_it_stands_where_it_is_listed_and_in_the_api(purged: Callable[[], set[str]]) -> None:
    page = make_news(title="New", slug="new")
    around = {f"{SITE}/en/", f"{SITE}/en/news/", f"{API}/pages/"}
    borrowed = {f"{SITE}/ar/news/new/", f"{SITE}/ar/news/", f"{SITE}/ar/"}  # there are no pages in Arabic
    assert purged() == {f"{SITE}/en/news/new/", detail(page), *around, *borrowed}
    page.title = "Newer"
    page.save_revision()
    assert purged() == set(), "a draft is nobody's business"
    published(page)
    assert purged() == {f"{SITE}/en/news/new/", detail(page), *around, *borrowed}


def test_a_translation_is_purged_with_its_original_which_shows_it(purged: Callable[[], set[str]]) -> None:
    page = make_news(title="New", slug="new")
    purged()
    russian = translate(page, "ru", title="Новое", slug="novoe")
    found = purged()
    assert found >= {url(russian), url(page), detail(russian), detail(page), f"{SITE}/ru/news/", f"{SITE}/ru/"}
    assert not any(address.startswith(f"{SITE}/ar/news/novoe") for address in found), "Arabic readers get English pages"


def test_a_renamed_page_is_purged_at_both_addresses(
    purged: Callable[[], set[str]], django_capture_on_commit_callbacks: Any
) -> None:
    page = make_news(slug="before")
    purged()
    page.slug = "after"
    with django_capture_on_commit_callbacks(execute=True):
        published(page)
    found = purged()
    redirect = Redirect.objects.get(old_path="/en/news/before")
    assert found >= {f"{SITE}/en/news/before/", f"{SITE}/en/news/after/", detail(page)}
    assert found >= {f"{SITE}/en/news/before", f"{API}/redirects/{redirect.pk}/"}, "as the redirect writes it"


def test_all_below_a_moved_page_is_purged_at_both_addresses(purged: Callable[[], set[str]]) -> None:
    home = homes()["en"]
    section = make_standard_page(parent=home, slug="section")
    below = make_standard_page(parent=section, slug="below")
    deeper = make_standard_page(parent=below, slug="deeper")
    target = make_standard_page(parent=home, slug="target")
    purged()
    Page.objects.get(pk=section.pk).move(Page.objects.get(pk=target.pk), pos="last-child")
    found = purged()
    for path in ("section/", "section/below/", "section/below/deeper/"):
        assert found >= {f"{SITE}/en/{path}", f"{SITE}/en/target/{path}", f"{SITE}/ar/{path}"}
    assert found >= {detail(section), detail(below), detail(deeper), f"{SITE}/en/target/"}


def test_what_is_withdrawn_is_purged_where_it_stood(purged: Callable[[], set[str]]) -> None:
    """The ledger keeps no content of it, and with it no address."""
    pages = [make_news(title=title, slug=title) for title in ("unpublished", "deleted", "restricted")]
    addresses = [{url(page), detail(page), f"{SITE}/en/news/"} for page in pages]
    purged()
    pages[0].unpublish()
    assert purged() >= addresses[0]
    pages[1].delete()
    assert purged() >= addresses[1]
    PageViewRestriction.objects.create(page=pages[2], restriction_type=PageViewRestriction.LOGIN)
    assert purged() >= addresses[2]
    assert not Published.objects.filter(object_id__in=[page.pk for page in pages], is_public=True).exists()
    assert purged() == set()


def test_a_section_that_is_restricted_is_purged_with_all_below_it(purged: Callable[[], set[str]]) -> None:
    pages = [make_news(slug=f"page-{number}") for number in range(3)]
    addresses = {url(page) for page in pages}
    purged()
    section = index_page(NewsIndexPage)
    PageViewRestriction.objects.create(page=section, restriction_type=PageViewRestriction.LOGIN)
    assert purged() >= addresses | {url(section), *map(detail, pages)}


def test_a_label_purges_the_pages_that_show_it(purged: Callable[[], set[str]]) -> None:
    theme, other = make_theme(), make_theme("budget")
    shown, untouched = make_practice(slug="shown", themes=[theme]), make_news(slug="untouched", themes=[other])
    purged()
    row = theme.labels.get(language="en")
    row.label = "Digital government"
    row.save()
    found = purged()
    assert found >= {url(shown), detail(shown), f"{API}/themes/{theme.code}/", f"{API}/themes/"}
    assert not found & {url(untouched), detail(untouched), f"{API}/themes/budget/"}


def test_a_picture_that_is_replaced_purges_the_pages_that_show_it(purged: Callable[[], set[str]]) -> None:
    image = make_image()
    page = make_news(slug="with-picture", cover_image=image, cover_alt="A room")
    purged()
    before = image.file.url
    with make_image(size=(32, 32)).file.open() as another:
        image.file = ContentFile(another.read(), "another.png")
    image.save()
    found = purged()
    assert found >= {url(page), detail(page), f"{API}/images/{image.pk}/"}
    assert found >= {f"{SITE}{before}", f"{SITE}{image.file.url}"}


def test_a_file_that_nobody_may_read_any_more_is_purged_where_it_is_downloaded(
    purged: Callable[[], set[str]],
) -> None:
    document = make_document()
    body = [{"type": "file", "value": {"document": document.pk, "title": ""}}]
    page = make_standard_page(body=body)
    assert purged() >= {f"{SITE}{document.url}", f"{API}/documents/{document.pk}/"}
    page.unpublish()
    assert purged() >= {f"{SITE}{document.url}", f"{API}/documents/{document.pk}/"}


def test_objects_are_purged_where_the_api_has_them(purged: Callable[[], set[str]]) -> None:
    country, indicator = make_country("GE"), make_indicator("SOME.CODE")
    make_concept()
    measure = make_measure(country)
    expected = {
        *(f"{API}/countries/GE/", f"{API}/vocabularies/level/", f"{API}/indicators/{indicator.code}/"),
        *(f"{API}/measures/{measure.pk}/", f"{API}/measures/", f"{API}/countries/"),
    }
    assert purged() >= expected


def test_addresses_are_written_as_caches_are_asked_for_them(purged: Callable[[], set[str]]) -> None:
    page = make_news(slug="қазақ")
    Redirect.objects.create(old_path="/ескі жол", redirect_page=page)
    found = purged()
    assert f"{SITE}/en/news/%D2%9B%D0%B0%D0%B7%D0%B0%D2%9B/" in found
    assert f"{SITE}/%D0%B5%D1%81%D0%BA%D1%96%20%D0%B6%D0%BE%D0%BB" in found
    assert all(address.isascii() for address in found)


def test_addresses_begin_with_the_public_one_whatever_the_site_is_called(
    settings: Any, purged: Callable[[], set[str]], cache: Any
) -> None:
    purged()
    settings.PUBLIC_URL = "https://practice.example.org"
    make_news(slug="new")
    settle_marks.call()
    assert cache.purged
    assert all(address.startswith("http://practice.example.org/") for address in cache.purged)  # the host that was told


def test_files_that_stand_elsewhere_are_not_asked_of_the_cache(purged: Callable[[], set[str]], settings: Any) -> None:
    settings.MEDIA_URL = "https://files.example.org/"
    image = make_image()
    make_news(cover_image=image, cover_alt="A room")
    found = purged()
    assert f"{API}/images/{image.pk}/" in found
    assert all(address.startswith(f"{SITE}/") for address in found)


def test_a_page_that_cannot_be_represented_any_more_is_purged_as_well(
    purged: Callable[[], set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make_news(slug="broken")
    purged()

    def represent(_ids: Any) -> Any:
        raise KeyError("no such field")

    monkeypatch.setitem(registries._kinds, "pages", replace(registries.kinds()["pages"], represent=represent))
    page.title = "Newer"
    published(page)
    assert purged() >= {url(page), detail(page)}


# When it is purged


def test_a_change_that_is_rolled_back_purges_nothing(cache: Any) -> None:
    with transaction.atomic():
        make_news()
        settle()
        assert Purge.objects.exists()
        transaction.set_rollback(True)
    assert not Purge.objects.exists()


def test_without_a_cache_nothing_is_written_queued_or_asked(ledger: Callable[[], None], settings: Any) -> None:
    settings.WAGTAILFRONTENDCACHE, settings.TASKS = {}, QUEUED
    page = make_news()
    with CaptureQueriesContext(connection) as captured:
        settle_soon()
        page.delete()
        settle_soon()
    assert not Purge.objects.exists()
    assert not DBTaskResult.objects.filter(task_path=purge.module_path).exists()
    assert [query for query in captured if Purge._meta.db_table in query["sql"]] == []


def test_purging_is_queued_once_and_not_done_by_whoever_publishes(cache: Any, settings: Any) -> None:
    settings.TASKS = QUEUED
    for number in range(3):
        make_news(title=f"News {number}")
        settle_soon()
    assert cache.purged == []
    assert DBTaskResult.objects.filter(task_path=purge.module_path).count() == 1


def test_a_change_of_many_pages_is_purged_in_batches(cache: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "BATCH", 10)
    pages = [make_practice(slug=f"practice-{number}") for number in range(20)]
    settle_marks.call()
    cache.purged.clear()
    section = index_page(PracticeIndexPage)
    section.slug = "works"
    published(section)
    settle()
    sizes = [len(row.addresses) for row in Purge.objects.all()]
    assert len(sizes) > 4
    assert max(sizes) <= 10
    purge.call()
    assert not Purge.objects.exists()
    for page in pages:
        assert {url(page), url(page).replace("/works/", "/practices/")} <= set(cache.purged)


def test_other_work_has_its_turn_while_there_is_much_to_purge(cache: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Purge.objects.bulk_create([Purge(addresses=[f"{SITE}/{number}/"]) for number in range(5)])
    clock = iter(range(0, 1000, 6))
    monkeypatch.setattr(services, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    purge.call()
    assert 0 < Purge.objects.count() < 5
    monkeypatch.undo()
    services.wake()
    assert [address.removeprefix(SITE) for address in cache.purged] == [f"/{number}/" for number in range(5)]


# What goes wrong


def test_a_cache_that_is_away_is_told_when_it_is_back(
    ledger: Callable[[], None], settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(Cache, purged=[], refusals={})
    settings.WAGTAILFRONTENDCACHE = told(server)
    port = server.server_port
    server.server_close()
    page = make_news(slug="new")
    settle_marks.call()
    waiting = Purge.objects.count()
    assert waiting
    assert not Purge.objects.due().exists()
    assert "ConnectionRefusedError" in caplog.text
    services.wake()
    pauses = []
    for _attempt in range(6):
        due_now()
        purge.call()
        first = Purge.objects.order_by("pk")[0]
        assert first.next_at
        pauses.append((first.next_at - timezone.now()).total_seconds())
    assert pauses == pytest.approx([10, 20, 40, 60, 60, 60], abs=2)
    assert Purge.objects.count() == waiting
    with running(serve(Cache, port, purged=[], refusals={})) as back:
        due_now()
        settle_marks.call()
        assert {url(page), detail(page)} <= set(back.purged)
    assert not Purge.objects.exists()


def test_a_cache_that_says_nothing_is_not_waited_for_long(ledger: Callable[[], None], settings: Any) -> None:
    settings.FRONTEND_CACHE_TIMEOUT = 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        backend = PurgeBackend({"LOCATION": f"http://127.0.0.1:{silent.getsockname()[1]}"})
        with pytest.raises(NotPurgedError, match="timed out") as failure:
            backend.purge_batch([f"{SITE}/1/", f"{SITE}/2/"])
    assert (failure.value.left, failure.value.is_away) == ([f"{SITE}/1/", f"{SITE}/2/"], True)


def test_what_a_cache_refuses_holds_up_nothing_else(cache: Any, caplog: pytest.LogCaptureFixture) -> None:
    cache.refusals = {"/2/": 403}
    Purge.objects.create(addresses=[f"{SITE}/1/", f"{SITE}/2/", f"{SITE}/3/"])
    Purge.objects.create(addresses=[f"{SITE}/4/"])
    purge.call()
    assert [address.removeprefix(SITE) for address in cache.purged] == ["/1/", "/2/", "/3/", "/4/"]
    (left,) = Purge.objects.all()
    assert left.addresses == [f"{SITE}/2/"]
    assert "It answers 403." in caplog.text
    cache.refusals = {}
    due_now()
    purge.call()
    assert not Purge.objects.exists()


def test_a_worker_that_is_killed_leaves_what_it_has_not_purged(cache: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Purge.objects.bulk_create([Purge(addresses=[f"{SITE}/{number}/", f"{SITE}/{number}/x/"]) for number in range(3)])
    ask = PurgeBackend.ask

    def killed(backend: PurgeBackend, address: str) -> int:
        if address.endswith("/1/x/"):
            raise SystemExit
        return ask(backend, address)

    monkeypatch.setattr(PurgeBackend, "ask", killed)
    with pytest.raises(SystemExit):
        purge.call()
    assert [row.addresses[0] for row in Purge.objects.order_by("pk")] == [f"{SITE}/1/", f"{SITE}/2/"]
    monkeypatch.undo()
    services.wake()
    names = [address.removeprefix(SITE) for address in cache.purged]
    assert names == ["/0/", "/0/x/", "/1/", "/1/", "/1/x/", "/2/", "/2/x/"]


@pytest.mark.parametrize("status", [404, 412])
def test_what_a_cache_does_not_keep_needs_no_purging(cache: Any, status: int) -> None:
    cache.refusals = {"/1/": status}
    Purge.objects.create(addresses=[f"{SITE}/1/"])
    purge.call()
    assert not Purge.objects.exists()


def test_of_two_caches_one_hears_while_the_other_is_away(cache: Any, settings: Any) -> None:
    gone = serve(Cache)
    gone.server_close()
    settings.WAGTAILFRONTENDCACHE = told(gone, cache)
    Purge.objects.create(addresses=[f"{SITE}/1/"])
    purge.call()
    assert cache.purged == [f"{SITE}/1/"]
    assert Purge.objects.get().addresses == [f"{SITE}/1/"]


def test_after_a_day_it_is_given_up_and_logged(cache: Any, caplog: pytest.LogCaptureFixture) -> None:
    cache.refusals = {"/old/": 500, "/new/": 500}
    old, new = (Purge.objects.create(addresses=[f"{SITE}/{name}/"]) for name in ("old", "new"))
    Purge.objects.filter(pk=old.pk).update(noted_at=timezone.now() - timedelta(days=1, seconds=1))
    purge.call()
    assert list(Purge.objects.values_list("pk", flat=True)) == [new.pk]
    (record,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert f"{SITE}/old/" in record.getMessage()


def test_nobody_but_the_cache_is_contacted(cache: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the host of an address, nor a proxy of the environment, nor where an answer leads."""
    asked: list[Any] = []
    connect = socket.create_connection

    def noted(address: Any, *args: Any, **options: Any) -> Any:
        asked.append(address)
        return connect(address, *args, **options)

    monkeypatch.setattr(socket, "create_connection", noted)
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    cache.refusals = {"/moved/": 302}
    Purge.objects.create(addresses=["http://elsewhere.example/x/", f"{SITE}/moved/", "http://169.254.169.254/latest"])
    purge.call()
    assert set(asked) == {("127.0.0.1", cache.server_port)}
    assert cache.purged == ["http://elsewhere.example/x/", f"{SITE}/moved/", "http://169.254.169.254/latest"]
    assert Purge.objects.get().addresses == [f"{SITE}/moved/"]
