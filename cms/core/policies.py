from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.permission_policies import ModelPermissionPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cms.users.models import User


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Records that only the software writes: staff with the view permission may look, nobody may change them."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action == "view" and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: User, actions: Iterable[str]) -> bool:
        return "view" in actions and self.user_has_permission(user, "view")
