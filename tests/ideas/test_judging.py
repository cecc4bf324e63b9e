"""Two reviewers without a conflict of interest judge an idea before it is decided, each without seeing the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from cms.users.choices import Role
from cms.users.models import User
from ideas.choices import Action, Actor, Criterion, IdeaState, Reason
from ideas.errors import RefusedError
from ideas.history import Said
from ideas.judging import has_conflict, judge
from ideas.models import Idea, IdeaReview
from ideas.querysets import steps_for_submitter
from ideas.scores import summary
from ideas.services import erase, move
from tests.contracts.test_permission_matrix import MATRIX, make_member
from tests.contracts.test_rights import is_refused
from tests.factories.ideas import make_idea, make_reviews
from tests.factories.vocabularies import make_country
from tests.ideas.browsing import page
from tests.users.people import make

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
GIVEN: dict[str, int | None] = {"benefit": 5, "feasibility": 2, "novelty": 3, "transferability": 4}


@pytest.fixture
def people(moderator: User) -> list[User]:
    return [moderator, make("second", Role.IDEA_MODERATOR)]


@pytest.fixture
def idea(site: Any) -> Idea:
    return make_idea(IdeaState.REVIEW, judged=False, email="aigerim@town.example")


def sent(**changed: Any) -> dict[str, Any]:
    return {"stands_aside": "no", "comment": "Sound.", **GIVEN, **changed}


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.DECLINE])
def test_nothing_is_decided_before_two_have_judged(idea: Idea, people: list[User], action: Action) -> None:
    said = Said(reason=Reason.TOO_COSTLY) if action == Action.DECLINE else Said()
    for person, count in zip(people, [0, 1], strict=True):
        with pytest.raises(RefusedError, match=f"2 reviewers .* so far {count}"):
            move(idea.pk, action, people[0], said)
        judge(idea.pk, person, GIVEN)
    assert move(idea.pk, action, people[0], said).state in {IdeaState.ACCEPTED, IdeaState.DECLINED}


def test_who_judges_twice_counts_once(idea: Idea, people: list[User]) -> None:
    judge(idea.pk, people[0], GIVEN, "First thoughts")
    judge(idea.pk, people[0], GIVEN | {"novelty": 1}, "Second thoughts")
    review = IdeaReview.objects.get()
    assert (review.novelty, review.comment) == (1, "Second thoughts")
    with pytest.raises(RefusedError, match=r"so far 1"):
        move(idea.pk, Action.ACCEPT, people[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        IdeaReview.objects.create(idea=idea, reviewer=people[0])


def test_who_stands_aside_does_not_count(idea: Idea, people: list[User]) -> None:
    judge(idea.pk, people[0], GIVEN)
    judge(idea.pk, people[1], GIVEN, "My sister's office", stands_aside=True)
    assert IdeaReview.objects.get(reviewer=people[1]).benefit is None
    with pytest.raises(RefusedError, match=r"so far 1"):
        move(idea.pk, Action.ACCEPT, people[0])
    found = summary(idea)
    assert ([review.reviewer for review in found.aside], found.missing) == ([people[1]], 1)


@pytest.mark.parametrize(
    ("submitter", "reviewer", "is_conflict"),
    [
        ("a@town.example", "a@town.example", True),
        ("a@town.example", "A@Town.example", True),
        ("a@town.example", "b@town.example", True),
        ("a@town.example", "b@TOWN.EXAMPLE", True),
        ("a@town.example", "b@other.example", False),
        ("a@mail.ru", "b@mail.ru", False),
        ("a@mail.ru", "a@mail.ru", True),
        ("a@town.example", "b@nottown.example", False),
    ],
)
def test_nobody_judges_or_decides_what_comes_from_the_own_house(
    people: list[User], submitter: str, reviewer: str, *, is_conflict: bool
) -> None:
    idea = make_idea(IdeaState.REVIEW, email=submitter.lower())
    User.objects.filter(pk=people[0].pk).update(email=reviewer)
    person = User.objects.get(pk=people[0].pk)
    assert has_conflict(idea, person) == is_conflict
    if is_conflict:
        for attempt in (lambda: judge(idea.pk, person, GIVEN), lambda: move(idea.pk, Action.ACCEPT, person)):
            with pytest.raises(RefusedError, match=r"your organisation") as refused:
                attempt()
            assert submitter not in str(refused.value)
        assert Idea.objects.get(pk=idea.pk).state == IdeaState.REVIEW
    else:
        judge(idea.pk, person, GIVEN)


def test_an_idea_that_nobody_owns_any_longer_is_judged_by_anybody(idea: Idea, people: list[User]) -> None:
    idea.submitter.delete()
    assert not has_conflict(Idea.objects.get(pk=idea.pk), people[0])


@pytest.mark.parametrize("state", [state for state in IdeaState if state != IdeaState.REVIEW])
def test_only_what_is_in_review_is_judged(people: list[User], state: IdeaState) -> None:
    with pytest.raises(RefusedError, match=r"not in review"):
        judge(make_idea(state).pk, people[0], GIVEN)


def test_means_and_spreads_are_shown(idea: Idea) -> None:
    make_reviews(idea, 2, 4, 3)
    found = summary(idea)
    assert [(row.label, row.scores, row.mean, row.spread, row.is_wide) for row in found.rows] == [
        (str(criterion.label), [2, 4, 3], 3, 2, True) for criterion in Criterion
    ]
    assert (found.mean, found.missing) == (3, 0)
    assert summary(make_idea(IdeaState.TRIAGE)).rows == []


def test_reviews_stand_in_the_history_and_submitters_do_not_read_them(idea: Idea, people: list[User]) -> None:
    judge(idea.pk, people[0], GIVEN, "Sound.")
    judge(idea.pk, people[1], GIVEN, stands_aside=True)
    events = list(idea.events.order_by("pk"))[-2:]
    assert [(event.action, event.user, event.before, event.after) for event in events] == [
        (Action.JUDGE, people[0], IdeaState.REVIEW, IdeaState.REVIEW),
        (Action.STAND_ASIDE, people[1], IdeaState.REVIEW, IdeaState.REVIEW),
    ]
    assert not {Action.JUDGE, Action.STAND_ASIDE} & {event.action for event in steps_for_submitter(idea)}


def test_scores_stay_when_words_are_erased(idea: Idea, people: list[User]) -> None:
    judge(idea.pk, people[0], GIVEN, "Knows Aigerim")
    erase(idea.pk, Actor.SUBMITTER)
    review = IdeaReview.objects.get()
    assert (review.benefit, review.comment) == (5, "")


class TestScreen:
    def test_others_are_refused(self, client: Client, idea: Idea, people: list[User]) -> None:
        for role in MATRIX:
            if role != Role.IDEA_MODERATOR:
                user = make_member(role, make_country("KZ"))
                client.force_login(user)
                address = f"/admin/ideas/{idea.pk}/judge/"
                assert is_refused(client.get(address)), role
                assert is_refused(client.post(address, sent())), role
                with pytest.raises(PermissionDenied):
                    judge(idea.pk, user, GIVEN)
        assert not IdeaReview.objects.exists()

    def test_a_reviewer_sees_the_others_only_afterwards(self, client: Client, idea: Idea, people: list[User]) -> None:
        judge(idea.pk, people[0], GIVEN, "Words of the first")
        client.force_login(people[1])
        before = client.get(f"/admin/ideas/{idea.pk}/")
        assert "once you have judged" in before.text
        assert page(before).select_one(".idea-scores") is None
        assert "Words of the first" not in before.text.partition("idea-history")[0]
        response = client.post(f"/admin/ideas/{idea.pk}/judge/", sent(benefit=1))
        assert response.status_code == 302
        after = page(client.get(f"/admin/ideas/{idea.pk}/"))
        [table] = after.select(".idea-scores")
        assert "far apart" in table.get_text()
        assert len(table.select("tbody tr")) == len(Criterion) + 1
        assert len(table.select("thead th")) == 5

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"stands_aside": ""}, "Say whether you are free to judge."),
            ({"benefit": ""}, "Choose a score."),
            ({"benefit": "6"}, "Select a valid choice"),
            ({"benefit": "0"}, "Select a valid choice"),
            ({"benefit": "many"}, "Select a valid choice"),
        ],
    )
    def test_what_is_wrong_is_said(
        self, client: Client, idea: Idea, people: list[User], changed: dict[str, str], sentence: str
    ) -> None:
        client.force_login(people[0])
        response = client.post(f"/admin/ideas/{idea.pk}/judge/", sent(**changed))
        assert sentence in response.text
        assert not IdeaReview.objects.exists()

    def test_who_stands_aside_gives_no_scores(self, client: Client, idea: Idea, people: list[User]) -> None:
        client.force_login(people[0])
        client.post(f"/admin/ideas/{idea.pk}/judge/", {"stands_aside": "yes"})
        assert IdeaReview.objects.get().stood_aside
        assert "stood aside" in client.get(f"/admin/ideas/{idea.pk}/").text

    def test_a_conflict_is_said_before_somebody_writes(self, client: Client, idea: Idea, people: list[User]) -> None:
        User.objects.filter(pk=people[0].pk).update(email="b@town.example")
        client.force_login(User.objects.get(pk=people[0].pk))
        response = client.get(f"/admin/ideas/{idea.pk}/judge/", follow=True)
        assert "your organisation" in response.text
        client.post(f"/admin/ideas/{idea.pk}/judge/", sent())
        assert not IdeaReview.objects.exists()

    def test_what_one_gave_is_there_to_be_changed(self, client: Client, idea: Idea, people: list[User]) -> None:
        judge(idea.pk, people[0], GIVEN, "Sound.")
        client.force_login(people[0])
        form = page(client.get(f"/admin/ideas/{idea.pk}/judge/"))
        checked = {field["name"]: field["value"] for field in form.select("input[checked]")}
        assert checked == {"stands_aside": "no"} | {name: str(value) for name, value in GIVEN.items()}
