"""Reviewers judge ideas: who may not, and what has to be there before one is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ideas.choices import JUDGED, Action, Criterion, IdeaState
from ideas.errors import RefusedError
from ideas.history import Said, record
from ideas.models import Idea, IdeaReview
from ideas.policies import actor_of

if TYPE_CHECKING:
    from cms.users.models import User
    from ideas.models import IdeaEvent

OF_REVIEWERS = (Action.JUDGE, Action.STAND_ASIDE)


def domain(email: str) -> str:
    return email.rpartition("@")[2].lower()


def has_conflict(idea: Idea, user: User) -> bool:
    """Whether an idea comes from somebody, or from the house in which somebody works.

    The house is known by the domain of the e-mail address, unless everybody can have an address there.
    """
    submitter = getattr(idea, "submitter", None)
    if submitter is None:
        return False
    if submitter.email.lower() == user.email.lower():
        return True
    own = domain(user.email)
    return own == domain(submitter.email) and own not in settings.IDEAS_COMMON_MAIL_DOMAINS


def refuse_conflict(idea: Idea, user: User) -> None:
    """Raises `RefusedError`. The sentence does not say who sent the idea in."""
    if has_conflict(idea, user):
        raise RefusedError(_("You may not decide on this idea: it comes from you or from your organisation."))


@transaction.atomic
def judge(pk: int, by: User, scores: dict[str, int | None], comment: str = "", *, stands_aside: bool = False) -> None:
    """Keep what a reviewer makes of an idea, in place of what the same person said before.

    `scores` are given by criterion; a reviewer who stands aside gives none. Raises `PermissionDenied`, or
    `RefusedError` where the idea is not in review or the reviewer is in a conflict.
    """
    if actor_of(by) is None:
        raise PermissionDenied
    idea = Idea.objects.select_for_update().get(pk=pk)
    if idea.state != IdeaState.REVIEW or idea.erased_at is not None:
        raise RefusedError(_("Idea %(number)s is not in review.") % {"number": idea.number})
    refuse_conflict(idea, by)
    given = {name: None if stands_aside else scores[name] for name in Criterion.values}
    IdeaReview.objects.update_or_create(
        idea=idea,
        reviewer=by,
        defaults={**given, "stood_aside": stands_aside, "comment": comment, "at": timezone.now()},
    )
    record(idea, Action.STAND_ASIDE if stands_aside else Action.JUDGE, idea.state, by, Said(note=comment))


def check_decision(idea: Idea, action: Action, by: Any) -> None:
    """A decision follows the scores of enough reviewers, and nobody takes one in a conflict. Raises `RefusedError`."""
    if action not in JUDGED:
        return
    if not isinstance(by, str):  # an account, and not the part that somebody plays
        refuse_conflict(idea, by)
    count = idea.reviews.filter(stood_aside=False).count()
    if count < settings.IDEAS_REVIEWS:
        facts = {"count": count, "needed": settings.IDEAS_REVIEWS}
        raise RefusedError(_("%(needed)d reviewers have to judge the idea first; so far %(count)d have.") % facts)


def may_see_scores(idea: Idea, user: User) -> bool:
    """While others still judge, nobody sees their scores before giving the own ones."""
    return idea.state != IdeaState.REVIEW or idea.reviews.filter(reviewer=user, stood_aside=False).exists()


def history(idea: Idea, user: User, *, with_comments: bool) -> list[IdeaEvent]:
    """The steps of an idea, to be shown and not saved; without comments, of the reviews only what the user wrote."""
    events = list(idea.events.select_related("user"))
    for event in events:
        if event.action in OF_REVIEWERS and not with_comments and event.user_id != user.pk:
            event.note = ""
    return events
