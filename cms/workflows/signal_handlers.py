"""Whoever is concerned is told what happens to pages in review."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import task_approved, task_rejected, task_submitted, workflow_approved

from cms.users.models import User
from cms.workflows.choices import Kind
from cms.workflows.models import ClearanceState, ReviewState
from cms.workflows.notifications import notify, reviewers_of
from cms.workflows.services import authors, needs_clearance, review_assigned


def connect() -> None:
    task_submitted.connect(ask_reviewers, sender=ReviewState, dispatch_uid="ask reviewers")
    task_submitted.connect(say_what_clearance_needs, sender=ClearanceState, dispatch_uid="say what clearance needs")
    task_approved.connect(say_it_is_cleared, sender=ClearanceState, dispatch_uid="say it is cleared")
    review_assigned.connect(say_whose_review_it_is, sender=ReviewState, dispatch_uid="say whose review it is")
    task_rejected.connect(say_what_to_change, dispatch_uid="say what to change")
    workflow_approved.connect(say_it_is_approved, sender=WorkflowState, dispatch_uid="say it is approved")


def page_of(state: WorkflowState) -> Page | None:
    """The page of a workflow; None where it is about something else."""
    return state.content_object if isinstance(state.content_object, Page) else None


def name_of(user: Any) -> str:
    return str(user.display_name) if user else ""


def ask_reviewers(instance: Any, user: Any, **kwargs: Any) -> None:
    if page := page_of(instance.workflow_state):
        people = reviewers_of(page, instance.task.specific).exclude(pk=user.pk if user else None)
        notify(people, Kind.REVIEW, page, by=name_of(user), due_at=instance.due_at)


def say_whose_review_it_is(instance: ReviewState, user: Any, **kwargs: Any) -> None:
    page = page_of(instance.workflow_state)
    if page and instance.assignee and instance.assignee != user:
        notify([instance.assignee], Kind.ASSIGNED, page, by=name_of(user), due_at=instance.due_at)


def say_what_clearance_needs(instance: Any, user: Any, **kwargs: Any) -> None:
    """The signal comes before a step finds out that a page does not need it, so that is asked here as well."""
    page = page_of(instance.workflow_state)
    if page and user and needs_clearance(page, instance.workflow_state.requested_by):
        notify([user], Kind.CLEARANCE, page)


def say_it_is_cleared(instance: Any, **kwargs: Any) -> None:
    page = page_of(instance.workflow_state)
    if page and instance.asked_by:
        notify([instance.asked_by], Kind.CLEARANCE, page, comment=instance.comment, by=instance.name)


def say_what_to_change(instance: TaskState, user: Any, **kwargs: Any) -> None:
    if page := page_of(instance.workflow_state):
        by = name_of(user) or getattr(instance, "name", "")
        notify(concerned(instance.workflow_state, page, user), Kind.CHANGES, page, by=by, comment=instance.comment)


def say_it_is_approved(instance: WorkflowState, user: Any, **kwargs: Any) -> None:
    if page := page_of(instance):
        notify(concerned(instance, page, user), Kind.APPROVED, Page.objects.get(pk=page.pk), by=name_of(user))


def concerned(state: WorkflowState, page: Page, acting: Any) -> list[User]:
    """Who has sent a page to review and who has written it, but for whoever acts."""
    people = {state.requested_by_id, page.owner_id, *authors(page)} - {acting.pk if acting else None, None}
    return list(User.objects.filter(pk__in=people))
