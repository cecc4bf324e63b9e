"""Review and clearance: who decides what, how often it counts, and what becomes of the page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from wagtail.models import PageLogEntry, Workflow

from cms.workflows.installation import install_workflow
from cms.workflows.models import Approval, ClearanceState, ReviewState, ReviewTask
from cms.workflows.services import authors
from tests.contracts.test_rights import is_refused
from tests.workflows.people import act, actions, fresh, person, submit, write

pytestmark = pytest.mark.django_db
ASKED = {"name": "A. Superior", "email": "superior@example.org", "language": "en"}


@pytest.fixture
def practice(staffed: dict[str, Any]) -> Any:
    """A practice that the editor has written and sent to review."""
    return submit(write(staffed["practice"], "editor", title="Two windows"), "editor")


@pytest.fixture
def report(staffed: dict[str, Any]) -> Any:
    """A report that the focal point has written and sent to review."""
    return submit(write(staffed["report"], "focal", title="Report 2022"), "focal")


def need(approvals: int) -> None:
    ReviewTask.objects.update(approvals_needed=approvals)


def letters() -> list[str]:
    return [f"{letter.to[0]}: {letter.subject}" for letter in mail.outbox]


def link() -> str:
    found = re.search(r"http://testserver(/\S+/clearance/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_what_a_colleague_approves_goes_live(practice: Any) -> None:
    assert not practice.live
    page = act(practice, "publisher", "approve", comment="Well done")
    assert (page.live, page.title) == (True, "Two windows")
    assert not page.workflow_in_progress
    assert letters()[-1] == "editor@example.org: Approved: Two windows"


def test_a_page_goes_live_later_where_that_was_chosen(staffed: dict[str, Any]) -> None:
    later = timezone.now() + timedelta(days=2)
    page = submit(write(staffed["practice"], "editor", go_live_at=later), "editor")
    page = act(page, "publisher", "approve")
    assert not page.live
    assert page.approved_schedule


@pytest.mark.parametrize("name", ["editor", "focal", "other-focal", "reviewer-ru", "nobody"])
@pytest.mark.parametrize("action", ["approve", "reject", "assign"])
def test_nobody_else_decides(practice: Any, name: str, action: str) -> None:
    assert actions(practice, name) == set()
    with pytest.raises(PermissionDenied):
        act(practice, name, action, comment="I say so")
    assert fresh(practice).workflow_in_progress


def test_nobody_approves_what_they_have_written(staffed: dict[str, Any]) -> None:
    page = write(staffed["practice"], "editor", title="Two windows")
    page = submit(write(page, "publisher", title="Three windows"), "editor")
    assert authors(page) == {person("editor").pk, person("publisher").pk}
    assert actions(page, "publisher") == {"reject", "assign"}
    with pytest.raises(PermissionDenied):
        act(page, "publisher", "approve")
    assert act(page, "second-publisher", "approve").live


def test_neither_does_a_superuser(practice: Any, admin_user: Any) -> None:
    write(practice, admin_user.username, title="My windows")
    assert "approve" not in actions(practice, admin_user.username)
    with pytest.raises(PermissionDenied):
        act(practice, admin_user.username, "approve")


def test_whoever_saves_without_changing_anything_or_only_a_comment_is_no_author(practice: Any) -> None:
    page = write(practice, "publisher", go_live_at=timezone.now() + timedelta(hours=1))
    assert authors(page) == {person("editor").pk}
    assert "approve" in actions(page, "publisher")


def test_authors_are_counted_from_the_last_publication(practice: Any) -> None:
    page = act(practice, "publisher", "approve")
    assert authors(page) == set()
    page = submit(write(page, "second-publisher", title="Four windows"), "second-publisher")
    assert authors(page) == {person("second-publisher").pk}
    assert act(page, "publisher", "approve").title == "Four windows"


def test_as_many_approve_as_are_needed_and_nobody_twice(practice: Any) -> None:
    need(2)
    page = act(practice, "publisher", "approve", comment="Fine")
    assert not page.live
    assert PageLogEntry.objects.get(action="workflows.approved_in_part").data["needed"] == 2
    assert "approve" not in actions(page, "publisher")
    with pytest.raises(PermissionDenied):
        act(page, "publisher", "approve")
    assert Approval.objects.count() == 1
    assert act(page, "administrator", "approve", comment="Fine, too").live
    assert ReviewState.objects.get(status="approved").comment == "Fine\n\nFine, too"


def test_an_approval_does_not_count_for_a_text_that_was_changed_since(practice: Any) -> None:
    need(2)
    page = act(practice, "publisher", "approve")
    page = write(page, "administrator", title="Five windows")
    page = act(page, "second-publisher", "approve")
    assert not page.live
    page = act(page, "publisher", "approve")
    assert (page.live, page.title) == (True, "Five windows")


def test_what_is_decided_is_not_decided_again(practice: Any) -> None:
    state = practice.current_workflow_task_state
    act(practice, "publisher", "approve")
    for action in ("approve", "reject", "assign"):
        with pytest.raises(PermissionDenied):
            state.task.specific.on_action(state, person("second-publisher"), action, comment="Late")


def test_changes_are_asked_for_with_a_comment_and_the_page_comes_back(practice: Any) -> None:
    with pytest.raises(PermissionDenied):
        act(practice, "publisher", "reject", comment="  ")
    page = act(practice, "publisher", "reject", comment="Which year?")
    assert not page.workflow_in_progress
    assert page.current_workflow_state.status == "needs_changes"
    assert letters()[-1] == "editor@example.org: Changes are asked for: Two windows"
    assert "Which year?" in mail.outbox[-1].body
    page = write(page, "editor", title="Two windows in 2021")
    page.current_workflow_state.resume(person("editor"))
    assert act(page, "publisher", "approve").title == "Two windows in 2021"


def test_a_review_is_given_to_somebody_who_can_do_it_and_has_a_date(practice: Any) -> None:
    chosen = person("second-publisher")
    day = timezone.localdate() + timedelta(days=9)
    act(practice, "publisher", "assign", assignee=str(chosen.pk), due=day.isoformat())
    state = ReviewState.objects.get()
    assert (state.assignee, timezone.localtime(state.due_at).date()) == (chosen, day)
    assert letters()[-1] == "second-publisher@example.org: The review is yours: Two windows"
    with pytest.raises(PermissionDenied):
        act(practice, "publisher", "assign", assignee=str(person("editor").pk), due=None)
    act(practice, "publisher", "assign", assignee="", due=None)
    state.refresh_from_db()
    assert (state.assignee, timezone.localtime(state.due_at).date()) == (None, day)


def test_what_the_browser_sends_besides_is_not_heeded(practice: Any) -> None:
    need(2)
    page = act(practice, "publisher", "approve", comment="x", update=False, user="1", approvals_needed=1)
    assert page.workflow_in_progress
    with pytest.raises(PermissionDenied):
        act(practice, "publisher", "publish")


def test_while_it_is_reviewed_others_cannot_change_a_page(practice: Any) -> None:
    lock = fresh(practice).get_lock()
    assert {name for name in ("editor", "focal", "publisher") if lock.for_user(person(name))} == {"editor", "focal"}


def test_reviewers_are_asked_and_not_those_who_wrote_it(practice: Any) -> None:
    assert sorted(letters()) == [
        f"{name}@example.org: Waits for your review: Two windows"
        for name in ("administrator", "publisher", "second-publisher")
    ]


@pytest.mark.parametrize("name", ["publisher", "administrator"])
def test_only_superusers_publish_without_review(staffed: dict[str, Any], name: str, admin_user: Any) -> None:
    page = write(staffed["practice"], "editor", title="Two windows")
    assert not page.permissions_for_user(person(name)).can_publish()
    assert page.permissions_for_user(admin_user).can_publish()
    client = Client()
    client.force_login(person(name))
    assert is_refused(client.post(f"/admin/pages/{page.pk}/unpublish/")) != page.live
    page.get_workflow().deactivate()
    assert fresh(page).permissions_for_user(person(name)).can_publish()


def test_a_report_of_a_focal_point_needs_clearance_first(report: Any) -> None:
    state = report.current_workflow_task_state
    assert isinstance(state, ClearanceState)
    assert letters() == ["focal@example.org: Clearance of your report: Report 2022"]
    assert actions(report, "focal") == {"ask"}
    assert actions(report, "other-focal") == set()
    assert actions(report, "publisher") == {"ask", "reject", "approve"}
    lock = fresh(report).get_lock()
    assert {name for name in ("focal", "other-focal", "editor") if lock.for_user(person(name))} == {"other-focal"}


def test_other_pages_and_those_of_the_secretariat_need_none(staffed: dict[str, Any], practice: Any) -> None:
    assert isinstance(practice.current_workflow_task_state, ReviewState)
    page = submit(write(staffed["report"], "editor", title="Report 2023"), "editor")
    assert isinstance(page.current_workflow_task_state, ReviewState)


def test_a_superior_clears_by_a_link_without_an_account(report: Any, client: Client) -> None:
    act(report, "focal", "ask", **ASKED)
    assert letters()[-1] == "superior@example.org: Please clear: Report 2022"
    assert fresh(report).clearance == "submitted"
    address = link()
    read = client.get(address)
    assert read.status_code == 200
    assert "A. Superior, Focal Osmonova asks you to clear this report" in read.content.decode()
    assert (read["Referrer-Policy"], "no-store" in read["Cache-Control"]) == ("same-origin", True)
    assert "Report 2022" in client.get(f"{address}page/").content.decode()
    assert fresh(report).workflow_in_progress, "reading decides nothing"

    done = client.post(address, {"clear": "1", "comment": "Very good."}, follow=True)
    assert "The report is cleared" in done.content.decode()
    page = fresh(report)
    assert isinstance(page.current_workflow_task_state, ReviewState)
    assert ClearanceState.objects.get().comment == "Cleared by A. Superior. Very good."
    page = act(page, "publisher", "approve")
    assert (page.live, page.clearance) == (True, "cleared")


def test_a_superior_asks_for_changes_and_says_which(report: Any, client: Client) -> None:
    act(report, "focal", "ask", **ASKED)
    refused = client.post(link(), {"changes": "1", "comment": " "})
    assert refused.status_code == 422
    assert "Say what should be different." in refused.content.decode()
    address = link()
    client.post(address, {"changes": "1", "comment": "The figures are old."})
    page = fresh(report)
    assert page.current_workflow_state.status == "needs_changes"
    assert letters()[-1] == "focal@example.org: Changes are asked for: Report 2022"
    assert "The figures are old." in mail.outbox[-1].body
    assert client.get(address).status_code == 410


def test_a_link_serves_once_and_not_for_ever(report: Any, client: Client) -> None:
    act(report, "focal", "ask", **ASKED)
    first = link()
    act(report, "focal", "ask", **ASKED)
    second = link()
    assert client.get(first).status_code == 410, "a newer one was sent"
    ClearanceState.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.post(second, {"clear": "1"}).status_code == 410
    assert client.get(f"{second}page/").status_code == 404
    ClearanceState.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert client.post(second, {"clear": "1"}).status_code == 302
    assert client.post(second, {"clear": "1"}).status_code == 410


def test_a_link_is_about_one_text(report: Any, client: Client) -> None:
    act(report, "focal", "ask", **ASKED)
    write(report, "focal", title="Report 2022, changed")
    assert client.get(link()).status_code == 410
    assert client.post(link(), {"clear": "1"}).status_code == 410
    act(report, "focal", "ask", **ASKED)
    assert client.post(link(), {"clear": "1"}).status_code == 302


@pytest.mark.parametrize("ending", ["x/", "x/page/"])
def test_an_altered_link_opens_nothing(report: Any, client: Client, ending: str) -> None:
    act(report, "focal", "ask", **ASKED)
    assert client.get(link()[:-1] + ending).status_code in {404, 410}
    assert client.post(link()[:-1] + "x/", {"clear": "1"}).status_code == 410
    assert client.get("/en/clearance/999999999/x/").status_code == 404


def test_the_secret_of_a_link_is_nowhere_on_the_site(report: Any) -> None:
    act(report, "focal", "ask", **ASKED)
    secret = link().rstrip("/").rpartition("/")[2]
    assert secret not in str(list(ClearanceState.objects.values()))
    assert secret not in str(list(PageLogEntry.objects.values_list("data", flat=True)))


def test_a_withdrawn_report_cannot_be_cleared(report: Any, client: Client) -> None:
    act(report, "focal", "ask", **ASKED)
    fresh(report).current_workflow_state.cancel(user=person("focal"))
    assert client.post(link(), {"clear": "1"}).status_code == 410
    assert not fresh(report).live


def test_the_secretariat_notes_a_clearance_that_it_knows_of(report: Any) -> None:
    with pytest.raises(PermissionDenied):
        act(report, "publisher", "approve", comment="")
    with pytest.raises(PermissionDenied):
        act(report, "focal", "approve", comment="I know")
    page = act(report, "publisher", "approve", comment="Letter no. 12 of 3 May")
    assert isinstance(page.current_workflow_task_state, ReviewState)
    assert page.clearance == "cleared"


def test_a_workflow_that_administrators_have_chosen_stays(staffed: dict[str, Any]) -> None:
    assert not install_workflow()
    assert Workflow.objects.filter(name="Review").count() == 1
