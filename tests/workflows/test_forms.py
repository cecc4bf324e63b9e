"""What is asked for in the windows of a review, and the screens on which administrators set up workflows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Task, Workflow, WorkflowPage

from cms.workflows.forms import AssignmentForm, ClearanceRequestForm, DecisionForm, RequestForm
from cms.workflows.models import ClearanceTask, ReviewState, ReviewTask
from tests.contracts.test_rights import is_refused
from tests.workflows.people import fresh, person, submit, write

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
ASKED = {"name": "A. Superior", "email": "superior@example.org", "language": "en"}
BAD_REQUESTS: list[tuple[dict[str, str], str]] = [
    ({"name": ""}, "name"),
    ({"name": "x" * 201}, "name"),
    ({"email": ""}, "email"),
    ({"email": "superior"}, "email"),
    ({"email": "a@example.org\nBcc: everybody@example.org"}, "email"),
    ({"language": ""}, "language"),
    ({"language": "xx"}, "language"),
]


@pytest.fixture
def practice(staffed: dict[str, Any]) -> Any:
    return submit(write(staffed["practice"], "editor", title="Two windows"), "editor")


@pytest.mark.parametrize(("changes", "field"), BAD_REQUESTS)
def test_a_request_that_cannot_arrive_is_refused(changes: dict[str, str], field: str) -> None:
    assert ClearanceRequestForm(ASKED).is_valid()
    form = ClearanceRequestForm(ASKED | changes)
    assert set(form.errors) == {field}


@pytest.mark.parametrize("comment", ["", "   ", "\n"])
def test_changes_are_asked_for_in_words(comment: str) -> None:
    form = RequestForm({"comment": comment})
    assert form.errors["comment"] == ["Write what should change, or on what the decision rests."]


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"clear": "1", "comment": ""}, set()),
        ({"changes": "1", "comment": "More figures"}, set()),
        ({"changes": "1", "comment": " "}, {"comment"}),
        ({"clear": "1", "comment": "x" * 5001}, {"comment"}),
    ],
)
def test_a_superior_decides_with_as_many_words_as_are_needed(data: dict[str, str], errors: set[str]) -> None:
    assert set(DecisionForm(data).errors) == errors


def test_a_date_is_today_or_later(staffed: dict[str, Any]) -> None:
    today = timezone.localdate()
    assert AssignmentForm({"due": today.isoformat()}).is_valid()
    late = AssignmentForm({"due": (today - timedelta(days=1)).isoformat()})
    assert late.errors["due"] == ["Choose today or a later day."]
    for nonsense in ("tomorrow", "2026-02-30", "1"):
        assert set(AssignmentForm({"due": nonsense}).errors) == {"due"}


def test_reviewers_are_chosen_from_those_who_may(staffed: dict[str, Any]) -> None:
    field: Any = AssignmentForm().fields["assignee"]
    names = {str(label) for _pk, label in field.choices}
    assert "Anybody who may review it" in names
    assert "Publisher Osmonova" in names
    assert "Nobody Osmonova" not in names
    assert set(AssignmentForm({"assignee": str(person("nobody").pk)}).errors) == {"assignee"}
    assert set(AssignmentForm({"assignee": "1 OR 1=1"}).errors) == {"assignee"}


def window(client: Client, page: Any, action: str, data: dict[str, str] | None = None) -> Any:
    """A window of the administration, as its script asks for it and sends it."""
    state = fresh(page).current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=(page.pk, action, state.pk))
    headers = {"X-Requested-With": "XMLHttpRequest"}
    return client.get(address, headers=headers) if data is None else client.post(address, data, headers=headers)


def test_a_window_asks_and_says_what_is_wrong(client: Client, practice: Any) -> None:
    client.force_login(person("publisher"))
    asked = BeautifulSoup(window(client, practice, "assign").json()["html"], "html5lib")
    assert {field["name"] for field in asked.select("select, input[type=text]")} == {"assignee", "due"}
    wrong = window(client, practice, "assign", {"assignee": "", "due": "2020-01-01"}).json()
    assert "Choose today or a later day." in wrong["html"]
    chosen = {"assignee": str(person("second-publisher").pk), "due": "2099-01-01"}
    assert window(client, practice, "assign", chosen).json()["step"] == "success"
    assert ReviewState.objects.get().assignee == person("second-publisher")


def test_the_editing_page_acts_with_what_a_window_has_collected(client: Client, practice: Any) -> None:
    """Wagtail collects the answers of a window first, and sends them with the form of the page."""
    client.force_login(person("publisher"))
    state = fresh(practice).current_workflow_task_state
    address = reverse("wagtailadmin_pages:collect_workflow_action_data", args=(practice.pk, "assign", state.pk))
    headers = {"X-Requested-With": "XMLHttpRequest"}
    collected = client.post(address, {"assignee": "", "due": "2099-01-01"}, headers=headers).json()
    assert collected["cleaned_data"] == {"assignee": "", "due": "2099-01-01"}


def task_url(task: type[Task]) -> str:
    return reverse("wagtailadmin_workflows:add_task", args=(task._meta.app_label, task._meta.model_name))


def test_an_administrator_makes_a_workflow_of_own_steps(client: Client, staffed: dict[str, Any]) -> None:
    client.force_login(person("administrator"))
    given = {"name": "Two pairs of eyes", "reviewers": "change", "approvals_needed": "2", "days": "3"}
    answer = client.post(task_url(ReviewTask), given | {"days_until_escalation": "2"})
    assert answer.status_code == 302
    task = ReviewTask.objects.get(name="Two pairs of eyes")
    assert (task.approvals_needed, task.days, task.reviewers) == (2, 3, "change")
    shown = client.get(reverse("wagtailadmin_workflows:edit_task", args=(task.pk,))).content.decode()
    assert (
        "nobody approves what they have written"
        in client.get(reverse("wagtailadmin_workflows:select_task_type")).content.decode()
    )
    assert "By how many people." in shown


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"approvals_needed": "0"}, "approvals_needed"),
        ({"approvals_needed": "6"}, "approvals_needed"),
        ({"days": "0"}, "days"),
        ({"days": "91"}, "days"),
        ({"days_until_escalation": "-1"}, "days_until_escalation"),
        ({"reviewers": "everybody"}, "reviewers"),
        ({"name": ""}, "name"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(
    client: Client, staffed: dict[str, Any], changes: dict[str, str], field: str
) -> None:
    client.force_login(person("administrator"))
    given = {"name": "X", "reviewers": "publish", "approvals_needed": "1", "days": "5", "days_until_escalation": "3"}
    answer = client.post(task_url(ReviewTask), given | changes)
    assert set(answer.context["form"].errors) == {field}
    assert not ReviewTask.objects.filter(name="X").exists()


@pytest.mark.parametrize("name", ["publisher", "editor", "focal", "nobody"])
def test_nobody_else_sets_up_workflows(client: Client, staffed: dict[str, Any], name: str) -> None:
    client.force_login(person(name))
    for task in (ReviewTask, ClearanceTask):
        assert is_refused(client.get(task_url(task)))
        assert is_refused(client.post(task_url(task), {"name": "Mine", "days": "1"}))
    assert not Task.objects.filter(name="Mine").exists()


def test_editors_review_where_a_workflow_says_so(client: Client, staffed: dict[str, Any]) -> None:
    ReviewTask.objects.update(reviewers="change")
    page = submit(write(staffed["practice"], "publisher", title="By a publisher"), "publisher")
    client.force_login(person("editor"))
    window(client, page, "approve", {"comment": ""})
    assert fresh(page).live


def test_a_part_of_the_site_may_have_another_workflow(staffed: dict[str, Any]) -> None:
    """The nearest one above a page counts."""
    own = Workflow.objects.create(name="News desk")
    place = staffed["practice"].get_parent()
    WorkflowPage.objects.create(page=place, workflow=own)
    assert fresh(staffed["practice"]).get_workflow() == own
    assert Page.objects.get(pk=staffed["report"].pk).get_workflow().name == "Review"
