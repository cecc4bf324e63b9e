"""The worker's loop and its housekeeping, in this process."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from cms.background import schedules, worker
from cms.background.models import WorkerProcess
from cms.background.schedules import Schedule
from tests.background.effects import claimed, leave_trace, only, traces
from tests.background.test_services import a_worker

pytestmark = pytest.mark.usefixtures("queue")


@pytest.fixture
def housekeeper(monkeypatch: pytest.MonkeyPatch) -> worker.Housekeeper:
    monkeypatch.setattr(schedules, "_schedules", {})
    return worker.Housekeeper(a_worker(silent_for=20), None)


class Quiet:
    """In the place of the housekeeping thread, which would have a database of its own."""

    started: list[Any] = []

    def __init__(self, process: Any, parent: int | None) -> None:
        self.process = process
        self.ended = self

    def start(self) -> None:
        self.started.append(WorkerProcess.objects.get())

    def set(self) -> None:
        pass

    def join(self, timeout: float) -> None:
        pass


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    Quiet.started = []
    monkeypatch.setattr(worker, "Housekeeper", Quiet)
    for module in (worker, db_worker):  # the connection is that of the test
        monkeypatch.setattr(module, "close_old_connections", lambda: None)


def test_it_registers_does_what_is_there_and_signs_off(alone: None, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(3):
        leave_trace.enqueue(number)
    call_command("worker", "--batch", "--interval", "0", "--verbosity", "0")
    assert traces() == [0, 1, 2]
    (process,) = Quiet.started
    assert process.pid == os.getpid()
    assert DBTaskResult.objects.filter(status="SUCCESSFUL").count() == 3
    assert not WorkerProcess.objects.exists()


def test_it_waits_for_a_database_that_is_away(alone: None, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_trace.enqueue(1)
    attempts = []
    run = Worker.run

    def fail_twice(self: Any) -> None:
        attempts.append(1)
        if len(attempts) < 3:
            raise OperationalError("the database system is shutting down")
        run(self)

    monkeypatch.setattr(Worker, "run", fail_twice)
    call_command("worker", "--batch", "--interval", "0", "--verbosity", "0")
    assert (len(attempts), traces()) == (3, [1])


def test_of_a_task_whose_end_could_not_be_noted_it_frees_itself(alone: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker lives, so nobody else would take the task from it."""
    leave_trace.enqueue(1)
    monkeypatch.setattr(worker, "get_random_string", lambda _length: "a-worker")
    claimed()
    assert only().status == "RUNNING"
    call_command("worker", "--batch", "--interval", "0", "--verbosity", "0")
    assert traces() == [1]


def test_other_errors_end_it_and_it_signs_off(alone: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Any) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(Worker, "run", fail)
    with pytest.raises(RuntimeError, match="no such thing"):
        call_command("worker", "--batch", "--verbosity", "0")
    assert not WorkerProcess.objects.exists()


def test_the_housekeeper_gives_a_sign_of_life_and_finds_what_others_left(
    housekeeper: worker.Housekeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_trace.enqueue(1)
    lost = claimed()
    DBTaskResult.objects.filter(pk=lost.pk).update(worker_ids=["another"])
    due = Schedule(leave_trace, every=timedelta(minutes=1))
    monkeypatch.setattr(schedules, "_schedules", {due.name: due})
    before = WorkerProcess.objects.get().seen_at
    housekeeper.keep_house()
    assert WorkerProcess.objects.get().seen_at > before + timedelta(seconds=19)
    assert only().status == "READY"


def test_a_worker_that_was_thought_lost_and_removed_is_there_again(housekeeper: worker.Housekeeper) -> None:
    WorkerProcess.objects.all().delete()
    housekeeper.keep_house()
    assert WorkerProcess.objects.alive().count() == 1


@pytest.mark.parametrize(("parent", "ends"), [(os.getppid(), False), (1_000_000, True)])
def test_without_its_parent_the_process_ends(
    housekeeper: worker.Housekeeper, monkeypatch: pytest.MonkeyPatch, parent: int, ends: bool
) -> None:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, sign: sent.append((pid, sign)))
    rounds = iter([False, True])
    monkeypatch.setattr(housekeeper.ended, "wait", lambda _seconds: next(rounds))
    monkeypatch.setattr(housekeeper, "keep_house", lambda: None)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    housekeeper.parent = parent
    housekeeper.run()
    assert sent == ([(os.getpid(), signal.SIGTERM)] if ends else [])


def test_housekeeping_goes_on_after_the_database_was_away(
    housekeeper: worker.Housekeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds, calls = iter([False, False, True]), []

    def fail_once() -> None:
        calls.append(timezone.now())
        if len(calls) == 1:
            raise OperationalError("database is locked")

    monkeypatch.setattr(housekeeper.ended, "wait", lambda _seconds: next(rounds))
    monkeypatch.setattr(housekeeper, "keep_house", fail_once)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    housekeeper.run()
    assert len(calls) == 2
