"""Roles: installed, given and taken, by whom, and what the log says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import GroupCollectionPermission, GroupPagePermission, ModelLogEntry

from cms.users.choices import BY_COUNTRY, BY_LANGUAGE, Role
from cms.users.models import RoleAssignment, User
from cms.users.roles import RIGHTS
from cms.users.services import assign, install_roles
from tests.factories.vocabularies import make_country
from tests.users.test_forms import ADD, edit_url, facts

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roles() -> None:
    install_roles()


def make(name: str, *assignments: RoleAssignment, **facts: Any) -> User:
    user = User.objects.create_user(name, f"{name}@example.org", "carpet-of-felt-41", **facts)
    assign(user, assignments)
    return User.objects.get(pk=user.pk)


def held(user: User) -> set[str]:
    return {row.described for row in user.assignments.select_related("country")}


def rights() -> Any:
    return (
        sorted(Group.objects.values_list("name", "permissions__content_type__app_label", "permissions__codename")),
        sorted(GroupPagePermission.objects.values_list("group__name", "page", "permission__codename")),
        sorted(GroupCollectionPermission.objects.values_list("group__name", "collection", "permission__codename")),
    )


def test_every_right_exists_and_a_second_installation_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(RIGHTS) == set(Role)
    for role, given in RIGHTS.items():
        group: Any = Group.objects.get(name=role)
        assert group.permissions.count() == 1 + sum(map(len, given.models.values()))
        assert group.page_permissions.count() == len(given.pages)
        assert group.collection_permissions.count() == 2 * len(given.files)
    before = rights()
    call_command("install_roles")
    assert rights() == before
    assert capsys.readouterr().out == "9 roles are in place\n"


def test_an_installation_takes_away_what_somebody_added() -> None:
    before = rights()
    groups: dict[str, Any] = {group.name: group for group in Group.objects.all()}
    translators, publishers = groups[Role.TRANSLATOR], groups[Role.PUBLISHER]
    translators.permissions.set(publishers.permissions.all())
    one = publishers.page_permissions.first()
    assert one
    GroupPagePermission.objects.create(group=translators, page=one.page, permission=one.permission)
    publishers.collection_permissions.all().delete()
    assert rights() != before
    install_roles()
    assert rights() == before


@pytest.mark.parametrize("role", Role)
def test_a_role_is_for_what_it_is_for(role: Role) -> None:
    user = make("somebody")
    country = make_country()
    complete = RoleAssignment(
        role=role, country=country if role in BY_COUNTRY else None, language="ru" if role in BY_LANGUAGE else ""
    )
    for wrong in (
        RoleAssignment(role=role, country=None if role in BY_COUNTRY else country, language=complete.language),
        RoleAssignment(role=role, country=complete.country, language="" if role in BY_LANGUAGE else "ru"),
        RoleAssignment(role="king", country=complete.country),
    ):
        with pytest.raises(ValidationError):
            assign(user, [wrong])
    assert not user.assignments.exists()
    assign(user, [complete])
    assert [group.name for group in user.groups.all()] == [role]


def test_roles_are_given_and_taken_and_other_groups_stay() -> None:
    user = make("aigul", RoleAssignment(role=Role.EDITOR), RoleAssignment(role=Role.TRANSLATOR, language="kk"))
    user.groups.add(Group.objects.create(name="Guests"))
    first = user.assignments.get(role=Role.TRANSLATOR)

    assign(user, [RoleAssignment(role=Role.TRANSLATOR, language="kk"), RoleAssignment(role=Role.DATA_MANAGER)])

    assert held(user) == {"translator kk", "data-manager"}
    assert user.assignments.get(role=Role.TRANSLATOR) == first
    assert {group.name for group in user.groups.all()} == {"Guests", "translator", "data-manager"}
    assign(user, [])
    assert [group.name for group in user.groups.all()] == ["Guests"]


def test_nobody_has_a_scope_without_being_active(db: None) -> None:
    country = make_country()
    focal = RoleAssignment(role=Role.FOCAL_POINT, country=country)
    user = make("focal", focal)
    assert user.scopes.countries == {country.pk}
    user.is_active = False
    user.save()
    assert not User.objects.get(pk=user.pk).scopes
    assert not User().scopes


def test_roles_are_chosen_on_the_page_of_an_account(admin_client: Client, admin_user: User) -> None:
    kazakhstan, georgia = make_country("KZ"), make_country("GE")
    given = {
        "roles": [Role.EDITOR],
        "focal_countries": [kazakhstan.pk, georgia.pk],
        "translated_languages": ["ru"],
        "reviewed_languages": ["kk"],
    }
    assert admin_client.post(ADD, facts(**given)).status_code == 302

    user = User.objects.get(username="aigul")
    everything = {"editor", "focal-point KZ", "focal-point GE", "translator ru", "translation-reviewer kk"}
    assert held(user) == everything
    form = admin_client.get(edit_url(user)).context["form"]
    assert {name: sorted(form[name].initial) for name in given} == {name: sorted(row) for name, row in given.items()}

    changes = facts(is_active="on", roles=[Role.PUBLISHER], translated_languages=["ru"])
    assert admin_client.post(edit_url(user), changes).status_code == 302
    assert held(user) == {"publisher", "translator ru"}
    newest = ModelLogEntry.objects.filter(action="users.roles_changed").latest("timestamp")
    assert newest.user == admin_user
    assert set(newest.data["removed"]) == everything - {"translator ru"}
    history = admin_client.get(reverse("wagtailusers_users:history", args=(user.pk,))).content.decode()
    assert "Roles given: publisher. Roles taken:" in history


@pytest.mark.parametrize(
    ("name", "value"),
    [("roles", "king"), ("roles", "focal-point"), ("focal_countries", "999999"), ("focal_countries", "KZ")]
    + [(name, "xx") for name in ("translated_languages", "reviewed_languages")],
)
def test_what_is_no_role_is_refused_at_its_field(admin_client: Client, name: str, value: str) -> None:
    response = admin_client.post(ADD, facts(**{name: [value]}))
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {name}
    assert not User.objects.filter(username="aigul").exists()


def test_an_administrator_manages_accounts_and_raises_no_rights(client: Client, admin_user: User) -> None:
    chief = make("chief", RoleAssignment(role=Role.ADMINISTRATOR))
    client.force_login(chief)

    assert client.post(ADD, facts(roles=[Role.EDITOR], is_superuser="on")).status_code == 302
    assert not User.objects.get(username="aigul").is_superuser

    own = facts(email="chief@example.org", roles=[Role.PUBLISHER])
    assert client.post(edit_url(chief), own | {"is_superuser": "on", "groups": []}).status_code == 302
    chief = User.objects.get(pk=chief.pk)
    assert (held(chief), chief.is_superuser, chief.last_name) == ({"administrator"}, False, "Serik")
    assert [group.name for group in chief.groups.all()] == [Role.ADMINISTRATOR]

    before = admin_user.email
    for answer in (
        client.get(edit_url(admin_user)),
        client.post(edit_url(admin_user), facts(email="mine@example.org")),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("wagtailadmin_home"))
    assert User.objects.get(pk=admin_user.pk).email == before


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_no_other_role_manages_accounts(client: Client, role: Role) -> None:
    country = make_country() if role in BY_COUNTRY else None
    user = make("somebody", RoleAssignment(role=role, country=country, language="ru" if role in BY_LANGUAGE else ""))
    client.force_login(user)
    for address in (ADD, edit_url(user), reverse("wagtailusers_users:index"), reverse("wagtailusers_groups:index")):
        assert client.get(address)["Location"].startswith(reverse("wagtailadmin_home"))
        assert client.post(address, facts(roles=[Role.ADMINISTRATOR])).status_code == 302
    assert not User.objects.filter(username="aigul").exists()
    assert user.assignments.count() == 1
