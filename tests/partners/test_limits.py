"""Requests counted across processes: together they never answer more than the limit."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.partners import limits
from cms.partners.limits import Lease, Limit, renew, set_aside, take
from cms.partners.models import Allowance
from cms.partners.tasks import forget_counts

if TYPE_CHECKING:
    from collections.abc import Iterator

MINUTE = Limit("minute", 100, 60)


@pytest.fixture(autouse=True)
def fresh_counts() -> Iterator[None]:
    limits.forget()
    yield
    limits.forget()


class Process:
    """What one process has set aside: as `take`, with a memory of its own."""

    def __init__(self, most: int) -> None:
        self.most, self.lease = most, Lease(10**10)

    def ask(self) -> bool:
        if not self.lease.left and self.lease.used < self.most:
            renew("somebody", self.most, self.lease)
        is_allowed = self.lease.left > 0
        self.lease.left -= is_allowed
        return is_allowed


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, database=None)
@given(most=st.integers(1, 300), order=st.lists(st.integers(0, 4), min_size=50, max_size=600))
def test_processes_together_never_answer_more_than_the_limit(most: int, order: list[int]) -> None:
    Allowance.objects.all().delete()
    processes = [Process(most) for _number in range(5)]
    answered = sum(processes[number].ask() for number in order)
    assert answered <= most
    idle = sum(one.lease.left for one in processes)
    assert answered >= min(len(order), most) - idle, "what is refused was set aside by another"
    assert answered + idle <= most


@pytest.mark.django_db
def test_one_process_answers_as_many_as_the_limit_with_few_queries() -> None:
    with CaptureQueriesContext(connection) as captured:
        verdicts = [take("somebody", MINUTE) for _number in range(120)]
    counted = [one for one in captured if "INSERT" in one["sql"]]
    assert sum(one.is_allowed for one in verdicts) == 100
    assert len(counted) < 40
    assert [one.left for one in verdicts[:3]] == [99, 98, 97]
    assert verdicts[-1].left == 0


@pytest.mark.django_db
def test_who_asks_for_much_takes_nothing_from_others() -> None:
    assert sum(take("one", MINUTE).is_allowed for _number in range(150)) == 100
    assert take("another", MINUTE).is_allowed


@pytest.mark.django_db
def test_more_than_there_is_is_not_set_aside() -> None:
    assert set_aside("somebody", 60, 5, 4) is None
    assert [set_aside("somebody", 60, 3, 7) for _number in range(3)] == [3, 6, None]
    assert set_aside("somebody", 60, 1, 7) == 7
    assert set_aside("somebody", 120, 3, 7) == 3, "the next window begins anew"


@pytest.mark.django_db
def test_a_database_that_is_busy_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*arguments: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(limits, "set_aside", busy)
    assert take("somebody", MINUTE).is_allowed
    monkeypatch.undo()
    assert take("somebody", MINUTE).is_allowed


@pytest.mark.django_db
def test_counts_of_windows_that_are_over_are_deleted() -> None:
    now = int(time.time())
    for until in (now - 1, now + 60):
        Allowance.objects.create(subject="somebody", until=until, used=1)
    forget_counts.call()
    assert Allowance.objects.get().until == now + 60


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_threads_with_connections_of_their_own_keep_to_the_limit() -> None:
    allowed: Counter[bool] = Counter()
    barrier = threading.Barrier(8)

    def work() -> None:
        process = Process(200)
        barrier.wait()
        try:
            found = Counter(process.ask() for _number in range(60))
        finally:
            connection.close()
        allowed.update(found)

    threads = [threading.Thread(target=work) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert allowed[True] <= 200
    assert allowed[True] >= 150
