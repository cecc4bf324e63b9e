"""What the queue looks like: for the operator's screen and for whatever watches the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from cms.background.models import WorkerProcess

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class QueueState:
    """How many tasks are in which state, and since when the longest-waiting one could be done."""

    waiting: int
    later: int
    running: int
    failed: int
    oldest: datetime | None
    seen: datetime | None

    @property
    def delay(self) -> int:
        """Seconds for which the longest-waiting task could have been done."""
        return max(0, int((timezone.now() - self.oldest).total_seconds())) if self.oldest else 0


def queue_state() -> QueueState:
    now = timezone.now()
    ready, at_once = Q(status=TaskResultStatus.READY), Q(run_after=get_date_max())
    due = ready & (at_once | Q(run_after__lte=now))
    counts = DBTaskResult.objects.aggregate(
        waiting=Count("pk", filter=due),
        later=Count("pk", filter=ready & ~at_once & Q(run_after__gt=now)),
        running=Count("pk", filter=Q(status=TaskResultStatus.RUNNING)),
        failed=Count("pk", filter=Q(status=TaskResultStatus.FAILED)),
        oldest_new=Min("enqueued_at", filter=ready & at_once),
        oldest_again=Min("run_after", filter=ready & Q(run_after__lte=now)),
    )
    moments = [moment for moment in (counts.pop("oldest_new"), counts.pop("oldest_again")) if moment]
    seen = WorkerProcess.objects.aggregate(seen=Max("seen_at"))["seen"]
    return QueueState(**counts, oldest=min(moments, default=None), seen=seen)
