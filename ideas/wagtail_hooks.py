from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from ideas.bulk_actions import MarkSpam, Restore
from ideas.exports import EXPORTED
from ideas.models import Idea
from ideas.policies import IdeaPolicy
from ideas.services import ERASED, REVEALED
from ideas.viewsets import IdeaViewSet

register_permission_policy(Idea, IdeaPolicy(Idea))
hooks.register("register_bulk_action", MarkSpam)
hooks.register("register_bulk_action", Restore)


@hooks.register("register_admin_viewset")
def viewset() -> IdeaViewSet:
    return IdeaViewSet()


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(REVEALED, gettext_lazy("Show personal data"), gettext_lazy("Personal data shown"))
    actions.register_action(EXPORTED, gettext_lazy("Hand out personal data"), gettext_lazy("Personal data handed out"))
    actions.register_action(ERASED, gettext_lazy("Erase"), gettext_lazy("Everything that people wrote was erased"))
