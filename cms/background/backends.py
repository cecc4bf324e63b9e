"""The queue of background work: kept in the database, so that asking for work is part of a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from django_tasks import task
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task, TaskResult
from django_tasks_db.backend import DatabaseBackend

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import Promise

BEFORE_PACKAGES = 10
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundTask(Task[P, T]):
    """A task, and what becomes of it when it fails.

    It is tried `max_attempts` times; the pause before the second is `pause` seconds and doubles up to an hour. What an
    `atomic` task writes to the database is committed together with its end, so it happens exactly once. One that is not
    atomic, because it works long or outside the database, may happen again after its worker was killed.
    `given_up` is called with the arguments of a task that was tried in vain, to tell those who wait for it.
    """

    label: str | Promise = ""
    max_attempts: int = 5
    pause: float = 10
    atomic: bool = True
    given_up: Callable[..., None] | None = None


def background_task(
    label: str | Promise,
    *,
    max_attempts: int = 5,
    pause: float = 10,
    atomic: bool = True,
    given_up: Callable[..., None] | None = None,
) -> Callable[[Callable[P, T]], BackgroundTask[P, T]]:
    """Make a function of a module a task; `label` says to an operator what it does.

    It goes before the tasks of packages: no mail waits until the index knows thousands of pages.
    """
    facts: dict[str, Any] = {"label": label, "max_attempts": max_attempts, "pause": pause, "atomic": atomic}
    facts["given_up"] = given_up
    facts["priority"] = BEFORE_PACKAGES
    return cast("Callable[[Callable[P, T]], BackgroundTask[P, T]]", task(**facts))


class QueueBackend(DatabaseBackend):
    task_class: Any = BackgroundTask


class AtOnceBackend(ImmediateBackend):
    """Does the work where it is asked for, in tests. A failure is raised there."""

    task_class: Any = BackgroundTask

    def _execute_task(self, task_result: TaskResult[Any]) -> None:
        super()._execute_task(task_result)
        for error in task_result.errors:
            raise RuntimeError(error.traceback)
