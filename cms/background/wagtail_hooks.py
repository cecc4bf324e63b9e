from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.background.services import TASK_RETRIED
from cms.background.viewsets import INDEX, POLICY, QueueReport, retry_tasks


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("reports/background/", QueueReport.as_view(), name=INDEX),
        path("reports/background/results/", QueueReport.as_view(results_only=True), name=f"{INDEX}_results"),
        path("reports/background/retry/", retry_tasks, name="background_retry"),
    ]


class QueueMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return bool(POLICY.user_has_any_permission(request.user, {"view", "change"}))


@hooks.register("register_reports_menu_item")
def menu_item() -> MenuItem:
    return QueueMenuItem(_("Background work"), reverse(INDEX), name="background-work", icon_name="tasks", order=1300)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(TASK_RETRIED, gettext_lazy("Try again"), gettext_lazy("Had a task tried again"))
