"""Random people do random things with an idea, at any time. What must hold after each of them, holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as site_settings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.users.choices import Role
from cms.users.models import User
from cms.users.services import install_roles
from ideas.choices import JUDGED, TRANSITIONS, Action, Actor, IdeaState
from ideas.errors import RefusedError
from ideas.models import Idea, IdeaReview, Submitter
from ideas.services import GIVEN, erase, move, reveal
from tests.factories.ideas import make_idea, make_reviews, said_at
from tests.users.people import make

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PEOPLE = ("moderator", "editor", "submitter", "site")
MOVES = st.tuples(st.sampled_from(PEOPLE), st.sampled_from([*TRANSITIONS, Action.ERASE, Action.REVEAL]))
STEPS = 25


@pytest.fixture(scope="module")
def staff(made_once: Callable[[Callable[[], Any]], Any]) -> None:
    def people() -> None:
        install_roles()
        make("moderator", Role.IDEA_MODERATOR)
        make("editor", Role.EDITOR)

    made_once(people)


def person(name: str) -> Any:
    stand_in = {"submitter": Actor.SUBMITTER, "site": Actor.SYSTEM}.get(name)
    return stand_in or User.objects.get(username=name)


def take(idea: Idea, who: str, action: Action) -> bool:
    """Try a step; whether it was taken."""
    try:
        if action == Action.ERASE:
            before = idea.events.count()
            erase(idea.pk, person(who))
            return idea.events.count() > before
        if action == Action.REVEAL:
            if who in {"submitter", "site"}:
                return False
            return reveal(idea.pk, person(who)) is not None
        if action in JUDGED and not IdeaReview.objects.filter(idea=idea).exists():
            make_reviews(idea)
        move(idea.pk, action, person(who), said_at(action))
    except (PermissionDenied, RefusedError):
        return False
    return True


def holds(pk: int, *, steps: int, letters: int) -> None:
    idea = Idea.objects.get(pk=pk)
    events = list(idea.events.all())
    assert len(events) == steps
    assert [event.before for event in events[1:]] == [event.after for event in events[:-1]]
    assert events[-1].after == idea.state
    assert all((event.user is not None) == (event.actor == Actor.MODERATOR) for event in events)
    assert "editor" not in {event.user.username for event in events if event.user}
    is_known = Submitter.objects.filter(idea=idea).exists()
    was_withdrawn = any(event.action in {Action.WITHDRAW, Action.ERASE} for event in events)
    assert is_known != was_withdrawn
    assert bool(idea.erased_at) == any(event.action == Action.ERASE for event in events)
    texts = [getattr(idea, name) for name in GIVEN] + [event.text + event.note for event in events]
    assert any(texts) != bool(idea.erased_at)
    has_clock = idea.state in site_settings.IDEAS_TARGETS and not idea.erased_at
    assert (idea.due_at is not None) == has_clock
    assert (idea.time_left is not None) == (idea.state == IdeaState.NEEDS_INFORMATION and not idea.erased_at)
    assert len(mail.outbox) == letters


@given(st.lists(MOVES, min_size=5, max_size=STEPS))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_the_rules_hold(staff: None, moves: list[tuple[str, Action]]) -> None:
    with transaction.atomic():
        mail.outbox.clear()
        idea = make_idea(IdeaState.TRIAGE, by=person("moderator"))
        steps, letters = idea.events.count(), len(mail.outbox)
        for who, action in moves:
            was_known = Submitter.objects.filter(idea=idea).exists()
            if take(idea, who, action):
                steps += 1
                is_told = action in TRANSITIONS and TRANSITIONS[action].is_told
                letters += bool(is_told and was_known)
            holds(idea.pk, steps=steps, letters=letters)
        transaction.set_rollback(True)
