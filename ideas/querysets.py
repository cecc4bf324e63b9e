from __future__ import annotations

from typing import TYPE_CHECKING

from ideas.choices import Action

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from ideas.models import Idea, IdeaEvent

# What moderators do for themselves.
INTERNAL = (Action.REVEAL,)


def steps_for_submitter(idea: Idea) -> QuerySet[IdeaEvent]:
    """The history as the submitter reads it, without what moderators note for themselves."""
    return idea.events.exclude(action__in=INTERNAL).defer("note", "user")
