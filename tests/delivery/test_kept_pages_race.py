"""Readers of several processes while a page is published again and again: none is given what was replaced before."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from cms.delivery.services import begin, settle
from home.models import StandardPage
from tests.delivery.readers import asked, process
from tests.factories.pages import make_standard_page

if TYPE_CHECKING:
    from wagtail.models import Site

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS, PROCESSES, THREADS = 25, 2, 2
TITLE = re.compile(r"<h1 >Edition (\d+)</h1>")


@pytest.fixture
def begun(site: Site) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's test database is that of one thread")
    begin()
    settle()


class Publisher:
    """An editor who publishes one edition after the other; in one round out of five the page is away for a moment."""

    def __init__(self, page: Any) -> None:
        self.pk, self.url = page.pk, page.url
        self.published, self.begun, self.is_over = 0, 0, False

    def run(self) -> None:
        try:
            for number in range(1, ROUNDS + 1):
                page = StandardPage.objects.get(pk=self.pk)
                if number % 5 == 0:
                    page.unpublish()
                page.title = f"Edition {number}"
                self.begun = number
                page.save_revision().publish()
                self.published = number
        finally:
            self.is_over = True
            connection.close()


class Reading(threading.Thread):
    def __init__(self, client: Any, publisher: Publisher) -> None:
        super().__init__()
        self.client, self.publisher = client, publisher
        self.wrong: list[tuple[int, int, int]] = []
        self.count = self.away = 0

    def run(self) -> None:
        try:
            while not self.publisher.is_over:
                self.read()
        finally:
            connection.close()

    def read(self) -> None:
        earliest = self.publisher.published
        response = self.client.get(self.publisher.url)
        latest = self.publisher.begun
        self.count += 1
        if response.status_code == 404:
            self.away += 1
            return
        [shown] = TITLE.findall(response.text)
        if not earliest <= int(shown) <= latest:
            self.wrong.append((earliest, int(shown), latest))


def test_nobody_is_given_what_was_replaced_before_they_asked(begun: None) -> None:
    publisher = Publisher(make_standard_page(title="Edition 0", slug="edition"))
    processes = [process() for _number in range(PROCESSES)]
    readers = [Reading(client, publisher) for client in processes for _thread in range(THREADS)]
    writer = threading.Thread(target=publisher.run)
    for thread in (*readers, writer):
        thread.start()
    for thread in (writer, *readers):
        thread.join(timeout=120)
    assert publisher.published == ROUNDS
    assert [reader.wrong for reader in readers] == [[]] * len(readers)
    assert min(reader.count for reader in readers) > ROUNDS
    settle()
    for client in processes:
        client.get(publisher.url)
        response, queries = asked(client, publisher.url)
        assert f"Edition {ROUNDS}" in response.text
        assert queries <= 1, "nothing was committed, so that it is kept"
