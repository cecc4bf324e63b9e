"""Who may change which picture or document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from cms.users.choices import Role
from cms.users.models import RoleAssignment, User

if TYPE_CHECKING:
    from collections.abc import Iterable

CHANGES = {"change", "delete"}


class FilePolicy(CollectionOwnershipPermissionPolicy):
    """As Wagtail's, by which one changes what one has uploaded; focal points of a country share what each has uploaded.

    Whoever takes over a country finds its pictures and documents in reach, and nobody else's.
    """

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        wanted = set(actions)
        if super().user_has_any_permission_for_instance(user, wanted, instance):
            return True
        is_shared = bool(wanted & CHANGES) and colleagues(user).filter(pk=instance.uploaded_by_user_id).exists()
        return is_shared and bool(self._check_perm(user, ["add"], collection=instance.collection))

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> Any:
        wanted = set(actions)
        files = super().instances_user_has_any_permission_for(user, wanted)
        if not wanted & CHANGES or not countries_of(user):
            return files
        shared = Q(collection__in=self._collections_with_perm(user, ["add"]), uploaded_by_user__in=colleagues(user))
        return files | self.model._default_manager.filter(shared)

    def users_with_any_permission_for_instance(self, actions: Iterable[str], instance: Any) -> Any:
        wanted = set(actions)
        found = super().users_with_any_permission_for_instance(wanted, instance)
        if not wanted & CHANGES or instance.uploaded_by_user is None:
            return found
        shared = colleagues(instance.uploaded_by_user).filter(pk__in=self._users_with_perm(["add"]).values("pk"))
        return User.objects.filter(Q(pk__in=found.values("pk")) | Q(pk__in=shared.values("pk")))


def countries_of(user: Any) -> frozenset[int]:
    """Ids of the countries for which somebody is the focal point; none for whoever is not signed in."""
    return user.scopes.countries if isinstance(user, User) else frozenset()


def colleagues(user: Any) -> Any:
    """The focal points of the countries for which somebody is one, and that person among them."""
    same = RoleAssignment.objects.filter(role=Role.FOCAL_POINT, country__in=countries_of(user))
    return User.objects.filter(is_active=True, pk__in=same.values("user"))
