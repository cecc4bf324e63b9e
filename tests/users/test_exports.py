"""Who takes a list out of the administration as a file is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.users.choices import Role
from cms.users.models import RoleAssignment, User
from cms.users.services import assign, install_roles
from tests.factories.pages import make_practice

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
EXPORTED = "users.list_exported"


@pytest.fixture
def editor(client: Client, site: Any) -> User:
    install_roles()
    user = User.objects.create_user("editor", "editor@example.org", "carpet-of-felt-41")
    assign(user, [RoleAssignment(role=Role.EDITOR)])
    client.force_login(user)
    return user


def noted() -> list[tuple[Any, str, str]]:
    entries = ModelLogEntry.objects.filter(action=EXPORTED).order_by("pk")
    return [(entry.user, entry.data["path"], entry.data["query"]) for entry in entries]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_is_noted_with_what_narrowed_it(client: Client, editor: User, kind: str) -> None:
    make_practice()
    address = reverse("practices:index")
    answer = client.get(address, {"export": kind, "review_state": "reviewed"})
    assert "attachment" in answer["Content-Disposition"]
    assert noted() == [(editor, address, f"export={kind}&review_state=reviewed")]


def test_looking_at_a_list_is_no_export(client: Client, editor: User) -> None:
    client.get(reverse("practices:index"))
    client.get(reverse("practices:index"), {"export": "pdf"})
    assert noted() == []


def test_a_refused_export_is_none(client: Client, editor: User) -> None:
    client.get(reverse("background_queue"), {"export": "csv"})
    assert noted() == []


def test_public_files_are_no_exports(client: Client, editor: User, site: Any) -> None:
    client.get("/en/feeds/practices.rss", {"export": "csv"})
    assert noted() == []


def test_the_log_says_which_list_it_was(admin_client: Client, admin_user: Any) -> None:
    address = reverse("practices:index")
    admin_client.get(address, {"export": "csv"})
    history = admin_client.get(reverse("wagtailadmin_reports:site_history"), {"action": EXPORTED})
    assert f"List exported: {address}" in history.content.decode()


def test_a_long_query_is_cut(client: Client, editor: User) -> None:
    client.get(reverse("practices:index"), {"export": "csv", "q": "x" * 5000})
    assert [len(query) for _user, _path, query in noted()] == [1000]
