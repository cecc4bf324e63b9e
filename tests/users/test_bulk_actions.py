"""Marks of many accounts do nothing that no page of a single account does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from cms.users.choices import Role
from cms.users.models import RoleAssignment, User
from cms.users.services import assign, install_roles

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> User:
    install_roles()
    user = User.objects.create_user("administrator", "administrator@example.org", "carpet-of-felt-41")
    assign(user, [RoleAssignment(role=Role.ADMINISTRATOR)])
    client.force_login(user)
    return user


@pytest.fixture
def member(db: None) -> User:
    return User.objects.create_user("member", "member@example.org", "carpet-of-felt-41")


def act(client: Client, action: str, people: list[User], data: dict[str, Any]) -> Any:
    address = reverse("wagtail_bulk_action", args=("users", "user", action))
    marked = "&".join(f"id={one.pk}" for one in people)
    return client.post(f"{address}?{marked}&next=/admin/users/", data)


def test_an_administrator_switches_accounts_off(client: Client, administrator: User, member: User) -> None:
    act(client, "set_active_state", [member], {"mark_as_active": "False"})
    member.refresh_from_db()
    assert not member.is_active


@pytest.mark.parametrize("action", ["set_active_state", "delete", "assign_role"])
def test_superusers_are_safe_from_others(
    client: Client, administrator: User, admin_user: User, member: User, action: str
) -> None:
    guests = Group.objects.create(name="Guests")
    act(client, action, [member, admin_user], {"mark_as_active": "False", "role": guests.pk})
    admin_user.refresh_from_db()
    assert admin_user.is_active
    assert not admin_user.groups.exists()
    if action != "delete":  # there Wagtail itself leaves superusers out, and goes on with the others
        member.refresh_from_db()
        assert (member.is_active, member.groups.exists()) == (True, False)


def test_roles_are_not_given_in_bulk(client: Client, administrator: User, member: User) -> None:
    publishers = Group.objects.get(name=Role.PUBLISHER)
    answer = act(client, "assign_role", [member, administrator], {"role": publishers.pk})
    assert answer.status_code == 302
    assert "Roles are given on the page of an account" in client.get("/admin/users/").content.decode()
    assert not publishers.user_set.exists()


def test_groups_that_are_no_role_are(client: Client, administrator: User, member: User) -> None:
    guests = Group.objects.create(name="Guests")
    act(client, "assign_role", [member], {"role": guests.pk})
    assert list(member.groups.all()) == [guests]
