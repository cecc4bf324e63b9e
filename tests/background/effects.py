"""Tasks whose effects tests count, and a worker's turn without a worker's process."""

from __future__ import annotations

import time
from typing import Any

from django.core.exceptions import ValidationError
from django_tasks_db.models import DBTaskResult

from cms.background.backends import background_task
from cms.background.errors import RetryLaterError, UnrecoverableError
from cms.background.models import Letter
from cms.background.services import execute

WORKER = "a-worker"


@background_task("Leave a trace", max_attempts=60, pause=0)
def leave_trace(number: int) -> None:
    """One more row, in the transaction in which the task ends."""
    Letter.objects.create(content={"trace": number})


@background_task("Leave a trace outside of transactions", max_attempts=60, pause=0, atomic=False)
def leave_lasting_trace(number: int) -> None:
    Letter.objects.create(content={"lasting": number})


@background_task("Work for a moment", max_attempts=60, pause=0)
def work_for_a_moment(number: int) -> None:
    """Long enough that a worker is often killed in the midst of it."""
    Letter.objects.create(content={"trace": number})
    time.sleep(0.02)


@background_task("Work for a moment outside of transactions", max_attempts=60, pause=0, atomic=False)
def work_for_a_lasting_moment(number: int) -> None:
    time.sleep(0.01)
    Letter.objects.create(content={"lasting": number})
    time.sleep(0.01)


@background_task("Leave a trace and fail", max_attempts=3, pause=10)
def leave_trace_and_fail(number: int) -> None:
    Letter.objects.create(content={"trace": number})
    raise ValidationError("the disk is full")


@background_task("Is told to come back", max_attempts=3, pause=10)
def is_told_to_come_back(seconds: float) -> None:
    raise RetryLaterError("the other side is busy", seconds)


def note_the_end(number: int) -> None:
    Letter.objects.create(content={"ended": number})


def fail_to_note(number: int) -> None:
    Letter.objects.create(content={"ended": number})
    raise ValidationError("nobody listens")


@background_task("Fails while somebody waits", max_attempts=2, pause=0, given_up=note_the_end)
def fails_while_somebody_waits(number: int) -> None:
    raise ValidationError("the disk is full")


@background_task("Fails while nobody can be told", max_attempts=1, given_up=fail_to_note)
def fails_while_nobody_can_be_told(number: int) -> None:
    raise ValidationError("the disk is full")


@background_task("Never works")
def never_works() -> None:
    raise UnrecoverableError("nobody of that name")


@background_task("Looks up what is gone")
def looks_up_what_is_gone() -> None:
    Letter.objects.get(pk=10**9)


@background_task("Ends the process")
def end_process() -> None:
    raise SystemExit(1)


def traces(kind: str = "trace") -> list[int]:
    contents: list[Any] = list(Letter.objects.values_list("content", flat=True))
    return sorted(content[kind] for content in contents if kind in content)


def only() -> Any:
    return DBTaskResult.objects.get()


def claimed() -> Any:
    """The first task that is due, as a worker takes it."""
    row = DBTaskResult.objects.ready().first()
    assert row
    row.claim(WORKER)
    return row


def work() -> int:
    """Do what is due, as a worker does; how many tasks that were."""
    done = 0
    while DBTaskResult.objects.ready().exists():
        execute(claimed())
        done += 1
    return done
