"""Ideas as people send them in, and on the way to any state."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from django.conf import settings
from django.utils import timezone

from cms.users.models import User
from ideas.choices import TRANSITIONS, Action, Actor, Criterion, IdeaState
from ideas.history import Said
from ideas.models import CampaignPage, Idea, IdeaIndexPage, IdeaReview
from ideas.services import move, submit
from tests.factories.pages import make_page
from tests.factories.site import index_page

WORDS: dict[str, Any] = {
    "title": "One form for school and kindergarten",
    "problem": "Each office asks for the same certificate again.",
    "proposal": "Let the offices ask each other, and the family once.",
    "effect": "",
    "beneficiaries": "",
    "theme": None,
    "country": None,
    "stage": "",
    "submitter_kind": "",
    "name": "Aigerim N.",
    "email": "aigerim@example.org",
    "wants_credit": False,
    "campaign": None,
}
# By which steps an idea comes into each state.
PATHS: dict[IdeaState, list[Action]] = {
    IdeaState.SUBMITTED: [],
    IdeaState.CONFIRMED: [Action.CONFIRM],
    IdeaState.TRIAGE: [Action.CONFIRM, Action.TAKE_UP],
    IdeaState.NEEDS_INFORMATION: [Action.CONFIRM, Action.TAKE_UP, Action.ASK],
    IdeaState.DUPLICATE: [Action.CONFIRM, Action.TAKE_UP, Action.MARK_DUPLICATE],
    IdeaState.SPAM: [Action.CONFIRM, Action.MARK_SPAM],
    IdeaState.REJECTED: [Action.CONFIRM, Action.TAKE_UP, Action.REJECT],
    IdeaState.REVIEW: [Action.CONFIRM, Action.TAKE_UP, Action.SEND_TO_REVIEW],
    IdeaState.ACCEPTED: [Action.CONFIRM, Action.TAKE_UP, Action.SEND_TO_REVIEW, Action.ACCEPT],
    IdeaState.DECLINED: [Action.CONFIRM, Action.TAKE_UP, Action.SEND_TO_REVIEW, Action.DECLINE],
    IdeaState.PUBLISHED: [Action.CONFIRM, Action.TAKE_UP, Action.SEND_TO_REVIEW, Action.ACCEPT, Action.PUBLISH],
    IdeaState.CONVERTED: [
        *(Action.CONFIRM, Action.TAKE_UP, Action.SEND_TO_REVIEW, Action.ACCEPT, Action.PUBLISH),
        Action.CONVERT,
    ],
    IdeaState.WITHDRAWN: [Action.CONFIRM, Action.WITHDRAW],
}
_tickets = itertools.count(1)


def said_at(action: Action, **words: str) -> Said:
    """What a step needs to be taken, and what else is said."""
    needed: dict[str, str] = {}
    if TRANSITIONS[action].reasons:
        needed["reason"] = TRANSITIONS[action].reasons[0]
    if TRANSITIONS[action].needs_text:
        needed["text"] = "Which offices are meant?"
    return Said(**(needed | words))


def make_reviews(idea: Idea, *scores: int) -> None:
    """The scores of reviewers, the same for each criterion; as many as a decision needs where none are given."""
    for number, score in enumerate(scores or [4] * settings.IDEAS_REVIEWS):
        name = f"reviewer-{number}"
        reviewer, _created = User.objects.get_or_create(username=name, email=f"{name}@reviewers.example")
        IdeaReview.objects.create(idea=idea, reviewer=reviewer, **dict.fromkeys(Criterion.values, score))


def actor_at(action: Action, by: Any) -> Any:
    """Who takes a step: `by`, where moderators may."""
    actors = TRANSITIONS[action].actors
    return by if Actor.MODERATOR in actors else actors[0]


def make_published_idea(**facts: Any) -> Idea:
    """An idea of which the page is public, as after the approval of a colleague."""
    idea = make_idea(IdeaState.ACCEPTED, **facts)
    page = idea.pages.get()
    page.save_revision().publish()
    return Idea.objects.get(pk=idea.pk)


def make_idea(
    state: IdeaState = IdeaState.SUBMITTED,
    *,
    by: Any = Actor.MODERATOR,
    language: str = "en",
    files: Any = (),
    judged: bool = True,
    **facts: Any,
) -> Idea:
    """An idea in a state, where the steps to it brought it; `by` is the moderator of their steps.

    In review it has the scores that a decision needs, unless it is not `judged`.
    """
    ticket = f"ticket-{next(_tickets)}"
    idea = submit({**WORDS, **facts}, files, language=language, ticket=ticket, consent="I agree.")
    for action in PATHS[state]:
        move(idea.pk, action, actor_at(action, by), said_at(action))
        if action == Action.SEND_TO_REVIEW and judged:
            make_reviews(idea)
    return Idea.objects.get(pk=idea.pk)


def make_campaign(days: tuple[int, int] = (-5, 5), **facts: Any) -> Any:
    """A public call that opens and closes so many days from today."""
    today = timezone.localdate()
    opens, closes = (today + datetime.timedelta(days=number) for number in days)
    given = {"title": "Ideas for parents", "slug": "parents", "summary": "Send yours.", "terms": "<p>All may.</p>"}
    return make_page(CampaignPage, index_page(IdeaIndexPage), {"opens": opens, "closes": closes} | given | facts)
