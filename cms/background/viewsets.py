"""The queue as administrators see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_filters import ChoiceFilter
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from cms.background.choices import LABELS, STATES
from cms.background.models import ScheduleState, WorkerProcess
from cms.background.querysets import queue_state
from cms.background.schedules import schedules
from cms.background.services import retry

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

POLICY = ModelPermissionPolicy(DBTaskResult)
INDEX = "background_queue"


class QueueFilterSet(WagtailFilterSet):
    status = ChoiceFilter(label=_("State"), choices=list(STATES.items()))

    class Meta:
        model = DBTaskResult
        fields = ["status"]


def label_of(row: Any) -> str:
    """What a task does, in the words of the reader; its name in the code where that is gone."""
    if row.task_path in LABELS:
        return str(LABELS[row.task_path])
    try:
        return str(row.task.label or row.task_path)
    except (ImportError, SuspiciousOperation):
        return str(row.task_path)


def next_attempt(row: Any) -> datetime | None:
    is_later = row.status == TaskResultStatus.READY and row.run_after != get_date_max()
    return row.run_after if is_later else None


class TaskColumn(Column):
    """What the task is, why it failed last, and a way to have it tried again."""

    cell_template_name = "background/task_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        may_retry = instance.status == TaskResultStatus.FAILED and POLICY.user_has_permission(request.user, "change")
        return context | {"task": instance, "may_retry": may_retry, "csrf_token": get_token(request)}


class QueueReport(ReportView):
    """Tasks in the order in which they were asked for, the newest first."""

    model = DBTaskResult
    page_title = _("Background work")
    header_icon = "tasks"
    template_name = "background/queue.html"
    index_url_name = INDEX
    index_results_url_name = f"{INDEX}_results"
    permission_policy = POLICY
    any_permission_required = {"view", "change"}
    filterset_class = QueueFilterSet
    default_ordering = "-enqueued_at"
    columns = [
        TaskColumn("task", label=_("Task"), accessor=label_of),
        StatusTagColumn(
            "status",
            label=_("State"),
            accessor=lambda row: STATES[row.status],
            primary=lambda row: row.status == TaskResultStatus.FAILED,
        ),
        NumberColumn("attempts", label=_("Attempts"), accessor=lambda row: len(row.worker_ids)),
        DateColumn("enqueued_at", label=_("Asked for")),
        DateColumn("finished_at", label=_("Ended")),
        DateColumn("next_attempt", label=_("Next attempt"), accessor=next_attempt),
    ]
    list_export = ["task_path", "status", "enqueued_at", "started_at", "finished_at", "exception_class_path"]

    def get_queryset(self) -> Any:
        return self.order_queryset(DBTaskResult.objects.defer("return_value"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = schedules()
        states = ScheduleState.objects.filter(name__in=known).order_by("next_at")
        return super().get_context_data(
            **kwargs,
            state=queue_state(),
            workers=list(WorkerProcess.objects.alive().order_by("started_at")),
            planned=[{"label": known[row.name].task.label, "last": row.last_at, "next": row.next_at} for row in states],
            may_retry=POLICY.user_has_permission(self.request.user, "change"),
        )


def is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


@require_POST
def retry_tasks(request: HttpRequest) -> HttpResponse:
    """Have one task tried again, or all that were given up."""
    if not POLICY.user_has_permission(request.user, "change"):
        raise PermissionDenied
    tasks = DBTaskResult.objects.failed()
    if chosen := request.POST.get("task", ""):
        tasks = tasks.filter(pk=chosen) if is_id(chosen) else tasks.none()
    count = retry(tasks, by=request.user)
    text = ngettext("%(count)d task is tried again.", "%(count)d tasks are tried again.", count) % {"count": count}
    (messages.success if count else messages.warning)(request, text)
    return HttpResponseRedirect(reverse(INDEX))
