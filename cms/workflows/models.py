"""Steps of a workflow: clearance by a superior without an account, and review by colleagues."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision, Task, TaskState

from cms.languages import interface_languages
from cms.workflows import forms, services
from cms.workflows.choices import Frequency, Kind, Reviewers

MOST_APPROVALS, MOST_DAYS = 5, 90


class Step(Task):
    """A step whose decisions are taken by services, with what their forms take and nothing besides."""

    decisions: dict[str, Any] = {}

    class Meta:
        abstract = True

    def on_action(self, task_state: Any, user: Any, action_name: str, /, **given: Any) -> None:
        """Raises `PermissionDenied` also for what no form of ours has sent: a browser can send anything."""
        if action_name not in self.decisions:
            raise PermissionDenied
        form = self.get_form_for_action(action_name)(given)
        if not form.is_valid():
            raise PermissionDenied
        self.decisions[action_name](task_state, user, form.cleaned_data)


class ReviewState(TaskState):
    """A review that goes on, or has ended: who is to do it, and until when."""

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    due_at = models.DateTimeField(_("due"), null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    @property
    def is_overdue(self) -> bool:
        return self.status == self.STATUS_IN_PROGRESS and self.due_at is not None and self.due_at < timezone.now()


class Approval(models.Model):
    """Somebody's approval of one state of a page. It counts once, and only as long as the page stays as it was."""

    state = models.ForeignKey(ReviewState, on_delete=models.CASCADE, related_name="approvals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    comment = models.TextField(_("comment"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [models.UniqueConstraint(fields=["state", "user", "revision"], name="approved_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.state}"


class ReviewTask(Step):
    """Colleagues look at a page: so many of them as are asked for, and none who has written it."""

    reviewers = models.CharField(_("reviewers"), max_length=10, choices=Reviewers.choices, default=Reviewers.PUBLISHERS)
    approvals_needed = models.PositiveSmallIntegerField(
        _("approvals needed"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_APPROVALS)],
        help_text=_("By how many people. The authors of the changes are not among them."),
    )
    days = models.PositiveSmallIntegerField(
        _("days for the review"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=_("After these the review is overdue, and reviewers are reminded."),
    )
    days_until_escalation = models.PositiveSmallIntegerField(
        _("days until administrators are told"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=_("Counted from the day on which the review became overdue."),
    )

    task_state_class = ReviewState
    decisions = {
        "approve": services.approve,
        "reject": services.request_changes,
        "assign": services.assign_review,
    }
    admin_form_fields = [*Task.admin_form_fields, "reviewers", "approvals_needed", "days", "days_until_escalation"]

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    @classmethod
    def get_description(cls) -> str:
        return str(_("Colleagues approve the page or ask for changes; nobody approves what they have written."))

    def start(self, workflow_state: Any, user: Any = None) -> ReviewState:
        state: ReviewState = super().start(workflow_state, user=user)
        state.due_at = timezone.now() + timedelta(days=self.days)
        state.save(update_fields=["due_at"])
        return state

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return not services.is_reviewer(self, obj, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        if not services.is_reviewer(self, obj, user):
            return []
        state = obj.current_workflow_task_state
        actions: list[tuple[str, Any, bool]] = [("reject", _("Request changes"), True)]
        if isinstance(state, ReviewState) and services.may_approve(state, obj, user):
            actions += [("approve", _("Approve"), False), ("approve", _("Approve with comment"), True)]
        return [*actions, ("assign", _("Choose a reviewer and a date"), True)]

    def get_form_for_action(self, action: str) -> Any:
        return {"assign": forms.AssignmentForm, "reject": forms.RequestForm}.get(action) or super().get_form_for_action(
            action
        )

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        return services.in_hand(self, user, self.reviewers)


class ClearanceState(TaskState):
    """A request to a superior: to whom it went, by which link, until when."""

    name = models.CharField(_("name of the superior"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address of the superior"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=interface_languages, blank=True)
    secret = models.CharField(max_length=64, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")

    @property
    def is_open(self) -> bool:
        is_valid = self.expires_at is not None and self.expires_at > timezone.now()
        return self.status == self.STATUS_IN_PROGRESS and bool(self.secret) and is_valid


class ClearanceTask(Step):
    """A superior of the author agrees, by a link in a mail and without an account, where pages need it."""

    days = models.PositiveSmallIntegerField(
        _("days for which the link is valid"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
    )

    task_state_class = ClearanceState
    decisions = {
        "ask": services.ask_for_clearance,
        "approve": services.note_clearance,
        "reject": services.request_changes,
    }
    admin_form_fields = [*Task.admin_form_fields, "days"]

    class Meta:
        verbose_name = _("clearance by a superior")
        verbose_name_plural = _("clearances by superiors")

    @classmethod
    def get_description(cls) -> str:
        return str(_("A superior clears the report of a country by a link, without an account. Other pages pass."))

    def start(self, workflow_state: Any, user: Any = None) -> Any:
        state = super().start(workflow_state, user=user)
        if not services.needs_clearance(workflow_state.content_object, workflow_state.requested_by):
            state.status = TaskState.STATUS_SKIPPED
            state.finished_at = timezone.now()
            state.save(update_fields=["status", "finished_at"])
        return state

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Who can ask can change the text as well; the link then opens no more, and has to be sent again."""
        return not services.may_ask_for_clearance(obj, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        actions: list[tuple[str, Any, bool]] = []
        if services.may_ask_for_clearance(obj, user):
            actions += [("ask", _("Ask a superior for clearance"), True)]
        if services.may_clear_for_others(obj, user):
            actions += [("reject", _("Request changes"), True), ("approve", _("Note that it was cleared"), True)]
        return actions

    def get_form_for_action(self, action: str) -> Any:
        return forms.ClearanceRequestForm if action == "ask" else forms.RequestForm

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        return services.in_hand(self, user, "change")


class Subscription(models.Model):
    """How often somebody wants to be notified of a kind of event. No row: at once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    frequency = models.CharField(max_length=10, choices=Frequency.choices)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="subscribed_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.frequency}"


class Notification(models.Model):
    """Something that somebody is to be told: in a mail of its own, or in that of the day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    by = models.CharField(max_length=200, blank=True)
    comment = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    in_digest = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [models.Index(fields=["user"], condition=models.Q(sent_at=None), name="notifications_to_send")]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.page}"
