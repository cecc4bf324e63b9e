"""Who may do what with ideas. Moderators are the only staff that see them."""

from __future__ import annotations

from typing import Any

from cms.core.policies import ReadOnlyPolicy
from cms.users.choices import Role
from cms.users.models import User
from cms.workflows.policies import ContentPermissionTester, is_translation
from ideas.choices import TRANSITIONS, Action, Actor


def actor_of(user: Any) -> Actor | None:
    """As what a member of staff acts on ideas; None for everybody who has no part in them."""
    if not isinstance(user, User) or not user.is_active:
        return None
    may = user.is_superuser or user.groups.filter(name=Role.IDEA_MODERATOR).exists()
    return Actor.MODERATOR if may else None


def may_act(actor: Actor | None, action: Action) -> bool:
    return actor in TRANSITIONS[action].actors


class IdeaPagePermissionTester(ContentPermissionTester):
    """Pages of ideas are unpublished, and go with their idea: one that is accepted has always a page to be edited."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return is_translation(self.page) and super().can_delete(ignore_bulk)


class IdeaPolicy(ReadOnlyPolicy):
    """Ideas are changed by their steps alone, never in a form of their fields."""
