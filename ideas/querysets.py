from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from cms.core.querysets import best_versions
from ideas.choices import TRANSITIONS, Action, Actor

if TYPE_CHECKING:
    from ideas.models import Idea, IdeaEvent

# What moderators do among themselves.
INTERNAL = (Action.REVEAL, Action.JUDGE, Action.STAND_ASIDE)


class IdeaQuerySet(models.QuerySet["Idea"]):
    def overdue(self) -> IdeaQuerySet:
        """Ideas that should have left their state."""
        return self.filter(due_at__lt=timezone.now())

    def outlived(self) -> IdeaQuerySet:
        """Ideas that are not erased although their time in their state is over."""
        now, over = timezone.now(), models.Q(pk__in=[])
        for state, span in settings.IDEAS_RETENTION.items():
            over |= models.Q(state=state, state_since__lt=now - span)
        return self.filter(over, erased_at=None).order_by("pk")


def campaign_of(uid: Any) -> Any:
    """The public page of a call in the language that readers get; None where there is none."""
    from ideas.models import CampaignPage

    try:
        key = UUID(str(uid))
    except ValueError:
        return None
    pages = CampaignPage.objects.published().filter(translation_key=key).select_related("locale")
    return best_versions(pages).get(key)


def steps_for_submitter(idea: Idea) -> models.QuerySet[IdeaEvent]:
    """The history as the submitter reads it, without what moderators note for themselves."""
    return idea.events.exclude(action__in=INTERNAL).defer("note", "user")


def possible_steps(idea: Idea) -> list[Action]:
    """What a moderator can do next, in the order of the table."""
    if idea.erased_at is not None:
        return []
    return [
        action
        for action, transition in TRANSITIONS.items()
        if idea.state in transition.sources and Actor.MODERATOR in transition.actors
    ]
