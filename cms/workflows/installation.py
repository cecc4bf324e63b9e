"""The workflow that comes with an installation: clearance by a superior where one is needed, then review."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from cms.workflows.models import ClearanceTask, ReviewTask

# The one that Wagtail's first migration makes: groups of its own approve, and an author may be in them.
WAGTAILS_OWN = "Moderators approval"


@transaction.atomic
def install_workflow() -> bool:
    """Put all pages under the workflow of review; False where administrators have chosen one already."""
    root = Page.get_first_root_node()
    present = WorkflowPage.objects.filter(page=root).select_related("workflow").first()
    if present is not None and present.workflow.name != WAGTAILS_OWN:
        return False
    workflow = Workflow.objects.create(name=_("Review"))
    steps = [ClearanceTask.objects.create(name=_("Clearance")), ReviewTask.objects.create(name=_("Review"))]
    for order, step in enumerate(steps):
        WorkflowTask.objects.create(workflow=workflow, task=step, sort_order=order)
    WorkflowPage.objects.filter(page=root).delete()
    WorkflowPage.objects.create(page=root, workflow=workflow)
    return True
