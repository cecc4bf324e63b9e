"""What happens to content by itself: it goes live, and is withdrawn, at its time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, Page, Revision

from cms.background.backends import background_task
from cms.background.services import is_pending
from cms.users.choices import Role
from cms.users.models import User
from cms.workflows.choices import Kind
from cms.workflows.models import Notification, ReviewState
from cms.workflows.notifications import notify, reviewers_of

if TYPE_CHECKING:
    from django.db import models

BETWEEN_LOOKS = timedelta(seconds=15)
BETWEEN_REMINDERS = timedelta(days=1)
KEPT_NOTIFICATIONS = timedelta(days=90)


@background_task(_("Find what is due to be published or withdrawn"))
def publish_due() -> None:
    """Queue a task for each, so that one that cannot be published holds nothing else up."""
    now = timezone.now()
    revisions = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at")
    for pk in revisions.values_list("pk", flat=True):
        if not is_pending(publish_revision, pk):
            publish_revision.enqueue(pk)
    for model in models_with_drafts():
        expired = model._default_manager.filter(live=True, expire_at__lte=now).order_by("expire_at")
        for pk in expired.values_list("pk", flat=True):
            if not is_pending(withdraw, model._meta.label, pk):
                withdraw.enqueue(model._meta.label, pk)


def models_with_drafts() -> list[type[models.Model]]:
    """Pages as such, and every other type that is drafted and published."""
    return [Page, *(one for one in apps.get_models() if issubclass(one, DraftStateMixin) and not issubclass(one, Page))]


@background_task(_("Publish what is due"))
def publish_revision(pk: int) -> None:
    """Publish a revision at its time. Whoever comes second finds it published, and does nothing."""
    due = Revision.objects.select_for_update().filter(pk=pk, approved_go_live_at__lte=timezone.now())
    if revision := due.first():
        revision.publish(log_action="wagtail.publish.scheduled")


@background_task(_("Withdraw what has expired"))
def withdraw(label: str, pk: Any) -> None:
    model: Any = apps.get_model(label)
    expired = model.objects.select_for_update(of=("self",)).filter(pk=pk, live=True, expire_at__lte=timezone.now())
    if item := expired.first():
        item.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


@background_task(_("Remind of reviews that are overdue"))
def remind() -> None:
    """Once a day those who are to review, and once the administrators where a review stays overdue for long."""
    now = timezone.now()
    overdue = ReviewState.objects.select_for_update(of=("self",)).filter(
        status=ReviewState.STATUS_IN_PROGRESS, due_at__lt=now
    )
    for state in overdue.select_related("task", "assignee"):
        page = state.workflow_state.content_object
        if not isinstance(page, Page):
            continue
        if state.reminded_at is None or state.reminded_at <= now - BETWEEN_REMINDERS:
            people = [state.assignee] if state.assignee else reviewers_of(page, state.task.specific)
            notify(people, Kind.OVERDUE, page, due_at=state.due_at)
            state.reminded_at = now
        patience = timedelta(days=state.task.specific.days_until_escalation)
        if state.escalated_at is None and state.due_at <= now - patience:
            notify(User.objects.filter(groups__name=Role.ADMINISTRATOR), Kind.ESCALATED, page, due_at=state.due_at)
            state.escalated_at = now
        state.save(update_fields=["reminded_at", "escalated_at"])


@background_task(_("Throw away old notifications"))
def forget_notifications() -> None:
    Notification.objects.filter(created_at__lt=timezone.now() - KEPT_NOTIFICATIONS).delete()
