from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from cms.workflows.dashboard import PANELS, REPLACED
from cms.workflows.services import APPROVED_IN_PART, CLEARANCE_ASKED, REVIEW_ASSIGNED


@hooks.register("construct_homepage_panels", order=-1)
def set_up_dashboard(request: Any, panels: list[Any]) -> None:
    panels[:] = [panel for panel in panels if not isinstance(panel, REPLACED)] + [panel() for panel in PANELS]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action(APPROVED_IN_PART)
    class ApprovedInPart(LogFormatter):
        label = gettext_lazy("Approve, with others")

        def format_message(self, entry: Any) -> str:
            return _("Approved as number %(count)s of %(needed)s") % entry.data

        def format_comment(self, entry: Any) -> str:
            return str(entry.data.get("comment", ""))

    @actions.register_action(REVIEW_ASSIGNED)
    class ReviewAssigned(LogFormatter):
        label = gettext_lazy("Choose a reviewer")

        def format_message(self, entry: Any) -> str:
            return _("Reviewer: %(assignee)s") % {"assignee": entry.data.get("assignee") or "–"}

    @actions.register_action(CLEARANCE_ASKED)
    class ClearanceAsked(LogFormatter):
        label = gettext_lazy("Ask for clearance")

        def format_message(self, entry: Any) -> str:
            return _("Asked %(name)s for clearance") % entry.data
