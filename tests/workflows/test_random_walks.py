"""Random people do random things with a page. Beside it runs a model of the rules that is written another way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from wagtail.models import PageLogEntry, TaskState

from cms.core import memory
from cms.workflows.models import ReviewTask
from tests.workflows.people import fresh, person, submit, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

NAMES = ("administrator", "publisher", "second-publisher", "editor", "focal", "other-focal", "nobody")
PUBLISHERS = {"administrator", "publisher", "second-publisher"}
WRITERS = PUBLISHERS | {"editor", "focal"}
FORM = {"comment": "So", "name": "Superior", "email": "superior@example.org", "language": "en"}
MOVES = ("write", "submit", "approve", "reject", "assign", "ask", "link", "cancel", "publish")


@dataclass
class Rules:
    """What ought to be, going by what has happened."""

    needed: int
    step: str = ""
    requested_by: str = ""
    wants_changes: bool = False
    returned_from: str = ""
    asked: bool = False
    cleared: bool = False
    reviewed: bool = False
    authors: set[str] = field(default_factory=set)
    approvals: set[str] = field(default_factory=set)
    publications: int = 0

    def allows(self, name: str, move: str) -> bool:
        return bool(getattr(self, f"allows_{move}")(name))

    def allows_write(self, name: str) -> bool:
        return name in (PUBLISHERS if self.step == "review" else WRITERS)

    def allows_submit(self, name: str) -> bool:
        return not self.step and name in WRITERS

    def allows_approve(self, name: str) -> bool:
        is_other = name in PUBLISHERS - self.authors
        return is_other and (self.step == "clearance" or (self.step == "review" and name not in self.approvals))

    def allows_reject(self, name: str) -> bool:
        return self.step != "" and name in (PUBLISHERS - self.authors if self.step == "clearance" else PUBLISHERS)

    def allows_assign(self, name: str) -> bool:
        return self.step == "review" and name in PUBLISHERS

    def allows_ask(self, name: str) -> bool:
        return self.step == "clearance" and name in WRITERS

    def allows_link(self, name: str) -> bool:
        return self.step == "clearance" and self.asked

    def allows_cancel(self, name: str) -> bool:
        is_open = bool(self.step) or self.wants_changes
        return is_open and (name == self.requested_by or self.allows_approve(name))

    def allows_publish(self, name: str) -> bool:
        return False

    def happened(self, name: str, move: str) -> None:
        getattr(self, f"after_{move}", lambda _name: None)(name)

    def after_write(self, name: str) -> None:
        self.authors.add(name)
        self.approvals, self.cleared, self.reviewed, self.asked = set(), False, False, False

    def after_submit(self, name: str) -> None:
        if self.wants_changes:
            self.begin(self.returned_from)
        else:
            self.requested_by, self.cleared, self.reviewed = name, name != "focal", False
            self.begin("review" if self.cleared else "clearance")

    def begin(self, step: str) -> None:
        self.step, self.wants_changes, self.asked, self.approvals = step, False, False, set()

    def after_reject(self, name: str) -> None:
        self.step, self.wants_changes, self.returned_from = "", True, self.step

    def after_cancel(self, name: str) -> None:
        self.step, self.wants_changes = "", False

    def after_ask(self, name: str) -> None:
        self.asked = True

    def after_link(self, name: str) -> None:
        self.cleared = True
        self.go_on()

    def after_approve(self, name: str) -> None:
        if self.step == "clearance":
            self.after_link(name)
            return
        self.approvals.add(name)
        if len(self.approvals) >= self.needed:
            self.reviewed = True
            self.go_on()

    def go_on(self) -> None:
        if self.requested_by == "focal" and not self.cleared:
            self.begin("clearance")
        elif not self.reviewed:
            self.begin("review")
        else:
            self.step, self.authors, self.approvals = "", set(), set()
            self.publications += 1


def try_to(page: Any, name: str, move: str, number: int) -> bool:
    """Whether somebody could do it, as the administration lets them."""
    user = person(name)
    rights = page.permissions_for_user(user)
    state = page.current_workflow_state
    if move == "write" and rights.can_edit() and not rights.page_locked():
        write(page, name, title=f"Title {number}")
    elif move == "submit" and rights.can_edit() and rights.can_submit_for_moderation():
        state.resume(user) if state else submit(page, name)
    elif move == "cancel" and state and rights.can_edit() and state.user_can_cancel(user):
        state.cancel(user=user)
    elif move in {"approve", "reject", "assign", "ask", "link", "publish"}:
        before = entries(page)
        send(page, user, move)
        return entries(page) > before
    else:
        return False
    return True


def send(page: Any, user: Any, move: str) -> None:
    """To the addresses of the administration's windows, also for a step that is over; or to the link in a mail."""
    client = Client()
    if move == "publish":
        with pytest.raises(PermissionDenied):
            page.get_latest_revision().publish(user=user)
    elif move == "link":
        links = [re.findall(r"http://testserver(/\S+/clearance/\S+)", str(letter.body)) for letter in mail.outbox]
        for link in [found for found in links if found][-1:]:
            client.post(link[0], {"clear": "1"})
    elif state := page.current_workflow_task_state or TaskState.objects.order_by("-pk").first():
        client.force_login(user)
        client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, move, state.pk]), FORM)


def entries(page: Any) -> int:
    return PageLogEntry.objects.filter(page=page.pk).count()


def publications(page: Any) -> int:
    return PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish").count()


PAIRS = [(name, move) for name in NAMES for move in MOVES]


def next_step(data: Any, rules: Rules) -> tuple[str, str]:
    """Mostly something that is allowed, so that walks get far; approvals and links more often than the rest."""
    allowed = [pair for pair in PAIRS if rules.allows(*pair)]
    onwards = [pair for pair in allowed if pair[1] in {"submit", "approve", "ask", "link"}]
    kinds = [kind for kind in (PAIRS, allowed, onwards) if kind]
    step: tuple[str, str] = data.draw(st.sampled_from(data.draw(st.sampled_from(kinds))))
    return step


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(needed=st.integers(1, 2), length=st.integers(10, 25), data=st.data())
def test_nothing_goes_live_that_others_have_not_approved(
    staffed: dict[str, Any], needed: int, length: int, data: Any
) -> None:
    with transaction.atomic():
        rules = walk(
            staffed["report"], Rules(needed), (lambda rules: next_step(data, rules) for _step in range(length))
        )
        event(f"published {rules.publications} times")
        transaction.set_rollback(True)
    memory.forget()


def test_a_walk_to_the_end(staffed: dict[str, Any]) -> None:
    """What reviewers change needs clearance again, and review by somebody else."""
    steps = [
        ("focal", "write"),
        ("focal", "submit"),
        ("focal", "ask"),
        ("nobody", "link"),
        ("publisher", "write"),
        ("publisher", "approve"),
        ("administrator", "approve"),
        ("focal", "ask"),
        ("nobody", "link"),
    ]
    given_steps = iter(steps)
    rules = walk(staffed["report"], Rules(1), [lambda _rules: next(given_steps)] * len(steps))
    assert rules.publications == 1


def walk(page: Any, rules: Rules, steps: Iterable[Callable[[Rules], tuple[str, str]]]) -> Rules:
    """Go step by step, and compare what could be done, and what is live, with the rules."""
    ReviewTask.objects.update(approvals_needed=rules.needed)
    mail.outbox.clear()
    before = publications(page)
    page = write(page, "editor", title="The first draft")
    rules.happened("editor", "write")
    for number, choose in enumerate(steps):
        name, move = choose(rules)
        allowed = rules.allows(name, move)
        assert try_to(fresh(page), name, move, number) == allowed, (number, name, move)
        if allowed:
            rules.happened(name, move)
        assert publications(page) - before == rules.publications, (number, name, move)
        assert bool(fresh(page).workflow_in_progress) == bool(rules.step), (number, name, move)
    return rules
