"""What people decide about pages in review. Each decision checks again, with the rows locked, that it may be taken."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, TaskState
from wagtail.permissions import policy_registry

from cms.users.models import User
from cms.workflows.mails import mail_clearance_link
from cms.workflows.registries import obstacles_to, writers_of

review_assigned = Signal()
APPROVED_IN_PART = "workflows.approved_in_part"
REVIEW_ASSIGNED = "workflows.review_assigned"
CLEARANCE_ASKED = "workflows.clearance_asked"
# What a saved page says of itself and not to readers: whoever changes only this has written nothing.
NO_CONTENT = {
    "wagtail_admin_comments",
    "latest_revision",
    "latest_revision_created_at",
    "first_published_at",
    "last_published_at",
    "live",
    "live_revision",
    "has_unpublished_changes",
    "draft_title",
    "go_live_at",
    "expire_at",
    "expired",
    "locked",
    "locked_at",
    "locked_by",
    "path",
    "depth",
    "numchild",
    "url_path",
    "clearance",
}
Given = dict[str, Any]


def may(user: Any, action: str, page: Any) -> bool:
    return bool(policy_registry.get(page).user_has_permission_for_instance(user, action, page))


def authors(page: Any) -> set[int]:
    """Ids of those who have written what is not public yet.

    Their revisions differ from the one before, or an app knows that they have written a part of the page.
    """
    revisions = page.revisions.order_by("created_at", "pk")
    if page.live_revision_id:
        revisions = revisions.filter(created_at__gte=page.live_revision.created_at)
    found: set[int] = set()
    before: Given | None = None
    for pk, user, content in revisions.values_list("pk", "user", "content").iterator(chunk_size=20):
        said = {name: value for name, value in content.items() if name not in NO_CONTENT}
        if user and said != before:
            found.add(user)
        if pk == page.live_revision_id:
            found.clear()
        before = said
    return found | writers_of(page)


def is_reviewer(task: Any, page: Any, user: Any) -> bool:
    return bool(user.is_active and (user.is_superuser or may(user, task.reviewers, page)))


def may_approve(state: Any, page: Any, user: Any) -> bool:
    """Nobody approves the own work, superusers neither, nobody the same twice, or what cannot be published as it is."""
    if user.pk in authors(page) or obstacles_to(page):
        return False
    return not state.approvals.filter(user=user, revision=page.latest_revision_id).exists()


def locked_in_progress(state: Any) -> Any:
    """The page of a state that is still to be decided, with the state's row locked; raises where it is decided."""
    row = TaskState.objects.select_for_update().get(pk=state.pk)
    if row.status != TaskState.STATUS_IN_PROGRESS:
        raise PermissionDenied
    state.refresh_from_db()
    return Page.objects.get(pk=state.workflow_state.object_id).specific


@transaction.atomic
def approve(state: Any, user: Any, given: Given) -> None:
    """Count somebody's approval; with as many as the task asks for, the step is approved."""
    page, task = locked_in_progress(state), state.task.specific
    if not is_reviewer(task, page, user) or not may_approve(state, page, user):
        raise PermissionDenied
    revision = page.get_latest_revision()
    comment = given["comment"]
    state.approvals.create(user=user, revision=revision, comment=comment)
    if state.revision_id != revision.pk:
        state.revision = revision
        state.save(update_fields=["revision"])
    approvals = state.approvals.filter(revision=revision)
    if approvals.count() >= task.approvals_needed:
        comments = [one.comment for one in approvals.order_by("created_at") if one.comment]
        state.approve(user=user, comment="\n\n".join(comments))
    else:
        facts = {"count": approvals.count(), "needed": task.approvals_needed, "comment": comment}
        log(instance=page, action=APPROVED_IN_PART, user=user, data=facts, revision=revision)


@transaction.atomic
def request_changes(state: Any, user: Any, given: Given) -> None:
    """Give the page back with a comment."""
    page, task = locked_in_progress(state), state.task.specific
    is_allowed = is_reviewer(task, page, user) if hasattr(task, "reviewers") else may_clear_for_others(page, user)
    if not is_allowed:
        raise PermissionDenied
    state.reject(user=user, comment=given["comment"])


@transaction.atomic
def assign_review(state: Any, user: Any, given: Given) -> None:
    """Say who is to review a page and until when; whoever may review it can say so."""
    page, task = locked_in_progress(state), state.task.specific
    if not is_reviewer(task, page, user):
        raise PermissionDenied
    assignee = User.objects.filter(pk=given["assignee"]).first() if given["assignee"] else None
    if assignee and not is_reviewer(task, page, assignee):
        raise PermissionDenied
    state.assignee = assignee
    if given["due"]:
        end_of_day = datetime.combine(date.fromisoformat(given["due"]), time(23, 59))
        state.due_at = timezone.make_aware(end_of_day)
        state.reminded_at = state.escalated_at = None
    state.save()
    facts = {"assignee": assignee.display_name if assignee else "", "due": str(state.due_at)}
    log(instance=page, action=REVIEW_ASSIGNED, user=user, data=facts)
    review_assigned.send(sender=type(state), instance=state, user=user)


def in_hand(task: Any, user: Any, action: str) -> Any:
    """The states of a task that go on, of pages with which somebody may do something. They are few, pages are many."""
    states = task.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
    if user.is_superuser:
        return states
    noted = set(states.values_list("workflow_state__object_id", flat=True))
    pages = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, action).filter(pk__in=noted)
    ids = [str(pk) for pk in pages.order_by().values_list("pk", flat=True)]
    return states.filter(workflow_state__object_id__in=ids)


def needs_clearance(page: Any, requested_by: Any) -> bool:
    """Whether a superior has to agree: to what a focal point writes for the own country, where pages are cleared."""
    specific = page.specific
    if not hasattr(specific, "clearance") or requested_by is None or requested_by.is_superuser:
        return False
    return specific.country_id in requested_by.scopes.countries and not may(requested_by, "publish", page)


def may_ask_for_clearance(page: Any, user: Any) -> bool:
    return bool(user.is_superuser or may(user, "change", page))


def may_clear_for_others(page: Any, user: Any) -> bool:
    return (user.is_superuser or may(user, "publish", page)) and user.pk not in authors(page)


@transaction.atomic
def ask_for_clearance(state: Any, user: Any, given: Given) -> None:
    """Mail a superior a link that expires. A link that was sent before is of no use any more."""
    page = locked_in_progress(state)
    if not may_ask_for_clearance(page, user):
        raise PermissionDenied
    secret = secrets.token_urlsafe(32)
    state.name, state.email, state.language = given["name"], given["email"], given["language"]
    state.secret = digest(secret)
    state.asked_by, state.asked_at = user, timezone.now()
    state.expires_at = state.asked_at + timedelta(days=state.task.specific.days)
    state.revision = page.get_latest_revision()
    state.save()
    note(page, "submitted")
    log(instance=page, action=CLEARANCE_ASKED, user=user, data={"name": state.name})
    mail_clearance_link(state, page.get_latest_revision_as_object(), secret)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def opens(state: Any, secret: str) -> bool:
    """Whether a link is the one that was sent last, is still valid, and is about the text as it is."""
    if not state.is_open or not constant_time_compare(state.secret, digest(secret)):
        return False
    return is_about_present_text(state)


def is_about_present_text(state: Any) -> bool:
    page = Page.objects.filter(pk=state.workflow_state.object_id).only("latest_revision").first()
    return page is not None and page.latest_revision_id == state.revision_id


@transaction.atomic
def decide_by_link(state: Any, secret: str, *, clears: bool, comment: str) -> bool:
    """Note what a superior has decided; False where the link has become invalid meanwhile. It serves once."""
    TaskState.objects.select_for_update().get(pk=state.pk)
    state.refresh_from_db()
    if not opens(state, secret):
        return False
    state.secret = ""
    state.save(update_fields=["secret"])
    if clears:
        said = _("Cleared by %(name)s.") % {"name": state.name}
        note(Page.objects.get(pk=state.workflow_state.object_id).specific, "cleared")
        state.approve(comment=f"{said} {comment}".strip())
    else:
        said = _("%(name)s asks for changes.") % {"name": state.name}
        state.reject(comment=f"{said} {comment}".strip())
    return True


@transaction.atomic
def note_clearance(state: Any, user: Any, given: Given) -> None:
    """Go on without a link, where the secretariat knows by other means that a superior has agreed."""
    page = locked_in_progress(state)
    if not may_clear_for_others(page, user):
        raise PermissionDenied
    note(page, "cleared")
    state.secret, state.revision = "", page.get_latest_revision()
    state.approve(user=user, comment=given["comment"])


def note(page: Any, clearance: str) -> None:
    """Write the state of the clearance into the latest revision, which stays the same to those who review it."""
    revision = page.get_latest_revision()
    revision.content["clearance"] = clearance
    revision.save(update_fields=["content"])
    if not page.live:
        type(page).objects.filter(pk=page.pk).update(clearance=clearance)
