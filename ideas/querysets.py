from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from cms.core.querysets import best_versions
from ideas.choices import TO_DO, TRANSITIONS, Action, Actor, IdeaState

if TYPE_CHECKING:
    from datetime import datetime

    from ideas.models import Idea, IdeaEvent

# What moderators do among themselves.
INTERNAL = (Action.REVEAL, Action.JUDGE, Action.STAND_ASIDE)


class IdeaQuerySet(models.QuerySet["Idea"]):
    def overdue(self) -> IdeaQuerySet:
        """Ideas that should have left their state."""
        return self.filter(due_at__lt=timezone.now())


def campaign_of(uid: Any) -> Any:
    """The public page of a call in the language that readers get; None where there is none."""
    from ideas.models import CampaignPage

    try:
        key = UUID(str(uid))
    except ValueError:
        return None
    pages = CampaignPage.objects.published().filter(translation_key=key).select_related("locale")
    return best_versions(pages).get(key)


@dataclass(frozen=True)
class Digest:
    """How many ideas wait for moderators: new ones since a moment, overdue ones, and all by state and by language."""

    new: int
    overdue: int
    by_state: dict[str, int]
    by_language: dict[str, int]

    @property
    def is_worth_a_mail(self) -> bool:
        return bool(self.new or self.overdue)


def digest_since(ideas: IdeaQuerySet, moment: datetime) -> Digest:
    """In two queries. An idea whose question is open waits for the submitter, and is not counted."""
    waiting = ideas.filter(state__in=[*TO_DO], erased_at=None)
    rows = list(waiting.values_list("state", "language", "state_since", "due_at"))
    states, languages = Counter(row[0] for row in rows), Counter(row[1] for row in rows)
    new = sum(state == IdeaState.CONFIRMED and since > moment for state, _language, since, _due in rows)
    now = timezone.now()
    overdue = sum(due is not None and due < now for *_facts, due in rows)
    in_order = {state.value: states[state] for state in TO_DO if states[state]}
    return Digest(new, overdue, in_order, dict(sorted(languages.items())))


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
