"""What is noted of each step: who, when, from which state to which, why, and what was said."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ideas.choices import Action, Actor
from ideas.models import Idea, IdeaEvent

if TYPE_CHECKING:
    from cms.users.models import User


@dataclass(frozen=True)
class Said:
    """What goes with a step: the code of a reason, words to or from the submitter, a note among moderators.

    Where a reason is given and no text, the submitter is told the usual words for it.
    """

    reason: str = ""
    text: str = ""
    note: str = ""


NOTHING = Said()


def record(idea: Idea, action: Action, before: str, by: User | Actor, said: Said = NOTHING) -> IdeaEvent:
    actor, user = (by, None) if isinstance(by, Actor) else (Actor.MODERATOR, by)
    return IdeaEvent.objects.create(
        idea=idea,
        action=action,
        before=before,
        after=idea.state,
        actor=actor,
        user=user,
        **asdict(said),
    )
