"""The life of a task: done, tried again, given up, found again after its worker was lost, started on schedule."""

from __future__ import annotations

import logging
import random
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, SuspiciousOperation
from django.db import transaction
from django.utils import timezone, translation
from django_tasks.base import TaskContext, TaskResultStatus
from django_tasks.signals import task_finished, task_started
from django_tasks.utils import get_exception_traceback, get_module_path, normalize_json
from django_tasks_db.models import DBTaskResult, get_date_max
from wagtail.log_actions import log

from cms.background.errors import ClaimLostError, RetryLaterError, UnrecoverableError, WorkerLostError
from cms.background.models import ScheduleState, WorkerProcess
from cms.background.schedules import Schedule, schedules

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cms.background.backends import BackgroundTask

logger = logging.getLogger(__name__)

TASK_RETRIED = "background.retried"
LONGEST_PAUSE = 3600
Row: TypeAlias = Any  # a DBTaskResult, whose types know neither the attempts nor the context of a task


def execute(row: Row) -> None:
    """Do a task that a worker has claimed, and note how it ended. A failure is noted, not raised."""
    try:
        task: BackgroundTask[Any, Any] = row.task
    except (ImportError, SuspiciousOperation) as error:
        end(row, error, may_try_again=False)
        return
    task_started.send(sender=type(task.get_backend()), task_result=row.task_result)
    try:
        perform(row, task)
    except ClaimLostError:
        logger.warning("Task id=%s went to another worker while it ran here", row.pk)
    except ObjectDoesNotExist as error:
        # Tasks of packages look up what may be deleted meanwhile. There is nothing left to do.
        end(row, error, may_try_again=True) if task.label else settle(row, **success())
    except Exception as error:  # noqa: BLE001 - whatever a task raises is written down for the operator
        end(row, error, may_try_again=not isinstance(error, UnrecoverableError))
    except BaseException:
        # The worker is told to stop at once: the task did not fail, and waits for the next worker.
        settle(row, status=TaskResultStatus.READY, run_after=get_date_max(), worker_ids=row.worker_ids[:-1])
        raise


def perform(row: Row, task: BackgroundTask[Any, Any]) -> None:
    result = row.task_result
    context = [TaskContext(task_result=result)] if task.takes_context else []
    scope: AbstractContextManager[Any] = transaction.atomic() if task.atomic else nullcontext()
    with scope, translation.override(settings.LANGUAGE_CODE):
        value = normalize_json(task.call(*context, *result.args, **result.kwargs))
        if not settle(row, **success(), return_value=value):
            raise ClaimLostError
    task_finished.send(sender=type(task.get_backend()), task_result=row.task_result)


def success() -> dict[str, Any]:
    done = {"status": TaskResultStatus.SUCCESSFUL, "finished_at": timezone.now()}
    return done | {"exception_class_path": "", "traceback": ""}


def settle(row: Row, **values: Any) -> bool:
    """Note something of a task where it is still this worker's, and say whether it is."""
    claimed = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at)
    for name, value in values.items():
        setattr(row, name, value)
    return bool(claimed.update(**values))


def end(row: Row, error: Exception, *, may_try_again: bool) -> None:
    """Note a failure: the task waits to be tried again, or, after the last attempt, for somebody who looks into it."""
    noted = {
        "exception_class_path": get_module_path(type(error)),
        "traceback": get_exception_traceback(error),
    }
    attempts = len(row.worker_ids)
    if may_try_again and attempts < row.task.max_attempts:
        pause = 0.0 if isinstance(error, WorkerLostError) else pause_after(row.task, attempts)
        if isinstance(error, RetryLaterError):
            pause = max(pause, min(error.seconds, LONGEST_PAUSE))
        again = timezone.now() + timedelta(seconds=pause)
        if settle(row, status=TaskResultStatus.READY, run_after=again, **noted):
            logger.warning("Task id=%s failed and is tried again after attempt %d: %s", row.pk, attempts, error)
        return
    if settle(row, status=TaskResultStatus.FAILED, finished_at=timezone.now(), **noted):
        logger.error("Task id=%s path=%s is given up after %d attempts", row.pk, row.task_path, attempts)
        tell(row)


def tell(row: Row) -> None:
    """Tell those who wait for a task that it was given up; that they cannot be told changes nothing of its end."""
    if not is_known(row) or row.task.given_up is None:
        return
    result = row.task_result
    try:
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            row.task.given_up(*result.args, **result.kwargs)
    except Exception:
        logger.exception("Task id=%s was given up, and nobody could be told", row.pk)


def pause_after(task: Any, attempts: int) -> float:
    """Seconds until the next attempt. They differ a little, so that what failed together is not tried together."""
    return float(min(task.pause * 2 ** (attempts - 1), LONGEST_PAUSE) * random.uniform(0.9, 1.1))  # noqa: S311 - no secret


def recover(idle: str = "") -> int:
    """Find the tasks whose worker is lost, or is known to have nothing in hand; how many there were."""
    alive = set(WorkerProcess.objects.alive().values_list("pk", flat=True)) - {idle}
    found = 0
    for row in DBTaskResult.objects.running():
        if row.worker_ids[-1] in alive:
            continue
        found += 1
        lost = WorkerLostError(f"Worker {row.worker_ids[-1]} gave no sign of life while it had the task.")
        end(row, lost, may_try_again=is_known(row))
    return found


def is_known(row: Row) -> bool:
    try:
        return bool(row.task)
    except (ImportError, SuspiciousOperation):
        return False


@transaction.atomic
def retry(failed: QuerySet[Row], *, by: Any) -> int:
    """Let tasks that were given up be tried again from the first attempt, and log it; how many there were."""
    chosen = list(failed.select_for_update())
    now = {"status": TaskResultStatus.READY, "run_after": get_date_max(), "worker_ids": [], "finished_at": None}
    DBTaskResult.objects.filter(pk__in=[row.pk for row in chosen]).update(**now)
    for row in chosen:
        log(instance=row, action=TASK_RETRIED, user=by, title=row.task_path)
    return len(chosen)


def start_due() -> int:
    """Queue what is due by the schedules; how many tasks that were.

    Several workers may call this at once. The row of a schedule moves on only from the moment that was read of it, in
    the transaction that queues the task: of two workers one finds it moved. What still waits or runs from before is not
    queued a second time.
    """
    known = schedules()
    states = ScheduleState.objects.in_bulk(list(known))
    now = timezone.now()
    started = 0
    for name, schedule in known.items():
        state = states.get(name)
        if state is None:
            new = ScheduleState(name=name, next_at=now)
            ScheduleState.objects.bulk_create([new], ignore_conflicts=True)
        elif state.next_at <= now:
            started += start(schedule, state)
    return started


@transaction.atomic
def start(schedule: Schedule, state: ScheduleState) -> int:
    now = timezone.now()
    mine = ScheduleState.objects.filter(pk=state.pk, next_at=state.next_at)
    if not mine.update(next_at=schedule.after(now), last_at=now) or is_unfinished(schedule.task):
        return 0
    # Only the last of what went well is of interest.
    DBTaskResult.objects.successful().filter(task_path=state.name).delete()
    schedule.task.enqueue()
    return 1


def is_unfinished(task: BackgroundTask[Any, Any], *args: Any) -> bool:
    """Whether the same work waits or runs already."""
    return is_recorded(task, args, TaskResultStatus.READY, TaskResultStatus.RUNNING)


def is_pending(task: BackgroundTask[Any, Any], *args: Any) -> bool:
    """Whether the same work waits, runs, or was given up and waits for somebody who looks into it."""
    return is_recorded(task, args, TaskResultStatus.READY, TaskResultStatus.RUNNING, TaskResultStatus.FAILED)


def is_recorded(task: BackgroundTask[Any, Any], args: tuple[Any, ...], *states: TaskResultStatus) -> bool:
    rows = DBTaskResult.objects.filter(task_path=task.module_path, status__in=states)
    return any(row["args"] == list(args) for row in rows.values_list("args_kwargs", flat=True))
