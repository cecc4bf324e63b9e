"""Many publish at the same time while a partner reads: nothing is missed, and nothing comes out of order."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client

from cms.delivery.models import Entry, Ledger, Mark, Published
from cms.delivery.services import begin, settle
from cms.delivery.verification import differences
from news.models import NewsIndexPage, NewsPage
from tests.factories.pages import make_news
from tests.factories.site import index_page

if TYPE_CHECKING:
    from wagtail.models import Site

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
THREADS, ROUNDS = 8, 4
CHANGES = "/api/v2/changes/"


@pytest.fixture
def begun(site: Site) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")
    begin()
    settle()


class Reader(threading.Thread):
    """Follows the feed as partners do, and notes in which order versions came."""

    def __init__(self) -> None:
        super().__init__()
        self.since = Ledger.objects.get().version
        self.ended = threading.Event()
        self.versions: list[int] = []
        self.etags: dict[int, str] = {}

    def run(self) -> None:
        while not self.ended.is_set():
            self.read()
        self.read()
        connection.close()

    def read(self) -> None:
        answer = Client().get(f"{CHANGES}?since={self.since}&limit=1000").json()
        for item in answer["items"]:
            self.versions.append(item["version"])
            self.etags[item["id"]] = item["etag"]
        self.since = answer["meta"]["next"]


def edit(pk: int, errors: list[BaseException]) -> None:
    """Publish a page again and again, as an editor does; in one round out of three it is hidden for a moment."""
    try:
        for number in range(ROUNDS):
            page = NewsPage.objects.get(pk=pk)
            if number % 3 == 1:
                page.unpublish()
            page.title = f"Page {pk} round {number}"
            page.save_revision().publish()
    except BaseException as error:  # noqa: BLE001 - a thread tells the test
        errors.append(error)
    finally:
        connection.close()


def test_nothing_is_missed_and_nothing_comes_out_of_order(begun: None) -> None:
    pages = [make_news(title=f"Page {number}", slug=f"page-{number}") for number in range(THREADS)]
    settle()
    reader, errors = Reader(), []  # type: tuple[Reader, list[BaseException]]
    first = reader.since
    writers = [threading.Thread(target=edit, args=(page.pk, errors)) for page in pages]
    for thread in (reader, *writers):
        thread.start()
    for writer in writers:
        writer.join(timeout=120)
    settle()
    reader.ended.set()
    reader.join(timeout=30)
    assert errors == []
    assert not Mark.objects.exists()
    assert reader.versions == list(range(first + 1, Ledger.objects.get().version + 1))
    assert reader.versions == list(Entry.objects.filter(version__gt=first).values_list("version", flat=True))
    public = Published.objects.filter(is_public=True, object_id__in=[page.pk for page in pages])
    assert reader.etags.items() >= dict(public.values_list("object_id", "etag")).items()
    assert differences() == []


def test_a_change_is_there_for_readers_right_after_it_without_anybody_asking(begun: None) -> None:
    page = make_news(title="On its own")
    assert not Mark.objects.exists()
    assert Entry.objects.filter(kind="pages", object_id=page.pk, operation="published").exists()


def test_a_reader_may_wait_for_the_next_entry(begun: None) -> None:
    last = Ledger.objects.get().version
    found: list[Any] = []

    def wait() -> None:
        found.append(Client().get(f"{CHANGES}?since={last}&wait=20").json())
        connection.close()

    reader = threading.Thread(target=wait)
    reader.start()
    page = make_news(parent=index_page(NewsIndexPage))
    reader.join(timeout=25)
    assert page.pk in [item["id"] for item in found[0]["items"]]
