"""The life of a task: done, tried again, given up, found again after its worker was lost, started on schedule."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.tasks import update_reference_index_task

from cms.background import schedules, services
from cms.background.models import ScheduleState, WorkerProcess
from cms.background.schedules import Schedule
from cms.background.services import execute
from cms.background.tasks import prune
from tests.background.effects import (
    WORKER,
    claimed,
    end_process,
    fails_while_nobody_can_be_told,
    fails_while_somebody_waits,
    is_told_to_come_back,
    leave_lasting_trace,
    leave_trace,
    leave_trace_and_fail,
    looks_up_what_is_gone,
    never_works,
    only,
    traces,
    work,
)

pytestmark = pytest.mark.usefixtures("queue")


def a_worker(*, silent_for: int = 0, name: str = WORKER) -> WorkerProcess:
    seen = timezone.now() - timedelta(seconds=silent_for)
    return WorkerProcess.objects.create(pk=name, host="here", pid=1, started_at=seen, seen_at=seen)


def states() -> list[str]:
    return sorted(DBTaskResult.objects.values_list("status", flat=True))


def make_due() -> None:
    DBTaskResult.objects.update(run_after=timezone.now())


def test_work_is_done_once_and_its_record_says_so() -> None:
    leave_trace.enqueue(1)
    assert traces() == []
    assert work() == 1
    assert traces() == [1]
    row = only()
    assert (row.status, row.worker_ids, row.traceback) == ("SUCCESSFUL", [WORKER], "")
    assert row.finished_at
    assert work() == 0


def test_work_that_was_asked_for_in_vain_is_not_done() -> None:
    with transaction.atomic():
        leave_trace.enqueue(1)
        transaction.set_rollback(True)
    assert work() == 0


def test_a_failure_is_undone_and_tried_again_later_and_later_until_it_is_given_up() -> None:
    leave_trace_and_fail.enqueue(1)
    pauses = []
    for _attempt in range(2):
        assert work() == 1
        row = only()
        assert row.status == "READY"
        pauses.append((row.run_after - timezone.now()).total_seconds())
        assert work() == 0
        make_due()
    assert 8 < pauses[0] < 11.1
    assert 17 < pauses[1] < 22.1
    assert work() == 1
    assert only().status == "FAILED"
    assert "the disk is full" in only().traceback
    assert only().exception_class_path == "django.core.exceptions.ValidationError"
    assert traces() == []


def test_who_waits_for_a_task_is_told_once_it_is_given_up_and_not_before() -> None:
    fails_while_somebody_waits.enqueue(7)
    execute(claimed())
    assert (only().status, traces("ended")) == ("READY", [])
    make_due()
    execute(claimed())
    assert (only().status, traces("ended")) == ("FAILED", [7])


def test_who_waits_for_a_task_is_told_where_its_worker_was_lost() -> None:
    fails_while_somebody_waits.enqueue(7)
    for _attempt in range(2):
        make_due()
        claimed()
        assert services.recover() == 1
    assert (only().status, traces("ended")) == ("FAILED", [7])


def test_that_somebody_cannot_be_told_changes_nothing_of_the_end(caplog: pytest.LogCaptureFixture) -> None:
    fails_while_nobody_can_be_told.enqueue(7)
    assert work() == 1
    assert (only().status, traces("ended")) == ("FAILED", [])
    assert "the disk is full" in only().traceback
    assert "nobody could be told" in caplog.text


def test_the_pause_has_an_end() -> None:
    assert all(services.pause_after(leave_trace_and_fail, attempt) <= 3960 for attempt in range(1, 60))


def test_what_cannot_succeed_is_not_tried_again() -> None:
    never_works.enqueue()
    work()
    assert (only().status, only().worker_ids) == ("FAILED", [WORKER])


def test_a_task_that_the_code_knows_no_more_is_given_up_and_stops_nobody() -> None:
    leave_trace.enqueue(1)
    DBTaskResult.objects.update(task_path="tests.background.effects.gone")
    leave_trace.enqueue(2)
    work()
    assert traces() == [2]
    assert DBTaskResult.objects.get(task_path__endswith="gone").status == "FAILED"


def test_what_packages_want_done_with_something_deleted_is_done(settings: Any) -> None:
    update_reference_index_task.enqueue("wagtailcore", "page", "1000000000")
    looks_up_what_is_gone.enqueue()
    work()
    states = dict(DBTaskResult.objects.values_list("task_path", "status"))
    assert states[update_reference_index_task.module_path] == "SUCCESSFUL"
    assert states[looks_up_what_is_gone.module_path] == "READY", "a task of the project says itself what to do then"


def test_the_work_of_packages_waits_for_that_of_the_project() -> None:
    update_reference_index_task.enqueue("wagtailcore", "page", "1")
    leave_trace.enqueue(1)
    assert claimed().task_path == leave_trace.module_path


def test_a_worker_that_is_told_to_stop_gives_its_task_back() -> None:
    end_process.enqueue()
    with pytest.raises(SystemExit):
        work()
    assert (only().status, only().worker_ids) == ("READY", [])


def test_a_task_of_a_lost_worker_is_done_by_another() -> None:
    a_worker(silent_for=31)
    leave_trace.enqueue(1)
    claimed()
    assert services.recover() == 1
    assert work() == 1
    assert traces() == [1]
    assert len(only().worker_ids) == 2


def test_a_task_of_a_worker_that_lives_stays_with_it_unless_it_has_nothing_in_hand() -> None:
    a_worker(silent_for=29)
    leave_trace.enqueue(1)
    claimed()
    assert services.recover() == 0
    assert only().status == "RUNNING"
    assert services.recover(idle=WORKER) == 1
    assert only().status == "READY"


def test_a_task_that_kills_its_workers_is_given_up_in_the_end() -> None:
    leave_trace_and_fail.enqueue(1)
    for _attempt in range(3):
        claimed()
        services.recover()
    assert only().status == "FAILED"
    assert "gave no sign of life" in only().traceback


def test_a_worker_that_was_thought_lost_leaves_no_effect() -> None:
    leave_trace.enqueue(1)
    slow = claimed()
    services.recover()
    assert work() == 1
    services.execute(slow)
    assert traces() == [1]
    assert only().status == "SUCCESSFUL"


def test_outside_of_transactions_a_worker_that_was_thought_lost_does_it_again() -> None:
    leave_lasting_trace.enqueue(1)
    slow = claimed()
    services.recover()
    work()
    services.execute(slow)
    assert traces("lasting") == [1, 1]
    assert only().status == "SUCCESSFUL"


def test_what_was_given_up_starts_from_the_first_attempt(admin_user: Any) -> None:
    never_works.enqueue()
    leave_trace.enqueue(1)
    work()
    assert services.retry(DBTaskResult.objects.failed(), by=admin_user) == 1
    row = DBTaskResult.objects.get(task_path__endswith="never_works")
    assert (row.status, row.worker_ids, row.finished_at) == ("READY", [], None)
    assert work() == 1


@pytest.fixture
def schedule(monkeypatch: pytest.MonkeyPatch) -> Schedule:
    never = Schedule(never_works, every=timedelta(minutes=1))
    monkeypatch.setattr(schedules, "_schedules", {never.name: never})
    return never


def test_a_schedule_starts_its_task_when_it_is_due_and_not_before(schedule: Schedule) -> None:
    assert services.start_due() == 0
    assert services.start_due() == 1
    work()
    assert services.start_due() == 0
    ScheduleState.objects.update(next_at=timezone.now() - timedelta(days=3))
    assert services.start_due() == 1, "what was missed is done once"
    assert states() == ["FAILED", "READY"]
    assert 59 < (ScheduleState.objects.get().next_at - timezone.now()).total_seconds() <= 60


def test_what_still_waits_is_not_queued_a_second_time(schedule: Schedule) -> None:
    services.start_due()
    services.start_due()
    ScheduleState.objects.update(next_at=timezone.now())
    assert services.start_due() == 0
    assert DBTaskResult.objects.count() == 1


def test_of_two_workers_that_read_the_same_moment_one_starts_the_task(schedule: Schedule) -> None:
    services.start_due()
    read = ScheduleState.objects.get()
    assert services.start(schedule, read) == 1
    work()
    assert services.start(schedule, read) == 0


def test_a_daily_time_is_one_of_the_site(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Almaty"
    with timezone.override("Asia/Almaty"):
        daily = Schedule(never_works, at=time(7, 0))
        before, after = datetime(2026, 5, 1, 1, 59, tzinfo=UTC), datetime(2026, 5, 1, 2, 0, tzinfo=UTC)
        assert daily.after(before) == datetime(2026, 5, 1, 2, 0, tzinfo=UTC)
        assert daily.after(after) == datetime(2026, 5, 2, 2, 0, tzinfo=UTC)


def test_a_schedule_says_how_often_or_when() -> None:
    wrongs: list[dict[str, Any]] = [{}, {"every": timedelta(hours=1), "at": time(7)}]
    for wrong in wrongs:
        with pytest.raises(ValueError, match="either how often"):
            Schedule(never_works, **wrong)


def test_pending_is_what_waits_runs_or_was_given_up() -> None:
    leave_trace.enqueue(1)
    assert services.is_pending(leave_trace, 1)
    assert not services.is_pending(leave_trace, 2)
    work()
    assert not services.is_pending(leave_trace, 1)
    never_works.enqueue()
    work()
    assert services.is_pending(never_works)
    assert not services.is_unfinished(never_works)


def test_of_what_is_done_regularly_and_well_only_the_last_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    often = Schedule(prune, every=timedelta(seconds=1))
    monkeypatch.setattr(schedules, "_schedules", {often.name: often})
    services.start_due()
    for _time in range(3):
        ScheduleState.objects.update(next_at=timezone.now())
        assert services.start_due() == 1
        work()
    assert states() == ["SUCCESSFUL"]


@pytest.mark.parametrize(("asked", "waits"), [(0, 9), (600, 600), (10**9, 3600)])
def test_what_is_told_to_come_back_comes_at_that_time_but_within_an_hour(asked: int, waits: int) -> None:
    is_told_to_come_back.enqueue(asked)
    work()
    again = only().run_after - timezone.now()
    assert timedelta(seconds=waits - 2) < again < timedelta(seconds=waits + 3)
