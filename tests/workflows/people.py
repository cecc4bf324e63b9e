"""A secretariat, two countries and a translator: who works on pages, and what happens to these."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from cms.users.choices import Role
from cms.users.models import RoleAssignment, User
from cms.users.services import assign, install_roles
from cms.workflows.installation import install_workflow
from tests.factories.vocabularies import make_country

PEOPLE: dict[str, dict[str, Any]] = {
    "administrator": {"role": Role.ADMINISTRATOR},
    "publisher": {"role": Role.PUBLISHER},
    "second-publisher": {"role": Role.PUBLISHER},
    "editor": {"role": Role.EDITOR},
    "focal": {"role": Role.FOCAL_POINT, "country": "KZ"},
    "other-focal": {"role": Role.FOCAL_POINT, "country": "GE"},
    "reviewer-ru": {"role": Role.TRANSLATION_REVIEWER, "language": "ru"},
    "nobody": {},
}


def hire() -> None:
    """Everybody of `PEOPLE`, the roles and the workflow."""
    install_roles()
    install_workflow()
    for name, facts in PEOPLE.items():
        names = {"first_name": name.title(), "last_name": "Osmonova"}
        user = User.objects.create_user(name, f"{name}@example.org", "carpet-of-felt-41", **names)
        country = make_country(facts["country"]) if "country" in facts else None
        if facts:
            assign(user, [RoleAssignment(**{**facts, "country": country})])


def person(name: str) -> User:
    return User.objects.get(username=name)


def fresh(page: Any) -> Any:
    return Page.objects.get(pk=page.pk).specific


def write(page: Any, author: str, **changes: Any) -> Any:
    """Somebody changes a page and saves the draft."""
    page = page.get_latest_revision_as_object() if page.latest_revision else fresh(page)
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision(user=person(author))
    return fresh(page)


def submit(page: Any, author: str) -> Any:
    page = fresh(page)
    page.get_workflow().start(page, person(author))
    return fresh(page)


def act(page: Any, name: str, action: str, /, **given: Any) -> Any:
    """Somebody acts on the page, as the administration's screens do."""
    page = fresh(page)
    page.current_workflow_task.on_action(page.current_workflow_task_state, person(name), action, **given)
    return fresh(page)


def actions(page: Any, name: str) -> set[str]:
    page = fresh(page)
    task = page.current_workflow_task
    return {action for action, _label, _modal in task.get_actions(page, person(name))} if task else set()
