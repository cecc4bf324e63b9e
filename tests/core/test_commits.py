"""What a mark says is so: where two are equal, a reader sees the same between them, whoever else is at work."""

from __future__ import annotations

import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from cms.core import commits, memory
from cms.core.commits import Watch, watch
from cms.core.memory import ChangeToken
from cms.delivery.feed import state
from cms.delivery.models import Ledger
from cms.delivery.services import begin, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wagtail.models import Site

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
STEPS = 400


class Other:
    """Somebody else who is connected to the same database, and changes it by transactions."""

    def __init__(self) -> None:
        self.database: Any = connection.copy()
        self.database.connect()
        self.topic = f"test.{uuid.uuid4().hex}"
        self.is_writing = False

    def write(self) -> None:
        if not self.is_writing:
            self.database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
            self.is_writing = True
        with self.database.cursor() as cursor:
            cursor.execute("DELETE FROM core_changetoken WHERE topic = %s", [self.topic])
            cursor.execute(
                "INSERT INTO core_changetoken (topic, token) VALUES (%s, %s)", [self.topic, uuid.uuid4().hex]
            )

    def nest(self) -> None:
        """A part of a transaction that is undone by itself, and one that is not."""
        self.write()
        for undo in ("RELEASE", "ROLLBACK TO"):
            with self.database.cursor() as cursor:
                cursor.execute("SAVEPOINT part")
                self.write()
                cursor.execute(f"{undo} SAVEPOINT part")

    def commit(self) -> None:
        if self.is_writing:
            self.database.commit()
        self.end()

    def undo(self) -> None:
        if self.is_writing:
            self.database.rollback()
        self.end()

    def end(self) -> None:
        if self.is_writing:
            self.database.set_autocommit(True)
        self.is_writing = False


@pytest.fixture
def others(db: None) -> Iterator[list[Other]]:
    """SQLite lets one writer in at a time."""
    if connection.vendor == "sqlite" and cast("Any", connection).is_in_memory_db():
        pytest.skip("a database in memory has no others; with --reuse-db it is a file")
    found = [Other() for _one in range(3 if connection.vendor == "postgresql" else 1)]
    yield found
    for other in found:
        other.undo()
        other.database.close()


def seen() -> frozenset[tuple[str, Any]]:
    return frozenset(ChangeToken.objects.values_list("topic", "token"))


def write() -> None:
    ChangeToken.objects.update_or_create(topic="test.own", defaults={"token": uuid.uuid4()})


def test_what_is_seen_under_one_mark_is_always_the_same(others: list[Other]) -> None:
    lot = random.Random(7)  # noqa: S311 - only a lot
    known: dict[Any, frozenset[tuple[str, Any]]] = {}
    again = 0
    for _step in range(STEPS):
        other = lot.choice(others)
        steps = [other.write, other.nest, other.commit, other.undo, seen]
        if connection.vendor == "postgresql" or not other.is_writing:
            steps.append(write)
        lot.choice(steps)()
        mark = watch.mark()
        assert mark is not None
        again += mark in known
        assert known.setdefault(mark, seen()) == seen()
    assert STEPS / 10 < again < STEPS * 9 / 10, "too few marks were equal, or different, for this to say anything"


def test_a_transaction_that_was_at_work_before_makes_another_mark_when_it_is_committed(others: list[Other]) -> None:
    others[0].write()
    before = watch.mark()
    others[0].commit()
    assert watch.mark() != before


def test_our_own_change_makes_another_mark() -> None:
    before = watch.mark()
    write()
    assert watch.mark() != before


def test_within_a_transaction_nothing_is_told() -> None:
    with transaction.atomic():
        assert watch.mark() is None
    assert watch.mark() is not None


def test_another_connection_makes_another_mark() -> None:
    """What one has seen says nothing of what the next one sees: that may be another server."""
    before = watch.mark()
    watch.close()
    assert watch.mark() != before


def test_a_connection_that_is_lost_is_made_again_after_a_while(others: list[Other]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's connection is within the process")
    before = watch.mark()
    with others[0].database.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [watch.database.connection.info.backend_pid])
    assert watch.mark() is None
    assert watch.mark() is None, "nobody waits for a server that is away, again and again"
    watch.until = 0
    assert watch.mark() not in (before, None)


def test_a_pooler_may_go_on_with_a_connection_for_which_nothing_was_prepared() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has nothing between")
    before = watch.mark()
    watch.database.connection.execute("DEALLOCATE ALL")
    assert [watch.mark(), watch.mark()] == [before, before]
    write()
    assert watch.mark() not in (before, None)


@pytest.mark.usefixtures("others")
def test_where_no_connection_can_be_made_nothing_is_told_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    driver: Any = connection
    tries: list[int] = []

    def refuse(*_arguments: Any, **_options: Any) -> None:
        tries.append(1)
        raise driver.Database.OperationalError("too many connections")

    before = watch.mark()
    with monkeypatch.context() as patch:
        patch.setattr(type(connection.copy()), "get_new_connection", refuse)
        watch.until = time.monotonic()
        assert [watch.mark(), watch.mark()] == [None, None]
    assert len(tries) == 1
    watch.until = time.monotonic()
    assert watch.mark() not in (before, None)


def test_what_was_seen_before_is_not_told_after_an_error(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    queue, looked, may_end = Queue(), threading.Event(), threading.Event()
    shared = Watch()

    def fail() -> None:
        looked.set()
        assert may_end.wait(20)
        raise RuntimeError("what nobody has thought of")

    shared.seen = "old"
    monkeypatch.setattr(shared, "look", fail)
    monkeypatch.setattr(shared, "lock", queue)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(shared.mark)
        assert looked.wait(20)
        monkeypatch.setattr(shared, "begun", shared.begun - 1)  # as another has read it that came just before
        second = threads.submit(shared.mark)
        queue.wait_for(1)
        monkeypatch.setattr(shared, "begun", shared.begun + 1)
        may_end.set()
        assert isinstance(first.exception(20), RuntimeError)
        assert second.result(20) is None


@pytest.mark.usefixtures("others")
def test_a_connection_does_not_grow_old() -> None:
    watch.mark()
    first = watch.database.connection
    watch.mark()
    assert watch.database.connection is first
    watch.until = time.monotonic()
    watch.mark()
    assert watch.database.connection is not first


class Queue:
    """A lock that tells how many wait for it."""

    def __init__(self) -> None:
        self.lock, self.count = threading.Lock(), threading.Condition()
        self.waiting = 0

    def __enter__(self) -> None:
        with self.count:
            self.waiting += 1
            self.count.notify_all()
        self.lock.acquire()
        with self.count:
            self.waiting -= 1

    def __exit__(self, *_error: object) -> None:
        self.lock.release()

    def wait_for(self, number: int) -> None:
        with self.count:
            assert self.count.wait_for(lambda: self.waiting == number, timeout=20)


def test_those_who_wait_share_a_look_that_began_after_they_had_come(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    queue, looked, may_end = Queue(), threading.Event(), threading.Event()
    looks: list[int] = []

    def look() -> int:
        looks.append(len(looks))
        looked.set()
        assert may_end.wait(20)
        return looks[-1]

    monkeypatch.setitem(commits.LOOKS, connection.vendor, lambda _session: look)
    shared = Watch()
    monkeypatch.setattr(shared, "lock", queue)
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(shared.mark)
        assert looked.wait(20)
        late = [threads.submit(shared.mark) for _thread in range(3)]
        queue.wait_for(3)
        may_end.set()
        seen: list[Any] = [one.result(20) for one in (first, *late)]
    shared.close()
    assert looks == [0, 1]
    assert [mark[1] for mark in seen] == [0, 1, 1, 1], "the look that was under way began before they came"


def asked() -> tuple[Any, int]:
    with CaptureQueriesContext(connection) as captured:
        found = state()
    return found, len(captured)


def test_the_state_of_the_ledger_is_read_again_where_something_was_committed(site: Site, others: list[Other]) -> None:
    begin()
    settle()
    first, _count = asked()
    counts = []
    for _time in range(20):  # what the server does for itself may commit something between two looks
        same, count = asked()
        assert same == first
        counts.append(count)
    assert set(counts) <= {0, 1}
    assert counts.count(0) > 10
    others[0].write()
    others[0].commit()
    another, count = asked()
    assert count == 1
    assert another is not None
    assert another.tokens.keys() - first.tokens.keys() == {others[0].topic}
    with transaction.atomic():
        Ledger.objects.update(version=F("version") + 1)
        assert asked()[0].version == another.version + 1
        transaction.set_rollback(True)
    assert asked()[0].version == another.version


def test_what_a_request_keeps_is_as_true_where_the_state_was_not_read_again(site: Site) -> None:
    begin()
    settle()
    state()
    with memory.checked_once(), CaptureQueriesContext(connection) as captured:
        state()
        memory.kept("test.own", "key", lambda: 1)
    assert not [query for query in captured if "core_changetoken" in query["sql"] and "delivery" not in query["sql"]]
