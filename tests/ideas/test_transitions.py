"""Each step of an idea by each role from each state: which is taken, which is refused, and what is noted of it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from wagtail.models import ModelLogEntry

from cms.users.choices import Role
from cms.users.models import User
from cms.users.services import install_roles
from ideas.choices import TRANSITIONS, Action, Actor, IdeaState, Reason
from ideas.errors import RefusedError
from ideas.history import Said
from ideas.models import Idea, IdeaEvent
from ideas.services import erase, move, reveal
from tests.contracts.test_permission_matrix import MATRIX, make_member
from tests.factories.ideas import PATHS, actor_at, make_idea, said_at
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db

S, A = IdeaState, Action
OPEN = {S.SUBMITTED, S.CONFIRMED, S.TRIAGE, S.NEEDS_INFORMATION, S.REVIEW, S.ACCEPTED}
# From where each step leads where. Written down a second time: a change of the rules has to be made in both places.
STEPS: dict[Action, tuple[set[IdeaState], IdeaState]] = {
    A.CONFIRM: ({S.SUBMITTED}, S.CONFIRMED),
    A.TAKE_UP: ({S.CONFIRMED}, S.TRIAGE),
    A.ASK: ({S.TRIAGE}, S.NEEDS_INFORMATION),
    A.ANSWER: ({S.NEEDS_INFORMATION}, S.TRIAGE),
    A.GO_ON: ({S.NEEDS_INFORMATION}, S.TRIAGE),
    A.MARK_DUPLICATE: ({S.TRIAGE}, S.DUPLICATE),
    A.MARK_SPAM: ({S.CONFIRMED, S.TRIAGE, S.NEEDS_INFORMATION}, S.SPAM),
    A.RESTORE: ({S.DUPLICATE, S.SPAM, S.REJECTED}, S.TRIAGE),
    A.REJECT: ({S.TRIAGE, S.NEEDS_INFORMATION}, S.REJECTED),
    A.SEND_TO_REVIEW: ({S.TRIAGE}, S.REVIEW),
    A.ACCEPT: ({S.REVIEW}, S.ACCEPTED),
    A.DECLINE: ({S.REVIEW}, S.DECLINED),
    A.PUBLISH: ({S.ACCEPTED}, S.PUBLISHED),
    A.CONVERT: ({S.PUBLISHED}, S.CONVERTED),
    A.WITHDRAW: (OPEN | {S.PUBLISHED, S.CONVERTED}, S.WITHDRAWN),
}
OF_SUBMITTERS = {A.CONFIRM, A.ANSWER, A.WITHDRAW}
WITHOUT_STATE = {A.SUBMIT, A.JUDGE, A.STAND_ASIDE, A.EXPORT, A.REVEAL, A.ERASE}
OF_THE_SITE = {A.PUBLISH, A.WITHDRAW}
SUPERUSER = "superuser"
ROLES = [*MATRIX, SUPERUSER, Actor.SUBMITTER, Actor.SYSTEM]
QUIET = {A.TAKE_UP, A.ANSWER, A.GO_ON, A.MARK_SPAM, A.RESTORE, A.WITHDRAW}


@pytest.fixture(scope="module")
def ideas(made_once: Callable[[Callable[[], Any]], Any]) -> dict[IdeaState, Idea]:
    def make() -> dict[IdeaState, Idea]:
        install_roles()
        country = make_country("KZ")
        for role in MATRIX:
            make_member(role, country)
        User.objects.create_superuser(SUPERUSER, "superuser@example.org", "a-long-enough-word")
        found = {}
        for number, state in enumerate(IdeaState):
            found[state] = make_idea(state, by=member(Role.IDEA_MODERATOR), email=f"a{number}@example.org")
        return found

    made: dict[IdeaState, Idea] = made_once(make)
    return made


def member(role: str) -> Any:
    return role if isinstance(role, Actor) else User.objects.get(username=role)


def may(role: str, action: Action) -> bool:
    if role == Actor.SUBMITTER:
        return action in OF_SUBMITTERS
    if role == Actor.SYSTEM:
        return action in OF_THE_SITE
    return action not in OF_SUBMITTERS | OF_THE_SITE and role in {Role.IDEA_MODERATOR, SUPERUSER}


def test_the_table_of_steps_is_whole() -> None:
    assert set(STEPS) == set(TRANSITIONS) == set(Action) - WITHOUT_STATE
    assert set(PATHS) == set(IdeaState)
    assert {target for _sources, target in STEPS.values()} == set(IdeaState) - {S.SUBMITTED}


def everything() -> Any:
    return list(Idea.objects.values()), list(IdeaEvent.objects.values())


@pytest.mark.parametrize("role", ROLES)
def test_each_step_that_a_role_may_not_take_is_refused_from_every_state(
    ideas: dict[IdeaState, Idea], role: str
) -> None:
    who, before, refused = member(role), everything(), 0
    for state, action in itertools.product(IdeaState, STEPS):
        if not may(role, action):
            with pytest.raises(PermissionDenied):
                move(ideas[state].pk, action, who, said_at(action))
        elif state not in STEPS[action][0]:
            with pytest.raises(RefusedError, match=r"does not apply to idea"):
                move(ideas[state].pk, action, who, said_at(action))
        else:
            continue
        refused += 1
    allowed = sum(len(sources) for action, (sources, _target) in STEPS.items() if may(role, action))
    assert refused == len(IdeaState) * len(STEPS) - allowed
    assert everything() == before


@pytest.mark.parametrize(
    ("state", "action"),
    [(state, action) for action, (sources, _target) in STEPS.items() for state in sorted(sources)],
)
def test_each_allowed_step_leads_where_it_should_and_is_noted(
    ideas: dict[IdeaState, Idea], state: IdeaState, action: Action
) -> None:
    moderator = User.objects.get(username=Role.IDEA_MODERATOR)
    who: Any = actor_at(action, moderator)
    idea = move(ideas[state].pk, action, who, said_at(action, note="Seen on Monday"))
    event = idea.events.last()
    assert event
    assert Idea.objects.get(pk=idea.pk).state == STEPS[action][1]
    assert (event.action, event.before, event.after) == (action, state, STEPS[action][1])
    is_by_moderator = action not in OF_SUBMITTERS | OF_THE_SITE
    assert (event.actor, event.user) == ((Actor.MODERATOR, moderator) if is_by_moderator else (who, None))
    assert event.note == "Seen on Monday"
    assert len(mail.outbox) == (0 if action in QUIET else 1)


@pytest.mark.parametrize("state", IdeaState)
def test_the_history_tells_the_whole_way(ideas: dict[IdeaState, Idea], state: IdeaState) -> None:
    events = list(ideas[state].events.all())
    assert [event.action for event in events] == [A.SUBMIT, *PATHS[state]]
    assert [event.before for event in events[1:]] == [event.after for event in events[:-1]]
    assert events[-1].after == state
    assert all(event.user for event in events if event.actor == Actor.MODERATOR)


@pytest.mark.parametrize("role", [*MATRIX, SUPERUSER])
def test_personal_data_is_shown_to_moderators_alone_and_that_is_noted(ideas: dict[IdeaState, Idea], role: str) -> None:
    idea = ideas[S.TRIAGE]
    if role not in {Role.IDEA_MODERATOR, SUPERUSER}:
        with pytest.raises(PermissionDenied):
            reveal(idea.pk, member(role))
        assert not ModelLogEntry.objects.filter(action="ideas.revealed").exists()
        return
    submitter = reveal(idea.pk, member(role))
    assert submitter
    assert submitter.name == "Aigerim N."
    entry = ModelLogEntry.objects.get(action="ideas.revealed")
    assert (entry.user, entry.label) == (member(role), idea.number)
    assert idea.events.filter(action=A.REVEAL, user=member(role)).exists()


@pytest.mark.parametrize("role", [role for role in MATRIX if role != Role.IDEA_MODERATOR])
def test_only_moderators_erase_for_somebody(ideas: dict[IdeaState, Idea], role: str) -> None:
    with pytest.raises(PermissionDenied):
        erase(ideas[S.TRIAGE].pk, member(role))
    assert Idea.objects.get(pk=ideas[S.TRIAGE].pk).title


def test_an_account_that_was_closed_moderates_nothing(ideas: dict[IdeaState, Idea]) -> None:
    User.objects.filter(username=Role.IDEA_MODERATOR).update(is_active=False)
    with pytest.raises(PermissionDenied):
        move(ideas[S.CONFIRMED].pk, A.TAKE_UP, member(Role.IDEA_MODERATOR))


@pytest.mark.parametrize("action", [action for action, step in TRANSITIONS.items() if step.reasons])
@pytest.mark.parametrize("reason", ["", "no-such-reason"])
def test_a_step_that_needs_a_reason_is_refused_without_one(
    ideas: dict[IdeaState, Idea], action: Action, reason: str
) -> None:
    idea = ideas[TRANSITIONS[action].sources[0]]
    with pytest.raises(RefusedError, match=r"one of the reasons"):
        move(idea.pk, action, member(Role.IDEA_MODERATOR), Said(reason=reason))
    other = next(code for code in Reason if code not in TRANSITIONS[action].reasons)
    with pytest.raises(RefusedError, match=r"one of the reasons"):
        move(idea.pk, action, member(Role.IDEA_MODERATOR), Said(reason=other))


def test_a_question_without_words_is_refused(ideas: dict[IdeaState, Idea]) -> None:
    with pytest.raises(RefusedError, match=r"Write what"):
        move(ideas[S.TRIAGE].pk, A.ASK, member(Role.IDEA_MODERATOR), Said(text="  "))
