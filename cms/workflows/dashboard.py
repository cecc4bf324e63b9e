"""What staff find after signing in: what waits for them, their drafts, what went live."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import (
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)
from wagtail.models import Page, PageLogEntry, WorkflowState

from cms.workflows.models import ClearanceState, ReviewState, ReviewTask
from cms.workflows.services import is_about_present_text

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import Promise

    from cms.users.models import User

ROWS = 10
REVIEWS = "wagtailadmin_reports:workflow_tasks"
# Wagtail's panels that these take the place of.
REPLACED = (RecentEditsPanel, UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel)


@dataclass(frozen=True)
class Row:
    """A page of a list; `what` says why it is in it, and `when` is the day that matters there."""

    page: Page
    what: str | Promise = ""
    when: datetime | None = None
    is_overdue: bool = False
    note: str = ""


class ListPanel(Component):
    """A short list of pages. Nothing is shown where it is empty and says nothing by that."""

    template_name = "workflows/dashboard_panel.html"
    key = ""
    heading: str | Promise = ""
    what_label: str | Promise = _("State")
    when_label: str | Promise = ""
    nothing: str | Promise = ""
    more = ""  # the name of the address where all rows are

    @property
    def element_id(self) -> str:
        return f"dashboard-{self.key}"

    def rows(self, user: User) -> list[Row]:
        raise NotImplementedError

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        rows = self.rows(parent_context["request"].user)
        return {"panel": self, "rows": rows[:ROWS], "has_more": len(rows) > ROWS}


class WaitingPanel(ListPanel):
    key = "waiting"
    order = 20
    heading = _("Waits for me")
    what_label = _("What to do")
    when_label = _("Due")
    nothing = _("Nothing waits for you.")
    more = REVIEWS

    def rows(self, user: User) -> list[Row]:
        """What came back and what needs clearance, then reviews by their date, the own ones first."""
        returned = active(user).filter(status=WorkflowState.STATUS_NEEDS_CHANGES)
        clearances = ClearanceState.objects.filter(
            status=ClearanceState.STATUS_IN_PROGRESS, workflow_state__requested_by=user
        ).select_related("workflow_state")
        uncleared = [state for state in clearances[: ROWS + 1] if not (state.is_open and is_about_present_text(state))]
        noted: list[tuple[str, Any]] = [(state.object_id, _("Changes are asked for")) for state in returned[: ROWS + 1]]
        noted += [(state.workflow_state.object_id, _("Ask a superior for clearance")) for state in uncleared]
        reviews = reviews_of(user)
        pages = pages_of([*(pk for pk, _what in noted), *(one.object_id for one in reviews)])
        rows = [Row(pages[pk], what) for pk, what in noted if pk in pages]
        return rows + [review_row(one, pages[one.object_id], user) for one in reviews if one.object_id in pages]


def pages_of(ids: list[str]) -> dict[str, Page]:
    """Pages by their ids as workflows note them; what else is in workflows is left out."""
    return {str(pk): page for pk, page in Page.objects.in_bulk([int(pk) for pk in ids]).items()}


def active(user: User) -> Any:
    return WorkflowState.objects.active().filter(requested_by=user).order_by("-created_at")


def reviews_of(user: User) -> list[Any]:
    """Reviews that somebody may do and that are nobody else's, the most urgent first."""
    tasks = list(ReviewTask.objects.filter(active=True))
    states = [task.get_task_states_user_can_moderate(user).values("pk") for task in tasks]
    mine = reduce(or_, (Q(pk__in=pks) for pks in states), Q(pk__in=[])) & (Q(assignee=user) | Q(assignee=None))
    found = ReviewState.objects.filter(mine).annotate(object_id=F("workflow_state__object_id"))
    return list(found.order_by(F("assignee").desc(nulls_last=True), "due_at", "pk")[: ROWS + 1])


def review_row(state: Any, page: Page, user: User) -> Row:
    what = _("Your review") if state.assignee_id == user.pk else _("Review")
    return Row(page, what, state.due_at, state.is_overdue)


class OverduePanel(ListPanel):
    """For those who answer for all reviews: what is overdue, and whose it is."""

    key = "overdue"
    order = 30
    heading = _("Overdue")
    when_label = _("Due")
    more = REVIEWS

    def rows(self, user: User) -> list[Row]:
        if not user.has_perm("wagtailcore.change_workflow"):
            return []
        late = ReviewState.objects.filter(status=ReviewState.STATUS_IN_PROGRESS, due_at__lt=timezone.now())
        late = late.select_related("assignee").annotate(object_id=F("workflow_state__object_id")).order_by("due_at")
        states = list(late[: ROWS + 1])
        pages = pages_of([state.object_id for state in states])
        return [
            Row(
                pages[state.object_id],
                _("Review"),
                state.due_at,
                is_overdue=True,
                note=state.assignee.display_name if state.assignee else "",
            )
            for state in states
            if state.object_id in pages
        ]


class DraftsPanel(ListPanel):
    key = "drafts"
    order = 40
    heading = _("My drafts")
    when_label = _("Changed")

    def rows(self, user: User) -> list[Row]:
        """What somebody has written last, and what is not public as it stands."""
        drafts = Page.objects.filter(has_unpublished_changes=True, latest_revision__user=user)
        states = drafts.prefetch_workflow_states().annotate_approved_schedule()
        newest = states.order_by("-latest_revision_created_at")[: ROWS + 1]
        return [Row(page, when=page.latest_revision_created_at) for page in newest]


class PublishedPanel(ListPanel):
    key = "published"
    order = 60
    heading = _("Published lately")
    what_label = _("Language")
    when_label = pgettext_lazy("date column", "Published")

    def rows(self, user: User) -> list[Row]:
        """The last pages that went live, each once; they are public."""
        actions = ("wagtail.publish", "wagtail.publish.scheduled")
        entries = PageLogEntry.objects.filter(action__in=actions).order_by("-timestamp")
        newest: dict[int, Any] = {}
        for pk, moment in entries.values_list("page", "timestamp")[: 10 * ROWS]:
            newest.setdefault(pk, moment)
        pages = Page.objects.filter(live=True).select_related("locale").in_bulk(list(newest)[: 2 * ROWS])
        rows = [(pages[pk], moment) for pk, moment in newest.items() if pk in pages]
        return [Row(page, page.locale.get_display_name(), moment) for page, moment in rows[:ROWS]]


PANELS = (WaitingPanel, OverduePanel, DraftsPanel, PublishedPanel)
