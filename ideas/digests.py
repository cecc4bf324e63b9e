"""How much waits for moderators, as numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from ideas.choices import TO_DO, IdeaState

if TYPE_CHECKING:
    from datetime import datetime

    from ideas.querysets import IdeaQuerySet


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
