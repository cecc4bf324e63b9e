"""Roles: their groups and rights, and who has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.log_actions import log
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from cms.users.choices import Role
from cms.users.models import RoleAssignment
from cms.users.roles import RIGHTS, Rights

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cms.users.models import User

ROLES_CHANGED = "users.roles_changed"
# Of pictures and of documents the part of the codename, and the app whose rights Wagtail asks for
FILES = {"image": "wagtailimages", "document": "wagtaildocs"}


@transaction.atomic
def install_roles() -> None:
    """Make a group for each role and give it exactly its rights. Run again, it changes nothing."""
    for role, rights in RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=role.value)
        group.permissions.set(model_permissions(rights))
        set_page_rights(group, rights.pages)
        set_file_rights(group, rights.files)


def model_permissions(rights: Rights) -> list[Permission]:
    wanted = Q(content_type__app_label="wagtailadmin", codename="access_admin")
    for label, actions in rights.models.items():
        app, model = label.split(".")
        codenames = [f"{action}_{model}" for action in actions]
        wanted |= Q(content_type__app_label=app, codename__in=codenames)
    return list(Permission.objects.filter(wanted))


def set_page_rights(group: Group, codenames: Iterable[str]) -> None:
    root = Page.get_first_root_node()
    held = GroupPagePermission.objects.filter(group=group)
    held.exclude(page=root, permission__codename__in=codenames).delete()
    present = set(held.values_list("permission__codename", flat=True))
    wanted = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=set(codenames) - present)
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page=root, permission=permission) for permission in wanted
    )


def set_file_rights(group: Group, actions: Iterable[str]) -> None:
    root = Collection.get_first_root_node()
    wanted = Q(pk__in=[])
    for kind, app in FILES.items():
        wanted |= Q(content_type__app_label=app, codename__in=[f"{action}_{kind}" for action in actions])
    permissions = Permission.objects.filter(wanted)
    held = GroupCollectionPermission.objects.filter(group=group)
    held.exclude(collection=root, permission__in=permissions).delete()
    missing = permissions.exclude(pk__in=held.values("permission"))
    GroupCollectionPermission.objects.bulk_create(
        GroupCollectionPermission(group=group, collection=root, permission=permission) for permission in missing
    )


@transaction.atomic
def assign(user: User, wanted: Iterable[RoleAssignment], *, by: User | None = None) -> None:
    """Let somebody have these roles and no others, and log what changed.

    Raises `ValidationError` for a role without the country or the language that it is for.
    """
    rows = {(row.role, row.country_id, row.language): row for row in wanted}
    held = {(row.role, row.country_id, row.language): row for row in user.assignments.select_related("country")}
    added = [row for key, row in rows.items() if key not in held]
    removed = [row for key, row in held.items() if key not in rows]
    for row in added:
        row.user = user
        row.full_clean()
        row.save()
    RoleAssignment.objects.filter(pk__in=[row.pk for row in removed]).delete()
    enter_groups(user)
    if added or removed:
        data = {"added": [row.described for row in added], "removed": [row.described for row in removed]}
        log(instance=user, action=ROLES_CHANGED, user=by, data=data)


def enter_groups(user: User) -> None:
    """Be in the groups of one's roles, and in no other role's; groups that stand for no role are left alone."""
    roles = set(user.assignments.values_list("role", flat=True))
    user.groups.remove(*Group.objects.filter(name__in=set(Role.values) - roles))
    user.groups.add(*Group.objects.filter(name__in=roles))
    user.__dict__.pop("scopes", None)
