"""What is done regularly. Apps register it in `AppConfig.ready()`; the workers start it when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from cms.background.backends import BackgroundTask


@dataclass(frozen=True)
class Schedule:
    """A task without arguments that is started `every` so often, or each day `at` a time of the site's time zone."""

    task: BackgroundTask[Any, Any]
    every: timedelta | None = None
    at: time | None = None

    def __post_init__(self) -> None:
        if (self.every is None) == (self.at is None):
            raise ValueError("Say either how often or at what time of the day.")

    @property
    def name(self) -> str:
        return self.task.module_path

    def after(self, moment: datetime) -> datetime:
        """When it is due next, once it was started at a moment. What was missed meanwhile is not made up for."""
        if self.every is not None:
            return moment + self.every
        local = timezone.localtime(moment)
        due = datetime.combine(local.date(), self.at or time.min, local.tzinfo)
        return due if due > moment else due + timedelta(days=1)


_schedules: dict[str, Schedule] = {}


def register_schedule(schedule: Schedule) -> None:
    """Add a schedule, or replace that of the same task."""
    _schedules[schedule.name] = schedule


def schedules() -> dict[str, Schedule]:
    return dict(_schedules)
